package node

import (
	"context"
	"errors"
	"fmt"
	"io"

	"parley/internal/intake"
	"parley/internal/list"
	"parley/internal/store"
	"parley/selector"
)

// ImportOptions say how something is brought in. The zero value tells by content
// what it is.
type ImportOptions struct {
	As       As
	Note     string       // where evidence comes from, for its chain of custody
	Map      list.Mapping // which columns of a list hold what
	SkipBad  bool         // leave out the bad lines of a list, and keep the others
	DryRun   bool         // read and judge, and keep nothing
	Stdin    io.Reader    // what "-" stands for
	Fetch    intake.FetchOptions
	Progress func(ImportProgress)

	batch int // how many objects or rows are kept in one transaction; batchItems if 0
}

// As is what a source is to be read as.
type As string

// What a person may say that a source is.
const (
	AsItIs     As = ""
	AsSTIX     As = "stix"
	AsMISP     As = "misp"
	AsList     As = "list"
	AsEvidence As = "evidence"
)

// ImportProgress says how far a source has come. Bytes are those that are stored.
type ImportProgress struct {
	Source string
	Phase  string // fetching, checking, keeping
	Done   int64
	Total  int64 // -1 if it is not known
}

// Imported says what became of one source.
type Imported struct {
	Source string `json:"source"`
	Kind   string `json:"kind"` // bundle, misp, list, evidence, folder or refused
	DryRun bool   `json:"dry_run,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Size   int64  `json:"size,omitempty"`

	Objects int `json:"objects,omitempty"` // versions of objects that were kept
	Known   int `json:"known,omitempty"`   // those that the store had, or selectors that this list said before
	Older   int `json:"older,omitempty"`   // of the objects: kept as older versions, which show nothing
	Revoked int `json:"revoked,omitempty"` // of the objects: later versions of what was revoked and stays so

	Events   int      `json:"events,omitempty"`   // of MISP
	Left     int      `json:"left,omitempty"`     // parts of them that have no place in STIX, and objects that are not welcome
	Unmapped []string `json:"unmapped,omitempty"` // the first of those

	Selectors int                   `json:"selectors,omitempty"`
	Kinds     map[selector.Kind]int `json:"kinds,omitempty"`  // of a list's selectors
	Layout    *list.Layout          `json:"layout,omitempty"` // how a list was understood
	Skipped   []list.BadLine        `json:"skipped,omitempty"`
	LeftOut   int                   `json:"left_out,omitempty"` // lines that were skipped; files of a folder that were left

	Evidence int64  `json:"evidence,omitempty"`
	STIX     int    `json:"stix_files,omitempty"` // in a folder that became evidence
	MISP     int    `json:"misp_files,omitempty"` // and those with MISP events
	Raised   int    `json:"raised,omitempty"`     // warnings
	Refused  string `json:"refused,omitempty"`    // why nothing of it was kept, where others were
}

// Import reads one file by what it is; a folder is evidence, or the bundles and
// lists in it. See [Node.BringIn].
func (n *Node) Import(ctx context.Context, path, note string) (sum Imported, err error) {
	err = n.BringIn(ctx, path, ImportOptions{Note: note}, func(one Imported) error {
		sum = one
		return nil
	})
	return sum, err
}

// BringIn reads what a person named, a file, a folder, an address on the web or
// "-" for standard input, by what it is: STIX objects, MISP events, a list of
// selectors, or else evidence, which is registered for triage. It hands over what became of each
// source. What is refused is refused whole; in a folder the others are read on.
func (n *Node) BringIn(ctx context.Context, from string, opt ImportOptions, each func(Imported) error) error {
	if err := n.must(Analyst); err != nil {
		return err
	}
	if !opt.DryRun {
		defer n.checkWatched(ctx)
	}
	if intake.IsFolder(from) {
		return n.bringFolder(ctx, from, opt, each)
	}
	src, err := n.open(ctx, from, opt)
	if err != nil {
		return err
	}
	defer src.Close()
	sum, err := n.bringOne(ctx, src, opt)
	if err != nil {
		return err
	}
	return each(sum)
}

// open opens a source that is no folder.
func (n *Node) open(ctx context.Context, from string, opt ImportOptions) (*intake.Source, error) {
	o := intake.Options{Stdin: opt.Stdin, Dir: n.home, Rand: n.rand, Fetch: opt.Fetch}
	if opt.Progress != nil {
		name := intake.NameOf(from)
		o.Progress = func(done, total int64) {
			opt.Progress(ImportProgress{Source: name, Phase: "fetching", Done: done, Total: total})
		}
	}
	src, err := intake.Open(ctx, from, o)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	return src, nil
}

// bringOne reads one source by what it is, or is said to be.
func (n *Node) bringOne(ctx context.Context, src *intake.Source, opt ImportOptions) (sum Imported, err error) {
	kind, err := src.Kind()
	if err != nil && src.Path == "" {
		return sum, fmt.Errorf("import %s: %w", src.Name, err)
	}
	if kind == intake.Other && opt.Map != nil { // who names columns means a list
		kind = intake.List
	}
	as := opt.As
	if as == AsItIs {
		as = readAs(kind)
	}
	switch as {
	case AsEvidence, AsItIs:
		sum, err = n.importEvidence(ctx, src, opt)
	case AsSTIX:
		sum, err = n.importObjects(ctx, src, kind == intake.STIXLines, opt)
	case AsMISP:
		sum, err = n.importMISP(ctx, src, opt)
	case AsList:
		sum, err = n.importList(ctx, src, opt)
	default:
		return sum, invalid("%q is nothing that a source can be read as: there are stix, misp, list and evidence", as)
	}
	sum.Source, sum.DryRun = src.Name, opt.DryRun
	return sum, err
}

// bringFolder reads the STIX files, MISP events and lists of a folder, in the order
// of their names, or takes it for evidence.
func (n *Node) bringFolder(ctx context.Context, path string, opt ImportOptions, each func(Imported) error) error {
	if opt.As == AsEvidence {
		return n.bringEvidence(ctx, path, nil, opt, each)
	}
	all, err := intake.Folder(path)
	if err != nil && opt.As != AsItIs { // evidence may have any number of files
		return fmt.Errorf("import: %w", err)
	}
	chosen, count := chosen(all, opt.As)
	if opt.As == AsItIs && (err != nil || count[AsSTIX]+count[AsMISP] == 0 || len(chosen) < len(all)) {
		return n.bringEvidence(ctx, path, count, opt, each)
	}
	for _, src := range chosen {
		sum, err := n.bringOne(ctx, src, opt)
		if err != nil && !Refusal(err) {
			return err
		}
		if err != nil {
			sum = Imported{Source: src.Name, Kind: "refused", DryRun: opt.DryRun, Refused: err.Error()}
		}
		if err := each(sum); err != nil {
			return err
		}
	}
	if left := len(all) - len(chosen); left > 0 {
		return each(Imported{Source: intake.NameOf(path), Kind: "folder", LeftOut: left})
	}
	return nil
}

// enoughLooked is how many files of a folder are looked at to say how many are
// STIX, once it is clear that it is evidence.
const enoughLooked = 100

// readAs is what each kind of source is read as, evidence apart.
func readAs(kind intake.Kind) As {
	switch kind {
	case intake.STIX, intake.STIXLines:
		return AsSTIX
	case intake.MISP:
		return AsMISP
	case intake.List:
		return AsList
	}
	return AsItIs
}

// chosen picks the files of a folder that are read as what they are to be, and
// counts what each looked like. What cannot be read is nothing.
func chosen(all []*intake.Source, as As) (some []*intake.Source, count map[As]int) {
	count = map[As]int{}
	for i, src := range all {
		if as == AsItIs && len(some) < i && i >= enoughLooked {
			return some, count
		}
		kind, err := src.Kind()
		if err != nil {
			continue
		}
		read := readAs(kind)
		count[read]++
		if read != AsItIs && (as == AsItIs || as == read) {
			some = append(some, src)
		}
	}
	return some, count
}

// Refusal tells whether an error is about what was brought in, so that other
// sources may still be good; where the store or the disk fails, none is.
func Refusal(err error) bool {
	return !store.Transient(err) && !errors.Is(err, context.Canceled) && !errors.Is(err, ErrRole)
}
