package taxii

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json"
)

// worthGzip is how many bytes an answer must have to be compressed.
const worthGzip = 1 << 10

// answerJSON writes a small resource.
func answerJSON(w http.ResponseWriter, r *http.Request, status int, resource any) error {
	body, err := json.Marshal(resource)
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return answerBytes(w, r, status, len(body), func(out io.Writer) error {
		_, err := out.Write(body)
		return err
	})
}

// answerBytes writes a body of a known size, compressed if that pays and the client takes it.
func answerBytes(w http.ResponseWriter, r *http.Request, status, size int, write func(io.Writer) error) error {
	if size < worthGzip || !takesGzip(r.Header.Values("Accept-Encoding")) {
		w.Header().Set("Content-Length", strconv.Itoa(size))
		w.WriteHeader(status)
		if r.Method == http.MethodHead {
			return nil
		}
		return sent(write(w))
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	z := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(z)
	z.Reset(w)
	if err := write(z); err != nil {
		return sent(err)
	}
	return sent(z.Close())
}

// sent swallows an error of a connection that broke while an answer was under way: its status has
// been sent, and there is nobody left to tell.
func sent(error) error { return nil }

// gzipWriters saves making tables anew for each answer. Speed matters more than the last percent.
var gzipWriters = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is one there is
	return z
}}
