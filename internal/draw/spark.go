package draw

import (
	"math"
	"strconv"
	"strings"

	"parley/internal/legible"
)

const mostPoints = 2000

// Spark is how something went, small enough for a cell of a table.
type Spark struct {
	Title  string    `json:"title"`
	Labels []string  `json:"labels,omitempty"` // of each value, for the table
	Values []float64 `json:"values"`           // one that is no number is a gap
}

// Draw draws the line, from 0 or the least value to the greatest.
func (s Spark) Draw() (Drawing, error) {
	const width, height, edge = 120.0, 24.0, 3.0
	if len(s.Values) > mostPoints {
		return Drawing{}, TooManyError{"values", len(s.Values), mostPoints}
	}
	low, high := 0.0, 0.0
	for _, v := range s.Values {
		if finite(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	var path strings.Builder
	var last dot
	pen := "M"
	for i, v := range s.Values {
		if !finite(v) {
			pen = "M"
			continue
		}
		last = dot{edge + (width-2*edge)*float64(i)/float64(max(len(s.Values)-1, 1)), height - edge - (height-2*edge)*share(v, low, high)}
		path.WriteString(pen + num(last.x) + " " + num(last.y))
		pen = "L"
	}
	var c canvas
	c.empty("path", "class", "trace", "d", path.String(), "stroke", "currentColor", "stroke-width", "1.5", "stroke-linejoin", "round")
	if path.Len() > 0 {
		c.empty("circle", "class", "bar", "cx", num(last.x), "cy", num(last.y), "r", "2.2", "fill", "currentColor")
	}
	d := picture("spark", s.Title, "From "+legible.Decimal(low)+" to "+legible.Decimal(high)+".", width, height, &c)
	d.Table = Table{Columns: columns("When", "Value#")}
	for i, v := range s.Values {
		label, value := strconv.Itoa(i+1), ""
		if i < len(s.Labels) {
			label = s.Labels[i]
		}
		if finite(v) {
			value = legible.Decimal(v)
		}
		d.Table.Rows = append(d.Table.Rows, []Cell{{Text: label}, {Text: value}})
	}
	return d, nil
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// share is how far v is from low to high, from 0 to 1.
func share(v, low, high float64) float64 {
	if !(high > low) || !finite(v) {
		return 0
	}
	return min(max(v/(high-low)-low/(high-low), 0), 1)
}
