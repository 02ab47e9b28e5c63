package node

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/intake"
	"parley/internal/store"
	"parley/selector"
	"parley/stix"
)

// ImportBundle reads our own STIX objects: all of them, or none.
func (n *Node) ImportBundle(ctx context.Context, name string, r io.Reader) (Imported, error) {
	if err := n.must(Analyst); err != nil {
		return Imported{}, err
	}
	src, err := intake.Open(ctx, "-", intake.Options{Stdin: r, Dir: n.home, Rand: n.rand})
	if err != nil {
		return Imported{}, fmt.Errorf("import bundle %s: %w", name, err)
	}
	defer src.Close()
	src.Name = name
	sum, err := n.importObjects(ctx, src, false, ImportOptions{})
	sum.Source = name
	return sum, err
}

// importObjects reads STIX objects twice: to judge all of them, and to keep them,
// some thousand in a transaction. If the node is stopped in between, those that
// were kept stay, and the same import again completes it.
func (n *Node) importObjects(ctx context.Context, src *intake.Source, lines bool, opt ImportOptions) (Imported, error) {
	sum, err := n.importSTIX(ctx, stixSource{src, lines, Imported{Source: src.Name, Kind: "bundle", Size: src.Size}}, opt)
	if err != nil {
		return Imported{}, fmt.Errorf("import bundle %s: %w", src.Name, err)
	}
	return sum, nil
}

// stixSource is where objects come from, and what is known of it before they are
// read.
type stixSource struct {
	*intake.Source
	lines bool // an object a line
	about Imported
}

func (n *Node) importSTIX(ctx context.Context, src stixSource, opt ImportOptions) (Imported, error) {
	s, err := n.survey(ctx, src.Source, src.lines, opt)
	if err != nil {
		return Imported{}, err
	}
	defer s.close()
	src.about.SHA256 = cmp.Or(src.about.SHA256, s.sum)
	if opt.DryRun {
		err = s.judge(ctx, &src.about)
		return src.about, err
	}
	if err := s.judge(ctx, &Imported{}); err != nil {
		return Imported{}, err
	}
	return n.keepObjects(ctx, src, s, opt)
}

// errMoved: what was judged is not what is there now.
var errMoved = errors.New("it changed while it was read: nothing of what changed is kept, import it again")

// keeping is the second reading of a source.
type keeping struct {
	node    *Node
	survey  *survey
	source  string // as a warning names it
	begun   bool   // there are several batches, and the ledger says that they began
	about   Imported
	sum     Imported
	watched map[selector.Selector]bool
	listens bool // we gave something that could be repeated
	waiting bool // a watched selector was kept, and not yet looked at
	looked  time.Time
}

// prepared is an object with all that can be found out before anybody must wait.
type prepared struct {
	id       stix.ID
	version  version
	object   store.Object
	findings []store.Finding
	heard    heard
}

// batch is some objects that are kept in one transaction.
type batch struct {
	objects []prepared
	last    bool
}

