package console

import (
	"net/http"
	"sync"
	"time"
)

// How many requests programs may make in a minute: each user, and each address
// that has no valid token. A run of the command line makes a few.
const (
	pacesTime    = time.Minute
	pacesOfUser  = 3_000
	pacesOfGuess = 600
	maxPaces     = 4_096
)

// paces counts what programs ask for.
type paces struct {
	now func() time.Time

	mu    sync.Mutex
	since map[string]*pace
}

// pace is what one user, or one address, asked for since a moment.
type pace struct {
	from  time.Time
	count int
}

// allow counts one more request, or says how long to wait before the next.
func (p *paces) allow(r *http.Request, user string, valid bool) (wait time.Duration, ok bool) {
	key, most := "user "+user, pacesOfUser
	if !valid {
		key, most = "from "+origin(r).String(), pacesOfGuess
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	one := p.since[key]
	if one == nil || now.Sub(one.from) >= pacesTime {
		p.forget(now)
		one = &pace{from: now}
		p.since[key] = one
	}
	if one.count >= most {
		return one.from.Add(pacesTime).Sub(now), false
	}
	one.count++
	return 0, true
}

// forget drops what is over; and all, where that is not enough.
func (p *paces) forget(now time.Time) {
	if p.since == nil || len(p.since) >= maxPaces {
		for key, one := range p.since {
			if now.Sub(one.from) >= pacesTime {
				delete(p.since, key)
			}
		}
		if p.since == nil || len(p.since) >= maxPaces {
			p.since = map[string]*pace{}
		}
	}
}
