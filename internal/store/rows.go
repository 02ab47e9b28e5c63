package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// micros is how the store keeps an instant: microseconds since 1970 in UTC, 0
// for "none".
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// scanner is what both *sql.Row and *sql.Rows offer.
type scanner interface{ Scan(dest ...any) error }

// prepare gives a query's statement for this transaction. A statement has one
// result at a time, which holds because every function here reads its rows to
// the end before it returns.
func (tx *Tx) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := tx.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := tx.compiled.in(ctx, tx.tx, query)
	if err != nil {
		return nil, explain(err)
	}
	tx.prepared[query] = stmt
	return stmt, nil
}

// list runs a query and reads every row with scan.
func list[T any](ctx context.Context, tx *Tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	stmt, err := tx.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, explain(err)
		}
		all = append(all, v)
	}
	return all, explain(rows.Err())
}

// one runs a query for a single row and reads it with scan.
func one[T any](ctx context.Context, tx *Tx, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	stmt, err := tx.prepare(ctx, query)
	if err != nil {
		var none T
		return none, err
	}
	v, err := scan(stmt.QueryRowContext(ctx, args...))
	return v, explain(err)
}

// exec runs a statement and returns the number of rows it changed.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	stmt, err := tx.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, explain(err)
	}
	n, err := res.RowsAffected()
	return n, explain(err)
}

// rowsOf writes the parameters of several rows: "($1, $2), ($3, $4)".
func rowsOf(rows, columns int) string {
	var b strings.Builder
	for n := range rows * columns {
		switch {
		case n == 0:
			b.WriteString("(")
		case n%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", n+1)
	}
	return b.String() + ")"
}

// mustChange is for statements that name one row: no such row is ErrNotFound.
func (tx *Tx) mustChange(ctx context.Context, query string, args ...any) error {
	n, err := tx.exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNotFound
	}
	return nil
}

// insert runs an INSERT … RETURNING of one number.
func (tx *Tx) insert(ctx context.Context, query string, args ...any) (int64, error) {
	return tx.number(ctx, query, args...)
}

// nullable is NULL for 0: a reference to nothing.
func nullable(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }

// number reads one number.
func (tx *Tx) number(ctx context.Context, query string, args ...any) (int64, error) {
	return one(ctx, tx, func(s scanner) (n int64, err error) { return n, s.Scan(&n) }, query, args...)
}

// naming says in an error what was being done and to what.
func naming(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
