package misp

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// FeedHandler serves a feed, at the root of what it is mounted at, to whoever can reach it: put who may
// in front of it. It answers GET and HEAD for manifest.json, hashes.csv and the events' files, and knows
// nothing else. Answers carry an ETag and a time, so that a subscriber who has the newest is told so (MISP
// asks with the manifest's ETag), and are gzipped for those who take that.
func FeedHandler(source Source) http.Handler {
	return &feedServer{source: source}
}

// feedServer keeps the manifest of the last version it was asked for.
type feedServer struct {
	source Source

	mu       sync.Mutex
	manifest page
}

// page is a file to be served.
type page struct {
	tag    string // without quotes
	at     time.Time
	kind   string // the media type
	plain  []byte
	zipped []byte                  // if it is made already
	stream func(w io.Writer) error // in the place of plain, for what is too long to hold
}

// ServeHTTP answers one request.
func (f *feedServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "a feed can only be read", http.StatusMethodNotAllowed)
		return
	}
	p, err := f.page(r.Context(), strings.TrimLeft(r.URL.Path, "/"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.NotFound(w, r)
	case err != nil: // why is for the server's own log, if the source keeps one
		http.Error(w, "the feed cannot be read now", http.StatusInternalServerError)
	default:
		p.serve(w, r)
	}
}

// page finds what a name stands for.
func (f *feedServer) page(ctx context.Context, name string) (page, error) {
	switch name {
	case manifestFile:
		return f.manifestPage(ctx)
	case hashesFile:
		v, err := f.source.Version(ctx)
		return page{
			tag: digest16([]byte("hashes " + v.Tag)), at: v.At, kind: "text/csv; charset=utf-8",
			stream: func(w io.Writer) error { return f.hashes(ctx, w) },
		}, err
	}
	base, isJSON := strings.CutSuffix(name, ".json")
	if id, err := uuid.Parse(base); !isJSON || err != nil || id.String() != base {
		return page{}, fs.ErrNotExist
	}
	i, err := f.source.Issue(ctx, base)
	return page{tag: digest16(i.File), at: i.At, kind: "application/json", plain: i.File}, err
}

// manifestPage gives the manifest, made anew if the feed has changed.
func (f *feedServer) manifestPage(ctx context.Context) (page, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, err := f.source.Version(ctx)
	tag := digest16([]byte("manifest " + v.Tag))
	if err != nil || tag == f.manifest.tag {
		return f.manifest, err
	}
	var plain bytes.Buffer
	m := manifestWriter{out: &plain}
	for i, err := range f.source.Issues(ctx) {
		if err != nil {
			return page{}, err
		}
		m.add(i)
	}
	m.end()
	f.manifest = page{tag: tag, at: v.At, kind: "application/json", plain: plain.Bytes(), zipped: zipped(plain.Bytes())}
	return f.manifest, nil
}

func (f *feedServer) hashes(ctx context.Context, w io.Writer) error {
	for i, err := range f.source.Issues(ctx) {
		if err == nil {
			_, err = w.Write(i.Hashes)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// serve sends a page, or says that the one who asks has it.
func (p page) serve(w http.ResponseWriter, r *http.Request) {
	zip := takesGzip(r.Header.Get("Accept-Encoding"))
	tag := p.tag
	if zip {
		tag += zippedTag
	}
	h := w.Header()
	h.Set("ETag", `"`+tag+`"`)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "private, no-cache")
	if !p.at.IsZero() {
		h.Set("Last-Modified", p.at.UTC().Format(http.TimeFormat))
	}
	if p.isKnown(r) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", p.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	if zip {
		h.Set("Content-Encoding", "gzip")
	}
	if p.stream != nil {
		p.flow(w, r, zip)
		return
	}
	body := p.plain
	if zip {
		if body = p.zipped; body == nil {
			body = zipped(p.plain)
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
}

// flow sends what is not held in memory. When that fails half way the connection is cut, so that half a
// file is not taken for a whole one.
func (p page) flow(w http.ResponseWriter, r *http.Request, zip bool) {
	if r.Method == http.MethodHead {
		return
	}
	var err error
	if zip {
		z := gzip.NewWriter(w)
		if err = p.stream(z); err == nil {
			err = z.Close()
		}
	} else {
		err = p.stream(w)
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

// zippedTag ends the tag of a page that is gzipped, since other bytes want another tag.
const zippedTag = "-gzip"

// isKnown tells whether the one who asks has this page already: by its tag or, if none is asked with, by
// its time (RFC 9110, section 13.2.2).
func (p page) isKnown(r *http.Request) bool {
	if asked := r.Header.Values("If-None-Match"); len(asked) > 0 {
		return slices.ContainsFunc(strings.Split(strings.Join(asked, ","), ","), func(tag string) bool {
			tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
			return tag == "*" || strings.TrimSuffix(tag, zippedTag) == p.tag
		})
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !p.at.IsZero() && !p.at.Truncate(time.Second).After(since)
}

// takesGzip reads an Accept-Encoding header.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
			return weight == "" || err == nil && q > 0
		}
	}
	return false
}

func zipped(plain []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(plain) // into memory, which takes all
	_ = z.Close()
	return out.Bytes()
}

func digest16(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}
