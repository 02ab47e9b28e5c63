package otp

import (
	"testing"
	"time"
)

// The secret of both RFCs' vectors.
var secret = []byte("12345678901234567890")

// RFC 4226, appendix D.
func TestVectorsOfHOTP(t *testing.T) {
	for count, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := Code(secret, int64(count)); got != want {
			t.Errorf("count %d: %s, want %s", count, got, want)
		}
	}
}

// RFC 6238, appendix B: the last six of its eight digits.
func TestVectorsOfTOTP(t *testing.T) {
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := Code(secret, Step(time.Unix(at, 0))); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

func TestACodeIsTakenOnceAndNearItsTime(t *testing.T) {
	now := time.Unix(1234567890, 0)
	code := Code(secret, Step(now))
	for _, c := range []struct {
		name string
		code string
		at   time.Time
		last int64
		ok   bool
	}{
		{"now", code, now, 0, true},
		{"one period late", code, now.Add(Period), 0, true},
		{"one period early", code, now.Add(-Period), 0, true},
		{"two periods late", code, now.Add(2 * Period), 0, false},
		{"used before", code, now, Step(now), false},
		{"older than the one that was used", code, now, Step(now) + 1, false},
		{"another", "000000", now, 0, false},
		{"none", "", now, 0, false},
		{"longer", code + "0", now, 0, false},
	} {
		if step, ok := Check(secret, c.code, c.at, c.last); ok != c.ok || ok && step != Step(now) {
			t.Errorf("%s: %d, %v", c.name, step, ok)
		}
	}
}

func TestWhatAnAuthenticatorReads(t *testing.T) {
	const want = "otpauth://totp/Parley%20North:amira?issuer=Parley+North&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	if got := URI(secret, "Parley North", "amira"); got != want {
		t.Errorf("got %s", got)
	}
}
