package draw

import (
	"strings"
	"time"
)

// TickWords are the texts at an axis of time, and after them what days or years
// they belong to.
func TickWords(w Window, zone *time.Location, most int) string {
	var texts, days []string
	for _, t := range ticks(w, zone, most) {
		texts = append(texts, t.text)
		if t.day != "" {
			days = append(days, t.day)
		}
	}
	return strings.Join(append(texts, days...), " ")
}

// Wide is how wide a text is taken to be.
var Wide = wide
