package taxii

import (
	"fmt"
	"time"

	"parley/stix"
)

// timeLayout is RFC 3339 in UTC with exactly six digits, as section 2 asks.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// Timestamp is a moment as TAXII writes it: in UTC, to the microsecond.
type Timestamp time.Time

// NewTimestamp cuts a moment to the microsecond.
func NewTimestamp(t time.Time) Timestamp { return Timestamp(t.UTC().Truncate(time.Microsecond)) }

// ParseTimestamp reads a moment in UTC with any number of digits, none included, and cuts it to the
// microsecond: clients commonly leave the fraction out.
func ParseTimestamp(s string) (Timestamp, error) {
	t, err := stix.ParseTimestamp(s)
	if err != nil {
		return Timestamp{}, fmt.Errorf("taxii timestamp %s: must be such as 2026-03-01T09:30:00.000000Z", shown(s))
	}
	return NewTimestamp(t.Time()), nil
}

// Time gives the moment.
func (t Timestamp) Time() time.Time { return time.Time(t) }

// IsZero tells whether there is no timestamp.
func (t Timestamp) IsZero() bool { return time.Time(t).IsZero() }

// String writes six digits and Z.
func (t Timestamp) String() string { return time.Time(t).UTC().Format(timeLayout) }

// MarshalText writes it as [Timestamp.String] does.
func (t Timestamp) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, timeLayout), nil
}

// UnmarshalText reads what servers send: RFC 3339 with any digits and, against the standard, any
// offset.
func (t *Timestamp) UnmarshalText(text []byte) error {
	parsed, err := ParseTimestamp(string(text))
	if err == nil {
		*t = parsed
		return nil
	}
	loose, looseErr := time.Parse(time.RFC3339Nano, string(text))
	if looseErr != nil {
		return err
	}
	*t = NewTimestamp(loose)
	return nil
}

// shown quotes hostile text for an error, cut to a readable length.
func shown(s string) string {
	const most = 80
	if len(s) > most {
		return fmt.Sprintf("%.*q…", most, s)
	}
	return fmt.Sprintf("%q", s)
}
