package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// draftBody is the form of a tearline, beside the report that it is of.
type draftBody struct {
	Contents node.Contents
	Order    release.Order // what an earlier draft was asked for with
	To       string
	From     int64 // the draft that is mended, or 0
	Parties  []store.Counterpart
	Matches  []match.Matching
	Reports  []node.Report // to choose from, where none was
	TLPs     []release.TLP
	Uses     []release.Use
	Hidden   int // objects and selectors of the report that the page has no room for
}

// leave keeps what a page has room for of the report: first what the order names.
func (b *draftBody) leave() {
	whole := len(b.Contents.Objects) + len(b.Contents.Selectors)
	b.Contents.Objects = firstRows(b.Contents.Objects, func(o node.Content) bool { return b.Withheld(o.ID) })
	b.Contents.Selectors = firstRows(b.Contents.Selectors, func(s selector.Selector) bool { return b.Disclosed(s) != "" })
	b.Hidden = whole - len(b.Contents.Objects) - len(b.Contents.Selectors)
}

// firstRows puts some rows before the others, and keeps as many as a page shows.
func firstRows[T any](all []T, first func(T) bool) []T {
	slices.SortStableFunc(all, func(a, b T) int {
		switch x, y := first(a), first(b); {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	return all[:min(len(all), pageRows)]
}

// reportsShown bounds the reports that can be chosen from, the newest first.
const reportsShown = 200

// newRelease is the form: of a report, of an earlier draft that is to be
// mended (from=R1), or of what is to stand in the place of a release (amends=R1).
func (c *console) newRelease(r *http.Request) (view, error) {
	b := draftBody{TLPs: release.DefaultPolicy().TLPs, Uses: release.Uses()}
	v := view{Page: "draft", Under: "releases", Title: "New release"}
	q := r.URL.Query()
	if r.PostForm != nil {
		q = r.PostForm
	}
	report := q.Get("report")
	for name, amends := range map[string]bool{"from": false, "amends": true} {
		if number := q.Get(name); number != "" && number != "0" {
			if err := c.earlier(r, &b, number, amends); err != nil {
				return v, err
			}
			report = string(b.Order.Report)
		}
	}
	var err error
	if report == "" {
		b.Reports, err = c.node.Reports(r.Context(), true)
		slices.Reverse(b.Reports)
		b.Reports = b.Reports[:min(len(b.Reports), reportsShown)]
		v.Body = b
		return v, err
	}
	id, err := stix.ParseID(report)
	if err != nil || id.Type() != "report" {
		return v, problem{http.StatusNotFound, "Not found", "The address says report=, and no id of a report after it."}
	}
	if b.Contents, err = c.node.ReportContents(r.Context(), id); err != nil {
		return v, err
	}
	if b.Parties, err = c.node.Counterparts(r.Context()); err != nil {
		return v, err
	}
	all, err := c.node.Matches(r.Context())
	b.Matches = slices.DeleteFunc(all, func(m match.Matching) bool { return m.State != match.Done })
	b.Matches = b.Matches[:min(len(b.Matches), pageRows)]
	b.leave()
	v.Body = b
	return v, err
}

// earlier fills the form with what an earlier draft was asked for with.
func (c *console) earlier(r *http.Request, b *draftBody, number string, amends bool) error {
	id, err := strconv.ParseInt(strings.TrimPrefix(number, "R"), 10, 64)
	if err != nil {
		return problem{http.StatusNotFound, "Not found", "The address names no release such as R1."}
	}
	one, err := c.node.Release(r.Context(), id)
	if err != nil {
		return err
	}
	row, err := c.releaseRow(r.Context(), one)
	b.Order, b.To = row.Order, row.To
	if amends {
		b.Order.Amends = id
	} else {
		b.From = id
	}
	return err
}

// Disclosed is why the order discloses a selector, or "" where it does not.
func (b draftBody) Disclosed(s selector.Selector) string {
	for _, d := range b.Order.Added {
		if d.Selector == s {
			return d.Reason
		}
	}
	return ""
}

// Withheld tells whether the order leaves an object behind.
func (b draftBody) Withheld(id stix.ID) bool { return slices.Contains(b.Order.Withhold, id) }

// draftRelease drafts, and checks at once: nobody has to remember that.
func (c *console) draftRelease(r *http.Request) (done, error) {
	o, err := c.orderOf(r)
	if err != nil {
		return done{}, err
	}
	to := r.PostForm.Get("to")
	if !keyed(r) {
		if id, err := c.sameDraft(r, to, o); id != 0 || err != nil {
			return done{releasePage(id), "This draft was made already: here it is."}, err
		}
	}
	made, err := c.drafted(r, to, o)
	if err != nil {
		return done{}, err
	}
	if r.PostForm.Get("unchecked") != "" {
		return done{releasePage(made.ID), "Drafted, and not checked."}, nil
	}
	said := "Drafted and checked."
	if _, _, err := c.node.CheckRelease(r.Context(), made.ID); err != nil {
		said = "Drafted, and not checked: " + err.Error()
	}
	return done{releasePage(made.ID), said}, nil
}

func (c *console) drafted(r *http.Request, to string, o release.Order) (store.Release, error) {
	if o.Amends != 0 {
		return c.node.DraftAmendment(r.Context(), o)
	}
	return c.node.DraftRelease(r.Context(), to, o)
}

// sameDraft finds a draft of the same person that was asked for in the same
// words and is still in hand: the form was sent twice.
func (c *console) sameDraft(r *http.Request, to string, o release.Order) (int64, error) {
	asked, err := json.Marshal(o)
	if err != nil {
		return 0, fmt.Errorf("read the form: %w", err)
	}
	all, err := c.node.Releases(r.Context())
	if err != nil {
		return 0, err
	}
	for _, one := range all {
		if one.Author != c.node.User.Name || !release.WaitsForPerson(one.State) || string(one.Request) != string(asked) {
			continue
		}
		row, err := c.releaseRow(r.Context(), one)
		if err != nil || row.To == to || o.Amends != 0 {
			return one.ID, err
		}
	}
	return 0, nil
}

// orderOf reads the form of a tearline.
func (c *console) orderOf(r *http.Request) (release.Order, error) {
	f := r.PostForm
	o := release.Order{
		Report: stix.ID(f.Get("report")), TLP: release.TLP(f.Get("tlp")), Use: release.Use(f.Get("use")), Grade: strings.TrimSpace(f.Get("grade")),
		Title: f.Get("title"), Text: lines(f.Get("text")), Descriptor: f.Get("descriptor"), Collection: f.Get("collection"),
		PassOn: f.Get("pass-on") != "", Because: f.Get("because"),
	}
	wrong := func(text string) error { return problem{http.StatusUnprocessableEntity, "Not a draft", text} }
	if _, err := stix.ParseID(f.Get("report")); err != nil {
		return o, wrong("Choose the report that the tearline is of.")
	}
	if !slices.Contains(release.DefaultPolicy().TLPs, o.TLP) {
		return o, wrong("Choose a TLP label.")
	}
	if _, err := release.ParseUse(string(o.Use)); err != nil {
		return o, wrong("Say what the counterpart may do with it: choose a permitted use.")
	}
	if strings.TrimSpace(o.Text) == "" {
		return o, wrong("Say what the counterpart is told: the text is empty.")
	}
	for _, id := range f["withhold"] {
		parsed, err := stix.ParseID(id)
		if err != nil {
			return o, wrong("What stays behind is named by an id.")
		}
		o.Withhold = append(o.Withhold, parsed)
	}
	for name, to := range map[string]*int64{"match": &o.Match, "amends": &o.Amends} {
		if text := strings.TrimLeft(f.Get(name), "MR"); text != "" && text != "0" {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil || n < 1 {
				return o, wrong("A match is named by a number such as M1, a release by one such as R1.")
			}
			*to = n
		}
	}
	var err error
	if o.Pictures, err = picturesOf(r); err != nil {
		return o, err
	}
	return o, c.disclosures(f, &o)
}

// disclosures reads the selectors that were ticked, and those that were typed,
// one a line. One reason is for all of them.
func (c *console) disclosures(f url.Values, o *release.Order) error {
	all, err := c.named(strings.Join(append(slices.Clone(f["disclose"]), f["others"]...), "\n"))
	for _, s := range all {
		if !slices.ContainsFunc(o.Added, func(d release.Disclosed) bool { return d.Selector == s }) {
			o.Added = append(o.Added, release.Disclosed{Selector: s, Reason: strings.TrimSpace(f.Get("reason"))})
		}
	}
	return err
}

// lines are a form's lines as files have them: a browser sends them as CR LF.
func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
