package console

import (
	"crypto/sha256"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// How many passphrases may be tried in a minute: from one address, for one
// user from wherever, and in all. One address cannot use up what all have, so
// that nobody is locked out by one guesser.
const (
	attemptsTime   = time.Minute
	attemptsOfOne  = 6
	attemptsOfUser = 12
	attemptsOfAll  = 30
)

// attempts remembers the sign-ins of the last minute; never more than are
// allowed in all.
type attempts struct {
	now func() time.Time

	mu   sync.Mutex
	last []attempt // oldest first
}

type attempt struct {
	at   time.Time
	from netip.Prefix
	user [sha256.Size]byte // of the name that was typed: it may be a passphrase by mistake
}

// allow counts one more attempt, or says how long to wait before the next.
func (a *attempts) allow(from netip.Prefix, user string) (wait time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now, who := a.now(), sha256.Sum256([]byte(user))
	a.last = slices.DeleteFunc(a.last, func(one attempt) bool { return now.Sub(one.at) >= attemptsTime })
	for _, limit := range []struct {
		most int
		is   func(attempt) bool
	}{
		{attemptsOfAll, func(attempt) bool { return true }},
		{attemptsOfUser, func(one attempt) bool { return one.user == who }},
		{attemptsOfOne, func(one attempt) bool { return one.from == from }},
	} {
		if first, full := a.full(limit.most, limit.is); full {
			return first.Add(attemptsTime).Sub(now), false
		}
	}
	a.last = append(a.last, attempt{now, from, who})
	return 0, true
}

// tooMany says how long to wait before the next attempt, in seconds and in words.
func tooMany(wait time.Duration) (seconds int, text string) {
	seconds = int(math.Ceil(wait.Seconds()))
	return seconds, fmt.Sprintf("Too many attempts. Wait %d seconds, then try again.", seconds)
}

// full tells whether so many of the attempts are alike, and when the first was.
func (a *attempts) full(most int, is func(attempt) bool) (first time.Time, full bool) {
	n := 0
	for _, one := range a.last {
		if !is(one) {
			continue
		}
		if n++; n == 1 {
			first = one.at
		}
	}
	return first, n >= most
}

// origin is the network that a request came from: an IPv4 address, or the /64
// of an IPv6 address, which one household or attacker has as a whole.
func origin(r *http.Request) netip.Prefix {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{}
	}
	ip := at.Addr().Unmap().WithZone("")
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// fromHere tells whether a request came from the machine itself.
func fromHere(r *http.Request) bool {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && at.Addr().Unmap().IsLoopback()
}
