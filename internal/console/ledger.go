package console

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"parley/internal/node"
	"parley/internal/store"
)

// ledgerBody is a part of the ledger, newest first, and whether the chain
// holds as a whole.
type ledgerBody struct {
	Heads    []heading
	Rows     []store.Entry
	Head     node.LedgerHead
	Broken   string // what is wrong with the chain, or empty
	Contains string // a hash noted down earlier, that the chain was asked for
	Newer    string // addresses, or empty
	Older    string
	window   // where the reader put the entries in an order
}

var entryColumns = []column[store.Entry]{
	{Key: "entry", Name: "Entry", Number: true, of: func(e store.Entry) any { return e.Seq }},
	{Key: "time", Name: "Time", of: func(e store.Entry) any { return e.At }},
	{Key: "who", Name: "Who", of: func(e store.Entry) any { return e.Actor }},
	{Key: "what", Name: "What", of: func(e store.Entry) any { return e.Action }},
	{Key: "on", Name: "On", of: func(e store.Entry) any { return e.Subject }},
	{Key: "counterpart", Name: "Counterpart", of: func(e store.Entry) any { return e.Counterpart }},
	{Key: "detail", Name: "Detail", of: func(e store.Entry) any { return string(e.Detail) }},
	{Key: "hash", Name: "Hash", of: func(e store.Entry) any { return fmt.Sprintf("%x", e.Hash) }},
}

// wholeLedger puts all entries in the order that the address asks for.
func (c *console) wholeLedger(r *http.Request, b *ledgerBody) error {
	all, err := c.node.Ledger(r.Context(), 1, 0)
	if err != nil {
		return err
	}
	slices.Reverse(all)
	b.Rows, b.Heads, b.window, err = tabled(c, r, all, entryColumns)
	return err
}

func (c *console) ledger(r *http.Request) (view, error) {
	b := ledgerBody{Contains: r.URL.Query().Get("contains")}
	var err error
	if b.Head, err = c.node.VerifyLedger(r.Context(), b.Contains); err != nil {
		if r.Context().Err() != nil || errors.Is(err, node.ErrRole) {
			return view{}, err
		}
		b.Broken = err.Error()
	}
	v := view{Page: "ledger", Title: "Ledger"}
	if r.URL.Query().Has("sort") || writesOut(r) {
		err := c.wholeLedger(r, &b)
		v.Body = b
		return v, err
	}
	last, err := c.newest(r)
	if err != nil {
		return view{}, err
	}
	before := last + 1
	if text := r.URL.Query().Get("before"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return view{}, problem{http.StatusBadRequest, "Not a place in the ledger", "The address says before=, and no entry's number after it."}
		}
		before = min(n, before)
	}
	from := max(1, before-pageRows)
	if before > from { // a limit of 0 would be none
		if b.Rows, err = c.node.Ledger(r.Context(), from, int(before-from)); err != nil {
			return view{}, err
		}
	}
	slices.Reverse(b.Rows)
	if from > 1 {
		b.Older = at(r, "before", int(from))
	}
	if before <= last {
		b.Newer = at(r, "before", int(before+pageRows))
	}
	_, b.Heads, err = ordered(r, b.Rows, entryColumns)
	b.out(c, r, nil)
	v.Body = b
	return v, err
}

// newest is the number of the newest entry, whether or not the chain holds.
func (c *console) newest(r *http.Request) (int64, error) {
	return c.node.LedgerEnd(r.Context())
}
