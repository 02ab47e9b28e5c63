package release

import (
	"crypto/sha256"
	"fmt"

	"parley/internal/permit"
	"parley/stix"
)

// Received is a tearline as its receiver reads it.
type Received struct {
	Objects      []stix.Object // everything in the bundle, markings included
	Report       stix.Object   // the one report
	TLP          TLP
	PermittedUse Use
	Title        string
	Text         string
	// Grade is the sender's own. It is a claim about a claim: weigh it, do not adopt it.
	Grade            Grade
	SourceDescriptor string
	Digest           [32]byte // SHA-256 of the bundle
}

// Verify reads the bytes that a counterpart sent. It accepts a tearline in the form of
// docs/formats/tearline.md and nothing else: unknown types and properties, free choices of form,
// missing or disagreeing markings, dangling references and anything over the limits are refused
// whole, with the place. Nothing is repaired and nothing half-accepted. The texts in an accepted
// tearline are still a stranger's: show them as text, with hidden characters made visible.
func Verify(bundle []byte) (Received, error) {
	r, err := readBundle(bundle)
	if err != nil {
		return Received{}, fmt.Errorf("verify: %w", err)
	}
	for _, rule := range rules() {
		if !rule.form {
			continue
		}
		for _, f := range rule.perBundle(r, Tearline{}, nil) {
			return Received{}, fmt.Errorf("verify tearline: %s: %s Ask the sender to build it again", f.Path, f.Reason)
		}
	}
	for i, o := range r.objects {
		if faults := o.Validate(stix.Strict); len(faults) > 0 {
			return Received{}, fmt.Errorf("verify tearline: $.objects[%d]: %w", i, &faults[0])
		}
	}
	received, err := r.received()
	if err != nil {
		return Received{}, fmt.Errorf("verify tearline: %w", err)
	}
	received.Digest = sha256.Sum256(bundle)
	return received, nil
}

// received takes out what a receiver acts on.
func (r *reading) received() (Received, error) {
	reports := 0
	received := Received{Objects: r.objects}
	for _, o := range r.objects {
		if o.Type() == "report" {
			received.Report = o
			reports++
		}
	}
	if reports != 1 {
		return Received{}, fmt.Errorf("$.objects: it has %d reports and a tearline has one", reports)
	}
	tlps, uses := r.markings()
	received.TLP = tlpOf(tlps[0])
	statement, _ := uses[0].String("definition.statement")
	received.PermittedUse, _ = permit.ParseStatement(statement)
	received.Title, _ = received.Report.String("name")
	received.Text, _ = received.Report.String("description")
	received.SourceDescriptor, _ = received.Report.String("external_references[0].description")
	labels, _ := received.Report.Strings("labels")
	grade, err := parseLabels(labels)
	if err != nil {
		return Received{}, fmt.Errorf("$.objects: report: %w", err)
	}
	received.Grade = grade
	return received, nil
}
