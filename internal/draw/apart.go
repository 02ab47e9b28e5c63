package draw

import (
	"cmp"
	"slices"
)

// pushApart moves boxes until no two meet. Where pushing alone does not end,
// all of them are drawn away from the middle a little, which always does.
func pushApart(boxes []box, some []int) {
	const pushes, grow = 40, 1.12
	order := slices.Clone(some)
	for {
		for range pushes {
			if !push(boxes, order) {
				return
			}
		}
		for k, i := range some {
			m := boxes[i].middle()
			boxes[i].x += m.x * (grow - 1)
			boxes[i].y += m.y*(grow-1) + float64(k%7)*0.01 // two on the very same spot part ways
		}
	}
}

// push parts every two boxes that meet, along the way that is shorter, and
// tells whether there were any. A box that was pushed may be out of order, but
// then this is not the last time.
func push(boxes []box, order []int) (moved bool) {
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(boxes[a].x, boxes[b].x), cmp.Compare(a, b))
	})
	for k, i := range order {
		for _, o := range order[k+1:] {
			a, b := &boxes[i], &boxes[o]
			if b.x >= a.right()+nodeGap {
				break
			}
			if !a.meets(*b, nodeGap) {
				continue
			}
			moved = true
			part(a, b)
		}
	}
	return moved
}

// part sets two boxes just as far apart as they must be.
func part(a, b *box) {
	const hair = 0.01 // so that rounding does not bring them together again
	ma, mb := a.middle(), b.middle()
	x := (a.w+b.w)/2 + nodeGap - abs(ma.x-mb.x) + hair
	y := (a.h+b.h)/2 + nodeGap - abs(ma.y-mb.y) + hair
	if x < y {
		if ma.x > mb.x {
			x = -x
		}
		a.x, b.x = a.x-x/2, b.x+x/2
		return
	}
	if ma.y > mb.y {
		y = -y
	}
	a.y, b.y = a.y-y/2, b.y+y/2
}

func abs(f float64) float64 { return max(f, -f) }
