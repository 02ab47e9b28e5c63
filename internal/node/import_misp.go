package node

import (
	"context"
	"errors"
	"fmt"
	"io"

	"parley/internal/intake"
	"parley/internal/misp"
	"parley/internal/store"
	"parley/stix"
)

// importMISP turns MISP events into STIX objects, and keeps those as ours. What
// STIX has no place for is listed, and so is an object that cannot stand beside
// what the store holds: an organisation may be called otherwise on two instances.
func (n *Node) importMISP(ctx context.Context, src *intake.Source, opt ImportOptions) (Imported, error) {
	e := &events{node: n, sum: Imported{Source: src.Name, Kind: "misp", Size: src.Size}}
	err := e.read(ctx, src, opt)
	if err == nil {
		err = e.fit(ctx)
	}
	if err == nil {
		e.sum, err = e.keep(ctx, opt)
	}
	if err != nil {
		return Imported{}, fmt.Errorf("import MISP events %s: %w", src.Name, err)
	}
	return e.sum, nil
}

// events are those of one source on their way into the store.
type events struct {
	node    *Node
	objects []stix.Object
	sum     Imported
}

// read reads every event, and turns it into objects.
func (e *events) read(ctx context.Context, src *intake.Source, opt ImportOptions) error {
	var all []misp.Event
	sum, err := through(ctx, src, "checking", opt, func(r io.Reader) (err error) {
		all, err = misp.Read(r, misp.Limits{})
		return err
	})
	if err != nil {
		return err
	}
	e.sum.SHA256, e.sum.Events = sum, len(all)
	for i, event := range all {
		objects, unmapped, err := misp.ToSTIX(event, misp.Options{Region: e.node.Settings.Region, Undated: e.node.now()})
		if err != nil {
			return fmt.Errorf("event %s: %w", event.UUID, err)
		}
		for _, u := range unmapped {
			e.sum.leave(fmt.Sprintf("event %s: %s (%s): %s", event.UUID, u.Path, u.Type, u.Why))
		}
		e.objects, all[i] = append(e.objects, objects...), misp.Event{}
	}
	return nil
}

// fit leaves out objects that are not welcome beside those there are.
func (e *events) fit(ctx context.Context) error {
	return e.node.store.View(ctx, func(tx *store.Tx) error {
		ids := make([]stix.ID, len(e.objects))
		for i, o := range e.objects {
			ids[i] = o.ID()
		}
		all, err := lineages(ctx, tx, ids, nil)
		if err != nil {
			return err
		}
		fitting := e.objects[:0]
		for _, o := range e.objects {
			switch _, err := all.take(ctx, tx, o.ID(), versionOf(o, "an event before it")); {
			case err == nil:
				fitting = append(fitting, o)
			case Refusal(err):
				e.sum.leave(err.Error())
			default:
				return err
			}
		}
		e.objects = fitting
		return nil
	})
}

// keep keeps the objects, as if they had been brought in an object a line.
func (e *events) keep(ctx context.Context, opt ImportOptions) (Imported, error) {
	lines, w := io.Pipe()
	go func() {
		var err error
		for i, o := range e.objects {
			if _, err = w.Write(append(o.Bytes(), '\n')); err != nil {
				break
			}
			e.objects[i] = stix.Object{}
		}
		w.CloseWithError(err)
	}()
	made, err := intake.Open(ctx, "-", intake.Options{Stdin: lines, Dir: e.node.home, Rand: e.node.rand})
	if err != nil {
		return Imported{}, errors.Join(err, lines.CloseWithError(err))
	}
	defer made.Close()
	return e.node.importSTIX(ctx, stixSource{made, true, e.sum}, opt)
}

// leave tells of something that was left out.
func (sum *Imported) leave(what string) {
	sum.Left++
	sum.Unmapped = firstFew(sum.Unmapped, what)
}
