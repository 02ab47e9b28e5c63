package console

import (
	"embed"
	"html"
	"html/template"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"parley/internal/assess"
	"parley/internal/catalogue"
	"parley/internal/warning"
)

//go:embed languages
var languageFiles embed.FS

// languages are those that pages are written in, English first.
type languages struct {
	all     []*catalogue.Catalogue
	matcher language.Matcher
}

// newLanguages reads the catalogues. They are inside the program: a fault in one
// shows in the first test.
func newLanguages() languages {
	names, err := fs.Glob(languageFiles, "languages/*.po")
	if err != nil {
		panic(err) // only if the pattern were wrong
	}
	all := []*catalogue.Catalogue{catalogue.English()}
	for _, name := range names {
		text, err := fs.ReadFile(languageFiles, name)
		if err != nil {
			panic(err) // it is inside the program
		}
		c, err := catalogue.Parse(string(text))
		if err != nil {
			panic(name + ": " + err.Error())
		}
		all = append(all, c)
	}
	var tags []language.Tag
	for _, c := range all {
		tags = append(tags, c.Tag)
	}
	return languages{all, language.NewMatcher(tags)}
}

// named is the language of a tag, if pages are written in it.
func (l languages) named(tag string) (*catalogue.Catalogue, bool) {
	i := slices.IndexFunc(l.all, func(c *catalogue.Catalogue) bool { return c.Tag.String() == tag })
	if i < 0 {
		return l.all[0], false
	}
	return l.all[i], true
}

// maxAsked is how much of a browser's list of languages is read.
const maxAsked = 256

// of is the language that a reader chose, or else the one that the browser asks
// for.
func (l languages) of(r *http.Request) *catalogue.Catalogue {
	if c, known := l.named(lookOf(r).Language); known {
		return c
	}
	asked := r.Header.Get("Accept-Language")
	if len(asked) > maxAsked {
		return l.all[0]
	}
	tags, _, err := language.ParseAcceptLanguage(asked)
	if err != nil {
		return l.all[0]
	}
	_, i, sure := l.matcher.Match(tags...)
	if sure < language.High {
		return l.all[0]
	}
	return l.all[i]
}

// ownFunctions are what templates can do that is not the same for every reader.
func ownFunctions(l *catalogue.Catalogue, zone *time.Location) template.FuncMap {
	return template.FuncMap{
		"local":  func(v any) string { return localTime(v, zone) },
		"lang":   l.Tag.String,
		"rtl":    func() bool { return l.Direction == "rtl" },
		"say":    func(v any) string { return l.Say(textOf(v)) },
		"word":   l.Word,
		"plural": l.Plural,
		"span":   func(d time.Duration) string { return spanIn(l, d) },
		"clock":  func(d warning.Deadline) string { return clockIn(l, d) },
		"likely": func(low, high float64) string { return likely(l, low, high) },
		"drawn":  func(svg template.HTML) template.HTML { return drawnIn(l, svg) },
		"join":   func(all []string) string { return strings.Join(all, l.Say(",")+" ") },
	}
}

// likely writes a likelihood in the words of a language.
func likely(l *catalogue.Catalogue, low, high float64) string {
	words, figures, has := strings.Cut(assess.Likelihood(low, high), " (")
	if !has {
		return words
	}
	from, to, two := strings.Cut(words, " to ")
	words = l.Say(from)
	if two {
		words = l.Fill("{1} to {2}", words, l.Say(to))
	}
	return words + " (" + figures
}

// legendText is a word of a drawing that is the program's own.
var legendText = regexp.MustCompile(`(<text class="(?:legend|axis-name)"[^>]*>)([^<]+)(</text>)`)

// drawnIn says a drawing's legend in a language.
func drawnIn(l *catalogue.Catalogue, svg template.HTML) template.HTML {
	if l.Tag == language.English {
		return svg
	}
	return template.HTML(legendText.ReplaceAllStringFunc(string(svg), func(text string) string {
		parts := legendText.FindStringSubmatch(text)
		return parts[1] + template.HTMLEscapeString(l.Say(html.UnescapeString(parts[2]))) + parts[3]
	}))
}
