package otp

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 4226, section 5; HMAC does not rest on its resistance to collisions
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"time"
)

const (
	// SecretSize is how many random bytes a secret has (RFC 4226, section 4, R6).
	SecretSize = 20
	// Digits is how many digits a code has.
	Digits = 6
	// Period is how long a code is shown.
	Period = 30 * time.Second
	// drift is how many periods the two clocks may be apart (RFC 6238, section 5.2).
	drift = 1
)

// Step is the number of the period that a time lies in (RFC 6238, section 4.2).
func Step(at time.Time) int64 { return at.Unix() / int64(Period/time.Second) }

// Code is the code of a period (RFC 4226, section 5.3).
func Code(secret []byte, step int64) string {
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	mac := hmac.New(sha1.New, secret)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%0*d", Digits, (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}

// Check tells whether a code is that of now, or of the period before or after,
// and later than the last that was used; and which period's it is.
func Check(secret []byte, code string, now time.Time, last int64) (step int64, ok bool) {
	for s := Step(now) - drift; s <= Step(now)+drift; s++ {
		if subtle.ConstantTimeCompare([]byte(Code(secret, s)), []byte(code)) == 1 && s > last {
			step, ok = s, true
		}
	}
	return step, ok
}

var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// Text is a secret as people type it: base32 without padding.
func Text(secret []byte) string { return encoding.EncodeToString(secret) }

// Secret reads what Text wrote.
func Secret(text string) ([]byte, error) {
	secret, err := encoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("read a one-time code's secret: %w", err)
	}
	return secret, nil
}

// URI is what an authenticator reads from a picture or a link: the form that
// those programs share, with issuer and account.
func URI(secret []byte, issuer, account string) string {
	q := url.Values{"secret": {Text(secret)}, "issuer": {issuer}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?" + q.Encode()
}
