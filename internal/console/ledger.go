package console

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"parley/internal/node"
	"parley/internal/store"
)

// ledgerBody is a part of the ledger, newest first, and whether the chain
// holds as a whole.
type ledgerBody struct {
	Rows     []store.Entry
	Head     node.LedgerHead
	Broken   string // what is wrong with the chain, or empty
	Contains string // a hash noted down earlier, that the chain was asked for
	Newer    string // addresses, or empty
	Older    string
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
	return view{Page: "ledger", Title: "Ledger", Body: b}, nil
}

// newest is the number of the newest entry, whether or not the chain holds.
func (c *console) newest(r *http.Request) (int64, error) {
	return c.node.LedgerEnd(r.Context())
}
