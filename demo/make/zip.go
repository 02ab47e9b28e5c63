package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"time"
)

// entry is one file of an archive.
type entry struct {
	name string
	data []byte
	when time.Time
}

// archive makes a ZIP file of the entries in their order. What is compressed
// already is stored, as telephones and archivers do.
func archive(entries []entry) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: e.when}
		if strings.HasSuffix(e.name, ".jpg") || strings.HasSuffix(e.name, ".zip") {
			h.Method = zip.Store
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			return nil, fmt.Errorf("add %s to the archive: %w", e.name, err)
		}
		if _, err := f.Write(e.data); err != nil {
			return nil, fmt.Errorf("write %s into the archive: %w", e.name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("finish the archive: %w", err)
	}
	return out.Bytes(), nil
}
