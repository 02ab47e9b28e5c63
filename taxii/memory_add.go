package taxii

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"

	"parley/stix"
)

// Add reads all members first, so that a broken envelope leaves nothing behind, and adds them in one
// step, so that nobody sees half of it.
func (m *Memory) Add(ctx context.Context, at Place, objects iter.Seq2[Incoming, error]) (Status, error) {
	id, err := uuid.NewRandomFromReader(m.opts.Rand)
	if err != nil {
		return Status{}, fmt.Errorf("make the id of a status: %w", err)
	}
	status := NewStatus(id.String(), m.opts.Now())
	var members []member
	for in, err := range objects {
		if err != nil {
			return Status{}, err
		}
		members = append(members, m.look(in))
	}
	if err := ctx.Err(); err != nil {
		return Status{}, err
	}
	conflicts, err := m.apply(at, members, status)
	if err != nil {
		return Status{}, err
	}
	for _, c := range conflicts {
		m.opts.Conflict(ctx, at, c.kept, c.refused)
	}
	return *status, nil
}

// member is one object of a request, and what will be its place if it is added.
type member struct {
	Incoming
	entry *entry // nil if Err is set
}

// look does all that can be done before anybody has to wait.
func (m *Memory) look(in Incoming) member {
	if in.Err == nil && m.opts.Check != nil {
		in.Err = m.opts.Check(in.Object)
	}
	if in.Err != nil {
		return member{Incoming: in}
	}
	e := &entry{object: in.Object, version: versionOf(in.Object)}
	if e.untimed() {
		e.digest()
	}
	return member{Incoming: in, entry: e}
}

// conflict is two contents of one version.
type conflict struct{ kept, refused stix.Object }

// apply adds the members and keeps the status.
func (m *Memory) apply(at Place, members []member, status *Status) ([]conflict, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.collections[place{at.Root, at.Collection}]
	if !ok {
		return nil, ErrNotFound
	}
	m.statuses.drop(m.opts.Now().Add(-m.opts.StatusRetention))
	if m.statuses.details+len(members) > m.opts.MaxDetails {
		return nil, ErrFull
	}
	var conflicts []conflict
	for _, in := range members {
		if kept := m.addOne(c, in, status); !kept.IsZero() && m.opts.Conflict != nil {
			conflicts = append(conflicts, conflict{kept: kept, refused: in.Object})
		}
	}
	m.statuses.keep(keptStatus{status: *status, root: at.Root, who: at.Requester, done: m.opts.Now()})
	return conflicts, nil
}

// addOne adds one member and notes it in the status. If its version is taken by other content, it
// gives the object that is kept.
func (m *Memory) addOne(c *collection, in member, status *Status) (kept stix.Object) {
	if in.Err != nil {
		version := in.Version
		if version == "" {
			version = status.RequestTimestamp.String()
		}
		status.Fail(in.Detail(version, in.Err.Error()))
		return kept
	}
	h := c.objects[in.Object.ID()]
	if twin := h.of(in.Object.SpecVersion()).twin(in.entry); twin != nil {
		if same(twin, in.entry) {
			status.Succeed(in.Detail(twin.version.String(), "was in the collection already"))
			return kept
		}
		status.Fail(in.Detail(in.Version, "this version is in the collection with other content, which is kept; give the object a new modified time"))
		return twin.object
	}
	switch {
	case c.size() >= m.opts.MaxObjects:
		status.Fail(in.Detail(in.Version, "the collection is full"))
		return kept
	case h.size() >= m.opts.MaxVersions:
		status.Fail(in.Detail(in.Version, fmt.Sprintf("the object has %d versions already, which is as many as are kept", h.size())))
		return kept
	}
	e := in.entry
	e.added = m.tick()
	if e.untimed() {
		e.version = addedVersion(time.UnixMicro(e.added))
	}
	c.put(e)
	status.Succeed(in.Detail(e.version.String(), ""))
	return kept
}

// twin gives the version that an object is, or repeats: that of the same time, or, if it has no
// times, one of the same content.
func (s *spec) twin(e *entry) *entry {
	if s == nil {
		return nil
	}
	if e.untimed() {
		at := slices.IndexFunc(s.entries, func(old *entry) bool { return old.untimed() && same(old, e) })
		if at < 0 {
			return nil
		}
		return s.entries[at]
	}
	if at, found := s.find(e.version); found && !s.entries[at].untimed() {
		return s.entries[at]
	}
	return nil
}

// same tells whether two objects have the same content, however it is written.
func same(a, b *entry) bool {
	return bytes.Equal(a.object.Bytes(), b.object.Bytes()) || a.digest() == b.digest()
}
