package triage

import "time"

// The clocks of applications. Zero, or what lies before the clock began, is unknown.

// milliseconds since 1970: Android, WhatsApp.
func milliseconds(ms int64) time.Time {
	if ms <= 0 || ms > latestSecond*1000 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// seconds since 1970.
func seconds(s int64) time.Time {
	if s <= 0 || s > latestSecond {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

// cocoa reads seconds since 2001, Apple's clock, or nanoseconds since then, which
// newer databases write.
func cocoa(t float64) time.Time {
	const epoch = 978307200 // 2001-01-01T00:00:00Z
	if t > 1e12 {
		t /= 1e9
	}
	if t <= 0 || t > latestSecond-epoch {
		return time.Time{}
	}
	return time.Unix(epoch, 0).Add(time.Duration(t * float64(time.Second))).UTC().Round(time.Microsecond)
}

// webkit reads microseconds since 1601, Chromium's clock.
func webkit(t int64) time.Time {
	const epoch = 11644473600 // seconds from 1601 to 1970
	if t <= epoch*1e6 || t/1e6-epoch > latestSecond {
		return time.Time{}
	}
	return time.UnixMicro(t - epoch*1e6).UTC()
}

// latestSecond is that before the year 10000, which JSON can still write.
const latestSecond = 253402300799
