package match

import (
	"encoding/json"
	"time"

	"parley/selector"
)

// firstTerms is the form of terms of version 1, which older matches were agreed
// to in. Their bytes stay as they are; no new ones are written.
type firstTerms struct {
	Run      RunID           `json:"run"`
	From     string          `json:"from"`
	To       string          `json:"to"`
	Forms    int             `json:"normal_forms"`
	Kinds    []selector.Kind `json:"kinds"`
	Purpose  string          `json:"purpose"`
	Reveal   string          `json:"reveal"`
	MaxItems int             `json:"max_items"`
	Proposed time.Time       `json:"proposed"`
}

// keptTerms reads terms that this node agreed to or was offered, of whatever
// version. Those of version 1 allow one run, and have no end.
func keptTerms(b []byte) (t Terms, err error) {
	if err := json.Unmarshal(b, &t); err != nil || t.Version != 1 {
		return t, err
	}
	var f firstTerms
	if err := json.Unmarshal(b, &f); err != nil {
		return t, err
	}
	return Terms{
		Version: 1, Round: 1, Run: f.Run, From: f.From, To: f.To, Forms: f.Forms, Kinds: f.Kinds, Purpose: f.Purpose, Mode: f.Reveal,
		Learns: LearnBoth, Max: Sizes{f.MaxItems, f.MaxItems}, Runs: 1, Days: maxDays, Proposed: f.Proposed,
	}, nil
}
