package views

import (
	"encoding/hex"
	"time"

	"parley/internal/release"
	"parley/internal/rules"
)

// Rules is a file of rules.
type Rules struct {
	Name   string       `json:"name"`
	SHA256 string       `json:"sha256"`
	SetBy  string       `json:"set_by,omitempty"`
	SetAt  time.Time    `json:"set_at,omitzero"`
	Second string       `json:"confirmed_by,omitempty"`
	Rules  []rules.Rule `json:"rules"`
	Cases  int          `json:"cases"`
	Text   string       `json:"text"`
}

// RulesOf is a file of rules as it is told.
func RulesOf(f release.RulesFile) (Rules, error) {
	set, err := rules.Parse(f.Name, []byte(f.Text))
	if err != nil {
		return Rules{}, err
	}
	return Rules{f.Name, hex.EncodeToString(set.Digest[:]), f.SetBy, f.SetAt, f.ConfirmedBy, notNil(set.Rules), len(set.Cases), f.Text}, nil
}
