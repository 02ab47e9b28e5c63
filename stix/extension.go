package stix

import (
	"fmt"
	"slices"
	"strings"

	"parley/stix/internal/scan"
)

// The five kinds of extension (sections 7.3 and 10.5).
const (
	NewSDO                    = "new-sdo"
	NewSCO                    = "new-sco"
	NewSRO                    = "new-sro"
	PropertyExtension         = "property-extension"
	ToplevelPropertyExtension = "toplevel-property-extension"
)

// ExtensionCheck is what comes of holding an object's extensions against their definitions.
type ExtensionCheck struct {
	// Faults are where the object does not do what a definition says, or a definition what the
	// standard says.
	Faults []Fault
	// Unknown are the keys of extensions that are neither the standard's own nor defined by what was
	// given, in their order.
	Unknown []string
	// Undeclared are the top-level properties, in their order, that neither the standard nor a
	// definition accounts for. Where Unknown is not empty they may be of those extensions.
	Undeclared []string
}

// CheckExtensions holds an object's extensions against their definitions (section 7.3). Definition
// gives the extension-definition object with an id, or false. Whether the content of an extension fits
// the schema of its definition is not looked into: a schema is a URL or prose.
func CheckExtensions(o Object, definition func(ID) (Object, bool)) ExtensionCheck {
	c := &extensionChecker{o: o, declared: map[string]bool{}}
	content, _ := o.Raw("extensions")
	for name, value := range scan.Members(content) {
		c.extension(string(name), value, definition)
	}
	if !c.newType {
		c.undeclared()
	}
	return c.found
}

// extensionChecker is one run of [CheckExtensions].
type extensionChecker struct {
	o        Object
	found    ExtensionCheck
	declared map[string]bool // top-level properties that a definition accounts for
	newType  bool            // a definition makes the object's type, and so all of its properties
}

// extension looks at one extension of the object.
func (c *extensionChecker) extension(key string, content []byte, definition func(ID) (Object, bool)) {
	if predefined[c.o.Type()][key] != nil {
		return
	}
	id, err := ParseID(key)
	if err != nil || id.Type() != "extension-definition" {
		c.found.Unknown = append(c.found.Unknown, key)
		return
	}
	d, ok := definition(id)
	if !ok {
		c.found.Unknown = append(c.found.Unknown, key)
		return
	}
	if d.Type() != "extension-definition" {
		c.fault(key, "is defined by %s, which is no extension-definition", d.ID())
		return
	}
	c.against(key, content, d)
}

// against holds one extension against its definition.
func (c *extensionChecker) against(key string, content []byte, d Object) {
	kind, _ := scan.Text(child(content, step{name: "extension_type"}))
	kinds, _ := d.Strings("extension_types")
	standard := FamilyOf(c.o.Type()) != Unknown
	switch {
	case kind == "":
		c.fault(key, "must have an extension_type: its definition gives %s", strings.Join(kinds, ", "))
	case !slices.Contains(kinds, kind):
		c.fault(key, "has the extension_type %s and its definition gives %s", shown(kind), strings.Join(kinds, ", "))
	case kind == NewSDO || kind == NewSCO || kind == NewSRO:
		c.newType = !standard
		c.fits(key, kind, standard)
	case kind == ToplevelPropertyExtension:
		c.toplevel(key, d)
	}
}

// fits checks that an object of a new type is of the family that its extension is for.
func (c *extensionChecker) fits(key, kind string, standard bool) {
	switch {
	case standard:
		c.fault(key, "is a %s, but %s is a type of the standard, which no extension may define", kind, c.o.Type())
	case kind == NewSCO && !c.o.Created().IsZero():
		c.fault(key, "is a new-sco, but the object has a created time, which observables have not")
	case kind != NewSCO && c.o.Created().IsZero():
		c.fault(key, "is a %s, but the object has no created time", kind)
	}
}

// toplevel takes in the properties that a definition puts at the top of objects.
func (c *extensionChecker) toplevel(key string, d Object) {
	names, _ := d.Strings("extension_properties")
	for _, name := range names {
		if _, standard := c.o.shape().index[name]; standard {
			c.fault(key, "defines the property %s, which the standard defines", shown(name))
		}
		c.declared[name] = true
	}
	if len(names) == 0 { // the definition does not say; it may be any of them
		c.found.Unknown = append(c.found.Unknown, key)
	}
}

// undeclared finds the top-level properties that nothing accounts for.
func (c *extensionChecker) undeclared() {
	for name := range c.o.Properties() {
		if _, standard := c.o.shape().index[name]; !standard && !c.declared[name] {
			c.found.Undeclared = append(c.found.Undeclared, name)
		}
	}
}

func (c *extensionChecker) fault(key, format string, args ...any) {
	path := appendStep([]byte("extensions"), step{name: key})
	c.found.Faults = append(c.found.Faults, Fault{Path: string(path), Problem: fmt.Sprintf(format, args...)})
}
