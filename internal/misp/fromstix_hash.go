package misp

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"parley/stix"
)

// usualHashes gives an object with the names of its hashes as they are usual: some tools, MISP's own
// converter among them, write SHA224 for SHA-224.
func usualHashes(o stix.Object) stix.Object {
	raw, ok := o.Raw("hashes")
	if !ok {
		return o
	}
	var hashes map[string]string
	if err := json.Unmarshal(raw, &hashes); err != nil {
		return o
	}
	renamed := map[string]string{}
	for name, value := range hashes {
		if usual := usualHash(name); usual != name && hashes[usual] == "" {
			name = usual
		}
		renamed[name] = value
	}
	text, err := json.Marshal(renamed, json.Deterministic(true))
	if err != nil || len(renamed) < len(hashes) || bytes.Equal(text, raw) {
		return o
	}
	if now, err := stix.ParseObject(bytes.Replace(o.Bytes(), raw, text, 1)); err == nil {
		return now
	}
	return o
}

// usualHash gives the usual name of an algorithm, or the name itself.
func usualHash(name string) string {
	fold := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", "/", "").Replace(strings.ToUpper(s))
	}
	i := slices.IndexFunc(algorithms, func(a algorithm) bool { return fold(a.stix) == fold(name) })
	if i < 0 {
		return name
	}
	return algorithms[i].stix
}
