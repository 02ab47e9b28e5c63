package exchange

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestManyContentsOfAnObjectWithoutTimes are held against one another, for which all others wait: that
// takes time in proportion to what is sent, and not to its square.
func TestManyContentsOfAnObjectWithoutTimes(t *testing.T) {
	h := newHouse(t)
	at, _ := h.consumer("Siem")
	pad := strings.Repeat("x", 50<<10)
	content := func(n int) string {
		return fmt.Sprintf(`{"type":"mutex","spec_version":"2.1","id":"mutex--00000001-0000-4000-8000-000000000000","name":"m%d","x_pad":%q}`, n, pad)
	}
	var texts []string
	for n := range 300 {
		texts = append(texts, content(n))
	}
	start := time.Now()
	h.add(at, 300, 0, texts...)
	if took := time.Since(start); took > 20*time.Second { // it took a minute and more when each pair was read anew
		t.Errorf("it took %s", took)
	}
	h.add(at, 2, 0, content(299), strings.Replace(content(0), `"type":"mutex",`, `"type": "mutex", `, 1))
	if got := h.all(at); got != 300 {
		t.Errorf("%d versions are held", got)
	}
}
