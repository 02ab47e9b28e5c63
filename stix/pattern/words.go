package pattern

import (
	"regexp/syntax"
	"unicode"
)

// searchWords runs a program over a text from every place at once, as Pike's machine does. It
// differs from package regexp in one thing: \b and \B know the words of every script.
func searchWords(program *syntax.Prog, text []rune) bool {
	m := machine{program: program, text: text, added: make([]int, len(program.Inst))}
	var now, next []uint32
	for at := range len(text) + 1 {
		if m.add(&now, uint32(program.Start), at) {
			return true
		}
		if at == len(text) {
			break
		}
		next = next[:0]
		for _, pc := range now {
			inst := &program.Inst[pc]
			if inst.MatchRune(text[at]) && m.add(&next, inst.Out, at+1) {
				return true
			}
		}
		now, next = next, now
	}
	return false
}

type machine struct {
	program *syntax.Prog
	text    []rune
	added   []int // by instruction: the place for which it was last added, plus 1
	stack   []uint32
}

// add puts an instruction, and those that follow it without taking a character, into a list. It
// tells whether the end of the program is among them.
func (m *machine) add(list *[]uint32, pc uint32, at int) bool {
	m.stack = append(m.stack[:0], pc)
	for len(m.stack) > 0 {
		pc := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		if m.added[pc] == at+1 {
			continue
		}
		m.added[pc] = at + 1
		switch inst := &m.program.Inst[pc]; inst.Op {
		case syntax.InstMatch:
			return true
		case syntax.InstAlt, syntax.InstAltMatch:
			m.stack = append(m.stack, inst.Arg, inst.Out)
		case syntax.InstCapture, syntax.InstNop:
			m.stack = append(m.stack, inst.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(inst.Arg)&^m.holds(at) == 0 {
				m.stack = append(m.stack, inst.Out)
			}
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			*list = append(*list, pc)
		}
	}
	return false
}

// holds gives what is true at a place between two characters.
func (m *machine) holds(at int) syntax.EmptyOp {
	op := syntax.EmptyNoWordBoundary
	if m.inWord(at-1) != m.inWord(at) {
		op = syntax.EmptyWordBoundary
	}
	if at == 0 {
		op |= syntax.EmptyBeginText | syntax.EmptyBeginLine
	} else if m.text[at-1] == '\n' {
		op |= syntax.EmptyBeginLine
	}
	if at == len(m.text) {
		op |= syntax.EmptyEndText | syntax.EmptyEndLine
	} else if m.text[at] == '\n' {
		op |= syntax.EmptyEndLine
	}
	return op
}

func (m *machine) inWord(at int) bool {
	return at >= 0 && at < len(m.text) && isWordRune(m.text[at])
}

// isWordRune is what \w matches in texts.
func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }
