package store

import (
	"context"
	"database/sql"
	"sync"
)

// statements are the queries that were run on some connections, compiled once
// for each of them: to compile most takes longer than to run them. All queries
// are constants, so there are not many.
type statements struct {
	db *sql.DB

	mu       sync.Mutex
	compiled map[string]*sql.Stmt
	seen     []string // to be compiled before the next transaction
}

// in gives the statement of a query in a transaction. One that is new is
// compiled for this transaction alone: to keep it, the database wants a
// connection, and the transaction may have the only one.
func (s *statements) in(ctx context.Context, tx *sql.Tx, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	stmt, ok := s.compiled[query]
	if !ok {
		s.seen = append(s.seen, query)
	}
	s.mu.Unlock()
	if ok {
		return tx.StmtContext(ctx, stmt), nil
	}
	return tx.PrepareContext(ctx, query)
}

// compile keeps what was seen. What cannot be compiled now can be later.
func (s *statements) compile(ctx context.Context) {
	s.mu.Lock()
	seen := s.seen
	s.seen = nil
	s.mu.Unlock()
	for _, query := range seen {
		stmt, err := s.db.PrepareContext(ctx, query)
		if err != nil {
			return
		}
		s.keep(query, stmt)
	}
}

func (s *statements) keep(query string, stmt *sql.Stmt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.compiled == nil {
		s.compiled = map[string]*sql.Stmt{}
	}
	if _, twice := s.compiled[query]; twice {
		stmt.Close()
		return
	}
	s.compiled[query] = stmt
}
