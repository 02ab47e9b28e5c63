package taxiitest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"parley/stix"
	"parley/taxii"
)

// order: records come as they were added, each with a moment of its own, byte for byte.
func (s *subject) order() {
	texts := slices.Concat(objects("malware", 0, 30), objects("indicator", 0, 30))
	s.add(texts[:40]...)
	s.add(texts[40:]...)
	records := s.all(taxii.Query{Content: true})
	if len(records) != len(texts) {
		s.Fatalf("%d of %d records", len(records), len(texts))
	}
	for i, r := range records {
		if string(r.Bytes) != texts[i] || r.SpecVersion != "2.1" {
			s.Errorf("record %d, of STIX %s, is %s", i, r.SpecVersion, r.Bytes)
		}
	}
}

// pages: cut anywhere, they give every record once, and say truly whether there are more.
func (s *subject) pages() {
	s.add(objects("indicator", 0, 20)...)
	whole := s.all(taxii.Query{})
	for _, q := range []taxii.Query{{Limit: 1}, {Limit: 5}, {Limit: 7}, {Limit: 20}, {Limit: 21}, {Limit: many, Bytes: 400, Content: true}} {
		var got []taxii.Record
		for more := true; more && len(got) <= len(whole); {
			page := s.page(q)
			got, more = append(got, page.Records...), page.More
			if n := len(got); n > 0 {
				q.After = got[n-1].DateAdded
			}
		}
		s.want(fmt.Sprintf("in pages of %d records, %d bytes", q.Limit, q.Bytes), got, names(whole)...)
	}
	if end := s.page(taxii.Query{Limit: 5, After: whole[19].DateAdded}); len(end.Records) != 0 || end.More {
		s.Errorf("after the last one come %d", len(end.Records))
	}
}

func (s *subject) filters() {
	old := func(text string) string { return strings.Replace(text, `"2.1"`, `"2.0"`, 1) }
	s.add(object("indicator", 1, 1), object("malware", 2, 1), object("indicator", 1, 3), object("indicator", 1, 2),
		object("tool", 3, 5), old(object("tool", 3, 9)), old(object("campaign", 4, 1)))
	all := taxii.Versions{All: true}
	for name, c := range map[string]struct {
		q    taxii.Query
		want []string
	}{
		"nothing":        {taxii.Query{}, []string{"malware-2 1", "indicator-1 3", "tool-3 5", "campaign-4 1"}},
		"a type":         {taxii.Query{Types: []string{"malware", "x"}}, []string{"malware-2 1"}},
		"ids":            {taxii.Query{IDs: []stix.ID{id("tool", 3), id("malware", 2), id("tool", 3)}}, []string{"malware-2 1", "tool-3 5"}},
		"id and type":    {taxii.Query{IDs: []stix.ID{id("tool", 3)}, Types: []string{"malware"}}, nil},
		"all":            {taxii.Query{Versions: all}, []string{"indicator-1 1", "malware-2 1", "indicator-1 3", "indicator-1 2", "tool-3 5", "campaign-4 1"}},
		"first":          {taxii.Query{Versions: taxii.Versions{First: true}, Types: []string{"indicator"}}, []string{"indicator-1 1"}},
		"first and last": {taxii.Query{Versions: taxii.Versions{First: true, Last: true}, Types: []string{"indicator"}}, []string{"indicator-1 1", "indicator-1 3"}},
		"moments":        {taxii.Query{Versions: taxii.Versions{At: []stix.Timestamp{version(2), version(5)}}}, []string{"indicator-1 2", "tool-3 5"}},
		"STIX 2.0":       {taxii.Query{SpecVersions: []string{"2.0"}}, []string{"tool-3 9", "campaign-4 1"}},
		"both":           {taxii.Query{SpecVersions: []string{"2.0", "2.1"}, Types: []string{"tool"}}, []string{"tool-3 9"}},
		"all of both":    {taxii.Query{SpecVersions: []string{"2.1", "2.0"}, Versions: all, Types: []string{"tool"}}, []string{"tool-3 5", "tool-3 9"}},
	} {
		s.want(name, s.all(c.q), c.want...)
	}
	// What was added after a moment does not decide which version is the last one.
	third := s.all(taxii.Query{Versions: all})[2].DateAdded
	s.want("after the last version", s.all(taxii.Query{After: third, Types: []string{"indicator"}}))
}

// duplicates are successes and change nothing, however they are written.
func (s *subject) duplicates() {
	texts := []string{object("indicator", 1, 1), object("ipv4-addr", 2, -1, `,"value":"198.51.100.3"`)}
	first := s.add(texts...)
	before := s.all(taxii.Query{Versions: taxii.Versions{All: true}})
	again := s.add(texts[0], texts[1], strings.ReplaceAll(texts[0], ",", " ,\n"), strings.ReplaceAll(texts[1], ",", ", "), texts[0])
	if again.SuccessCount != 5 || again.Successes[1].Version != first.Successes[1].Version {
		s.Errorf("posted again: %+v", again)
	}
	after := s.all(taxii.Query{Versions: taxii.Versions{All: true}})
	s.want("after posting again", after, names(before)...)
	if v := before[1]; !v.Version.Time().Equal(v.DateAdded) {
		s.Errorf("the version of an object without times is %s; it was added at %s", v.Version, v.DateAdded)
	}
	s.add(object("ipv4-addr", 2, -1, `,"value":"198.51.100.3","x":1`))
	if n := len(s.all(taxii.Query{Versions: taxii.Versions{All: true}})); n != 3 {
		s.Errorf("other content of an object without times is a version of its own: there are %d", n)
	}
}