// keepObjects reads a source again. While one batch is written, the selectors of
// the next are sought.
func (n *Node) keepObjects(ctx context.Context, src stixSource, s *survey, opt ImportOptions) (Imported, error) {
	k := &keeping{
		node: n, survey: s, looked: n.now(),
		// Two files may have one name; what came with each is news of its own.
		source: fmt.Sprintf("%s (%.8s)", src.about.Source, src.about.SHA256),
		about:  src.about,
		sum:    src.about,
	}
	if err := k.watchList(ctx); err != nil {
		return Imported{}, err
	}
	batches := make(chan batch, 1)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(batches)
		return k.read(ctx, src, opt, func(b batch) error {
			select {
			case batches <- b:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	g.Go(func() error {
		for b := range batches {
			if err := k.write(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	err := g.Wait()
	switch {
	case err == nil || k.sum.Objects == 0:
		return k.sum, err
	case Refusal(err):
		return k.sum, fmt.Errorf("%w (%d objects before it are kept)", err, k.sum.Objects)
	}
	return k.sum, fmt.Errorf("%w (%d objects are kept; the same import again completes it)", err, k.sum.Objects)
}

// watchList reads what is watched, so that a hit in a long import need not wait
// for its end, and whether there is anything to be repeated.
func (k *keeping) watchList(ctx context.Context) error {
	return k.node.store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Watches(ctx)
		k.watched = make(map[selector.Selector]bool, len(all))
		for _, w := range all {
			k.watched[w.Selector] = true
		}
		if err == nil {
			k.listens, err = tx.Gave(ctx)
		}
		return err
	})
}

// batchFindings bounds the findings of a batch, but for those of its last object.
const batchFindings = 10_000

// read reads the source again and hands over batches. A batch of the survey is
// seen to be what was judged before anything of it is handed over.
func (k *keeping) read(ctx context.Context, src stixSource, opt ImportOptions, send func(batch) error) error {
	var (
		seals = seals{most: opt.batch}
		held  []stix.Object
		seek  = newSeeker(k.node.selectorOptions())
	)
	pass := func(last bool) error {
		at := len(seals.sums) - 1
		if at >= len(k.survey.seals.sums) || seals.sums[at] != k.survey.seals.sums[at] {
			return errMoved
		}
		err := k.prepare(held, last, seek, send)
		clear(held)
		held = held[:0]
		return err
	}
	_, err := through(ctx, src.Source, "keeping", opt, func(r io.Reader) error {
		return objectsIn(r, src.lines, func(o stix.Object, _ place) error {
			held = append(held, o)
			if !seals.add(o.Bytes()) {
				return nil
			}
			return pass(false)
		})
	})
	if err != nil {
		return err
	}
	seals.end()
	return pass(true)
}

// prepare seeks the selectors of some objects, and hands them over in batches.
func (k *keeping) prepare(objects []stix.Object, last bool, seek *seeker, send func(batch) error) error {
	var b batch
	findings := 0
	for _, o := range objects {
		p := prepared{id: o.ID(), version: versionOf(o, ""), object: k.node.rowOf(o, store.Object{}), findings: seek.in(o, 0, k.source)}
		if k.listens {
			p.heard = heardIn(o, p.findings, k.node.User.Name)
		}
		b.objects, findings = append(b.objects, p), findings+len(p.findings)
		if findings >= batchFindings {
			if err := send(b); err != nil {
				return err
			}
			b, findings = batch{}, 0
		}
	}
	if b.last = last; len(b.objects) == 0 && !last {
		return nil
	}
	return send(b)
}

// write keeps one batch.
func (k *keeping) write(ctx context.Context, b batch) error {
	var sum Imported
	err := k.node.store.Update(ctx, func(tx *store.Tx) error {
		sum = k.sum
		if err := k.begin(ctx, tx, b); err != nil {
			return err
		}
		if err := k.put(ctx, tx, b, &sum); err != nil {
			return err
		}
		if err := k.raise(ctx, tx, b, &sum); err != nil || !b.last {
			return err
		}
		return k.node.record(ctx, tx, "import."+sum.Kind, sum.Source, "", sum)
	})
	if err == nil {
		k.sum, k.begun = sum, true
	}
	return err
}

// begin says in the ledger that an import of several batches has begun: what is in
// the store must be there too, should the import be killed.
func (k *keeping) begin(ctx context.Context, tx *store.Tx, b batch) error {
	if k.begun || b.last {
		return nil
	}
	return k.node.record(ctx, tx, "import."+k.about.Kind+".begin", k.about.Source, "", k.about)
}

// put keeps the objects that are not there, with their selectors. They are judged
// once more: the store may have changed since the survey.
func (k *keeping) put(ctx context.Context, tx *store.Tx, b batch, sum *Imported) error {
	ids := make([]stix.ID, len(b.objects))
	for i, p := range b.objects {
		ids[i] = p.id
	}
	all, err := lineages(ctx, tx, ids, nil)
	if err != nil {
		return err
	}
	var found []store.Finding
	for _, p := range b.objects {
		became, err := all.take(ctx, tx, p.id, p.version)
		if err != nil {
			return err
		}
		sum.count(became)
		if became == known {
			continue
		}
		if became == beside {
			d, err := p.version.digests()
			if err != nil {
				return err
			}
			p.object.Other = hex.EncodeToString(d.content[:8])
		}
		seq, added, err := tx.PutObject(ctx, p.object)
		if err != nil {
			return fmt.Errorf("%s: %w", p.id, err)
		}
		if !added || became == older || became == revoked {
			continue // what it says was taken back before it came
		}
		for _, f := range p.findings {
			f.Object = seq
			found = append(found, f)
		}
		if k.listens {
			p.heard.object = seq
			if _, err := k.node.listen(ctx, tx, p.heard); err != nil {
				return err
			}
		}
	}
	sum.Selectors += len(found)
	k.watch(found)
	return tx.PutFindings(ctx, found)
}

func (k *keeping) watch(found []store.Finding) {
	for _, f := range found {
		k.waiting = k.waiting || k.watched[f.Selector]
	}
}

// hitWait is how long a hit waits for others of the same import, that one warning
// may name them all.
const hitWait = 10 * time.Second

// raise looks at the watch list when the import ends, and before that when a hit
// has waited long enough.
func (k *keeping) raise(ctx context.Context, tx *store.Tx, b batch, sum *Imported) error {
	now := k.node.now()
	if !b.last && (!k.waiting || now.Sub(k.looked) < hitWait) {
		return nil
	}
	raised, err := k.node.raise(ctx, tx)
	if err != nil {
		return err
	}
	sum.Raised += len(raised)
	k.waiting, k.looked = false, now
	return nil
}
