package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/selector"
)

// same compares what was given with what came back.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: %s", what, d)
	}
}

func TestCounterparts(t *testing.T) {
	s := fresh(t)
	south := Counterpart{Name: "South", Mine: []byte("mine"), AddedAt: noon}
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		south.ID, err = tx.AddCounterpart(ctx, south)
		return err
	})
	west := counterpart(t, s, "West")
	south.Introduction, south.Spoken, south.VerifiedAt = []byte("theirs"), "12345 67890", noon.Add(time.Hour)
	south.Session, south.Relays = []byte("session"), []string{"https://relay.example/"}
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SetCounterpart(ctx, south) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		byName, err1 := tx.Counterpart(ctx, "South")
		byID, err2 := tx.CounterpartByID(ctx, south.ID)
		all, err3 := tx.Counterparts(ctx)
		same(t, "by name", south, byName)
		same(t, "by number", south, byID)
		if len(all) != 2 || all[0].Name != "South" || all[1].ID != west || !all[0].Open() || all[1].Open() {
			t.Errorf("all: %+v", all)
		}
		return errors.Join(err1, err2, err3)
	})
}

func TestEvidenceAndWhatIsInIt(t *testing.T) {
	s := fresh(t)
	e := Evidence{
		Name: "phone.zip", Path: "/evidence/phone.zip", SHA256: []byte("hash"), Size: 12, Operator: "amira", Note: "seized",
		AcquiredAt: noon.Add(-time.Hour), ImportedAt: noon, Summary: []byte("{}"),
	}
	change(t, s, func(ctx context.Context, tx *Tx) (err error) { e.ID, err = tx.AddEvidence(ctx, e); return err })
	err := s.Update(t.Context(), func(tx *Tx) error { _, err := tx.AddEvidence(t.Context(), e); return err })
	if !errors.Is(err, ErrExists) {
		t.Errorf("the same bytes again: got %v, want %v", err, ErrExists)
	}
	arts := []Artifact{
		{Evidence: e.ID, Kind: "message", At: noon, Place: "sms.db/2", Body: []byte(`{"n":2}`)},
		{Evidence: e.ID, Kind: "contact", Place: "contacts/1", Body: []byte(`{}`)},
		{Evidence: e.ID, Kind: "message", At: noon.Add(-time.Hour), Place: "sms.db/1", Body: []byte(`{"n":1}`)},
	}
	files := []File{
		{Evidence: e.ID, Place: "b.jpg", Size: 5, SHA256: []byte("x"), Type: "image/jpeg"},
		{Evidence: e.ID, Place: "a.zip", SHA256: []byte{}, Type: "application/zip", Problem: "it is cut off"},
	}
	e.TriagedAt, e.Summary = noon.Add(time.Minute), []byte(`{"files":2}`)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		return errors.Join(tx.PutArtifacts(ctx, arts), tx.PutFiles(ctx, files), tx.MarkTriaged(ctx, e.ID, e.TriagedAt, e.Summary))
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		one, err1 := tx.Evidence(ctx, e.ID)
		byHash, err2 := tx.EvidenceByHash(ctx, []byte("hash"))
		all, err3 := tx.AllEvidence(ctx)
		same(t, "by number", e, one)
		same(t, "by hash", e, byHash)
		same(t, "all", []Evidence{e}, all)
		messages, err4 := tx.Artifacts(ctx, e.ID, "message")
		every, err5 := tx.Artifacts(ctx, e.ID, "")
		if len(messages) != 2 || messages[0].Place != "sms.db/1" || len(every) != 3 || every[0].Kind != "contact" {
			t.Errorf("by time: messages %+v, all %+v", messages, every)
		}
		read, err6 := tx.Files(ctx, e.ID, false)
		faulty, err7 := tx.Files(ctx, e.ID, true)
		same(t, "files", files, read)
		same(t, "faulty files", files[1:], faulty)
		return errors.Join(err1, err2, err3, err4, err5, err6, err7)
	})
}

