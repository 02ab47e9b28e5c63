package relay

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// At a relay that asks for tokens, a mailbox takes parcels once its reader has opened it, for as long as
// parcels are kept. The writer needs nothing: it is the reader's relay.

const (
	headerToken     = "Parley-Token"
	headerAllowance = "Parley-Allowance"
	tokensType      = "application/vnd.parley.tokens"
)

// errNotOpen is a mailbox that nobody spent a token on.
var errNotOpen = errors.New("this mailbox is not open: this relay asks its reader for a token")

// openings are the mailboxes that are open, and the tokens that were spent on them. Both last as long as a
// parcel: a token dies before its use is forgotten.
type openings struct {
	now   func() time.Time
	life  time.Duration
	pages *pages

	mu    sync.RWMutex
	until map[boxAddress]uint32 // seconds since 1970
	spent map[[32]byte]spent
}

// spent is what a token was spent on.
type spent struct {
	address boxAddress
	at      uint32 // seconds since 1970
	where   uint64 // the place in the journal that says so
}

func newOpenings(life time.Duration, now func() time.Time, p *pages) *openings {
	return &openings{now: now, life: life, pages: p, until: map[boxAddress]uint32{}, spent: map[[32]byte]spent{}}
}

// open notes what the journal says: that a mailbox was opened. The first that says so of a token is right; the same
// said again later was written anew.
func (o *openings) open(r record, where uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	before, known := o.spent[r.token]
	switch {
	case known && before.address != r.address:
		return
	case known:
		o.pages.use(before.where, -1)
	}
	o.spent[r.token] = spent{r.address, r.at, where}
	o.until[r.address] = max(o.until[r.address], o.end(r.at))
	o.pages.use(where, 1)
}

func (o *openings) end(at uint32) uint32 { return at + uint32(o.life/time.Second) }

func (o *openings) isOpen(a boxAddress) bool {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return int64(o.until[a]) > o.now().Unix()
}

// opened tells what a token was spent on.
func (o *openings) opened(token [32]byte) (s spent, yes bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	s, yes = o.spent[token]
	return s, yes
}

// sweep forgets the openings that have ended.
func (o *openings) sweep() {
	now := o.now().Unix()
	o.mu.Lock()
	defer o.mu.Unlock()
	for a, until := range o.until {
		if int64(until) <= now {
			delete(o.until, a)
		}
	}
	for token, s := range o.spent {
		if int64(o.end(s.at)) <= now {
			o.pages.use(s.where, -1)
			delete(o.spent, token)
		}
	}
}

// mustBeOpen refuses a mailbox that needs a token and has none.
func (r *Relay) mustBeOpen(a boxAddress) error {
	if r.opt.Tokens && !r.openings.isOpen(a) {
		return errNotOpen
	}
	return nil
}

func (r *Relay) mint() mint { return mint{r.folder.key, r.opt.MaxAge, r.opt.Now} }

// serveOpen spends a token on a mailbox.
func (r *Relay) serveOpen(w http.ResponseWriter, req *http.Request) error {
	a, err := authorize(req, headerRead)
	if err != nil {
		return err
	}
	if !r.opt.Tokens {
		return errNoTokens
	}
	t, err := parseToken(req.Header.Get(headerToken))
	if err != nil {
		return err
	}
	if r.openings.isOpen(a) {
		return nil // the token stays good
	}
	if err := r.mint().check(t); err != nil {
		return err
	}
	leave, err := r.enter()
	if err != nil {
		return err
	}
	defer leave()
	if err := r.roomOnDisk(); err != nil {
		return err
	}
	if s, known := r.openings.opened(t.spent()); known && s.address != a {
		return errToken
	}
	rec := record{kind: recordOpening, address: a, token: t.spent(), at: uint32(r.opt.Now().Unix())}
	at, err := r.write(req.Context(), rec, nil)
	if err == nil {
		err = r.journal.await(req.Context(), messageOf(at))
	}
	if err != nil {
		return err
	}
	// The journal may have had another opening with this token before this one, from another replica.
	if s, _ := r.openings.opened(t.spent()); s.address != a {
		return errToken
	}
	w.WriteHeader(http.StatusCreated)
	return nil
}

// errNoTokens is a relay that is open to all.
var errNoTokens = refusal{status: http.StatusNotFound, reason: "this relay asks for no tokens"}

func (r *Relay) serveTokenKey(w http.ResponseWriter, _ *http.Request) error {
	if !r.opt.Tokens {
		return errNoTokens
	}
	public, err := r.mint().public()
	if err != nil {
		return err
	}
	return writeTokens(w, public)
}

// serveIssue makes tokens for whoever shows an allowance.
func (r *Relay) serveIssue(w http.ResponseWriter, req *http.Request) error {
	if !r.opt.Tokens {
		return errNoTokens
	}
	var secret Allowance
	defer clear(secret[:])
	if parseHex(secret[:], req.Header.Get(headerAllowance)) != nil {
		return errAllowance
	}
	n := req.ContentLength / elementBytes
	if n < 1 || n > maxIssue || n*elementBytes != req.ContentLength {
		return badRequest("a request for tokens has 1 to %d elements of %d bytes", maxIssue, elementBytes)
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(transferTime))
	blinded := make([]byte, req.ContentLength)
	if _, err := io.ReadFull(req.Body, blinded); err != nil {
		return badRequest("the request broke off")
	}
	leave, err := r.enter()
	if err != nil {
		return err
	}
	defer leave()
	m := r.mint()
	if err := r.allowances.take(secret, int(n), m.epoch()); err != nil {
		return err
	}
	answer, err := m.issue(blinded)
	if err != nil {
		return err
	}
	return writeTokens(w, answer)
}

func writeTokens(w http.ResponseWriter, text []byte) error {
	w.Header().Set("Content-Type", tokensType)
	if _, err := w.Write(text); err != nil {
		return fmt.Errorf("%w: %w", errAnswered, err)
	}
	return nil
}
