package marking

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley/stix"
)

// The extensions that this package knows, by the ids that OASIS published them under
// (cti-stix-common-objects). The first is in parley/stix.
const (
	PAPExtension      stix.ID = "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b"
	IEPExtension      stix.ID = "extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a"
	ACSExtension      stix.ID = "extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce"
	HandlingExtension stix.ID = "extension-definition--e78fa59d-d366-5f72-a2d6-f5560447e480" // this package's own
)

// maxMarking bounds a marking definition in bytes.
const maxMarking = 1 << 16

// Parse reads a marking definition. It takes what the object says, in the old form (definition_type and
// definition) and in extensions, and notes the first thing that it does not understand.
func Parse(o stix.Object) Marking {
	m := Marking{ID: o.ID()}
	if err := m.read(o); err != nil {
		m.Unknown = err.Error()
	}
	return m
}

func (m *Marking) read(o stix.Object) error {
	if o.Type() != "marking-definition" {
		return fmt.Errorf("is a %.40s", o.Type())
	}
	if len(o.Bytes()) > maxMarking {
		return fmt.Errorf("has %d bytes, more than %d", len(o.Bytes()), maxMarking)
	}
	old, err := m.definition(o)
	if err != nil {
		return err
	}
	var extensions map[string]jsontext.Value
	if raw, has := o.Raw("extensions"); has {
		if err := json.Unmarshal(raw, &extensions); err != nil {
			return fmt.Errorf("has extensions that cannot be read (%s)", brief(err))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(extensions)) {
		if err := m.extension(stix.ID(id), extensions[id]); err != nil {
			return err
		}
	}
	if !old && len(extensions) == 0 {
		return fmt.Errorf("says nothing: it has neither a definition nor an extension")
	}
	return m.likeItsID()
}

// definition reads the form that STIX 2.1 keeps for TLP 1 and statements (section 7.2.1).
func (m *Marking) definition(o stix.Object) (has bool, err error) {
	kind, typed := o.String("definition_type")
	_, defined := o.Raw("definition")
	if !typed && !defined {
		return false, nil
	}
	switch kind {
	case "tlp":
		text, _ := o.String("definition.tlp")
		return true, m.label(text)
	case "statement":
		text, is := o.String("definition.statement")
		if m.Statement = text; !is || strings.TrimSpace(text) == "" {
			return true, fmt.Errorf("is a statement without words")
		}
		return true, nil
	}
	return true, fmt.Errorf("is of the kind %.40q", kind)
}

func (m *Marking) label(text string) error {
	label, ok := ParseTLP(text)
	if !ok {
		return fmt.Errorf("has the TLP label %.40q", text)
	}
	if m.TLP.Wider(label) {
		m.TLP = label
	}
	return nil
}

func (m *Marking) extension(id stix.ID, content []byte) error {
	switch id {
	case stix.TLP2Extension:
		var x struct {
			Kind  string `json:"extension_type"`
			Label string `json:"tlp_2_0"`
		}
		if err := strict(content, &x, &x.Kind); err != nil {
			return fmt.Errorf("has a TLP 2.0 extension that %w", err)
		}
		return m.label(x.Label)
	case PAPExtension:
		return m.pap(content)
	case IEPExtension:
		return m.iep(content)
	case ACSExtension:
		return m.acs(content)
	case HandlingExtension:
		return m.handling(content)
	}
	return fmt.Errorf("has the extension %.80q, which is not known", string(id))
}

func (m *Marking) pap(content []byte) error {
	var x struct {
		Kind  string `json:"extension_type"`
		Level string `json:"pap"`
	}
	if err := strict(content, &x, &x.Kind); err != nil {
		return fmt.Errorf("has a PAP extension that %w", err)
	}
	level, ok := ParsePAP(x.Level)
	if !ok {
		return fmt.Errorf("has the PAP level %.40q", x.Level)
	}
	m.PAP = level
	return nil
}

// likeItsID refuses an object under the id of a published label that says something else.
func (m *Marking) likeItsID() error {
	level, known := stix.TLPLevel(m.ID)
	if label, _ := ParseTLP(level); known && m.TLP != label {
		return fmt.Errorf("has the id of TLP:%s and says %q", strings.ToUpper(level), m.TLP)
	}
	return nil
}

// strict decodes an extension with no member that its definition does not have, and with something in
// each that it has: an empty list of who may have it must not read as everybody.
func strict(content []byte, into any, kind *string) error {
	if err := full(content); err != nil {
		return err
	}
	if err := json.Unmarshal(content, into, json.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("is not in its form (%s)", brief(err))
	}
	if *kind != stix.PropertyExtension {
		return fmt.Errorf("is of the type %.40q, not %s", *kind, stix.PropertyExtension)
	}
	return nil
}

// full refuses nulls and empty lists, which STIX has no use for (section 2).
func full(content []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(content))
	for opened := false; ; {
		token, err := d.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("cannot be read (%s)", brief(err))
		case token.Kind() == 'n':
			return fmt.Errorf("has a null in it")
		case token.Kind() == ']' && opened:
			return fmt.Errorf("has an empty list in it")
		}
		opened = token.Kind() == '['
	}
}

// brief is an error of the decoder in a few words: it may quote what a stranger wrote.
func brief(err error) string {
	text := err.Error()
	if s := (*json.SemanticError)(nil); errors.As(err, &s) {
		text = "at " + string(s.JSONPointer)
	}
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return text
}
