package taxii

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/stix"
)

// fields are the filters that an endpoint knows.
type fields struct {
	paging       bool // added_after, limit, next
	id, typ      bool
	version      bool
	specVersion  bool
	refuseOthers bool // for requests that destroy: a filter that is not understood must not be passed over
}

var (
	fieldsOfObjects  = fields{paging: true, id: true, typ: true, version: true, specVersion: true}
	fieldsOfObject   = fields{paging: true, version: true, specVersion: true}
	fieldsOfVersions = fields{paging: true, specVersion: true}
	fieldsOfDelete   = fields{version: true, specVersion: true, refuseOthers: true}
)

// request is what the URL parameters of a request say.
type request struct {
	query Query
	next  string // the cursor, still sealed
	// scope is every filter in one normal form: what a cursor is bound to. The limit is not in it, so
	// that a client may change it between pages.
	scope string
}

// parseQuery reads URL parameters (section 3.4). What is malformed is refused with 400; match fields
// and parameters that the endpoint does not know are passed over.
func parseQuery(raw string, known fields) (request, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return request{}, malformed("the URL parameters cannot be read: separate them with & and escape what must be")
	}
	p := &queryParser{values: values, known: known}
	var r request
	q := &r.query
	if known.paging {
		q.After = p.after()
		q.Limit = p.limit()
		r.next = p.single("next")
	}
	ids, types := p.list("id", known.id), p.list("type", known.typ)
	versions, specs := p.list("version", known.version), p.list("spec_version", known.specVersion)
	q.IDs, q.Types, q.SpecVersions = p.ids(ids), p.types(types), p.specs(specs)
	q.Versions = p.versions(versions)
	p.others()
	if p.err != nil {
		return request{}, p.err
	}
	r.scope = scopeOf(p.single("added_after"), ids, types, versions, specs)
	return r, nil
}

func malformed(format string, args ...any) *Error {
	return refuse(http.StatusBadRequest, format, args...)
}

// queryParser keeps the first thing wrong.
type queryParser struct {
	values url.Values
	known  fields
	err    error
}

func (p *queryParser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = malformed(format, args...)
	}
}

// single gives a parameter that may stand once.
func (p *queryParser) single(name string) string {
	given := p.values[name]
	if len(given) == 0 {
		return ""
	}
	if len(given) > 1 {
		p.fail("%s may be given once and stands %d times", name, len(given))
	}
	if given[0] == "" {
		p.fail("%s is empty: leave it out or give it a value", name)
	}
	return given[0]
}

func (p *queryParser) after() (after time.Time) {
	text := p.single("added_after")
	if text == "" {
		return after
	}
	t, err := ParseTimestamp(text)
	if err != nil {
		p.fail("added_after is %s: it must be such as 2026-03-01T09:30:00.000000Z", shown(text))
	}
	return t.Time()
}

// limit reads a whole number above 0, as large as JSON's integers may be.
func (p *queryParser) limit() int {
	const largest = 1<<53 - 1
	text := p.single("limit")
	if text == "" {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < 1 || n > largest {
		p.fail("limit is %s: it must be a whole number above 0", shown(text))
	}
	return int(min(n, largest))
}

// list gives the values of a match field, and none where the endpoint does not know the field.
func (p *queryParser) list(field string, known bool) []string {
	if !known {
		return nil
	}
	name := "match[" + field + "]"
	text := p.single(name)
	if text == "" {
		return nil
	}
	values := strings.Split(text, ",")
	if len(values) > maxValues {
		p.fail("%s has %d values: at most %d are taken", name, len(values), maxValues)
		return nil
	}
	sorted := slices.Sorted(slices.Values(values))
	if sorted[0] == "" {
		p.fail("%s has an empty value: separate values with one comma", name)
	}
	if field == "version" && len(slices.Compact(sorted)) != len(values) {
		p.fail("%s has a value twice", name)
	}
	return values
}

func (p *queryParser) ids(values []string) (ids []stix.ID) {
	for _, text := range values {
		id, err := stix.ParseID(text)
		if err != nil {
			p.fail("match[id] has %s: it must be a STIX id", shown(text))
		}
		ids = append(ids, id)
	}
	return ids
}

func (p *queryParser) types(values []string) []string {
	const longest = 250 // STIX section 3.1
	for _, text := range values {
		if len(text) > longest {
			p.fail("match[type] has a type longer than %d characters", longest)
		}
	}
	return values
}

func (p *queryParser) specs(values []string) []string {
	for _, text := range values {
		major, minor, dot := strings.Cut(text, ".")
		if !dot || !isNumber(major) || !isNumber(minor) {
			p.fail("match[spec_version] has %s: it must be such as 2.1", shown(text))
		}
	}
	return values
}

func isNumber(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && strconv.FormatUint(n, 10) == s
}

func (p *queryParser) versions(values []string) (v Versions) {
	for _, text := range values {
		switch text {
		case "all":
			v.All = true
		case "first":
			v.First = true
		case "last":
			v.Last = true
		default:
			at, err := stix.ParseTimestamp(text)
			if err != nil {
				p.fail("match[version] has %s: it must be all, first, last or such as 2026-03-01T09:30:00.000Z", shown(text))
			}
			v.At = append(v.At, at)
		}
	}
	if v.All && len(values) > 1 {
		p.fail("match[version] has all and something else beside it")
	}
	return v
}

// others refuses what is not understood, where that matters.
func (p *queryParser) others() {
	if !p.known.refuseOthers {
		return
	}
	for name := range p.values {
		switch name {
		case "match[version]", "match[spec_version]":
		default:
			p.fail("%s cannot be used here: nothing is deleted by a filter that is not understood", shown(name))
		}
	}
}

// scopeOf writes filters in one form, whatever the order of their values. Values have no commas in
// them, and each part is quoted, so two different requests never look the same.
func scopeOf(after string, lists ...[]string) string {
	parts := []string{strconv.Quote(after)}
	for _, list := range lists {
		sorted := slices.Sorted(slices.Values(list))
		parts = append(parts, strconv.Quote(strings.Join(slices.Compact(sorted), ",")))
	}
	return strings.Join(parts, "&")
}
