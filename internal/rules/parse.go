package rules

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"

	"parley/stix"
	"parley/stix/marking"
)

// Version is the form of the file that this program reads.
const Version = "1"

// Set is a file of rules, read and compiled. It may be used by several goroutines.
type Set struct {
	Name   string
	Digest [32]byte // SHA-256 of the file
	Rules  []Rule   // as they stand in the file
	Cases  []Case

	parties  map[string]Party
	accepted map[stix.ID]Accepted
	allow    []*compiled
	deny     []*compiled
	byID     bool // a rule looks at the object's id
	// Whether one of deny holds, of those that look at the object and of the others; nil where there is none.
	deniesObject, deniesMarking cel.Program
}

// Rule is one rule as it stands in the file.
type Rule struct {
	Name    string `json:"name"`
	Allows  bool   `json:"allows"` // or denies
	When    string `json:"when"`
	Because string `json:"because"`
	Place   string `json:"place"` // file and line

	meant string // the expression in one form, without its outline and its comments
}

// Party is what a file says of a counterpart, for markings that ask for it.
type Party struct {
	marking.Recipient
	Groups []string
}

// Accepted is a marking whose words stand in nobody's way.
type Accepted struct {
	ID      stix.ID
	Because string
}

// IsName reports whether a rule, or an undertaking that a rule asks for, can have the name.
func IsName(name string) bool { return ruleName.MatchString(name) }

var ruleName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// Parse reads and compiles a file of rules. Name is what refusals call it. The error is a *[Fault].
func Parse(name string, text []byte) (*Set, error) {
	all, err := blocks(name, text)
	if err != nil {
		return nil, err
	}
	if all, err = afterVersion(name, all); err != nil {
		return nil, err
	}
	s := &Set{Name: name, Digest: sha256.Sum256(text), parties: map[string]Party{}, accepted: map[stix.ID]Accepted{}}
	lang, err := newLanguage()
	if err != nil {
		return nil, fmt.Errorf("read rules %s: %w", name, err)
	}
	for _, b := range all {
		if err := s.take(b, lang); err != nil {
			return nil, err
		}
	}
	if err := s.together(lang); err != nil {
		return nil, fmt.Errorf("read rules %s: %w", name, err)
	}
	return s, nil
}

// together makes one question of the rules that deny and look at the object, and one of the others.
func (s *Set) together(lang *language) (err error) {
	var object, marking []*compiled
	for _, c := range s.deny {
		if len(c.reads) > 0 {
			object = append(object, c)
		} else {
			marking = append(marking, c)
		}
	}
	if s.deniesObject, err = lang.any(object); err == nil {
		s.deniesMarking, err = lang.any(marking)
	}
	return err
}

// afterVersion sees that a file says which form it has.
func afterVersion(name string, all []block) ([]block, error) {
	if len(all) == 0 || all[0].kind != "rules" {
		return nil, place{name, 1, 1}.fault("the file begins with the form that it has: rules %s", Version)
	}
	if first := all[0]; first.name != Version {
		return nil, first.fault("this program reads rules of the form %s and no other", Version)
	} else if len(first.entries) > 0 {
		return nil, first.entries[0].fault("%.40q does not belong here: begin a part at the margin", first.entries[0].key)
	}
	return all[1:], nil
}

func (s *Set) take(b block, lang *language) error {
	switch b.kind {
	case "allow", "deny":
		return s.rule(b, lang)
	case "party":
		return s.party(b)
	case "accept":
		return s.accept(b)
	case "case":
		c, err := readCase(b)
		s.Cases = append(s.Cases, c)
		return err
	}
	return b.fault("%.40q is no word that begins a part: allow, deny, party, accept or case", b.kind)
}

func (s *Set) rule(b block, lang *language) error {
	if !IsName(b.name) {
		return b.fault("a rule has a name of small letters, digits and dashes, such as: %s life-first", b.kind)
	}
	for _, r := range s.Rules {
		if r.Name == b.name {
			return b.fault("there is a rule %s already, at %s", b.name, r.Place)
		}
	}
	fields, err := b.fields("when", "because")
	if err != nil {
		return err
	}
	when, because := fields["when"], fields["because"]
	if when == nil || because == nil {
		return b.fault("rule %s needs both a when, which is an expression, and a because, which is a sentence", b.name)
	}
	r := Rule{Name: b.name, Allows: b.kind == "allow", When: when.value(), Because: because.value(), Place: b.String()}
	c, err := lang.compile(*when)
	if err != nil {
		return err
	}
	r.meant = c.meant
	c.Rule, c.by, c.reason = r, []string{r.Name}, fmt.Sprintf("%s (rule %s, %s)", r.Because, r.Name, r.Place)
	s.byID = s.byID || c.reads["id"] || c.reads[""]
	s.Rules = append(s.Rules, r)
	if r.Allows {
		s.allow = append(s.allow, c)
	} else {
		s.deny = append(s.deny, c)
	}
	return nil
}

func (s *Set) party(b block) error {
	if _, has := s.parties[b.name]; has || b.name == "" {
		return b.fault("a party has the name of a counterpart, and stands here once: %q", b.name)
	}
	var p Party
	for _, e := range b.entries {
		v := e.value()
		if v == "" {
			return e.fault("%s of what?", e.key)
		}
		switch e.key {
		case "country":
			if p.Country != "" {
				return e.fault("a party has one country")
			}
			p.Country = v
		case "organization":
			p.Organizations = append(p.Organizations, v)
		case "community":
			p.Communities = append(p.Communities, v)
		case "entity":
			p.Entities = append(p.Entities, v)
		case "group":
			p.Groups = append(p.Groups, v)
		default:
			return e.fault("%.40q is not said of a party: country, organization, community, entity or group", e.key)
		}
	}
	if len(b.entries) > maxList {
		return b.fault("a party has at most %d lines", maxList)
	}
	s.parties[b.name] = p
	return nil
}

func (s *Set) accept(b block) error {
	id, err := stix.ParseID(b.name)
	if err != nil || id.Type() != "marking-definition" {
		return b.fault("accept what? Name the id of a marking: marking-definition--…")
	}
	if _, isTLP := stix.TLPLevel(id); isTLP {
		return b.fault("TLP is not for a file of rules to set aside")
	}
	if _, has := s.accepted[id]; has {
		return b.fault("%s is accepted already", id)
	}
	fields, err := b.fields("because")
	if err != nil {
		return err
	}
	if fields["because"] == nil {
		return b.fault("say because of what it may be accepted")
	}
	s.accepted[id] = Accepted{id, fields["because"].value()}
	return nil
}

// fields reads the entries of a block by their keys, each once and with something after it.
func (b block) fields(known ...string) (map[string]*entry, error) {
	found := map[string]*entry{}
	for i, e := range b.entries {
		switch {
		case !slices.Contains(known, e.key):
			return nil, e.fault("%.40q does not belong here: %s", e.key, strings.Join(known, ", "))
		case found[e.key] != nil:
			return nil, e.fault("%s stands here twice", e.key)
		case len(e.lines) == 0:
			return nil, e.fault("nothing stands after %s", e.key)
		}
		found[e.key] = &b.entries[i]
	}
	return found, nil
}
