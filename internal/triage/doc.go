// Package triage opens evidence (a phone's extraction, a chat export, a folder of
// documents) and tells a [Sink] what is in it: every file with its hash, every
// selector with the place it was found at, and artifacts (contacts, messages,
// calls, pictures, documents, accounts, visits …).
//
//	summary, err := triage.Run(ctx, "phone.zip", triage.Options{Region: "US"}, sink)
//
// A [Place] names a finding to the byte or the row, through archives inside
// archives, and [Show] opens the place again:
//
//	phone.zip!/backup/inner.zip!/databases/mmssms.db [sms row 3 body @17+12]
//
// Evidence is written by enemies. Nothing in it is run, followed out or unpacked
// to disk; every size, depth and count has a limit ([Limits]); what cannot be
// read becomes a [Fault] with its place, and the rest goes on. The same evidence
// and options give the same calls of the Sink in the same order, whatever the
// number of workers.
//
// Disk images are opened down to their files, living and deleted, by the packages
// below this one; what belongs to no file is scanned as bytes of the image.
//
// Each file is scanned for selectors by exactly one reader, chosen by its content;
// readers of artifacts look at the same file again but report no findings. So one
// occurrence is one [Finding]. The readers of applications are listed in
// registry.go; those of formats that others could use stand in packages of their
// own: axml, bmff, bplist, mail, pdf, sqlitefile. Formats, places and limits are described in
// docs/formats/triage.md.
//
// The package must never send anything anywhere: it imports no store, no channel
// and no release.
package triage
