package demo

import (
	"embed"
	"io/fs"
)

//go:embed files
var files embed.FS

// The files by their path in [Files].
const (
	Phone          = "north/phone.zip"     // the extraction of the seized telephone
	NorthWatchList = "north/watchlist.csv" // whom North must warn
	Claims         = "north/claims.json"   // what North has read and been told, as STIX
	Weigh          = "north/weigh.json"    // what North's analyst makes of South's claim
	Warning        = "north/warning.txt"   // what North tells South when its watch list speaks
	Report         = "south/report.json"   // South's intercept report, as STIX; never leaves South
	SouthWatchList = "south/watch.csv"     // what South looks for
	Tearline       = "south/tearline.txt"  // what South's analyst writes for North
	Leaky          = "south/leaky.txt"     // a first draft that must be refused
	Release        = "south/release.json"  // marking, permitted use, additions and grade
	Rules          = "south/release.rules" // by which rules South releases
	Terms          = "terms.json"          // what the match may be about
	Expected       = "expected.json"       // what the run must find
)

// Files gives the files, rooted where the constants above are.
func Files() fs.FS {
	sub, err := fs.Sub(files, "files")
	if err != nil {
		panic(err) // only if "files" were no valid path
	}
	return sub
}

// File says what one file is.
type File struct {
	Path   string // in [Files]
	Party  string // North, South, or both
	What   string // what it is, in one sentence
	Format string // the format it is in, and whose
}

// List says what every file is, in the order in which the run meets them.
func List() []File {
	return []File{
		{Phone, "North", "The extraction of the seized telephone.", "ZIP of an Android file tree: SQLite, JSON, text, vCard, DOCX, JPEG, nested ZIP"},
		{NorthWatchList, "North", "Selectors whose owners North must warn.", "CSV: kind, value, note, imminent, recipient"},
		{SouthWatchList, "South", "Selectors that South looks for.", "CSV: kind, value, note"},
		{Terms, "both", "What the match is about.", "JSON: kinds, purpose, max_items"},
		{Report, "South", "South's intercept report, with sources and methods; it never leaves South.", "STIX 2.1 bundle"},
		{Leaky, "South", "A first draft that the leak check must refuse.", "plain text"},
		{Tearline, "South", "What South's analyst writes for North.", "plain text"},
		{Release, "South", "Marking, permitted use, additions and grade of the tearline.", "JSON"},
		{Rules, "South", "By which rules South releases, to whom and for what.", "rules of release, form 1"},
		{Claims, "North", "What the press, both sides and the counters say, each with its chain and grade.", "STIX 2.1 bundle"},
		{Weigh, "North", "Which proposition South's claim speaks to, North's grade of it, and which stories have one origin.", "JSON"},
		{Warning, "North", "What North tells South when its watch list speaks.", "plain text"},
		{Expected, "both", "What the run must find.", "JSON"},
	}
}
