package marking

// TLP is a label of the Traffic Light Protocol 2.0 (FIRST, August 2022), or "" for none. TLP 1's white
// is clear, its amber is amber.
type TLP string

// The labels, widest first.
const (
	Clear       TLP = "clear"
	Green       TLP = "green"
	Amber       TLP = "amber"
	AmberStrict TLP = "amber+strict"
	Red         TLP = "red"
)

var tlps = map[TLP]int{Clear: 1, Green: 2, Amber: 3, AmberStrict: 4, Red: 5}

// ParseTLP reads a label of either version.
func ParseTLP(s string) (TLP, bool) {
	if s == "white" {
		return Clear, true
	}
	return TLP(s), tlps[TLP(s)] > 0
}

// Wider tells whether the label lets go further than another. No label is the widest.
func (t TLP) Wider(than TLP) bool { return tlps[t] < tlps[than] }

// PAP is a level of the Permissible Actions Protocol, or "" for none: how visible to whom it is about
// an action on it may be.
type PAP string

// The levels, widest first.
const (
	PAPClear PAP = "clear"
	PAPGreen PAP = "green"
	PAPAmber PAP = "amber"
	PAPRed   PAP = "red"
)

var paps = map[PAP]int{PAPClear: 1, PAPGreen: 2, PAPAmber: 3, PAPRed: 4}

// ParsePAP reads a level; "white" is the older name of clear.
func ParsePAP(s string) (PAP, bool) {
	if s == "white" {
		return PAPClear, true
	}
	return PAP(s), paps[PAP(s)] > 0
}

// Wider tells whether the level lets do more than another. No level is the widest.
func (p PAP) Wider(than PAP) bool { return paps[p] < paps[than] }
