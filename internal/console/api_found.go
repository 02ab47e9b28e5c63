package console

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"parley/internal/draw"
	"parley/internal/store"
	"parley/internal/views"
	"parley/selector"
)

// foundResources is what was found in evidence, and what is looked out for.
func foundResources() []resource {
	return []resource{
		listed("/evidence", "Evidence with its chain of custody", func(c *console, r *http.Request) ([]store.Evidence, error) { return c.node.Evidence(r.Context()) }, viewedBy(views.EvidenceOf)),
		told("/evidence/{number}", "One item of evidence", func(c *console, r *http.Request) (views.Evidence, error) {
			e, err := c.item(r)
			return views.EvidenceOf(e), err
		}),
		listed("/evidence/{number}/artifacts", "What applications kept", func(c *console, r *http.Request) ([]store.Artifact, error) {
			id, err := numbered(r, "E")
			if err != nil {
				return nil, err
			}
			return c.node.Artifacts(r.Context(), id, r.URL.Query().Get("kind"))
		}, func(_ *console, _ *http.Request, a store.Artifact) (views.Artifact, error) {
			return views.ArtifactOf(a)
		}).asking("kind"),
		listed("/evidence/{number}/files", "Files, or with ?faulty=yes those that could not be read", func(c *console, r *http.Request) ([]store.File, error) {
			id, err := numbered(r, "E")
			if err != nil {
				return nil, err
			}
			return c.node.Files(r.Context(), id, r.URL.Query().Get("faulty") != "")
		}, viewedBy(views.FileOf)).asking("faulty"),
		drawn("/evidence/{number}/contacts", "Who wrote to whom", (*console).contacts, func(b any) draw.Drawing { return b.(contactsBody).Drawing }).asking("most"),
		drawn("/evidence/{number}/timeline", "When artifacts came about", (*console).timeline, func(b any) draw.Drawing { return b.(timelineBody).Drawing }).asking("kind", "from", "to"),
		drawn("/evidence/{number}/map", "Where pictures were taken, and places that applications kept", (*console).earth, func(b any) draw.Drawing { return b.(mapBody).Drawing }).asking("west", "south", "east", "north"),
		told("/evidence/{number}/review", "What was found and nobody judged yet; with ?all=yes all of it", readReview).asking("all"),
		told("/findings/{number}", "A place of a selector, opened again", func(c *console, r *http.Request) (v views.Opened, err error) {
			id, err := numbered(r, "F")
			if err != nil {
				return v, err
			}
			return views.OpenedFinding(r.Context(), c.node, id)
		}),
		told("/artifacts/{number}", "An artifact, opened again", func(c *console, r *http.Request) (v views.Opened, err error) {
			id, err := numbered(r, "A")
			if err != nil {
				return v, err
			}
			return views.OpenedArtifact(r.Context(), c.node, id)
		}),
		listed("/selectors", "Selectors with the number of their places", func(c *console, r *http.Request) ([]store.Tally, error) {
			scope, err := scopeOf(r)
			if err != nil {
				return nil, err
			}
			return c.node.Selectors(r.Context(), scope)
		}, viewedBy(views.TallyOf)).asking("kind", "evidence", "match", "confidence"),
		told("/selectors/{number}", "A selector with its places", func(c *console, r *http.Request) (v foundView, err error) {
			id, err := numbered(r, "S")
			if err != nil {
				return v, err
			}
			s, err := c.node.SelectorNumbered(r.Context(), id)
			if err != nil {
				return v, err
			}
			return c.foundOf(r.Context(), s)
		}),
		// A selector may not stand in an address: those are kept by what lies between.
		asked("/selectors/find", "The places of a selector; the one asked for is read as people write it", []string{"selector"}, func(c *console, r *http.Request) (v foundView, err error) {
			s, err := c.node.Selector(r.PostForm.Get("selector"))
			if err != nil {
				return v, unread{err}
			}
			return c.foundOf(r.Context(), s)
		}),
		listed("/watches", "The watch list", func(c *console, r *http.Request) ([]store.Watch, error) { return c.node.Watches(r.Context()) }, viewedBy(views.WatchOf)),
	}
}

// unread is a selector that could not be read.
type unread struct{ error }

func (u unread) Unwrap() error { return u.error }

// foundView is a selector with its places.
type foundView struct {
	Selector selector.Selector `json:"selector"`
	Findings []views.Finding   `json:"findings"`
}

func (c *console) foundOf(ctx context.Context, s selector.Selector) (foundView, error) {
	all, err := c.node.Findings(ctx, s)
	return foundView{s, each(all, views.FindingOf)}, err
}

// scopeOf reads which selectors an address asks for.
func scopeOf(r *http.Request) (s store.Scope, err error) {
	q := r.URL.Query()
	for _, k := range q["kind"] {
		s.Kinds = append(s.Kinds, selector.Kind(k))
	}
	s.Confidence = selector.Confidence(q.Get("confidence"))
	for name, to := range map[string]*int64{"evidence": &s.Evidence, "match": &s.Match} {
		text := strings.TrimLeft(q.Get(name), "EM")
		if text == "" {
			continue
		}
		if *to, err = strconv.ParseInt(text, 10, 64); err != nil || *to < 1 {
			return s, problem{http.StatusBadRequest, "Not a number", name + "= is a number such as E1 or M1"}
		}
	}
	return s, nil
}

// drawnBody is what a picture shows, for reading.
type drawnBody struct {
	Title   string     `json:"title"`
	Note    string     `json:"note,omitempty"` // what is not in it
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// drawn makes a resource of a page with a picture.
func drawn(pattern, what string, p page, of func(body any) draw.Drawing) resource {
	return told(pattern, what, func(c *console, r *http.Request) (b drawnBody, err error) {
		v, err := p(c, r)
		if err != nil {
			return b, err
		}
		d := of(v.Body)
		b = drawnBody{Title: d.Title, Note: d.Note, Columns: []string{}, Rows: [][]string{}}
		for _, column := range d.Table.Columns {
			b.Columns = append(b.Columns, column.Name)
		}
		for _, row := range d.Table.Rows {
			cells := []string{}
			for _, cell := range row {
				cells = append(cells, cell.Text)
			}
			b.Rows = append(b.Rows, cells)
		}
		return b, nil
	})
}

// hitView is a selector that is to be judged, or was.
type hitView struct {
	views.Tally
	Subject string        `json:"subject"` // to be judged by
	Version string        `json:"version"`
	Verdict string        `json:"verdict,omitempty"`
	First   views.Finding `json:"first"`
}

// reviewView is what was found in evidence, to be judged.
type reviewView struct {
	Evidence int64     `json:"evidence"`
	Of       int       `json:"of"`
	Left     int       `json:"left"` // that nobody has judged
	Hits     []hitView `json:"hits"`
}

func readReview(c *console, r *http.Request) (reviewView, error) {
	v, err := c.review(r)
	if err != nil {
		return reviewView{}, err
	}
	b := v.Body.(reviewBody)
	out := reviewView{b.Evidence.ID, b.Of, b.Left, []hitView{}}
	for _, h := range b.Rows {
		one := hitView{Tally: views.TallyOf(h.Tally), Subject: "S" + strconv.FormatInt(h.ID, 10), Version: h.Version, First: views.FindingOf(h.First)}
		if h.Mark != nil {
			one.Verdict = h.Mark.Verdict
		}
		out.Hits = append(out.Hits, one)
	}
	return out, nil
}

// rawJSON is a document that is answered as it is, byte for byte.
type rawJSON = json.RawMessage
