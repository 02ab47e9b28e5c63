package psi

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// MaxItems is the largest set a party may bring, and the largest it accepts.
const MaxItems = 1 << 20

// MaxItemBytes is the longest item in bytes, RFC 9497's bound on a PRF input.
const MaxItemBytes = 1<<16 - 1

// ErrItems is wrapped by every refusal of a party's own items.
var ErrItems = errors.New("psi: the items cannot be used")

// checkItems refuses an empty or oversize set, items outside 1 to
// MaxItemBytes bytes, and duplicates, naming the first that is wrong.
func checkItems(items [][]byte) error {
	if len(items) == 0 {
		return fmt.Errorf("%w: there are none: a run needs at least one", ErrItems)
	}
	if len(items) > MaxItems {
		return fmt.Errorf("%w: %d are more than the %d of one run: split them", ErrItems, len(items), MaxItems)
	}
	for i, item := range items {
		if len(item) == 0 || len(item) > MaxItemBytes {
			return fmt.Errorf("%w: item %d has %d bytes, not 1 to %d", ErrItems, i, len(item), MaxItemBytes)
		}
	}
	if first, again := firstDuplicate(items); again >= 0 {
		return fmt.Errorf("%w: item %d repeats item %d: remove it", ErrItems, again, first)
	}
	return nil
}

// firstDuplicate returns the lowest index whose item stands earlier too, and
// where it stood; -1 when all are distinct. It sorts indexes, so that a set of
// a million is not copied.
func firstDuplicate(items [][]byte) (first, again int) {
	order := make([]int32, len(items))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(bytes.Compare(items[a], items[b]), cmp.Compare(a, b))
	})
	first, again = -1, -1
	for i := 1; i < len(order); i++ {
		a, b := int(order[i-1]), int(order[i])
		if bytes.Equal(items[a], items[b]) && (again < 0 || b < again) {
			first, again = a, b
		}
	}
	return first, again
}
