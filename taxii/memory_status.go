package taxii

import (
	"context"
	"time"
)

// statuses are kept in the order in which they were completed.
type statuses struct {
	kept    map[string]keptStatus
	order   []string
	details int // objects in all of them
}

// keptStatus is a status and who may see it.
type keptStatus struct {
	status Status
	root   string
	who    Requester
	done   time.Time
}

func (s *statuses) keep(k keptStatus) {
	s.kept[k.status.ID] = k
	s.order = append(s.order, k.status.ID)
	s.details += k.status.TotalCount
}

// drop forgets what was done before a moment.
func (s *statuses) drop(before time.Time) {
	n := 0
	for _, id := range s.order {
		k := s.kept[id]
		if !k.done.Before(before) {
			break
		}
		s.details -= k.status.TotalCount
		delete(s.kept, id)
		n++
	}
	s.order = s.order[n:]
}

// Status gives the status of a request to the client that made it.
func (m *Memory) Status(_ context.Context, who Requester, root, id string) (Status, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	k, ok := m.statuses.kept[id]
	if !ok || k.root != root || k.who != who || k.done.Before(m.opts.Now().Add(-m.opts.StatusRetention)) {
		return Status{}, ErrNotFound
	}
	return k.status, nil
}
