package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a machine without the zones of the world still shows their times

	"parley/internal/catalogue"
)

// look is how one reader wants pages to be. It is kept in that browser alone,
// as it says nothing that anybody would ask the node for.
type look struct {
	Theme    string // "light", "dark", or "" for the system's
	Zone     string // as the IANA names it; "" is UTC
	Language string // as BCP 47 has it; "" for what the browser asks for
}

var themes = []string{"light", "dark"}

// maxZone is how long the name of a zone may be.
const maxZone = 64

// lookOf reads what a browser keeps. What cannot be read is not chosen.
func lookOf(r *http.Request) (l look) {
	c, err := r.Cookie(lookCookie(r))
	if err != nil {
		return l
	}
	q, err := url.ParseQuery(c.Value)
	if err != nil {
		return l
	}
	l, err = readLook(q)
	if err != nil {
		return look{}
	}
	return l
}

// readLook checks a choice.
func readLook(q url.Values) (l look, err error) {
	l.Theme, l.Zone, l.Language = q.Get("theme"), strings.TrimSpace(q.Get("zone")), q.Get("language")
	if l.Theme != "" && !slices.Contains(themes, l.Theme) {
		return l, problem{http.StatusBadRequest, "Not a theme", "The themes are light, dark and the system's."}
	}
	if l.Zone == "UTC" {
		l.Zone = ""
	}
	if _, err := l.location(); err != nil {
		return l, problem{http.StatusBadRequest, "Not a time zone", "A time zone is named as in Europe/Berlin or Asia/Beirut, or UTC. Nothing was changed."}
	}
	return l, nil
}

// location is the zone; "Local" would be that of the node's machine, which is
// nobody's choice.
func (l look) location() (*time.Location, error) {
	if len(l.Zone) > maxZone || l.Zone == "Local" {
		return nil, fmt.Errorf("read a time zone: there is none %.64q", l.Zone)
	}
	return time.LoadLocation(l.Zone)
}

// zoneOf is the zone that a reader wants times in.
func zoneOf(r *http.Request) *time.Location {
	if zone, err := lookOf(r).location(); err == nil {
		return zone
	}
	return time.UTC
}

// lookCookie has the port in its name, as the session's cookie has.
func lookCookie(r *http.Request) string {
	return withPort("parley-look", r)
}

type lookBody struct {
	look
	Themes    []string
	Zones     []string
	Languages []*catalogue.Catalogue
	Sample    time.Time
}

// zones are those that are offered; any other can be typed.
var zones = []string{
	"UTC", "Africa/Cairo", "Africa/Lagos", "Africa/Nairobi", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Amman",
	"Asia/Baghdad", "Asia/Beirut", "Asia/Damascus", "Asia/Dubai", "Asia/Jerusalem", "Asia/Karachi", "Asia/Kolkata", "Asia/Tehran", "Asia/Tokyo",
	"Australia/Sydney", "Europe/Berlin", "Europe/Istanbul", "Europe/Kyiv", "Europe/London", "Europe/Paris",
}

// looks shows what can be chosen.
func (c *console) looks(r *http.Request) (view, error) {
	return view{Page: "look", Title: "Language, theme and time zone", Body: lookBody{lookOf(r), themes, zones, c.spoken.all, c.opt.Now()}}, nil
}

// chooseLook keeps a choice in the browser that made it.
func (c *console) chooseLook(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		c.refuse(w, r, problem{http.StatusBadRequest, "Not a form", "What was sent cannot be read as a form."})
		return
	}
	l, err := readLook(r.PostForm)
	if _, known := c.spoken.named(l.Language); err == nil && !known && l.Language != "" {
		err = problem{http.StatusBadRequest, "Not a language", "Pages are not written in that language. Nothing was changed."}
	}
	if err != nil {
		p, _ := err.(problem)
		c.refuse(w, r, p)
		return
	}
	kept := &http.Cookie{
		Name: lookCookie(r), Value: url.Values{"theme": {l.Theme}, "zone": {l.Zone}, "language": {l.Language}}.Encode(), Path: "/",
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode, MaxAge: 365 * 24 * 60 * 60,
	}
	http.SetCookie(w, kept)
	seeOther(w, "/look")
}