// failures of one object are its own.
func (s *subject) failures() {
	s.add(object("indicator", 1, 1, `,"name":"first"`))
	status := s.add(object("indicator", 1, 1, `,"name":"second"`), "{}", object("indicator", 2, 1))
	if status.SuccessCount != 1 || status.FailureCount != 2 || status.Status != taxii.Complete {
		s.Fatalf("%+v", status)
	}
	for i, id := range []string{string(id("indicator", 1)), "objects[1]"} {
		if d := status.Failures[i]; d.ID != id || d.Version == "" || d.Message == "" {
			s.Errorf("failure %+v", d)
		}
	}
	records := s.all(taxii.Query{Content: true})
	s.want("kept", records, "indicator-1 1", "indicator-2 1")
	if !strings.Contains(string(records[0].Bytes), "first") {
		s.Errorf("what was there first is %s now", records[0].Bytes)
	}
}

// broken: an envelope that breaks off leaves nothing.
func (s *subject) broken() {
	_, err := s.backend.Add(context.Background(), s.place, func(yield func(taxii.Incoming, error) bool) {
		for in := range incoming(s.T, objects("indicator", 0, 50)) {
			if !yield(in, nil) {
				return
			}
		}
		yield(taxii.Incoming{}, errBroken)
	})
	if !errors.Is(err, errBroken) {
		s.Errorf("the error of the envelope is not returned: %v", err)
	}
	s.want("of a broken envelope", s.all(taxii.Query{}))
}

func (s *subject) deletes() {
	s.add(object("indicator", 1, 1), object("indicator", 1, 2), object("malware", 2, 1), object("indicator", 1, 3))
	q := taxii.Query{IDs: []stix.ID{id("indicator", 1)}, SpecVersions: []string{"2.0", "2.1"}, Versions: taxii.Versions{Last: true}}
	for i, want := range []int{1, 1, 1, 0} {
		n, err := s.backend.Delete(context.Background(), s.place, q)
		if err != nil || n != want {
			s.Errorf("delete %d: %d versions, %v", i, n, err)
		}
	}
	s.want("left", s.all(taxii.Query{Versions: taxii.Versions{All: true}}), "malware-2 1")
	last := s.all(taxii.Query{})[0].DateAdded
	s.add(object("indicator", 1, 1))
	s.want("added again, it is new", s.all(taxii.Query{After: last}), "indicator-1 1")
}

// status is kept, for the client that made the request.
func (s *subject) status() {
	ctx, made := context.Background(), s.add(objects("indicator", 0, 3)...)
	got, err := s.backend.Status(ctx, s.place.Requester, s.place.Root, made.ID)
	if err != nil || got.Check() != nil || got.TotalCount != 3 {
		s.Errorf("%+v, %v", got, err)
	}
	other := taxii.Requester{Name: s.place.Requester.Name + "-another"}
	if _, err := s.backend.Status(ctx, other, s.place.Root, made.ID); !errors.Is(err, taxii.ErrNotFound) && !errors.Is(err, taxii.ErrForbidden) {
		s.Errorf("another client sees it: %v", err)
	}
	if _, err := s.backend.Status(ctx, s.place.Requester, s.place.Root, "2d086da7-4bdc-4f91-900e-d77486753710"); !errors.Is(err, taxii.ErrNotFound) {
		s.Errorf("one that was never made: %v", err)
	}
}

// whileAdded: a reader that goes from page to page while four clients add misses nothing.
func (s *subject) whileAdded() {
	const writers, envelopes, size = 4, 12, 5
	types := []string{"indicator", "malware", "tool", "campaign"}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for e := range envelopes {
				if _, err := s.backend.Add(context.Background(), s.place, incoming(s.T, objects(types[w], e*size, (e+1)*size))); err != nil {
					s.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	seen, q := 0, taxii.Query{Limit: 7}
	for ended := false; ; {
		page, err := s.backend.Page(context.Background(), s.place, q)
		if err != nil {
			s.Error(err)
			break
		}
		if n := len(page.Records); n > 0 && seen <= writers*envelopes*size {
			seen, q.After = seen+n, page.Records[n-1].DateAdded
			continue
		}
		if ended { // nothing came after the last writer had finished
			break
		}
		select {
		case <-done:
			ended = true
		default:
		}
	}
	<-done
	if seen != writers*envelopes*size {
		s.Errorf("the reader saw %d of %d", seen, writers*envelopes*size)
	}
}
