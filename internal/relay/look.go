package relay

import (
	"context"
	"net/http"
	"time"
)

// Look is how one relay answers.
type Look struct {
	Relay string        // its address
	Took  time.Duration // from question to answer
	Ahead time.Duration // of our clock, to a second or so; 0 where it does not say
	Err   error         // why it cannot be used
}

// Look asks every relay for its health, and compares its clock with ours.
func (s *Several) Look(ctx context.Context, now func() time.Time) (all []Look) {
	for _, c := range s.clients {
		all = append(all, c.look(ctx, now))
	}
	return all
}

func (c *Client) look(ctx context.Context, now func() time.Time) Look {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	l := Look{Relay: c.address.String()}
	asked := now()
	resp, err := c.ask(ctx, 0, func(ctx context.Context, host string) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, "GET", c.url(host, "/v1/health", nil), nil)
		if err != nil {
			return nil, err
		}
		return c.send(req, lineKey{host: host})
	})
	answered := now()
	l.Took = answered.Sub(asked)
	if err != nil {
		l.Err = err
		return l
	}
	l.Err = resp.Body.Close()
	if there, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		l.Ahead = there.Add(time.Second / 2).Sub(asked.Add(l.Took / 2)).Round(time.Second)
	}
	return l
}

// FreeSpace is how many bytes this process can still write to a folder's disk;
// the greatest number there is where the system does not say.
func FreeSpace(dir string) (int64, error) { return freeSpace(dir) }
