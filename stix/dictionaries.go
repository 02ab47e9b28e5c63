package stix

import (
	"slices"
	"strings"

	"parley/stix/internal/scan"
)

// dictionary is a JSON object with keys of its own choosing and values of a kind (section 2.3).
func dictionary(k kind) kind {
	return func(c *checker, value []byte) {
		c.entries(value, 1, func(_ string, entry []byte) { k(c, entry) })
	}
}

// entries checks the keys of a dictionary and hands over each entry.
func (c *checker) entries(value []byte, shortest int, each func(key string, entry []byte)) {
	if !scan.IsObject(value) {
		c.fault("must be a JSON object")
		return
	}
	if scan.IsEmpty(value) && c.mode == Strict {
		c.fault("must not be empty; leave it out instead")
	}
	for name, entry := range scan.Members(value) {
		key := string(name)
		c.push(step{name: key})
		if c.mode == Strict && (len(key) < shortest || len(key) > 250 || !plainName(key)) {
			c.fault("a key must be %d to 250 of a–z, A–Z, 0–9, - and _", shortest)
		}
		each(key, entry)
		c.pop()
	}
}

// headerFields maps names of header fields to lists of text, since a field may stand in a header more
// than once (sections 6.6.1 and 6.12.2). A text alone is taken for a list of one: before Errata 01 the
// standard's own examples were written so.
func headerFields(c *checker, value []byte) {
	c.entries(value, 1, func(_ string, entry []byte) {
		if !scan.IsString(entry) {
			list(text)(c, entry)
		}
	})
}

// hashes maps names of algorithms to digests (section 2.7). Names outside the vocabulary are kept.
func hashes(c *checker, value []byte) {
	c.entries(value, 3, func(name string, digest []byte) {
		s, ok := scan.Text(digest)
		switch {
		case !ok:
			c.fault("must be a string")
		case c.mode == Strict && !isDigest(name, s):
			c.fault("is %s, which is not a %s digest", shown(s), name)
		case c.mode == Recommended && !slices.Contains(vocabularies["hash-algorithm-ov"], name):
			c.advise("%s is no word of hash-algorithm-ov", shown(name))
		}
	})
}

// isDigest judges a digest by its length and characters.
func isDigest(algorithm, s string) bool {
	octets, known := map[string]int{
		"MD5": 16, "SHA-1": 20, "SHA-256": 32, "SHA-512": 64, "SHA3-256": 32, "SHA3-512": 64, "TLSH": 35,
	}[algorithm]
	if !known {
		return s != ""
	}
	if algorithm == "TLSH" {
		s = strings.TrimPrefix(s, "T1") // the prefix of later versions of the algorithm
	}
	for i := range len(s) {
		if !isHex(s[i]) {
			return false
		}
	}
	return len(s) == 2*octets
}

// extensions maps ids of extension definitions, or names of predefined extensions, to their content
// (section 3.2). What stands in an extension that is not predefined is kept as it is.
func extensions(c *checker, value []byte) {
	c.entries(value, 3, func(key string, content []byte) {
		if s := predefined[c.whole.Type()][key]; s != nil {
			c.object(content, s)
			return
		}
		c.object(content, anyExtension)
		if id, err := ParseID(key); err != nil || id.Type() != "extension-definition" {
			c.advise("the key should be the id of an extension definition, or the name of an extension that the standard defines for this type")
		}
	})
}

var anyExtension = newShape(table{
	may("extension_type", extensionType),
})

var extensionType = enum(NewSDO, NewSCO, NewSRO, PropertyExtension, ToplevelPropertyExtension)

// translations maps language tags to copies of an object's text (section 7.1).
func translations(c *checker, value []byte) {
	c.entries(value, 1, func(key string, content []byte) {
		if c.mode == Strict && !isLanguageTag(key) {
			c.fault("a key must be a language tag such as en or pt-BR")
		}
		if !scan.IsObject(content) {
			c.fault("must be a JSON object with the translated properties")
		}
		for name, member := range scan.Members(content) {
			c.push(step{name: string(name)})
			if c.mode == Strict && !isPropertyName(string(name)) {
				c.fault("must be the name of a property")
			}
			anything(c, member)
			c.pop()
		}
	})
}

// container is the deprecated way of putting observables inside observed data (section 2.13). Its
// references are local keys, so only its outline is checked.
func container(c *checker, value []byte) {
	c.entries(value, 1, func(_ string, entry []byte) {
		if _, ok := scan.Text(child(entry, step{name: "type"})); !ok {
			c.fault("must be an observable with a type")
		}
	})
}
