// Package rules decides what may go to whom, for what, by a file that an analyst can read.
//
// A file has rules that allow and rules that deny, each with an expression in CEL and a reason in words.
// A refusal wins over an allowance, the order of rules decides nothing, and what no rule allows is
// refused. [Parse] reads and compiles a file once; [Set.For] fixes the counterpart, the purpose and the
// moment of a release; [Sitting.Decide] is asked about each object of it:
//
//	set, err := rules.Parse("release.rules", text)
//	sitting := set.For(counterpart, purpose, now)
//	if d := sitting.Decide(object); !d.Allowed {
//		fmt.Println(d.Reason) // names the rule, the file and the line
//	}
//
// Before any rule come the markings themselves ([parley/stix/marking]): no rule lifts a label, an embargo
// or a releasability, or lets pass what is not understood. [Set.Test] runs the cases that a file holds.
//
// The package must never do anything but compute: an expression has no function that reads or writes, its
// cost is bounded when the file is read, and deciding never fails, only refuses. It knows no store, no
// channel and no clock.
//
// The form of the file is written down in docs/formats/rules.md.
package rules
