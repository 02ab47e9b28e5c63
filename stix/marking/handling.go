package marking

import (
	"fmt"
	"time"

	"parley/stix"
)

// Handling is what [HandlingExtension] says.
type Handling struct {
	OriginatorControl bool      // it goes to nobody else without the originator's consent
	EmbargoUntil      time.Time // it goes to nobody before; zero for no embargo
}

func (m *Marking) handling(content []byte) error {
	var x struct {
		Kind    string          `json:"extension_type"`
		Control *bool           `json:"originator_control"`
		Embargo *stix.Timestamp `json:"embargo_until"`
	}
	if err := strict(content, &x, &x.Kind); err != nil {
		return fmt.Errorf("has a handling extension that %w", err)
	}
	if x.Control == nil && x.Embargo == nil {
		return fmt.Errorf("has a handling extension that asks for nothing")
	}
	m.Handling = &Handling{OriginatorControl: x.Control != nil && *x.Control}
	if x.Embargo != nil {
		m.Handling.EmbargoUntil = x.Embargo.Time()
	}
	return nil
}
