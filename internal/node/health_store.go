package node

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"parley/internal/relay"
	"parley/internal/store"
)

// StoreHealth is how the store stands.
type StoreHealth struct {
	Bytes     int64     `json:"bytes"`     // of its file
	LogBytes  int64     `json:"log_bytes"` // of writes that are not in it yet
	Free      int64     `json:"free"`      // bytes on its disk; 0 where the system does not say
	Schema    int64     `json:"schema"`
	Newest    int64     `json:"newest_schema"` // that this program knows
	BackupAt  time.Time `json:"backup_at,omitzero"`
	CheckedAt time.Time `json:"checked_at,omitzero"` // when every page and line was last read
	Problem   string    `json:"problem,omitempty"`   // that was found then
}

// Names of settings.
const (
	backupName  = "last backup"
	checkedName = "last check"
)

// checked is what was found when every page was last read.
type checked struct {
	At      time.Time `json:"at"`
	Entries int64     `json:"entries"`
	Problem string    `json:"problem,omitempty"`
}

// What the store should have, and how old its copies may be.
const (
	littleSpace = 5 << 30 // bytes
	noSpace     = 1 << 30
	largeLog    = 1 << 30
	oldBackup   = 7 * 24 * time.Hour
	oldCheck    = 7 * 24 * time.Hour
)

func (n *Node) storeHealth(ctx context.Context, l *look, deep bool) (s StoreHealth, err error) {
	if s.Bytes, s.LogBytes, err = n.store.Size(); err != nil {
		return s, err
	}
	var last checked
	err = n.store.View(ctx, func(tx *store.Tx) error {
		if s.Schema, s.Newest, err = tx.Schema(ctx); err != nil {
			return err
		}
		return errors.Join(tx.JSONSetting(ctx, backupName, &s.BackupAt), tx.JSONSetting(ctx, checkedName, &last))
	})
	if err != nil {
		return s, err
	}
	if deep {
		last = n.checkAll(ctx, l)
	} else {
		n.sayChecked(l, last)
	}
	s.CheckedAt, s.Problem = last.At, last.Problem
	word := Fine
	if s.LogBytes > largeLog {
		word = Look
	}
	l.add("size", word, fmt.Sprintf("%d MB, and %d MB of writes that are not in its file yet", s.Bytes/1e6, s.LogBytes/1e6), "a command that reads for hours holds them up: let it end")
	n.checkSpace(l, &s)
	n.checkSchema(l, s)
	n.checkBackup(l, s.BackupAt)
	return s, nil
}

// checkAll reads every page of the store and every line of the ledger, and notes what it found.
func (n *Node) checkAll(ctx context.Context, l *look) checked {
	storeErr := n.store.Check(ctx)
	l.check("store", storeErr, "every page and index holds")
	head, ledgerErr := n.verifyLedger(ctx, "")
	l.check("ledger", ledgerErr, fmt.Sprintf("%d entries, chain unbroken", head.Entries))
	last := checked{At: n.now(), Entries: head.Entries}
	if err := errors.Join(storeErr, ledgerErr); err != nil {
		last.Problem = err.Error()
	}
	if err := n.store.Update(ctx, func(tx *store.Tx) error { return tx.SetJSONSetting(ctx, checkedName, last) }); err != nil {
		l.check("note of the check", err, "")
	}
	return last
}

// sayChecked says what was found when everything was last read.
func (n *Node) sayChecked(l *look, last checked) {
	const next = "read it all with 'parley doctor', from a timer every day"
	switch {
	case last.At.IsZero():
		l.add("store", Look, "its pages and its ledger were not read as a whole yet", next)
	case last.Problem != "":
		l.add("store", Act, fmt.Sprintf("read %s: %s", last.At.Format(time.RFC3339), last.Problem), "stop serving, and go back to the last good copy")
	case n.now().Sub(last.At) > oldCheck:
		l.add("store", Look, "it was last read as a whole "+last.At.Format(time.RFC3339), next)
	default:
		l.add("store", Fine, fmt.Sprintf("every page, and %d entries of the ledger, held at %s", last.Entries, last.At.Format(time.RFC3339)), "")
	}
}

func (n *Node) checkSpace(l *look, s *StoreHealth) {
	free, err := relay.FreeSpace(n.home)
	if err != nil || free == math.MaxInt64 {
		l.add("disk", Look, "this system does not say how much is free", "watch it with the system's own tools")
		return
	}
	s.Free = free
	word := Fine
	switch {
	case free < noSpace:
		word = Act
	case free < littleSpace:
		word = Look
	}
	l.add("disk", word, fmt.Sprintf("%.1f GB free", float64(free)/1e9), "make room: a node whose disk is full takes nothing in, and loses nothing")
}

func (n *Node) checkSchema(l *look, s StoreHealth) {
	if s.Schema == s.Newest {
		l.add("schema", Fine, fmt.Sprintf("%d, the newest that this program knows", s.Schema), "")
		return
	}
	l.add("schema", Act, fmt.Sprintf("%d, while this program knows %d: a newer program brought it forward", s.Schema, s.Newest), "stop this program and start the newer one")
}

func (n *Node) checkBackup(l *look, at time.Time) {
	switch {
	case at.IsZero():
		l.add("backup", Look, "none was made by this program", "make one with 'parley backup', unless the folder is copied in another way")
	case n.now().Sub(at) > oldBackup:
		l.add("backup", Look, "the last was made "+at.Format(time.RFC3339), "make another with 'parley backup'")
	default:
		l.add("backup", Fine, "the last was made "+at.Format(time.RFC3339), "")
	}
}
