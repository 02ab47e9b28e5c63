package exchange

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// Options configure an [Exchange]. The zero value serves.
type Options struct {
	// Title is what the server calls itself; "Exchange" if empty. Strangers see it only once they were
	// let in.
	Title string
	// Dir is where large envelopes wait, sealed, while they are read; the system's folder for
	// temporary files if empty.
	Dir string

	MaxMembers      int64         // versions of objects in a collection; 10,000,000 if 0
	MaxBytes        int64         // of all objects in a collection, those deleted since included; 16 GiB if 0
	MaxReports      int64         // bytes of the reports that are kept for one consumer; 256 MiB if 0
	MaxVersions     int           // of one object in a collection; 1,000 if 0
	StatusRetention time.Duration // how long the report on a request is kept; 24 hours at least

	// Check, if set, judges each object that a consumer sends. Its error becomes the object's failure,
	// and its text goes to the consumer.
	Check func(stix.Object) error
	// Added, if set, is told of each request that added something, once it is kept.
	Added func()
	// Log gets what an operator should look at; never an object, an id or a secret. Without one,
	// nothing is logged.
	Log  *slog.Logger
	Now  func() time.Time // time.Now if nil
	Rand io.Reader        // crypto/rand if nil
}

func (o Options) withDefaults() Options {
	if o.Title == "" {
		o.Title = "Exchange"
	}
	if o.Dir == "" {
		o.Dir = os.TempDir()
	}
	if o.MaxMembers <= 0 {
		o.MaxMembers = 10_000_000
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 16 << 30
	}
	if o.MaxReports <= 0 {
		o.MaxReports = 256 << 20
	}
	if o.MaxVersions <= 0 {
		o.MaxVersions = 1000
	}
	o.StatusRetention = max(o.StatusRetention, 24*time.Hour)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return o
}

// Exchange is a [taxii.Backend] and a [taxii.Authenticator] over a store.
type Exchange struct {
	store *store.Store
	opt   Options
	read  reading
	adds  turns // envelopes that are read
	pages turns // pages that are sought
	feeds struct {
		sync.Mutex
		handlers map[int64]http.Handler // by collection
	}
}

// mostPages is how many pages are sought at once, fewer than the store has
// readers: a query over a full collection takes long, and others read too.
const mostPages = 2

// New makes an exchange. It asks the store nothing yet.
func New(s *store.Store, opt Options) *Exchange {
	return &Exchange{store: s, opt: opt.withDefaults(), pages: turns{all: make(chan struct{}, mostPages)}}
}

// Root is the path of the one API root.
const Root = "api"

// Discovery describes the server.
func (x *Exchange) Discovery(context.Context, taxii.Requester) (taxii.Discovery, error) {
	root := "/" + Root + "/"
	return taxii.Discovery{Title: x.opt.Title, Default: root, APIRoots: []string{root}}, nil
}

// Root describes the API root.
func (x *Exchange) Root(_ context.Context, _ taxii.Requester, root string) (taxii.Root, error) {
	if root != Root {
		return taxii.Root{}, taxii.ErrNotFound
	}
	return taxii.Root{Title: x.opt.Title}, nil
}

// Collections gives those of the consumer itself.
func (x *Exchange) Collections(ctx context.Context, who taxii.Requester, root string) (all []taxii.Collection, err error) {
	if root != Root {
		return nil, taxii.ErrNotFound
	}
	err = x.store.View(ctx, func(tx *store.Tx) error {
		held, err := collectionsOf(ctx, tx, who)
		for _, c := range held {
			all = append(all, taxii.Collection{
				ID: uuid.UUID(c.UUID).String(), Title: c.Title, Description: c.Description, Alias: c.Alias,
				CanRead: c.CanRead, CanWrite: c.CanWrite,
			})
		}
		return err
	})
	return all, err
}

func collectionsOf(ctx context.Context, tx *store.Tx, who taxii.Requester) ([]store.Collection, error) {
	c, err := tx.Counterpart(ctx, who.Name)
	if err != nil {
		return nil, hidden(err)
	}
	return tx.Collections(ctx, c.ID)
}

// collection finds a consumer's own collection.
func collection(ctx context.Context, tx *store.Tx, at taxii.Place) (store.Collection, error) {
	id, err := uuid.Parse(at.Collection)
	if err != nil || at.Root != Root {
		return store.Collection{}, taxii.ErrNotFound
	}
	who, err := tx.Counterpart(ctx, at.Requester.Name)
	if err != nil {
		return store.Collection{}, hidden(err)
	}
	c, err := tx.Collection(ctx, id)
	if err != nil {
		return c, hidden(err)
	}
	if c.Counterpart != who.ID {
		return store.Collection{}, taxii.ErrNotFound
	}
	return c, nil
}

// hidden tells a client no more of what is missing than that it is.
func hidden(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return taxii.ErrNotFound
	}
	return err
}

// idOf gives the id of a member.
func idOf(m store.Member) stix.ID { return stix.ID(m.Type + "--" + uuid.UUID(m.UUID).String()) }
