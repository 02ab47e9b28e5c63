package console

import (
	"embed"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed pages
var files embed.FS

// pageSet is every page's template by its name.
type pageSet map[string]*template.Template

// maxZones is how many zones' templates are kept. A node's people are in few.
const maxZones = 8

// zonedPages are the templates for each zone that somebody reads in: what a
// template can do is fixed when it is read, and writing a time needs the zone.
type zonedPages struct {
	mu   sync.Mutex
	sets map[string]pageSet
}

func newPages() *zonedPages {
	return &zonedPages{sets: map[string]pageSet{time.UTC.String(): parsePages(time.UTC)}}
}

// in gives the pages that write times in a zone.
func (z *zonedPages) in(zone *time.Location) pageSet {
	z.mu.Lock()
	defer z.mu.Unlock()
	set, known := z.sets[zone.String()]
	if !known {
		if len(z.sets) >= maxZones {
			maps.DeleteFunc(z.sets, func(name string, _ pageSet) bool { return name != time.UTC.String() })
		}
		set = parsePages(zone)
		z.sets[zone.String()] = set
	}
	return set
}

// parsePages reads every page's template, each beside the layout and the
// parts. They are inside the program: a fault in one shows in the first test.
func parsePages(zone *time.Location) pageSet {
	own := template.FuncMap{"local": func(v any) string { return localTime(v, zone) }}
	base := template.Must(template.New("base").Funcs(functions).Funcs(own).ParseFS(files, "pages/layout.html", "pages/parts.html"))
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		panic(err) // only if the pattern were wrong
	}
	all := pageSet{}
	for _, name := range names {
		t := template.Must(base.Clone())
		all[strings.TrimSuffix(path.Base(name), ".html")] = template.Must(t.ParseFS(files, name))
	}
	return all
}
