// Package marking reads what STIX markings ask of whoever holds what they mark: the Traffic Light
// Protocol in both versions, the Permissible Actions Protocol (PAP), FIRST's Information Exchange
// Policy 2.0, the Access Control Specification 3.0a of the Information Sharing Architecture, the
// originator's control, an embargo, and words.
//
//	for _, m := range marking.Of(object, find) {
//		if why := m.Refuses(recipient, now); why != "" {
//			// it does not go there
//		}
//	}
//
// Reading never fails and never guesses. What a marking asks that this package does not know, or that
// is not in its form, is in [Marking.Unknown], and refuses: whoever cannot read a label cannot keep to
// it. [Strictest] puts the markings of one object together: the narrowest label, the earliest of what
// is allowed, the sum of what is forbidden.
//
// STIX has no marking for an embargo or for the originator's control. [HandlingExtension] is an
// extension of this package for both; docs/formats/rules.md defines it.
//
// The package must never take a marking for less than it says, resolve a reference itself, or decide
// what a label of colour means for a given use: that is for those who use it.
package marking
