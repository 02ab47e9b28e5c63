package pdf

import (
	"encoding/binary"

	"parley/internal/triage/wide"
)

// readMap reads a ToUnicode map (section 9.10.3): bfchar gives the text of a code,
// bfrange that of the codes from one to another, and the code space says how many
// bytes a code has.
func (d *Document) readMap(f *font, program []byte) {
	p := &parser{data: program, left: &d.left}
	var operands array
	for {
		value, ok := p.next(0)
		if !ok {
			return
		}
		operator, is := value.(word)
		if !is {
			if len(operands) < 1000 {
				operands = append(operands, value)
			}
			continue
		}
		switch operator {
		case "endcodespacerange":
			if low, ok := last(operands, 2).(text); ok && len(low) > 0 {
				f.wide = len(low) > 1
			}
		case "endbfchar":
			for i := 0; i+1 < len(operands); i += 2 {
				from, ok1 := operands[i].(text)
				to, ok2 := operands[i+1].(text)
				if ok1 && ok2 {
					d.mean(f, code(from), wide.Text([]byte(to), binary.BigEndian))
				}
			}
		case "endbfrange":
			for i := 0; i+2 < len(operands); i += 3 {
				d.meanRange(f, operands[i], operands[i+1], operands[i+2])
			}
		}
		operands = operands[:0]
	}
}

func last(all array, n int) any {
	if len(all) < n {
		return nil
	}
	return all[len(all)-n]
}

func (d *Document) mean(f *font, code int, means string) {
	if d.left--; d.left > 0 && code >= 0 && code <= 0xffff && len(means) <= 64 {
		f.means[code] = means
	}
}

func (d *Document) meanRange(f *font, from, to, means any) {
	low, ok1 := from.(text)
	high, ok2 := to.(text)
	if !ok1 || !ok2 {
		return
	}
	first, end := code(low), min(code(high), 0xffff)
	switch m := means.(type) {
	case array:
		for i := 0; i < len(m) && first+i <= end; i++ {
			if one, ok := m[i].(text); ok {
				d.mean(f, first+i, wide.Text([]byte(one), binary.BigEndian))
			}
		}
	case text:
		raw := []byte(m)
		if len(raw) < 2 || len(raw) > 64 {
			return
		}
		base := binary.BigEndian.Uint16(raw[len(raw)-2:])
		for i := 0; first+i <= end && d.left > 0; i++ {
			binary.BigEndian.PutUint16(raw[len(raw)-2:], base+uint16(i))
			d.mean(f, first+i, wide.Text(raw, binary.BigEndian))
		}
	}
}

func code(s text) int {
	n := 0
	for _, c := range []byte(s[:min(len(s), 4)]) {
		n = n<<8 | int(c)
	}
	return n
}