func TestMatchings(t *testing.T) {
	s := fresh(t)
	south, west := counterpart(t, s, "South"), counterpart(t, s, "West")
	find(t, s, Finding{Selector: email("c")}, Finding{Selector: email("a")}, Finding{Selector: phone(7)})
	m := Matching{
		Run: []byte("sixteen bytes is"), Counterpart: south, Role: "initiator", State: "proposed", Terms: []byte(`{"run":1}`),
		Secret: []byte("seed"), Progress: []byte(`{}`), UpdatedAt: noon,
	}
	change(t, s, func(ctx context.Context, tx *Tx) (err error) {
		if m.ID, err = tx.AddMatching(ctx, m); err != nil {
			return err
		}
		return tx.SetMatchingItems(ctx, m.ID, []int64{3, 1, 2})
	})
	again := m
	again.Counterpart = west
	err := s.Update(t.Context(), func(tx *Tx) error { _, err := tx.AddMatching(t.Context(), again); return err })
	if !errors.Is(err, ErrExists) {
		t.Errorf("the same run again: got %v, want %v", err, ErrExists)
	}
	m.State, m.Secret, m.Progress, m.UpdatedAt = "done", nil, []byte(`{"count":2}`), noon.Add(time.Hour)
	change(t, s, func(ctx context.Context, tx *Tx) error {
		return errors.Join(tx.SetMatching(ctx, m), tx.MarkMatched(ctx, m.ID, []int{0, 2}))
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		one, err1 := tx.Matching(ctx, m.ID)
		byRun, err2 := tx.MatchingByRun(ctx, south, m.Run)
		all, err3 := tx.Matchings(ctx)
		same(t, "by number", m, one)
		same(t, "by run", m, byRun)
		same(t, "all", []Matching{m}, all)
		if _, err := tx.MatchingByRun(ctx, west, m.Run); !errors.Is(err, ErrNotFound) {
			t.Errorf("West finds South's run: %v", err)
		}
		items, err4 := tx.MatchingPage(ctx, m.ID, 0, 100)
		overlap, err5 := tx.Overlap(ctx, m.ID)
		same(t, "the set", []selector.Selector{phone(7), email("c"), email("a")}, items)
		same(t, "the overlap", []selector.Selector{email("a"), phone(7)}, overlap)
		return errors.Join(err1, err2, err3, err4, err5)
	})
	err = s.Update(t.Context(), func(tx *Tx) error { return tx.MarkMatched(t.Context(), m.ID, []int{3}) })
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("a position that the set does not have: got %v, want %v", err, ErrNotFound)
	}
}

func TestReleases(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	r := Release{
		Counterpart: south, State: "draft", Request: []byte(`{"title":"x"}`), Bundle: []byte("bundle"), Digest: []byte("digest"),
		Map: []byte(`{}`), Stripped: []byte(`[]`), Findings: []byte(`[]`), Author: "chen", UpdatedAt: noon,
	}
	change(t, s, func(ctx context.Context, tx *Tx) (err error) { r.ID, err = tx.AddRelease(ctx, r); return err })
	r.State, r.Bundle, r.Clearer, r.Cleared, r.UpdatedAt = "sent", []byte("bundle 2"), "dora", []byte("digest"), noon.Add(time.Hour)
	r.Outbox = enqueue(t, s, south, "release.bundle")[0]
	change(t, s, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.AddRelease(ctx, Release{Counterpart: south, State: "draft", Request: []byte("{}"), Bundle: []byte("b"), Digest: []byte("d"), Map: []byte("{}"), Stripped: []byte("[]"), Findings: []byte("[]"), Author: "chen"}); err != nil {
			return err
		}
		return tx.SetRelease(ctx, r)
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		one, err1 := tx.Release(ctx, r.ID)
		all, err2 := tx.Releases(ctx)
		same(t, "by number", r, one)
		if len(all) != 2 || all[1].ID != r.ID {
			t.Errorf("newest first: %+v", all)
		}
		return errors.Join(err1, err2)
	})
}

