package console

import (
	"embed"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"
	"text/template/parse"
	"time"

	"parley/internal/catalogue"
)

//go:embed pages
var files embed.FS

// pageSet is every page's template by its name.
type pageSet map[string]*template.Template

// maxZones is how many sets of templates are kept. A node's people are in few
// zones.
const maxZones = 8

// reading is what is fixed when a template is read: what a reader reads in.
type reading struct{ language, zone string }

// zonedPages are the templates for each language and zone that somebody reads
// in: what a template can do is fixed when it is read, and writing a time needs
// the zone.
type zonedPages struct {
	english source
	mu      sync.Mutex
	sets    map[reading]pageSet
}

func newPages() *zonedPages {
	z := &zonedPages{english: readSource(), sets: map[reading]pageSet{}}
	z.in(catalogue.English(), time.UTC)
	return z
}

// in gives the pages in a language that write times in a zone.
func (z *zonedPages) in(l *catalogue.Catalogue, zone *time.Location) pageSet {
	z.mu.Lock()
	defer z.mu.Unlock()
	as := reading{l.Tag.String(), zone.String()}
	set, known := z.sets[as]
	if !known {
		if len(z.sets) >= maxZones {
			maps.DeleteFunc(z.sets, func(as reading, _ pageSet) bool { return as.zone != time.UTC.String() })
		}
		set = z.english.pages(l, zone)
		z.sets[as] = set
	}
	return set
}

// trees are templates by their names.
type trees = map[string]*parse.Tree

// source is the templates as they are written, in English.
type source struct {
	shared trees            // the layout and the parts
	own    map[string]trees // of each page
}

// foreign is the template that shows what others wrote, character by character.
const foreign = "run"

// readSource reads every page's template, and the layout and the parts beside
// them. They are inside the program: a fault in one shows in the first test.
func readSource() source {
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		panic(err) // only if the pattern were wrong
	}
	s := source{shared: trees{}, own: map[string]trees{}}
	for _, name := range names {
		page := strings.TrimSuffix(path.Base(name), ".html")
		if page == "layout" || page == "parts" {
			maps.Copy(s.shared, readTemplates(name))
		} else {
			s.own[page] = readTemplates(name)
		}
	}
	return s
}

// readTemplates reads the templates that a file defines.
func readTemplates(name string) trees {
	all := trees{}
	read := template.New("base").Funcs(functions).Funcs(ownFunctions(catalogue.English(), time.UTC))
	for _, t := range template.Must(read.ParseFS(files, name)).Templates() {
		if t.Tree != nil && !parse.IsEmptyTree(t.Tree.Root) {
			all[t.Name()] = t.Tree
		}
	}
	return all
}

// pages makes the pages in a language.
func (s source) pages(l *catalogue.Catalogue, zone *time.Location) pageSet {
	base := template.New("base").Funcs(functions).Funcs(ownFunctions(l, zone))
	addTrees(base, l.Templates(s.shared, nil, foreign))
	all := pageSet{}
	for page, own := range s.own {
		t := template.Must(base.Clone())
		addTrees(t, l.Templates(own, s.shared))
		all[page] = t
	}
	return all
}

func addTrees(t *template.Template, all trees) {
	for name, tree := range all {
		template.Must(t.AddParseTree(name, tree))
	}
}
