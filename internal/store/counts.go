package store

import "context"

// Counts is how much of everything the store holds.
type Counts struct {
	Objects   int64 `json:"objects"`
	Evidence  int64 `json:"evidence"`
	Selectors int64 `json:"selectors"`
	Findings  int64 `json:"findings"`
	Artifacts int64 `json:"artifacts"`
	Watches   int64 `json:"watches"`
	Warnings  int64 `json:"warnings"`
	Matches   int64 `json:"matches"`
	Releases  int64 `json:"releases"`
	Received  int64 `json:"messages_received"`
	Refused   int64 `json:"messages_refused"`
}

// Counts counts everything.
func (tx *Tx) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	for _, q := range []struct {
		to    *int64
		query string
	}{
		{&c.Objects, `SELECT count(*) FROM object`},
		{&c.Evidence, `SELECT count(*) FROM evidence`},
		{&c.Selectors, `SELECT count(*) FROM selector`},
		{&c.Findings, `SELECT count(*) FROM finding`},
		{&c.Artifacts, `SELECT count(*) FROM artifact`},
		{&c.Watches, `SELECT count(*) FROM watch`},
		{&c.Warnings, `SELECT count(*) FROM warning`},
		{&c.Matches, `SELECT count(*) FROM matching`},
		{&c.Releases, `SELECT count(*) FROM release`},
		{&c.Received, `SELECT count(*) FROM inbox WHERE state = 'applied'`},
		{&c.Refused, `SELECT count(*) FROM inbox WHERE state = 'refused'`},
	} {
		n, err := tx.number(ctx, q.query)
		if err != nil {
			return c, naming(err, "count what the store holds")
		}
		*q.to = n
	}
	return c, nil
}
