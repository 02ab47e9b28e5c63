package console

import (
	"net/http"
	"net/url"

	"parley/internal/release"
	"parley/stix"
)

// compareBody is what several counterparts were given of one report.
type compareBody struct {
	release.Beside
	Title string // of the report
	Rows  []release.BesideRow
	All   bool // the lines in which they do not differ, too
	Alike int
	Link  string // the same with those lines, or without
	window
}

// compare lays the versions of a report side by side.
func (c *console) compare(r *http.Request) (view, error) {
	q := r.URL.Query()
	id, err := stix.ParseID(q.Get("report"))
	if err != nil || id.Type() != "report" {
		return view{}, problem{http.StatusNotFound, "Not found", "The address says report=, and no id of a report after it."}
	}
	b := compareBody{All: q.Get("all") != ""}
	if b.Beside, err = c.node.CompareReleases(r.Context(), id); err != nil {
		return view{}, err
	}
	contents, err := c.node.ReportContents(r.Context(), id)
	if err != nil {
		return view{}, err
	}
	b.Title = contents.Name
	var rows []release.BesideRow
	for _, row := range b.Beside.Rows {
		if row.Differs || b.All {
			rows = append(rows, row)
		}
		if !row.Differs {
			b.Alike++
		}
	}
	b.Link = comparePage(id)
	if !b.All {
		b.Link += "&all=1"
	}
	b.Rows, b.window, err = windowed(r, rows)
	return view{Page: "compare", Under: "releases", Title: "Versions of a report", Body: b}, err
}

// comparePage is where the versions of a report stand side by side.
func comparePage(report stix.ID) string {
	return "/releases/compare?" + url.Values{"report": {string(report)}}.Encode()
}
