// Package selector reads the identifiers people leave behind (phone numbers,
// e-mail and web addresses, accounts, wallets, bank accounts, devices, places,
// hashes: see [Kinds]) and gives each one normal form, so that two parties who
// wrote the same identifier differently hold the same bytes.
//
// A whole string of a known kind is read with [Parse], of an unknown kind with
// [Detect], and the selectors inside prose with [Find] or, for much text, with a
// [Finder]:
//
//	s, err := selector.Parse(selector.Phone, "(202) 555-0147", selector.Options{Region: "US"})
//	// s.String() == "phone:+12025550147"
//
//	for _, hit := range selector.Find("write to Desk@Example.org", selector.Options{}) {
//		fmt.Println(hit.Start, hit.End, hit.Selector) // 9 25 email:desk@example.org
//	}
//
// What is compared, hashed or matched is [Selector.Canonical], never the text as
// it was written. The normal forms and the reasons for them are in
// docs/formats/selectors.md; they are fixed by the version in Canonical, because
// a changed normal form silently loses matches.
//
// The package must never guess: what has no sure normal form is an error from
// Parse and is left alone by Find. It opens no file, asks no network, and keeps
// nothing between calls.
package selector
