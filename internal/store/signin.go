package store

import (
	"context"
	"time"
)

// Passkey is a public key that a user's device answers for.
type Passkey struct {
	ID         int64
	User       string
	Roles      []byte // JSON: of the slot that was open when it was made
	Handle     []byte // by which the device knows the user
	Name       string
	Credential []byte // JSON
	MadeAt     time.Time
	UsedAt     time.Time // zero: never
}

const passkeyColumns = `id, user, roles, handle, name, credential, made_at, used_at`

func scanPasskey(s scanner) (Passkey, error) {
	var (
		p          Passkey
		made, used int64
	)
	err := s.Scan(&p.ID, &p.User, &p.Roles, &p.Handle, &p.Name, &p.Credential, &made, &used)
	p.MadeAt, p.UsedAt = instant(made), instant(used)
	return p, err
}

// AddPasskey keeps a new one.
func (tx *Tx) AddPasskey(ctx context.Context, p Passkey) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO passkey (user, roles, handle, name, credential, made_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		p.User, p.Roles, p.Handle, p.Name, p.Credential, micros(p.MadeAt))
	return id, naming(err, "keep passkey")
}

// Passkeys lists a user's, the oldest first.
func (tx *Tx) Passkeys(ctx context.Context, user string) ([]Passkey, error) {
	all, err := list(ctx, tx, scanPasskey, `SELECT `+passkeyColumns+` FROM passkey WHERE user = $1 ORDER BY id`, user)
	return all, naming(err, "list passkeys")
}

// PasskeysOf lists those with a handle, the oldest first.
func (tx *Tx) PasskeysOf(ctx context.Context, handle []byte) ([]Passkey, error) {
	all, err := list(ctx, tx, scanPasskey, `SELECT `+passkeyColumns+` FROM passkey WHERE handle = $1 ORDER BY id`, handle)
	return all, naming(err, "list passkeys")
}

// UsePasskey keeps what a sign-in changed about a passkey.
func (tx *Tx) UsePasskey(ctx context.Context, p Passkey) error {
	return naming(tx.mustChange(ctx, `UPDATE passkey SET credential = $1, used_at = $2 WHERE id = $3`, p.Credential, micros(p.UsedAt), p.ID), "use passkey %d", p.ID)
}

// RemovePasskey forgets one of a user's.
func (tx *Tx) RemovePasskey(ctx context.Context, user string, id int64) error {
	return naming(tx.mustChange(ctx, `DELETE FROM passkey WHERE user = $1 AND id = $2`, user, id), "passkey %d", id)
}

// SecondFactor is the secret that a user's one-time codes come from.
type SecondFactor struct {
	User   string
	Secret []byte
	Step   int64 // of the last code that was used
	MadeAt time.Time
}

// SecondFactor reads a user's; ErrNotFound where there is none.
func (tx *Tx) SecondFactor(ctx context.Context, user string) (SecondFactor, error) {
	f, err := one(ctx, tx, func(s scanner) (f SecondFactor, err error) {
		var made int64
		err = s.Scan(&f.User, &f.Secret, &f.Step, &made)
		f.MadeAt = instant(made)
		return f, err
	}, `SELECT user, secret, step, made_at FROM second_factor WHERE user = $1`, user)
	return f, naming(err, "second factor of %s", user)
}

// SetSecondFactor keeps a user's second factor in the place of the one before.
func (tx *Tx) SetSecondFactor(ctx context.Context, f SecondFactor) error {
	_, err := tx.exec(ctx, `INSERT INTO second_factor (user, secret, step, made_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user) DO UPDATE SET secret = excluded.secret, step = excluded.step, made_at = excluded.made_at`, f.User, f.Secret, f.Step, micros(f.MadeAt))
	return naming(err, "keep second factor")
}

// RemoveSecondFactor forgets a user's second factor and its recovery codes.
func (tx *Tx) RemoveSecondFactor(ctx context.Context, user string) error {
	if _, err := tx.exec(ctx, `DELETE FROM recovery_code WHERE user = $1`, user); err != nil {
		return naming(err, "forget recovery codes")
	}
	return naming(tx.mustChange(ctx, `DELETE FROM second_factor WHERE user = $1`, user), "second factor of %s", user)
}

// AddRecoveryCode keeps the SHA-256 of a code.
func (tx *Tx) AddRecoveryCode(ctx context.Context, user string, hash []byte) error {
	_, err := tx.exec(ctx, `INSERT INTO recovery_code (user, hash) VALUES ($1, $2)`, user, hash)
	return naming(err, "keep recovery code")
}

// UseRecoveryCode takes a code away; ErrNotFound where the user has no such code.
func (tx *Tx) UseRecoveryCode(ctx context.Context, user string, hash []byte) error {
	return naming(tx.mustChange(ctx, `DELETE FROM recovery_code WHERE user = $1 AND hash = $2`, user, hash), "use recovery code")
}

// RecoveryCodes counts a user's.
func (tx *Tx) RecoveryCodes(ctx context.Context, user string) (int64, error) {
	n, err := tx.number(ctx, `SELECT count(*) FROM recovery_code WHERE user = $1`, user)
	return n, naming(err, "count recovery codes")
}

// Token is what a program comes in with.
type Token struct {
	ID        int64
	Hash      []byte // SHA-256
	User      string
	Roles     []byte // JSON
	Name      string
	MadeAt    time.Time
	ExpiresAt time.Time
	EndedAt   time.Time // zero: it was not ended
}

const tokenColumns = `id, hash, user, roles, name, made_at, expires_at, ended_at`

func scanToken(s scanner) (Token, error) {
	var (
		t                    Token
		made, expires, ended int64
	)
	err := s.Scan(&t.ID, &t.Hash, &t.User, &t.Roles, &t.Name, &made, &expires, &ended)
	t.MadeAt, t.ExpiresAt, t.EndedAt = instant(made), instant(expires), instant(ended)
	return t, err
}

// AddToken keeps a new one.
func (tx *Tx) AddToken(ctx context.Context, t Token) (int64, error) {
	id, err := tx.insert(ctx, `INSERT INTO token (hash, user, roles, name, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		t.Hash, t.User, t.Roles, t.Name, micros(t.MadeAt), micros(t.ExpiresAt))
	return id, naming(err, "keep token")
}

// Token finds one by its hash.
func (tx *Tx) Token(ctx context.Context, hash []byte) (Token, error) {
	t, err := one(ctx, tx, scanToken, `SELECT `+tokenColumns+` FROM token WHERE hash = $1`, hash)
	return t, naming(err, "token")
}

// Tokens lists all, the newest first.
func (tx *Tx) Tokens(ctx context.Context) ([]Token, error) {
	all, err := list(ctx, tx, scanToken, `SELECT `+tokenColumns+` FROM token ORDER BY id DESC`)
	return all, naming(err, "list tokens")
}

// EndToken ends one that was not ended before.
func (tx *Tx) EndToken(ctx context.Context, id int64, at time.Time) error {
	return naming(tx.mustChange(ctx, `UPDATE token SET ended_at = $1 WHERE id = $2 AND ended_at = 0`, micros(at), id), "token %d", id)
}
