package console

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Bounds on one request.
const (
	maxBody  = 256 << 10        // bytes of a form: a tearline's text, each byte of it written as three
	pageTime = 30 * time.Second // for making one page
)

// policy lets a page load the console's own style, pictures and scripts, and
// send its forms back to the console, which its scripts may ask too. No script stands in a page itself.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// unused are the powers of a browser that no page needs.
var unused = []string{
	"accelerometer", "autoplay", "camera", "clipboard-read", "clipboard-write", "display-capture", "encrypted-media",
	"fullscreen", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer",
	"microphone", "midi", "payment", "picture-in-picture",
	"screen-wake-lock", "serial", "storage-access", "usb", "window-management", "xr-spatial-tracking",
}

// guard stands before everything: each answer gets the headers, and a request
// that another site's page made, or that came by another name, gets no
// further.
func (c *console) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.refuse(w, r, problem{http.StatusForbidden, "Sent from elsewhere", "This form was not sent by a page of this console, so nothing was done. Open the console itself and try again."})
	}))
	inner := origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostOf(r.Host)
		setHeaders(w.Header(), r.TLS != nil && !isLocal(host))
		if !isLocal(host) && !c.opt.Named(host) {
			c.refuse(w, r, problem{http.StatusMisdirectedRequest, "Another name", "The console does not go by this name. Open it by the address that 'parley serve' printed."})
			return
		}
		most, long := c.longestForm(r), pageTime
		switch {
		case r.URL.Path == bringing || r.URL.Path == apiRoot+"/evidence/new":
			most, long = maxBrought, bringTime
		case isUpload(r):
			most = max(most, maxUpload)
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		ctx, cancel := context.WithTimeout(r.Context(), long)
		defer cancel()
		inner.ServeHTTP(w, r.WithContext(ctx))
	})
}

func setHeaders(h http.Header, strict bool) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", strings.Join(unused, "=(), ")+"=(), publickey-credentials-create=(self), publickey-credentials-get=(self)")
	h.Set("Cache-Control", "no-store")
	if strict { // not for a name of the machine itself: it would bind every other port too
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// hostOf is the Host header without its port, in lower case.
func hostOf(header string) string {
	host, _, err := net.SplitHostPort(header)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(header, "["), "]")
	}
	return strings.ToLower(host)
}

// isLocal tells whether a host is the machine itself. A name that an attacker
// points at the machine (DNS rebinding) is another host.
func isLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// only lets some methods through.
func only(next http.Handler, otherwise http.HandlerFunc, methods ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(methods, r.Method) {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			otherwise(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (c *console) refuseMethod(w http.ResponseWriter, r *http.Request) {
	c.refuse(w, r, problem{http.StatusMethodNotAllowed, "Not this way", "This page cannot be asked for in this way."})
}
