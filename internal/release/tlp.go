package release

import (
	"bytes"
	"fmt"

	"parley/stix"
)

// TLP is a Traffic Light Protocol 2.0 label (FIRST, August 2022): how far a tearline may travel.
type TLP string

// The labels, widest first.
const (
	TLPClear       TLP = "clear"
	TLPGreen       TLP = "green"
	TLPAmber       TLP = "amber"
	TLPAmberStrict TLP = "amber+strict"
	TLPRed         TLP = "red"
)

// tlpIDs are the ids that OASIS gave the five markings. They are the only ids in a tearline that
// are not new, and the same in everybody's.
var tlpIDs = map[TLP]stix.ID{
	TLPClear:       stix.TLP2Clear,
	TLPGreen:       stix.TLP2Green,
	TLPAmber:       stix.TLP2Amber,
	TLPAmberStrict: stix.TLP2AmberStrict,
	TLPRed:         stix.TLP2Red,
}

func (t TLP) valid() bool { return tlpIDs[t] != "" }

// marking returns the marking definition that OASIS published for the label, the same bytes in every
// tearline.
func (t TLP) marking() (stix.Object, error) {
	published, err := stix.TLP2(string(t))
	if err != nil {
		return stix.Object{}, fmt.Errorf("write tlp label: %w", err)
	}
	return published, nil
}

// tlpOf returns the label that an object is the published marking of, or "".
func tlpOf(o stix.Object) TLP {
	if o.Type() != "marking-definition" {
		return ""
	}
	for label, id := range tlpIDs {
		if o.ID() == id && isPublished(label, o) {
			return label
		}
	}
	return ""
}

func isPublished(label TLP, o stix.Object) bool {
	published, err := label.marking()
	if err != nil {
		return false
	}
	want, err := stix.Canonical(published.Bytes())
	return err == nil && bytes.Equal(want, o.Bytes())
}
