package assess

import (
	"encoding/json"
	"fmt"
	"slices"

	"parley/stix"
)

// Note returns the claim as a STIX note: the text for people, the extension for the values.
// object_refs are what it is about and its proposition; at least one is needed.
func (cl Claim) Note() (stix.Object, error) {
	if err := cl.Check(); err != nil {
		return stix.Object{}, fmt.Errorf("write claim: %w", err)
	}
	return note(cl.Head, cl.PropositionRef, ExtClaim, cl)
}

// Note returns the judgement as a STIX note.
func (j Judgement) Note() (stix.Object, error) {
	if err := j.Check(); err != nil {
		return stix.Object{}, fmt.Errorf("write judgement: %w", err)
	}
	return note(j.Head, j.PropositionRef, ExtJudgement, j)
}

// Identity returns the source as a STIX identity whose name is the head's text.
func (s Source) Identity() (stix.Object, error) {
	if err := s.Check(); err != nil {
		return stix.Object{}, fmt.Errorf("write source: %w", err)
	}
	return object("identity", s.Head, ExtSource, s, map[string]any{"name": s.Text})
}

func note(h Head, proposition, extension stix.ID, values any) (stix.Object, error) {
	about := slices.Clone(h.About)
	if proposition != "" && !slices.Contains(about, proposition) {
		about = append(about, proposition)
	}
	if len(about) == 0 {
		return stix.Object{}, fmt.Errorf("write note %s: it must be about something: name an incident, an actor or a proposition", h.ID)
	}
	return object("note", h, extension, values, map[string]any{"content": h.Text, "object_refs": about})
}

// object builds an object of the head, the properties and one property-extension.
func object(typ string, h Head, extension stix.ID, values any, properties map[string]any) (stix.Object, error) {
	value, err := PropertyExtension(values)
	if err != nil {
		return stix.Object{}, fmt.Errorf("write %s %s: %w", typ, h.ID, err)
	}
	modified := h.Modified
	if modified.IsZero() {
		modified = h.Created
	}
	b := stix.New(typ).ID(h.ID).Created(h.Created).Set("modified", modified).
		Set("extensions", map[stix.ID]any{extension: value})
	if h.By != "" {
		b.Set("created_by_ref", h.By)
	}
	for name, value := range properties {
		b.Set(name, value)
	}
	built, err := b.Build()
	if err != nil {
		return stix.Object{}, fmt.Errorf("write %s %s: %w", typ, h.ID, err)
	}
	return built, nil
}

// PropertyExtension returns values, a struct with json tags, as the value of a STIX
// property-extension: the same object with its extension_type.
func PropertyExtension(values any) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, err
	}
	object["extension_type"] = json.RawMessage(`"property-extension"`)
	return object, nil
}
