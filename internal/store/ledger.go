package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Entry is one line of the ledger: who did what to what, and which
// counterpart it concerned. Detail is JSON and must hold no secret and nothing
// that a match or release did not already disclose.
type Entry struct {
	Seq         int64
	At          time.Time
	Actor       string
	Action      string
	Subject     string
	Counterpart string
	Detail      json.RawMessage
	Through     string // by which way the actor came in, such as "console"; set by Record from [Through]
	Previous    []byte
	Hash        []byte
}

// ErrChain: the ledger was changed after it was written.
var ErrChain = errors.New("the ledger's chain is broken")

// genesis is what the first entry chains to.
var genesis = sha256.Sum256([]byte("parley ledger v1"))

// digest is the entry's hash: SHA-256 over the previous hash and every field,
// each preceded by its length, so that no two entries share an encoding.
func (e Entry) digest() []byte {
	h := sha256.New()
	put := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	put(e.Previous)
	put(binary.BigEndian.AppendUint64(nil, uint64(e.Seq)))
	put(binary.BigEndian.AppendUint64(nil, uint64(micros(e.At))))
	for _, s := range []string{e.Actor, e.Action, e.Subject, e.Counterpart, string(e.Detail)} {
		put([]byte(s))
	}
	if e.Through != "" { // lines from before it was noted have none
		put([]byte(e.Through))
	}
	return h.Sum(nil)
}

const ledgerColumns = `seq, at, actor, action, subject, counterpart, detail, through, previous, hash`

func scanEntry(s scanner) (Entry, error) {
	var (
		e      Entry
		at     int64
		detail []byte
	)
	err := s.Scan(&e.Seq, &at, &e.Actor, &e.Action, &e.Subject, &e.Counterpart, &detail, &e.Through, &e.Previous, &e.Hash)
	e.At, e.Detail = instant(at), detail
	return e, err
}

// Record appends an entry, in the transaction of the act that it tells of.
func (tx *Tx) Record(ctx context.Context, e Entry) (Entry, error) {
	last, err := tx.Head(ctx)
	if err != nil {
		return e, err
	}
	if len(e.Detail) == 0 {
		e.Detail = json.RawMessage(`{}`)
	}
	e.Seq, e.Previous, e.Through = last.Seq+1, last.Hash, throughOf(ctx)
	e.At = instant(micros(e.At))
	e.Hash = e.digest()
	_, err = tx.exec(ctx, `INSERT INTO ledger (seq, at, actor, action, subject, counterpart, detail, through, previous, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.Seq, micros(e.At), e.Actor, e.Action, e.Subject, e.Counterpart, []byte(e.Detail), e.Through, e.Previous, e.Hash)
	return e, naming(err, "record %s in the ledger", e.Action)
}

// Head is the newest entry; an empty ledger has entry 0 with the first hash.
func (tx *Tx) Head(ctx context.Context) (Entry, error) {
	e, err := one(ctx, tx, scanEntry, `SELECT `+ledgerColumns+` FROM ledger ORDER BY seq DESC LIMIT 1`)
	if errors.Is(err, ErrNotFound) {
		return Entry{Hash: genesis[:]}, nil
	}
	return e, naming(err, "read the ledger's head")
}

// Entries lists the ledger from a number on, at most limit (0: all).
func (tx *Tx) Entries(ctx context.Context, from int64, limit int) ([]Entry, error) {
	if limit <= 0 {
		limit = -1
	}
	all, err := list(ctx, tx, scanEntry, `SELECT `+ledgerColumns+` FROM ledger WHERE seq >= $1 ORDER BY seq LIMIT $2`, from, limit)
	return all, naming(err, "read the ledger")
}

// About lists what the ledger says of one subject, in its order.
func (tx *Tx) About(ctx context.Context, subject string) ([]Entry, error) {
	all, err := list(ctx, tx, scanEntry, `SELECT `+ledgerColumns+` FROM ledger WHERE subject = $1 ORDER BY seq`, subject)
	return all, naming(err, "read what the ledger says of %s", subject)
}

// VerifyLedger walks the whole chain and returns its head. A hash that was
// noted down earlier can be given as known: then the chain must contain it,
// so that a ledger cut short after it is seen.
func (tx *Tx) VerifyLedger(ctx context.Context, known []byte) (Entry, error) {
	head := Entry{Hash: genesis[:]}
	seen := len(known) == 0 || bytes.Equal(known, genesis[:])
	for {
		page, err := tx.Entries(ctx, head.Seq+1, 1000)
		if err != nil {
			return head, err
		}
		for _, e := range page {
			if err := follows(head, e); err != nil {
				return head, err
			}
			seen = seen || bytes.Equal(known, e.Hash)
			head = e
		}
		if len(page) < 1000 {
			break
		}
	}
	if !seen {
		return head, fmt.Errorf("no entry has the hash %s: %w", hex.EncodeToString(known), ErrChain)
	}
	return head, nil
}

func follows(head, e Entry) error {
	switch {
	case e.Seq != head.Seq+1:
		return fmt.Errorf("entry %d is missing: %w", head.Seq+1, ErrChain)
	case !bytes.Equal(e.Previous, head.Hash):
		return fmt.Errorf("entry %d does not follow entry %d: %w", e.Seq, head.Seq, ErrChain)
	case !bytes.Equal(e.Hash, e.digest()):
		return fmt.Errorf("entry %d was changed: %w", e.Seq, ErrChain)
	}
	return nil
}
