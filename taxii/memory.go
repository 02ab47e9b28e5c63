package taxii

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/stix"
)

// MemoryOptions describe a [Memory].
type MemoryOptions struct {
	Title       string // of the server
	Description string
	Contact     string
	Roots       []MemoryRoot // the first is the default

	// Rights, if set, decides what a client may do in a collection, given what the collection says. A
	// collection with neither right is hidden from it.
	Rights func(who Requester, root string, c Collection) (canRead, canWrite bool)
	// Check, if set, judges each object before it is added. Its error becomes the object's failure,
	// and its text goes to the client.
	Check func(stix.Object) error
	// Conflict, if set, is told of each object refused because its id and version are taken by other
	// content: somebody rewrites history, or two people use one id.
	Conflict func(ctx context.Context, place Place, kept, refused stix.Object)

	MaxObjects      int           // versions of objects in a collection; 5,000,000 if 0
	MaxVersions     int           // of one object in a collection; 10,000 if 0
	MaxDetails      int           // objects in statuses that are being kept; 10,000,000 if 0
	StatusRetention time.Duration // how long a status is kept; 24 hours at least

	Now  func() time.Time // time.Now if nil
	Rand io.Reader        // makes ids of statuses; crypto/rand if nil
}

// MemoryRoot is an API root of a [Memory].
type MemoryRoot struct {
	Path             string // "api1": its URL is /api1/
	Title            string
	Description      string
	MaxContentLength int64 // 0 for the server's default
	// Collections have unique ids and aliases. CanRead and CanWrite hold for everybody, unless
	// MemoryOptions.Rights says otherwise.
	Collections []Collection
}

// Memory is a [Backend] that keeps everything in memory.
type Memory struct {
	opts  MemoryOptions
	roots map[string]MemoryRoot

	mu          sync.RWMutex
	collections map[place]*collection
	statuses    statuses
	last        int64 // the newest date_added given, in microseconds since 1970
}

// place is a collection, whoever looks.
type place struct{ root, collection string }

// NewMemory checks the description and makes the empty collections.
func NewMemory(opts MemoryOptions) (*Memory, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Rand == nil {
		opts.Rand = rand.Reader
	}
	opts.MaxObjects = orDefault(opts.MaxObjects, 5_000_000)
	opts.MaxVersions = orDefault(opts.MaxVersions, 10_000)
	opts.MaxDetails = orDefault(opts.MaxDetails, 10_000_000)
	opts.StatusRetention = max(opts.StatusRetention, 24*time.Hour)
	m := &Memory{opts: opts, roots: map[string]MemoryRoot{}, collections: map[place]*collection{}}
	m.statuses.kept = map[string]keptStatus{}
	if opts.Title == "" || len(opts.Roots) == 0 {
		return nil, fmt.Errorf("taxii memory: give it a title and an API root at least")
	}
	for _, root := range opts.Roots {
		if err := m.addRoot(root); err != nil {
			return nil, fmt.Errorf("taxii memory: %w", err)
		}
	}
	return m, nil
}

func (m *Memory) addRoot(root MemoryRoot) error {
	at, ok := parseRoute("/" + root.Path + "/")
	if !ok || at.endpoint != atRoot || at.root != root.Path {
		return fmt.Errorf("API root %s: the path must be such as api1, without slashes around it, and not taxii2, collections or status", shown(root.Path))
	}
	if root.Title == "" {
		return fmt.Errorf("API root %s: must have a title", shown(root.Path))
	}
	if _, twice := m.roots[root.Path]; twice {
		return fmt.Errorf("API root %s: is given twice", shown(root.Path))
	}
	names := map[string]bool{}
	for _, c := range root.Collections {
		if err := c.Check(); err != nil {
			return err
		}
		if names[c.ID] || c.Alias != "" && names[c.Alias] {
			return fmt.Errorf("collection %s: its id or alias is used twice in one API root", c.ID)
		}
		names[c.ID], names[c.Alias] = true, true
		m.collections[place{root.Path, c.ID}] = newCollection()
	}
	m.roots[root.Path] = root
	return nil
}

// Discovery describes the server.
func (m *Memory) Discovery(context.Context, Requester) (Discovery, error) {
	d := Discovery{Title: m.opts.Title, Description: m.opts.Description, Contact: m.opts.Contact}
	for _, root := range m.opts.Roots {
		path := "/" + root.Path
		d.APIRoots = append(d.APIRoots, strings.TrimSuffix(path, "/")+"/")
	}
	d.Default = d.APIRoots[0]
	return d, nil
}

// Root describes an API root.
func (m *Memory) Root(_ context.Context, _ Requester, root string) (Root, error) {
	r, ok := m.roots[root]
	if !ok {
		return Root{}, ErrNotFound
	}
	return Root{Title: r.Title, Description: r.Description, MaxContentLength: r.MaxContentLength}, nil
}

// Collections gives those in which the client may do anything.
func (m *Memory) Collections(_ context.Context, who Requester, root string) ([]Collection, error) {
	r, ok := m.roots[root]
	if !ok {
		return nil, ErrNotFound
	}
	all := slices.Clone(r.Collections)
	if m.opts.Rights == nil {
		return all, nil
	}
	for i := range all {
		all[i].CanRead, all[i].CanWrite = m.opts.Rights(who, root, all[i])
	}
	return slices.DeleteFunc(all, func(c Collection) bool { return !c.CanRead && !c.CanWrite }), nil
}

// Page gives a part of a collection.
func (m *Memory) Page(ctx context.Context, at Place, query Query) (Page, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	c, ok := m.collections[place{at.Root, at.Collection}]
	if !ok {
		return Page{}, ErrNotFound
	}
	return c.page(ctx, query)
}

// Delete removes versions of objects.
func (m *Memory) Delete(_ context.Context, at Place, query Query) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.collections[place{at.Root, at.Collection}]
	if !ok {
		return 0, ErrNotFound
	}
	return c.delete(query), nil
}

// tick gives the next date_added: now, or a microsecond after the last one.
func (m *Memory) tick() int64 {
	m.last = max(m.opts.Now().UnixMicro(), m.last+1)
	return m.last
}
