package taxii

import (
	"bytes"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// tape passes a body on and keeps the part that is being read, so that an object that is refused can
// still be called by its id in the status.
type tape struct {
	r    io.Reader
	kept []byte
	from int64 // the byte of the input at which kept starts
}

func (t *tape) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	t.kept = append(t.kept, p[:n]...)
	return n, err
}

// forget lets go of what stands before a byte. It moves what is left only once that is the smaller
// part, so that a long body is copied twice at most.
func (t *tape) forget(before int64) {
	passed := before - t.from
	if passed < int64(len(t.kept))/2 || passed <= 0 {
		return
	}
	t.kept = t.kept[:copy(t.kept, t.kept[passed:])]
	t.from = before
}

// name reads id and version of the value that starts at a byte, as far as there are any. It is asked
// about values that are whole I-JSON, and no object.
func (t *tape) name(at int64) (id, version string) {
	if at < t.from || at > t.from+int64(len(t.kept)) {
		return "", ""
	}
	value, err := jsontext.NewDecoder(bytes.NewBuffer(t.kept[at-t.from:])).ReadValue()
	if err != nil || value.Kind() != '{' {
		return "", ""
	}
	var head map[string]jsontext.Value
	if json.Unmarshal(value, &head) != nil {
		return "", ""
	}
	version = textOf(head["modified"])
	if version == "" {
		version = textOf(head["created"])
	}
	return textOf(head["id"]), version
}

// textOf gives a short string, or "" for anything else: what is no id or time does not grow a status.
func textOf(value jsontext.Value) (text string) {
	const longest = 300 // a type of 250 characters and a UUID
	if len(value) > longest || value.Kind() != '"' || json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}
