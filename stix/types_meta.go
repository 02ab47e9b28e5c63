package stix

import (
	"slices"

	"parley/stix/internal/scan"
)

// metaTypes are the STIX Meta Objects of section 7. Each has its own choice of common properties.
var metaTypes = []row{
	{"language-content", slices.Concat(versionedBefore, table{
		must("object_ref", refNotTo("bundle", "language-content")),
		may("object_modified", timestamp),
		must("contents", translations),
		may("revoked", boolean),
		may("labels", list(text)),
		may("confidence", integer(0, 100)),
		may("external_references", list(embedded(externalReference))),
		may("object_marking_refs", refsTo("marking-definition")),
		may("granular_markings", list(embedded(granularMarking))),
		may("extensions", extensions),
	}), nil},
	{"marking-definition", table{
		must("spec_version", exactly("2.1")),
		must("id", identifier),
		may("created_by_ref", refTo("identity")),
		must("created", timestampFrom(3)),
		may("name", text),
		may("definition_type", text),
		may("definition", embedded(markingContent)),
		may("external_references", list(embedded(externalReference))),
		may("object_marking_refs", refsTo("marking-definition")),
		may("granular_markings", list(embedded(granularMarking))),
		may("extensions", extensions),
	}, []rule{
		atLeastOne("definition_type", "extensions"),
		needs("definition", "definition_type"),
		definesSomething,
		isFixedTLP,
		marksNotItself,
	}},
	{"extension-definition", table{
		must("spec_version", exactly("2.1")),
		must("id", identifier),
		must("created_by_ref", refTo("identity")),
		must("created", timestampFrom(3)),
		must("modified", timestampFrom(3)),
		must("name", text),
		may("description", text),
		must("schema", text),
		must("version", text),
		must("extension_types", list(extensionType)),
		may("extension_properties", list(text)),
		may("revoked", boolean),
		may("labels", list(text)),
		may("external_references", list(embedded(externalReference))),
		may("object_marking_refs", refsTo("marking-definition")),
		may("granular_markings", list(embedded(granularMarking))),
	}, []rule{propertiesAreToplevel, should(toplevelNamesProperties)}},
}

// markingContent is what a marking definition of before extensions says.
var markingContent = newShape(table{
	may("tlp", text),
	may("statement", text),
})

// definesSomething asks that a marking without extensions has content of the type it names.
func definesSomething(c *checker, f fields) {
	if f.has("extensions") {
		return
	}
	if f.has("definition_type") && !f.has("definition") {
		c.faultAt("definition", "is required and missing")
	}
	typ, _ := scan.Text(f.get("definition_type"))
	if (typ == "tlp" || typ == "statement") && child(f.get("definition"), step{name: typ}) == nil {
		c.faultAt("definition", "must have the property %s, as definition_type is %[1]s", typ)
	}
}

// isFixedTLP asks that a TLP marking is one of the four there are (section 7.2.1.4).
func isFixedTLP(c *checker, f fields) {
	if typ, _ := scan.Text(f.get("definition_type")); typ != "tlp" {
		return
	}
	level, _ := scan.Text(child(f.get("definition"), step{name: "tlp"}))
	id, _ := scan.Text(f.get("id"))
	if tlp1[level] == "" || string(tlp1[level]) != id {
		c.faultAt("definition", "TLP 1 markings are the four of the standard; this id and level are not one of them")
	}
}

// marksNotItself asks that a marking definition does not mark itself (section 3.2).
func marksNotItself(c *checker, f fields) {
	const problem = "a marking must not mark itself"
	if slices.Contains(c.whole.MarkingRefs(), c.whole.ID()) {
		c.faultAt("object_marking_refs", problem)
	}
	for _, marking := range scan.Elements(f.get("granular_markings")) {
		if ref, _ := scan.Text(child(marking, step{name: "marking_ref"})); ID(ref) == c.whole.ID() {
			c.faultAt("granular_markings", problem)
		}
	}
}

// propertiesAreToplevel asks that an extension names properties only if it adds any (section 7.3.1).
func propertiesAreToplevel(c *checker, f fields) {
	if f.has("extension_properties") && !isToplevel(f) {
		c.faultAt("extension_properties", "must only be given where extension_types has toplevel-property-extension")
	}
}

// toplevelNamesProperties asks that an extension that adds properties names them (section 7.3.1).
func toplevelNamesProperties(c *checker, f fields) {
	if !f.has("extension_properties") && isToplevel(f) {
		c.adviseAt("extension_properties", "should name the properties that the extension adds")
	}
}

func isToplevel(f fields) bool {
	for _, value := range scan.Elements(f.get("extension_types")) {
		if typ, _ := scan.Text(value); typ == ToplevelPropertyExtension {
			return true
		}
	}
	return false
}
