package node

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"

	"parley/internal/otp"
	"parley/internal/store"
)

// ErrCode: the one-time code is wrong, or there is none and one is asked for.
var ErrCode = errors.New("wrong one-time code")

// Recovery codes: how many are made, and of how many random bytes each.
const (
	recoveryCodes = 10
	recoverySize  = 10
)

// NewSecondFactor draws the secret that the user's one-time codes come from. It
// counts only once [Node.SetSecondFactor] was given a code of it.
func (n *Node) NewSecondFactor() (secret []byte, err error) {
	secret = make([]byte, otp.SecretSize)
	if _, err := io.ReadFull(n.rand, secret); err != nil {
		return nil, fmt.Errorf("draw a secret: %w", err)
	}
	return secret, nil
}

// SetSecondFactor asks the user for one-time codes from now on, and gives codes
// that stand in for them once each. They are told here and nowhere else.
func (n *Node) SetSecondFactor(ctx context.Context, secret []byte, code string) (recovery []string, err error) {
	if len(secret) != otp.SecretSize {
		return nil, invalid("a second factor's secret has %d bytes", otp.SecretSize)
	}
	step, ok := otp.Check(secret, code, n.now(), 0)
	if !ok {
		return nil, ErrCode
	}
	for range recoveryCodes {
		raw := make([]byte, recoverySize)
		if _, err := io.ReadFull(n.rand, raw); err != nil {
			return nil, fmt.Errorf("draw recovery codes: %w", err)
		}
		recovery = append(recovery, strings.ToLower(base32.StdEncoding.EncodeToString(raw)))
	}
	return recovery, n.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.SecondFactor(ctx, n.User.Name); !errors.Is(err, store.ErrNotFound) {
			return errors.Join(err, fmt.Errorf("second factor of %s: %w", n.User.Name, store.ErrExists))
		}
		if err := tx.SetSecondFactor(ctx, store.SecondFactor{User: n.User.Name, Secret: secret, Step: step, MadeAt: n.now()}); err != nil {
			return err
		}
		for _, one := range recovery {
			if err := tx.AddRecoveryCode(ctx, n.User.Name, recoveryHash(one)); err != nil {
				return err
			}
		}
		return n.record(ctx, tx, "user.second-factor", n.User.Name, "", nil)
	})
}

// recoveryHash is what is kept of a recovery code. It has 80 random bits, so
// that a fast hash is enough.
func recoveryHash(code string) []byte {
	sum := sha256.Sum256([]byte("parley v1 recovery code " + strings.ToLower(strings.TrimSpace(code))))
	return sum[:]
}

// RemoveSecondFactor asks a user for no code any more: the user at work, who
// gives one, or another whom an administrator names.
func (n *Node) RemoveSecondFactor(ctx context.Context, user, code string) error {
	own := user == n.User.Name
	if err := n.must(Administrator); err != nil && !own {
		return err
	}
	if own {
		if err := n.CheckSecondFactor(ctx, user, code); err != nil {
			return err
		}
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.RemoveSecondFactor(ctx, user); err != nil {
			return err
		}
		return n.record(ctx, tx, "user.no-second-factor", user, "", nil)
	})
}

// CheckSecondFactor takes a user's one-time code or recovery code, once. Whoever
// has no second factor needs none.
func (n *Node) CheckSecondFactor(ctx context.Context, user, code string) error {
	asked, err := n.HasSecondFactor(ctx, user)
	if err != nil || !asked {
		return err
	}
	code = strings.TrimSpace(code)
	return n.store.Update(ctx, func(tx *store.Tx) error {
		f, err := tx.SecondFactor(ctx, user)
		if err != nil {
			return err
		}
		if step, ok := otp.Check(f.Secret, code, n.now(), f.Step); ok {
			f.Step = step
			return tx.SetSecondFactor(ctx, f)
		}
		err = tx.UseRecoveryCode(ctx, user, recoveryHash(code))
		if errors.Is(err, store.ErrNotFound) {
			return ErrCode
		}
		if err != nil {
			return err
		}
		return n.recordAs(ctx, tx, user, "user.recovery-code", user, "", nil)
	})
}

// HasSecondFactor tells whether a user is asked for one-time codes.
func (n *Node) HasSecondFactor(ctx context.Context, user string) (has bool, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		_, err := tx.SecondFactor(ctx, user)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		has = err == nil
		return err
	})
	return has, err
}
