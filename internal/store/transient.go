package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ncruces/go-sqlite3"
)

// Transient reports whether the same work may succeed later: the disk was
// full, another process was writing, the file could not be read. What the data
// itself makes impossible (a double, a thing that is not there) is not.
func Transient(err error) bool {
	switch {
	case err == nil, errors.Is(err, ErrExists), errors.Is(err, ErrNotFound), errors.Is(err, ErrVersion), errors.Is(err, ErrChain):
		return false
	case errors.Is(err, ErrFull), errors.Is(err, ErrBusy), errors.Is(err, ErrDamaged), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return true
	}
	var engine *sqlite3.Error
	var code sqlite3.ErrorCode
	var extended sqlite3.ExtendedErrorCode
	return errors.As(err, &engine) || errors.As(err, &code) || errors.As(err, &extended)
}
