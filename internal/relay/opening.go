package relay

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// At a relay that asks for tokens, a mailbox takes parcels once its reader has opened it, for as long as
// parcels are kept. The writer needs nothing: it is the reader's relay.

const (
	headerToken     = "Parley-Token"
	headerAllowance = "Parley-Allowance"
	openingPrefix   = "t." // then the hash of the token that was spent
	tokensType      = "application/vnd.parley.tokens"
)

// errNotOpen is a mailbox that nobody spent a token on.
var errNotOpen = errors.New("this mailbox is not open: this relay asks its reader for a token")

// openings are the mailboxes that are open, and until when, in seconds since 1970.
type openings struct {
	now  func() time.Time
	life time.Duration

	mu    sync.RWMutex
	until map[boxAddress]uint32
}

func newOpenings(life time.Duration, now func() time.Time) *openings {
	return &openings{now: now, life: life, until: map[boxAddress]uint32{}}
}

// open notes that a mailbox was opened at a time.
func (o *openings) open(a boxAddress, at uint32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.until[a] = max(o.until[a], at+uint32(o.life/time.Second))
}

func (o *openings) isOpen(a boxAddress) bool {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return int64(o.until[a]) > o.now().Unix()
}

// sweep forgets the openings that have ended.
func (o *openings) sweep() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for a, until := range o.until {
		if int64(until) <= o.now().Unix() {
			delete(o.until, a)
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
	if err := r.journal.spend(req.Context(), t, a); err != nil {
		return err
	}
	r.openings.open(a, uint32(r.opt.Now().Unix()))
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

// spend writes into the journal that a token opened a mailbox. The journal takes each token once, at
// whichever replica.
func (j *journal) spend(ctx context.Context, t token, a boxAddress) error {
	msg := nats.NewMsg(openingPrefix + t.spent())
	msg.Header.Set(headerMailbox, a.String())
	msg.Data = binary.BigEndian.AppendUint32(nil, t.epoch())
	ctx, cancel := context.WithTimeout(ctx, majorityTime)
	defer cancel()
	_, err := j.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequencePerSubject(0), jetstream.WithRetryAttempts(0))
	var refused *jetstream.APIError
	switch {
	case errors.As(err, &refused) && refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence:
		return errToken
	case err != nil && j.clustered:
		return fmt.Errorf("%w: %w", errNoMajority, err)
	case err != nil:
		return fmt.Errorf("opening a mailbox: %w", err)
	}
	return nil
}
