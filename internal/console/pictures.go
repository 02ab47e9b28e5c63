package console

import (
	"crypto/sha256"
	"fmt"
	"io"
	"mime"
	"net/http"

	"parley/internal/release"
)

// drafting is the form that pictures may come with.
const drafting = "/releases/new/draft"

// maxPictured bounds that form, in bytes. It is kept in memory, never on disk.
const maxPictured = 20 << 20

// readForm reads a form, with files if it has any. The pictures of an introduction are
// left to whoever reads them, one after the other.
func readForm(r *http.Request) error {
	if isUpload(r) {
		return r.ParseForm()
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return r.ParseForm()
	}
	return r.ParseMultipartForm(maxPictured)
}

// picturesOf reads the pictures that go with a tearline.
func picturesOf(r *http.Request) (all []release.Picture, err error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	files := r.MultipartForm.File["picture"]
	if len(files) > release.MaxPictures {
		return nil, problem{http.StatusUnprocessableEntity, "Too many", fmt.Sprintf("At most %d pictures go with a tearline.", release.MaxPictures)}
	}
	for _, h := range files {
		f, err := h.Open()
		if err != nil {
			return nil, fmt.Errorf("read the form: %w", err)
		}
		b, err := io.ReadAll(f)
		f.Close() // it is in memory
		if err != nil {
			return nil, fmt.Errorf("read the form: %w", err)
		}
		if len(b) > 0 { // a field that nothing was chosen for has no bytes
			all = append(all, release.Picture{Name: h.Filename, SHA256: fmt.Sprintf("%x", sha256.Sum256(b)), File: b})
		}
	}
	return all, nil
}

// longestForm is how long a form may be at an address: that of a draft is longer,
// for those alone who are signed in.
func (c *console) longestForm(r *http.Request) int64 {
	if r.URL.Path == drafting {
		if _, known := c.sessions.peek(token(r)); known {
			return maxPictured
		}
	}
	return maxBody
}
