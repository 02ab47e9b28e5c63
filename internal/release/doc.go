// Package release says what may be said without how it is known.
//
// A party's report never leaves its node. What leaves is a tearline: a small STIX bundle that
// [Build] makes from an allow-list, out of new objects with new ids, coarse times and coarse
// places, under one Traffic Light Protocol label and one permitted use. [Compare] lays the
// original beside the tearline for the person who clears it. [Check] reads the finished bytes
// again, knows the secrets, and says where one of them shows. [Verify] is the other end: it takes
// the bytes a counterpart sent and refuses everything that is not a tearline.
//
//	t, err := release.Build(report, request, release.Env{Rand: rand.Reader, Now: now()})
//	findings := release.Check(t, secrets)
//	if release.Blocked(findings) {
//		// show the findings; nothing may be sent
//	}
//	lines := release.Compare(report, t) // for the two people who clear it
//	send(t.Bundle)                      // these bytes and no others
//
// # What this package must never do
//
// It never copies an object or a property it does not know by name. It opens no file, database or
// socket, and it cannot import the channel: it can make a tearline and cannot send one. It never
// writes an original id, a private map entry or a reason into the bundle.
//
// The form of the bundle is written down in docs/formats/tearline.md.
package release
