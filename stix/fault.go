package stix

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// ErrLimit is wrapped by every [Fault] that refuses input for its size, count or depth, so that a
// server can answer "too large" rather than "malformed".
var ErrLimit = errors.New("over the limit")

// Fault is one thing wrong with one object or bundle, and where it is.
type Fault struct {
	// Path is the JSON path of the value at fault, in the form that [Object.Raw] takes
	// ("external_references[0].url"). It is empty when the whole input is at fault.
	Path string
	// Problem says what is wrong, as a clause ("must be a timestamp such as …").
	Problem string
	// Offset is the byte of the input at which the fault was noticed. It is given for faults of
	// JSON itself and for members of a bundle, and 0 otherwise.
	Offset int64

	cause error
}

// maxPathShown bounds a path in the text of an error, in bytes. Input can be nested to any depth.
const maxPathShown = 200

// Error gives path, problem and, where it is known, the byte. Of a long path it gives the beginning.
func (f *Fault) Error() string {
	text := f.Problem
	if path := f.Path; len(path) > maxPathShown {
		text = strings.ToValidUTF8(path[:maxPathShown], "") + "…: " + text
	} else if path != "" {
		text = path + ": " + text
	}
	if f.Offset > 0 {
		text += " (byte " + strconv.FormatInt(f.Offset, 10) + ")"
	}
	return text
}

// Unwrap gives the cause: [ErrLimit], or an error of the reader, or nil.
func (f *Fault) Unwrap() error { return f.cause }

// under moves a fault of an object to that object's place in a bundle.
func (f *Fault) under(path string, offset int64) *Fault {
	moved := *f
	moved.Path = join(path, f.Path)
	moved.Offset = offset + f.Offset
	return &moved
}

// join puts two paths together.
func join(base, rest string) string {
	if base == "" || rest == "" || rest[0] == '[' {
		return base + rest
	}
	return base + "." + rest
}

// faults is what [Builder.Build] returns: all that is wrong, each reachable by errors.As.
type faults []Fault

func (fs faults) Error() string {
	texts := make([]string, len(fs))
	for i := range fs {
		texts[i] = fs[i].Error()
	}
	return strings.Join(texts, "; ")
}

func (fs faults) Unwrap() []error {
	errs := make([]error, len(fs))
	for i := range fs {
		errs[i] = &fs[i]
	}
	return errs
}

// faultOf turns an error of the JSON reader into a fault in STIX's own terms.
func faultOf(err error) *Fault {
	var fault *Fault
	if errors.As(err, &fault) {
		return fault
	}
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return &Fault{Problem: err.Error(), cause: err}
	}
	problem := "is not JSON"
	if syntax.Err != nil {
		problem = fmt.Sprintf("is not I-JSON: %v", syntax.Err)
	}
	return &Fault{
		Path:    pathOfPointer(syntax.JSONPointer),
		Problem: problem,
		Offset:  syntax.ByteOffset,
		cause:   err,
	}
}
