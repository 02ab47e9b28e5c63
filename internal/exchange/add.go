package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"

	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// Bounds on what is added in one transaction: others wait for it.
const (
	batchMembers = 2000
	batchBytes   = 8 << 20
)

// Add reads an envelope to its end, so that a broken one leaves nothing behind, and then adds its
// objects, some thousand in a transaction. Of one consumer it reads one envelope at a time: a packed one
// of some kilobytes may take hundreds of mebibytes of memory. If the node is stopped between two, those of the first stay,
// and whoever sends the envelope again completes it: what is there already is a success.
func (x *Exchange) Add(ctx context.Context, at taxii.Place, objects iter.Seq2[taxii.Incoming, error]) (taxii.Status, error) {
	id, err := uuid.NewRandomFromReader(x.opt.Rand)
	if err != nil {
		return taxii.Status{}, fmt.Errorf("make the id of a status: %w", err)
	}
	done, err := x.adds.take(ctx, at.Requester.Name)
	if err != nil {
		return taxii.Status{}, err
	}
	defer done()
	if err := x.roomForReport(ctx, at); err != nil {
		return taxii.Status{}, err
	}
	s := newSpool(x.opt.Dir, x.opt.Rand)
	defer s.close()
	for in, err := range objects {
		if err == nil {
			err = s.put(x.look(in))
		}
		if err != nil {
			return taxii.Status{}, err
		}
	}
	a := &adding{x: x, at: at, status: taxii.NewStatus(id.String(), x.opt.Now())}
	for batch, err := range s.batches() {
		if err != nil {
			return taxii.Status{}, err
		}
		if err := a.addBatch(ctx, batch); err != nil {
			return taxii.Status{}, full(err)
		}
		if !x.store.ManyRecent(a.collection) {
			continue
		}
		if err := x.store.Update(ctx, func(tx *store.Tx) error { return tx.SettleIDs(ctx, a.collection) }); err != nil {
			return taxii.Status{}, full(err)
		}
	}
	if x.opt.Added != nil {
		x.opt.Added()
	}
	return *a.status, nil
}

// roomForReport refuses a request of one whose reports, which must be kept for a day, take too much: each
// object that is refused is named in one, and takes nothing else.
func (x *Exchange) roomForReport(ctx context.Context, at taxii.Place) error {
	return x.store.View(ctx, func(tx *store.Tx) error {
		c, err := collection(ctx, tx, at)
		if err != nil {
			return err
		}
		held, err := tx.RequestBytes(ctx, c.Counterpart, x.opt.Now().Add(-x.opt.StatusRetention))
		if err == nil && held >= x.opt.MaxReports {
			return fmt.Errorf("the reports on this consumer's requests of a day take %d bytes: %w", held, taxii.ErrFull)
		}
		return err
	})
}

// look does what can be done before anybody has to wait.
func (x *Exchange) look(in taxii.Incoming) taxii.Incoming {
	if size := len(in.Object.Bytes()); in.Err == nil && size > store.MaxBody {
		in.Object, in.Err = stix.Object{}, fmt.Errorf("the object has %d bytes, and %d are the most", size, store.MaxBody)
	}
	if in.Err == nil && x.opt.Check != nil {
		in.Err = x.opt.Check(in.Object)
	}
	return in
}

// adding is one request under way.
type adding struct {
	x          *Exchange
	at         taxii.Place
	status     *taxii.Status
	collection int64
	conflicts  int
}

// addBatch adds some members in one transaction, or in several where their objects have so many
// versions that others would wait for long.
func (a *adding) addBatch(ctx context.Context, b batch) error {
	err := a.x.store.Update(ctx, func(tx *store.Tx) error { return a.batch(ctx, tx, b) })
	if !errors.Is(err, errMany) {
		return err
	}
	half := len(b.members) / 2
	if err := a.addBatch(ctx, batch{members: b.members[:half]}); err != nil {
		return err
	}
	return a.addBatch(ctx, batch{members: b.members[half:], last: b.last})
}

