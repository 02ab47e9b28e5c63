package pattern

// Options say how a pattern is read. The zero Options are right for STIX 2.1.
type Options struct {
	// STIX20 accepts also what patterns of STIX 2.0 may have: START and STOP with plain strings.
	// They are read as timestamps, and printed as such.
	STIX20 bool
	// Limits on what strangers send. A limit left at zero takes its default.
	Bytes  int // of the text; 1 MiB
	Depth  int // of nested parentheses and brackets; 100
	Tokens int // words, constants and signs; 100,000
}

const (
	defaultBytes  = 1 << 20
	defaultDepth  = 100
	defaultTokens = 100_000
)

func (o Options) withDefaults() Options {
	if o.Bytes <= 0 {
		o.Bytes = defaultBytes
	}
	if o.Depth <= 0 {
		o.Depth = defaultDepth
	}
	if o.Tokens <= 0 {
		o.Tokens = defaultTokens
	}
	return o
}
