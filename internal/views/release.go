package views

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/store"
)

// Release is a tearline for a counterpart: what was asked for, what was found, and
// what became of it.
type Release struct {
	Number   int64              `json:"number"`
	To       string             `json:"to"`
	State    string             `json:"state"`
	Order    release.Order      `json:"order"`
	Author   string             `json:"author"`
	Clearer  string             `json:"clearer,omitempty"`
	SHA256   string             `json:"sha256"`
	Bytes    int                `json:"bytes"`
	PutOut   bool               `json:"put_out,omitempty"` // for a consumer to read, rather than sent
	Objects  int                `json:"objects"`
	Stripped []release.Stripped `json:"stripped"`
	Findings []release.Finding  `json:"findings"`
	Prose    []release.Prose    `json:"prose"`
	Delivery *node.Delivery     `json:"delivery,omitempty"`
	Event    *node.Event        `json:"misp,omitempty"`
	Rulings  []node.Ruling      `json:"rulings"`
	Standing node.Standing      `json:"standing"`
}

// ReleaseOf is a release as it is told.
func ReleaseOf(ctx context.Context, n *node.Node, r store.Release) (Release, error) {
	v := Release{Number: r.ID, PutOut: r.Collection != 0, State: r.State, Author: r.Author, Clearer: r.Clearer, SHA256: fmt.Sprintf("%x", r.Digest), Bytes: len(r.Bundle)}
	for _, f := range []struct {
		from []byte
		to   any
	}{{r.Request, &v.Order}, {r.Stripped, &v.Stripped}, {r.Findings, &v.Findings}} {
		if err := json.Unmarshal(f.from, f.to); err != nil {
			return v, fmt.Errorf("read release R%d: %w", r.ID, err)
		}
	}
	v.Stripped, v.Findings = notNil(v.Stripped), notNil(v.Findings)
	prose, err := release.ProseOf(r.Bundle, n.Settings.Region)
	if err == nil { // bytes that cannot be read are a finding of the check
		v.Prose = prose
	}
	v.Prose = notNil(v.Prose)
	counterparts, err := n.Counterparts(ctx)
	if err != nil {
		return v, err
	}
	for _, c := range counterparts {
		if c.ID == r.Counterpart {
			v.To = c.Name
		}
	}
	if got, err := release.Verify(r.Bundle); err == nil {
		v.Objects = len(got.Objects)
	}
	if v.Standing, err = n.ReleaseStanding(ctx, r.ID); err != nil {
		return v, err
	}
	d, sent, err := n.ReleaseDelivery(ctx, r.ID)
	if err != nil {
		return v, err
	}
	if sent {
		v.Delivery = &d
	}
	e, is, err := n.ReleasedEvent(ctx, r.ID)
	if err != nil {
		return v, err
	}
	if is {
		v.Event = &e
	}
	v.Rulings, err = n.Rulings(ctx, r.ID)
	v.Rulings = notNil(v.Rulings)
	return v, err
}

// notNil makes an empty list [] and not null.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
