package legible

import "testing"

func TestNumbersForPeople(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Grouped(0), "0"},
		{Grouped(999), "999"},
		{Grouped(int64(1000)), "1,000"},
		{Grouped(1234567), "1,234,567"},
		{Grouped(-1000), "-1,000"},
		{Grouped(-100), "-100"},
		{Plural(1, "item", "items"), "1 item"},
		{Plural(0, "item", "items"), "0 items"},
		{Plural(int64(1200), "item", "items"), "1,200 items"},
		{Decimal(700), "700"},
		{Decimal(1234.5), "1,234.5"},
		{Decimal(1e21), "1,000,000,000,000,000,000,000"},
	} {
		if c.got != c.want {
			t.Errorf("%q, not %q", c.got, c.want)
		}
	}
}
