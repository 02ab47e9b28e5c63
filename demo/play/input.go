package play

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// read decodes one of the input's JSON files.
func (s *Stage) read(name string, v any) error {
	b, err := fs.ReadFile(s.opt.Files, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// text reads a text whose first line is its title.
func (s *Stage) text(name string) (title, body string, err error) {
	b, err := fs.ReadFile(s.opt.Files, name)
	if err != nil {
		return "", "", err
	}
	title, body, _ = strings.Cut(string(b), "\n")
	return strings.TrimSpace(title), strings.TrimSpace(body), nil
}
