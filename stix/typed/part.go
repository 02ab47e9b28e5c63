package typed

import (
	"errors"

	"parley/stix"
)

// Part is what every struct of this package begins with. It remembers the JSON that the struct was
// read from, so that [Write] can keep all of it that did not change. The zero Part is one of a value
// that was made, not read.
type Part struct{ read *source }

// source is what a value was read from.
type source struct {
	raw    []byte
	object stix.Object // of a whole object only
}

func (p *Part) part() *Part { return p }

// parted is any struct with a Part in it.
type parted interface{ part() *Part }

// MarshalJSON refuses: JSON made of the fields alone would lack what they do not hold. Use [Write].
func (Part) MarshalJSON() ([]byte, error) {
	return nil, errors.New("write a typed value: use typed.Write, which keeps what the struct has no field for")
}

// UnmarshalJSON refuses: a value that does not know what it was read from cannot keep it. Use [Read].
func (*Part) UnmarshalJSON([]byte) error {
	return errors.New("read a typed value: use stix.ParseObject and typed.Read, which keep what the struct has no field for")
}
