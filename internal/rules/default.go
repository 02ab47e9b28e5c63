package rules

import _ "embed"

// DefaultName is what refusals call the rules that the program brings.
const DefaultName = "default.rules"

//go:embed default.rules
var defaultRules []byte

// Default gives the rules that hold on a node whose owner has set none.
func Default() []byte { return append([]byte(nil), defaultRules...) }
