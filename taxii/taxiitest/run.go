package taxiitest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/stix"
	"parley/taxii"
)

// Open makes a backend with an empty collection that the place's client may read and write.
type Open func(t *testing.T) (taxii.Backend, taxii.Place)

// Run runs every check, each with a backend of its own.
func Run(t *testing.T, open Open) {
	checks := map[string]func(*subject){
		"order":       (*subject).order,
		"pages":       (*subject).pages,
		"filters":     (*subject).filters,
		"duplicates":  (*subject).duplicates,
		"failures":    (*subject).failures,
		"broken":      (*subject).broken,
		"deletes":     (*subject).deletes,
		"status":      (*subject).status,
		"while added": (*subject).whileAdded,
	}
	for name, check := range checks {
		t.Run(name, func(t *testing.T) {
			backend, place := open(t)
			check(&subject{T: t, backend: backend, place: place})
		})
	}
}

// subject is a backend under test.
type subject struct {
	*testing.T
	backend taxii.Backend
	place   taxii.Place
}

const many = 10_000

// add adds objects and checks the figures of the status.
func (s *subject) add(texts ...string) taxii.Status {
	s.Helper()
	status, err := s.backend.Add(context.Background(), s.place, incoming(s.T, texts))
	if err == nil {
		err = status.Check()
	}
	if err != nil {
		s.Fatal(err)
	}
	if status.TotalCount != len(texts) {
		s.Fatalf("the status knows %d of %d objects", status.TotalCount, len(texts))
	}
	return status
}

// incoming parses objects; one that cannot be parsed is a member with an error.
func incoming(t *testing.T, texts []string) iter.Seq2[taxii.Incoming, error] {
	t.Helper()
	return func(yield func(taxii.Incoming, error) bool) {
		for i, text := range texts {
			o, err := stix.ParseObject([]byte(text))
			in := taxii.Incoming{Object: o, Err: err, ID: string(o.ID()), Version: o.Modified().String()}
			if in.Version == "" {
				in.Version = o.Created().String()
			}
			if err != nil {
				in.ID = fmt.Sprintf("objects[%d]", i)
			}
			if !yield(in, nil) {
				return
			}
		}
	}
}

// page asks for one page and checks what holds for every page.
func (s *subject) page(q taxii.Query) taxii.Page {
	s.Helper()
	page, err := s.backend.Page(context.Background(), s.place, q)
	if err != nil {
		s.Fatal(err)
	}
	if len(page.Records) > q.Limit || page.More && len(page.Records) == 0 {
		s.Fatalf("%d records at limit %d, more %v", len(page.Records), q.Limit, page.More)
	}
	last := q.After
	for _, r := range page.Records {
		if !r.DateAdded.After(last) || r.DateAdded.Nanosecond()%1000 != 0 {
			s.Fatalf("%s was added at %s, after %s", r.ID, r.DateAdded, last)
		}
		last = r.DateAdded
	}
	return page
}

// all reads everything that a query means.
func (s *subject) all(q taxii.Query) []taxii.Record {
	s.Helper()
	q.Limit = many
	return s.page(q).Records
}

// names gives "type-number version" of records.
func names(records []taxii.Record) []string {
	list := make([]string, len(records))
	for i, r := range records {
		list[i] = fmt.Sprintf("%s-%d", r.ID.Type(), r.ID.UUID()[3])
		if !r.Version.Time().Equal(r.DateAdded) {
			list[i] += fmt.Sprint(" ", r.Version.Time().Second())
		}
	}
	return list
}

// want compares names.
func (s *subject) want(what string, got []taxii.Record, want ...string) {
	s.Helper()
	if names := names(got); !slices.Equal(names, want) {
		s.Errorf("%s: got %q, want %q", what, names, want)
	}
}

// id makes the n-th id of a type, 0 to 255.
func id(typ string, n int) stix.ID {
	return stix.ID(fmt.Sprintf("%s--%08x-0000-4000-8000-000000000000", typ, n))
}

// version makes the n-th version, 0 to 59.
func version(n int) stix.Timestamp {
	return stix.NewTimestamp(time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC), 3)
}

// object writes the n-th object of a type in one version; below 0 it has no times.
func object(typ string, n, v int, more ...string) string {
	text := fmt.Sprintf(`{"type":%q,"spec_version":"2.1","id":%q`, typ, id(typ, n))
	if v >= 0 {
		text += fmt.Sprintf(`,"created":"2026-01-01T00:00:00.000Z","modified":%q`, version(v))
	}
	return text + strings.Join(more, "") + "}"
}

// objects writes several of one version.
func objects(typ string, from, to int) (all []string) {
	for n := from; n < to; n++ {
		all = append(all, object(typ, n, 1))
	}
	return all
}

var errBroken = errors.New("the envelope breaks off here")
