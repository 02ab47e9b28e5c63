package triage

import (
	"bufio"
	"compress/gzip"
	"context"
	"io"
	"path"
	"strings"
)

func isGzip(f *file) bool { return hasPrefix(f, "\x1f\x8b\x08") }

// gzipEntries gives the one file inside. It is called what the .gz is called
// without its ending, never by the name inside it, which is the enemy's to choose.
func gzipEntries(_ context.Context, _ *reading, f *file, yield func(item) error) error {
	it := f.child(gzipName(f.name()))
	it.once = f.once && !f.held
	it.open = func() (io.ReadCloser, error) {
		packed, err := f.reader()
		if err != nil {
			return nil, err
		}
		plain, err := gzip.NewReader(bufio.NewReader(packed))
		if err != nil {
			packed.Close()
			return nil, err
		}
		return opened{plain, packed}, nil
	}
	return yield(it)
}

func gzipName(name string) string {
	base := path.Base(name)
	switch ext := path.Ext(base); strings.ToLower(ext) {
	case ".gz":
		return strings.TrimSuffix(base, ext)
	case ".tgz":
		return strings.TrimSuffix(base, ext) + ".tar"
	}
	return base + ".content"
}
