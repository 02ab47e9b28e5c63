package draw

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"parley/internal/legible"
)

// Sizes of a timeline, in pixels.
const (
	timelineWidth = 1000.0
	axisLeft      = 170.0 // where the lanes' names end
	axisRight     = 985.0
	axisHeight    = 36.0
	rowHeight     = 18.0
	barsHeight    = 56.0 // of a lane that is drawn as bars
	barWidth      = 20.0
	mostTicks     = 9
	eventLetters  = 44 // of an event's label; the table has all of it
)

// axis turns times into pixels.
type axis struct {
	Window
}

func (a axis) x(t time.Time) float64 {
	return axisLeft + (axisRight-axisLeft)*float64(t.Sub(a.From))/float64(max(a.Length(), 1))
}

// clipped is x, held inside the picture.
func (a axis) clipped(t time.Time) float64 {
	switch {
	case t.Before(a.From):
		return axisLeft
	case t.After(a.To):
		return axisRight
	}
	return a.x(t)
}

func (a axis) at(x float64) time.Time {
	return a.From.Add(time.Duration((x - axisLeft) / (axisRight - axisLeft) * float64(a.Length())))
}

// drawLanes draws the axis and all lanes below it, and returns the height.
func (t Timeline) drawLanes(c *canvas, lanes []lane, w Window) float64 {
	a := axis{w}
	y := axisHeight
	var body canvas
	for _, l := range lanes {
		body.line("axis", 8, y, axisRight, y)
		name := wrapped(l.name, axisLeft-24)
		body.text(name, "name", 10, y+4, atLeft)
		high := 0.0
		if rows, fits := arrange(l.events, a); fits {
			high = rowHeight * float64(len(rows))
			for k, row := range rows {
				for _, p := range row {
					p.draw(&body, a, y+4+rowHeight*float64(k))
				}
			}
		} else {
			high = barsHeight
			t.drawBars(&body, l, a, y+4)
		}
		y += max(high, name.h) + 8
	}
	if w.Length() > 0 {
		t.drawAxis(c, a, y)
	}
	c.b.WriteString(body.b.String())
	c.linked = c.linked || body.linked
	return y + 4
}

// drawAxis writes the times above and draws a line down from each.
func (t Timeline) drawAxis(c *canvas, a axis, bottom float64) {
	most := mostTicks
	for _, one := range ticks(a.Window, t.Zone, most) {
		x := a.x(one.at)
		c.line("grid", x, axisHeight-4, x, bottom)
		l := oneLine(one.text, 20)
		c.text(l, "tick", min(max(x, axisLeft-10), axisRight-l.w/2), axisHeight-5-lineHeight, atMiddle)
		if one.day != "" {
			l = oneLine(one.day, 20)
			c.text(l, "tick", min(max(x, axisLeft-10), axisRight-l.w/2), 0, atMiddle)
		}
	}
	zone := t.Zone.String()
	if zone == "Local" {
		zone = "local time"
	}
	c.text(oneLine(zone, 26), "axis-name", 10, axisHeight-5-lineHeight, atLeft)
}

// placedEvent is an event with the pixels it takes.
type placedEvent struct {
	Event
	left, right float64 // of everything, its label too
	mark        float64 // where the sign stands
	label       label
	text        float64 // where the label begins
}

// arrange puts events into rows so that no two meet; fits is false where there
// are too many.
func arrange(events []Event, a axis) (rows [][]placedEvent, fits bool) {
	if len(events) > mostNamed {
		return nil, false
	}
	var ends []float64
	for _, e := range events {
		p := measure(e, a)
		k := 0
		for k < len(ends) && ends[k]+8 > p.left {
			k++
		}
		if k == len(ends) {
			if k == mostRows {
				return nil, false
			}
			ends, rows = append(ends, 0), append(rows, nil)
		}
		ends[k] = max(ends[k], p.right)
		rows[k] = append(rows[k], p)
	}
	return rows, true
}

// measure finds room for one event: its label stands behind it, or before it
// where the picture ends too soon.
func measure(e Event, a axis) placedEvent {
	p := placedEvent{Event: e, label: oneLine(e.Label, eventLetters), mark: a.clipped(e.From)}
	from, to := a.clipped(e.From.Add(-e.Before)), a.clipped(e.ended().Add(e.After))
	p.left, p.right = min(from, p.mark-signWidth/2), max(to, p.mark+signWidth/2)
	switch {
	case p.right+5+p.label.w <= axisRight:
		p.text = p.right + 5
	case p.left-5-p.label.w >= axisLeft:
		p.text = p.left - 5 - p.label.w
	default: // over its own span
		p.text = axisRight - p.label.w
	}
	p.left, p.right = min(p.left, p.text), max(p.right, p.text+p.label.w)
	return p
}

func (p placedEvent) draw(c *canvas, a axis, y float64) {
	kind := p.Kind.known()
	c.link(p.Link, "class", "event "+string(kind))
	c.say(join(p.From.UTC().Format(time.RFC3339), join(legible.Plain(p.Label, MostOfLabel), legible.Plain(p.Note, MostOfLabel))), "title")
	middle := y + rowHeight/2 - 2
	from, to := a.clipped(p.From.Add(-p.Before)), a.clipped(p.ended().Add(p.After))
	if p.Before > 0 || p.After > 0 {
		c.rect("maybe", box{from, middle - 5, max(to-from, 1), 10}, "stroke", "currentColor", "stroke-dasharray", "3 2")
	}
	if end := a.clipped(p.ended()); p.ended().After(p.From) {
		c.rect("span", box{p.mark, middle - 2.5, max(end-p.mark, 1), 5}, "fill", "currentColor")
	}
	if a.holds(p.From, p.From) {
		sign(c, kind, p.mark, middle)
	}
	c.text(p.label, "name over", p.text, y-1.5, atLeft)
	c.end()
}

// drawBars draws how many events lie where, each bar a way to look closer.
func (t Timeline) drawBars(c *canvas, l lane, a axis, y float64) {
	bars := int(math.Floor((axisRight - axisLeft) / barWidth))
	count := make([]int, bars)
	most := 1
	for _, e := range l.events {
		k := min(int((a.clipped(e.From)-axisLeft)/barWidth), bars-1)
		count[k]++
		most = max(most, count[k])
	}
	for k, n := range count {
		if n == 0 {
			continue
		}
		x := axisLeft + barWidth*float64(k)
		h := max(2, (barsHeight-lineHeight)*float64(n)/float64(most))
		to := ""
		closer := Window{a.at(x), a.at(x + barWidth)}.whole()
		if t.Address != nil && a.Length() > 4*shortestWindow*time.Duration(bars) {
			to = t.Address(closer)
		}
		c.link(to, "class", "bars")
		c.say(fmt.Sprintf("%s from %s to %s", legible.Plural(n, "event", "events"), closer.From.In(t.Zone).Format(time.RFC3339), closer.To.In(t.Zone).Format(time.RFC3339)), "title")
		c.rect("bar", box{x + 1, y + barsHeight - h, barWidth - 2, h}, "fill", "currentColor")
		if text := strconv.Itoa(n); wide(text) <= barWidth+6 {
			c.text(oneLine(text, 6), "value", x+barWidth/2, y+barsHeight-h-lineHeight, atMiddle)
		}
		c.end()
	}
}
