package console

import (
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// How many passphrases may be tried in a minute. One address cannot use up
// what all have, so that nobody is locked out by one guesser.
const (
	attemptsTime  = time.Minute
	attemptsOfOne = 6
	attemptsOfAll = 30
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
}

// allow counts one more attempt, or says how long to wait before the next.
func (a *attempts) allow(from netip.Prefix) (wait time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	a.last = slices.DeleteFunc(a.last, func(one attempt) bool { return now.Sub(one.at) >= attemptsTime })
	if len(a.last) >= attemptsOfAll {
		return a.last[0].at.Add(attemptsTime).Sub(now), false
	}
	var first *attempt
	same := 0
	for i := range a.last {
		if a.last[i].from == from {
			same++
			if first == nil {
				first = &a.last[i]
			}
		}
	}
	if same >= attemptsOfOne {
		return first.at.Add(attemptsTime).Sub(now), false
	}
	a.last = append(a.last, attempt{now, from})
	return 0, true
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