func TestWatches(t *testing.T) {
	s := fresh(t)
	maya := Watch{Selector: email("maya"), Note: "witness", Owner: "amira", Recipient: "desk", Imminent: true, AddedAt: noon}
	change(t, s, func(ctx context.Context, tx *Tx) (err error) { maya.ID, err = tx.AddWatch(ctx, maya); return err })
	maya.Note, maya.Imminent = "moved house", false
	change(t, s, func(ctx context.Context, tx *Tx) error {
		id, err := tx.AddWatch(ctx, maya)
		if id != maya.ID {
			t.Errorf("the same selector again is watch %d, was %d", id, maya.ID)
		}
		_, err2 := tx.AddWatch(ctx, Watch{Selector: email("adam"), AddedAt: noon})
		return errors.Join(err, err2)
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := tx.Watches(ctx)
		if len(all) != 2 || all[0].Selector != email("adam") {
			t.Fatalf("all: %+v", all)
		}
		same(t, "the watch", maya, all[1])
		return err
	})
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.RemoveWatch(ctx, email("maya")) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		all, err := tx.Watches(ctx)
		if len(all) != 1 {
			t.Errorf("one is left: %+v", all)
		}
		return err
	})
}

func TestWarnings(t *testing.T) {
	s := fresh(t)
	add := func(ident string, imminent bool) (w Warning) {
		w = Warning{Ident: ident, State: "raised", Imminent: imminent, Body: []byte(`{}`), UpdatedAt: noon}
		change(t, s, func(ctx context.Context, tx *Tx) (err error) { w.ID, err = tx.AddWarning(ctx, w); return err })
		return w
	}
	first, second, third := add("one", true), add("two", false), add("three", false)
	err := s.Update(t.Context(), func(tx *Tx) error { _, err := tx.AddWarning(t.Context(), first); return err })
	if !errors.Is(err, ErrExists) {
		t.Errorf("about the same thing: got %v, want %v", err, ErrExists)
	}
	second.State, second.Body, second.UpdatedAt = "sent", []byte(`{"log":[]}`), noon.Add(time.Hour)
	change(t, s, func(ctx context.Context, tx *Tx) error { return tx.SetWarning(ctx, second) })
	look(t, s, func(ctx context.Context, tx *Tx) error {
		one, err1 := tx.Warning(ctx, second.ID)
		byIdent, err2 := tx.WarningByIdent(ctx, "two")
		all, err3 := tx.Warnings(ctx)
		same(t, "by number", second, one)
		same(t, "by what it is about", second, byIdent)
		same(t, "imminent first, then the newest", []Warning{first, third, second}, all)
		return errors.Join(err1, err2, err3)
	})
}

func TestCountsAndSettings(t *testing.T) {
	s := fresh(t)
	south := counterpart(t, s, "South")
	put(t, s, object(1, 1), object(1, 2))
	evidence(t, s, "phone.zip", true)
	find(t, s, Finding{Selector: email("a")}, Finding{Selector: email("a")})
	receive(t, s, south, 0, "a", "b", "c")
	change(t, s, func(ctx context.Context, tx *Tx) error {
		return errors.Join(
			tx.Settle(ctx, 1, Applied, ""), tx.Settle(ctx, 2, Refused, "no"),
			tx.SetSetting(ctx, "name", []byte("North")), tx.SetSetting(ctx, "name", []byte("Far North")),
		)
	})
	look(t, s, func(ctx context.Context, tx *Tx) error {
		got, err1 := tx.Counts(ctx)
		same(t, "counts", Counts{Objects: 2, Evidence: 1, Selectors: 1, Findings: 2, Received: 1, Refused: 1}, got)
		name, err2 := tx.Setting(ctx, "name")
		same(t, "the setting", "Far North", string(name))
		return errors.Join(err1, err2)
	})
}