// batch adds some members, and with the last of them keeps the report.
func (a *adding) batch(ctx context.Context, tx *store.Tx, b batch) error {
	c, err := collection(ctx, tx, a.at)
	if err != nil {
		return err
	}
	who, err := tx.Consumer(ctx, c.Counterpart)
	if err != nil {
		return hidden(err)
	}
	if !c.CanWrite || who.Suspended { // perhaps since the request began
		return taxii.ErrForbidden
	}
	var ids [][16]byte
	for _, in := range b.members {
		if in.Err == nil {
			ids = append(ids, in.Object.ID().UUID())
		}
	}
	a.collection = c.ID
	p := putting{opt: a.x.opt, collection: c}
	if err := p.begin(ctx, tx, ids); err != nil {
		return err
	}
	conflicts := 0
	for _, in := range b.members {
		conflict, err := a.one(ctx, tx, &p, in)
		if err != nil {
			return err
		}
		if conflict {
			conflicts++
		}
	}
	if err := p.end(ctx, tx); err != nil {
		return err
	}
	a.conflicts += conflicts
	if !b.last {
		return nil
	}
	return a.report(ctx, tx, c)
}

// one adds one member and notes it in the status. conflict says that the version is there with other
// content.
func (a *adding) one(ctx context.Context, tx *store.Tx, p *putting, in taxii.Incoming) (conflict bool, err error) {
	if in.Err != nil {
		version := in.Version
		if version == "" {
			version = a.status.RequestTimestamp.String()
		}
		a.status.Fail(in.Detail(version, in.Err.Error()))
		return false, nil
	}
	got, err := p.put(ctx, tx, in.Object)
	switch {
	case err != nil:
		return false, err
	case got.refused != "":
		a.status.Fail(in.Detail(in.Version, got.refused))
	case got.known:
		a.status.Succeed(in.Detail(got.version.String(), "was in the collection already"))
	default:
		a.status.Succeed(in.Detail(got.version.String(), ""))
	}
	return got.conflict, nil
}

// report keeps the status, and a line of the ledger.
func (a *adding) report(ctx context.Context, tx *store.Tx, c store.Collection) error {
	now := a.x.opt.Now()
	text, err := json.Marshal(a.status)
	if err != nil {
		return fmt.Errorf("write the report on a request: %w", err)
	}
	if err := tx.DropRequests(ctx, now.Add(-a.x.opt.StatusRetention)); err != nil {
		return err
	}
	id, err := uuid.Parse(a.status.ID)
	if err != nil {
		return err
	}
	if err := tx.AddRequest(ctx, store.Request{UUID: id, Counterpart: c.Counterpart, Report: text, DoneAt: now}); err != nil {
		return err
	}
	if a.conflicts > 0 {
		a.x.opt.Log.Warn("a consumer sent versions that are held with other content", "consumer", a.at.Requester.Name, "objects", a.conflicts)
	}
	return record(ctx, tx, now, "collection.add", c, a.at.Requester.Name, addNote{
		Objects: a.status.TotalCount, Added: a.status.SuccessCount, Refused: a.status.FailureCount, Conflicts: a.conflicts,
	})
}

// addNote is what the ledger says of a request.
type addNote struct {
	Objects   int `json:"objects"`
	Added     int `json:"added"`
	Refused   int `json:"refused"`
	Conflicts int `json:"conflicts"`
}

// record writes a line of the ledger about a collection.
func record(ctx context.Context, tx *store.Tx, at time.Time, action string, c store.Collection, who string, note any) error {
	detail, err := json.Marshal(note)
	if err != nil {
		return fmt.Errorf("record %s: %w", action, err)
	}
	_, err = tx.Record(ctx, store.Entry{At: at, Actor: who, Action: action, Subject: c.Alias, Counterpart: who, Detail: detail})
	return err
}
