package taxii

import (
	"fmt"
	"time"
)

// The two states of a [Status].
const (
	Complete = "complete" // nothing will change any more
	Pending  = "pending"
)

// Status says what became of a request to add objects, object by object (section 4.3.1).
type Status struct {
	ID               string         `json:"id"` // a version 4 UUID
	Status           string         `json:"status"`
	RequestTimestamp Timestamp      `json:"request_timestamp,omitzero"`
	TotalCount       int            `json:"total_count"`
	SuccessCount     int            `json:"success_count"`
	Successes        []StatusDetail `json:"successes,omitempty"`
	FailureCount     int            `json:"failure_count"`
	Failures         []StatusDetail `json:"failures,omitempty"`
	PendingCount     int            `json:"pending_count"`
	Pendings         []StatusDetail `json:"pendings,omitempty"`
}

// StatusDetail is one object of a [Status].
type StatusDetail struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Message string `json:"message,omitempty"`
}

// NewStatus starts a status of a request that came in at the given moment. It is complete as long as
// no object is pending.
func NewStatus(id string, at time.Time) *Status {
	return &Status{ID: id, Status: Complete, RequestTimestamp: NewTimestamp(at)}
}

// Succeed notes an object that is in the collection now.
func (s *Status) Succeed(d StatusDetail) {
	s.Successes = append(s.Successes, d)
	s.SuccessCount++
	s.TotalCount++
}

// Fail notes an object that was not added; the message says why.
func (s *Status) Fail(d StatusDetail) {
	s.Failures = append(s.Failures, d)
	s.FailureCount++
	s.TotalCount++
}

// Pend notes an object that is still to be worked on, and makes the status pending.
func (s *Status) Pend(d StatusDetail) {
	s.Pendings = append(s.Pendings, d)
	s.PendingCount++
	s.TotalCount++
	s.Status = Pending
}

// Check tells whether the figures agree with each other and with the lists, where there are any.
func (s Status) Check() error {
	if s.ID == "" || s.Status != Complete && s.Status != Pending {
		return fmt.Errorf("status %s: must have an id and be complete or pending", shown(s.ID))
	}
	if s.SuccessCount < 0 || s.FailureCount < 0 || s.PendingCount < 0 {
		return fmt.Errorf("status %s: counts must not be below 0", shown(s.ID))
	}
	if s.SuccessCount+s.FailureCount+s.PendingCount != s.TotalCount {
		return fmt.Errorf("status %s: the counts add up to %d and the total says %d",
			shown(s.ID), s.SuccessCount+s.FailureCount+s.PendingCount, s.TotalCount)
	}
	for _, list := range []struct {
		details []StatusDetail
		count   int
	}{{s.Successes, s.SuccessCount}, {s.Failures, s.FailureCount}, {s.Pendings, s.PendingCount}} {
		if len(list.details) > 0 && len(list.details) != list.count {
			return fmt.Errorf("status %s: a list has %d objects and its count says %d", shown(s.ID), len(list.details), list.count)
		}
	}
	return nil
}
