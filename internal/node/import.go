package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/store"
	"parley/internal/triage"
	"parley/selector"
	"parley/stix"
)

// Imported says what an import brought.
type Imported struct {
	Kind      string `json:"kind"` // bundle, evidence or list
	Objects   int    `json:"objects,omitempty"`
	Known     int    `json:"known,omitempty"` // objects that the store had
	Selectors int    `json:"selectors,omitempty"`
	Evidence  int64  `json:"evidence,omitempty"`
	SHA256    string `json:"sha256,omitempty"`
	Size      int64  `json:"size,omitempty"`
	Raised    int    `json:"raised,omitempty"` // warnings
}

// bundleLimit bounds a STIX file that is read in one transaction.
const bundleLimit = 512 << 20

// Import reads a file by what it is: a STIX 2.1 bundle, a list of selectors
// (.csv or .txt), or else evidence, which is registered for triage.
func (n *Node) Import(ctx context.Context, path, note string) (Imported, error) {
	if err := n.must(Analyst); err != nil {
		return Imported{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	if info.Mode().IsRegular() {
		switch strings.ToLower(filepath.Ext(path)) {
		case ".json", ".stix", ".stix2":
			return n.importJSON(ctx, path, note)
		case ".csv", ".txt":
			return n.importList(ctx, path)
		}
	}
	return n.importEvidence(ctx, path, note)
}

// importJSON tells a STIX bundle from any other JSON, which is evidence. The
// first bytes decide, so that a bundle with a fault is refused as a bundle.
func (n *Node) importJSON(ctx context.Context, path, note string) (Imported, error) {
	f, err := os.Open(path)
	if err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	defer f.Close()
	head := make([]byte, 4096)
	size, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return Imported{}, fmt.Errorf("import %s: %w", path, err)
	}
	head = head[:size]
	if !looksLikeSTIX(head) {
		return n.importEvidence(ctx, path, note)
	}
	return n.ImportBundle(ctx, filepath.Base(path), io.MultiReader(bytes.NewReader(head), f))
}

func looksLikeSTIX(head []byte) bool {
	return bytes.Contains(head, []byte(`"bundle--`)) || bytes.Contains(head, []byte(`"spec_version"`))
}

// ImportBundle reads our own STIX objects: all of them, or none.
func (n *Node) ImportBundle(ctx context.Context, name string, r io.Reader) (Imported, error) {
	sum := Imported{Kind: "bundle"}
	if err := n.must(Analyst); err != nil {
		return sum, err
	}
	err := n.store.Update(ctx, func(tx *store.Tx) error {
		_, err := stix.ReadBundle(io.LimitReader(r, bundleLimit), stix.Limits{}, func(o stix.Object) error {
			if faults := o.Validate(stix.Lenient); len(faults) > 0 {
				return &faults[0]
			}
			added, found, err := n.putObject(ctx, tx, o, store.Object{}, name)
			if err != nil {
				return fmt.Errorf("%s: %w", o.ID(), err)
			}
			if added {
				sum.Objects++
				sum.Selectors += found
			} else {
				sum.Known++
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("import bundle %s: %w", name, err)
		}
		raised, err := n.raise(ctx, tx)
		if err != nil {
			return fmt.Errorf("import bundle %s: %w", name, err)
		}
		sum.Raised = len(raised)
		return n.record(ctx, tx, "import.bundle", name, "", sum)
	})
	if err != nil {
		return Imported{}, err
	}
	return sum, nil
}

// putObject keeps one object and the selectors that it holds. giver carries
// the origin and the permitted use; its other fields are filled in here.
// source is what the object came with, as a warning would name it; a note of
// our own comes with nothing.
func (n *Node) putObject(ctx context.Context, tx *store.Tx, o stix.Object, giver store.Object, source string) (added bool, found int, err error) {
	giver.UUID, giver.Type, giver.Revoked = o.ID().UUID(), o.Type(), o.Revoked()
	giver.Modified, giver.Body, giver.AddedAt = o.Modified().Time(), o.Bytes(), n.now()
	seq, added, err := tx.PutObject(ctx, giver)
	if err != nil || !added {
		return added, 0, err
	}
	findings := n.selectorsOf(o, seq, source)
	return true, len(findings), tx.PutFindings(ctx, findings)
}

// selectorsOf finds the selectors in every text of an object.
func (n *Node) selectorsOf(o stix.Object, seq int64, source string) []store.Finding {
	var all []store.Finding
	seen := map[string]bool{}
	keep := func(path, raw, context string, sel selector.Selector) {
		if key := path + "\x00" + sel.String(); !seen[key] {
			seen[key] = true
			all = append(all, store.Finding{Selector: sel, Object: seq, List: source, Place: string(o.ID()) + " " + path, Raw: raw, Context: context})
		}
	}
	handle := func(path, login string) {
		if sel, err := selector.Parse(selector.Telegram, login, n.selectorOptions()); err == nil {
			keep(path, login, login, sel)
		}
	}
	if login, ok := telegramLogin(o); ok {
		handle("account_login", login)
	}
	looksFor := patternOf(o)
	for _, login := range telegramLogins(looksFor) {
		handle("pattern", login)
	}
	// Walk's own error cannot happen: the function given never fails.
	_ = o.Walk(func(path, value string) error {
		if !isProse(path) {
			return nil
		}
		texts := []prose{{text: value}}
		if path == "pattern" && looksFor != nil {
			texts = proseOf(looksFor, value)
		}
		for _, p := range texts {
			for _, hit := range selector.Find(p.text, n.selectorOptions()) {
				context := around(p.before+p.text, len(p.before)+hit.Start, len(p.before)+hit.End)
				keep(path, hit.Raw, context, hit.Selector)
			}
		}
		return nil
	})
	return all
}

// telegramLogin reads the handle of a Telegram account object, which STIX
// writes without its "@".
func telegramLogin(o stix.Object) (string, bool) {
	kind, _ := o.String("account_type")
	if o.Type() != "user-account" || !strings.EqualFold(kind, "telegram") {
		return "", false
	}
	return o.String("account_login")
}

// isProse leaves out properties that hold ids, types and times: a hash in an
// id is nobody's selector.
func isProse(path string) bool {
	last := path[strings.LastIndexByte(path, '.')+1:]
	if i := strings.IndexByte(last, '['); i >= 0 {
		last = last[:i]
	}
	switch last {
	case "id", "type", "spec_version", "created", "modified", "valid_from", "valid_until", "first_seen", "last_seen", "pattern_type":
		return false
	}
	return !strings.HasSuffix(last, "_ref") && !strings.HasSuffix(last, "_refs")
}

// around gives up to 60 characters on each side of a hit.
func around(text string, start, end int) string {
	const side = 60
	before, after := []rune(text[:start]), []rune(text[end:])
	if len(before) > side {
		before = before[len(before)-side:]
	}
	if len(after) > side {
		after = after[:side]
	}
	return string(before) + text[start:end] + string(after)
}

func (n *Node) selectorOptions() selector.Options {
	return selector.Options{Region: n.Settings.Region}
}

func (n *Node) importEvidence(ctx context.Context, path, note string) (Imported, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	sum, size, err := triage.Digest(ctx, abs)
	if err != nil {
		return Imported{}, err
	}
	out := Imported{Kind: "evidence", SHA256: fmt.Sprintf("%x", sum), Size: size}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		out.Evidence, err = tx.AddEvidence(ctx, store.Evidence{
			Name: filepath.Base(abs), Path: abs, SHA256: sum[:], Size: size, Operator: n.User.Name,
			Note: note, AcquiredAt: modified(abs), ImportedAt: n.now(),
		})
		if errors.Is(err, store.ErrExists) {
			held, err := tx.EvidenceByHash(ctx, sum[:])
			if err != nil {
				return err
			}
			return fmt.Errorf("these bytes are evidence E%d already: %w", held.ID, store.ErrExists)
		}
		if err != nil {
			return err
		}
		return n.record(ctx, tx, "import.evidence", fmt.Sprintf("E%d", out.Evidence), "", out)
	})
	if err != nil {
		return Imported{}, err
	}
	return out, nil
}

func modified(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// Evidence lists what was imported as evidence.
func (n *Node) Evidence(ctx context.Context) (all []store.Evidence, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.AllEvidence(ctx)
		return err
	})
	return all, err
}
