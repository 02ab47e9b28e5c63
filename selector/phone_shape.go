package selector

import (
	"regexp/syntax"
	"slices"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// shape decides whether digits are a national number that a country's plan assigns,
// in one step a digit: it is the automaton of all expressions that libphonenumber's
// data have for the numbers of a calling code. Its states are made as they are
// needed; a calling code has a few thousand.
type shape struct {
	prog   *syntax.Prog
	mu     sync.Mutex // over what follows
	known  map[string]int32
	states []shapeState
}

type shapeState struct {
	at     []uint32  // instructions of prog
	next   [10]int32 // state after each digit; 0 unknown, -1 none
	accept bool
}

// newShape gives the automaton of a calling code, nil if there is none to be had.
func newShape(code int) *shape {
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil
	}
	var all []string
	for _, country := range collection.GetMetadata() {
		if int(country.GetCountryCode()) != code {
			continue
		}
		for _, kind := range [...]*phonenumbers.PhoneNumberDesc{
			country.GetFixedLine(), country.GetMobile(), country.GetTollFree(), country.GetPremiumRate(), country.GetSharedCost(),
			country.GetPersonalNumber(), country.GetVoip(), country.GetPager(), country.GetUan(), country.GetVoicemail(),
		} {
			if expression := kind.GetNationalNumberPattern(); expression != "" {
				all = append(all, "(?:"+expression+")")
			}
		}
	}
	parsed, err := syntax.Parse(strings.Join(all, "|"), syntax.Perl)
	if err != nil || len(all) == 0 {
		return nil
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil
	}
	s := &shape{prog: prog, known: map[string]int32{}, states: make([]shapeState, 1)}
	s.state(s.reach(nil, uint32(prog.Start)))
	return s
}

// meets reports whether the digits as a whole are such a number.
func (s *shape) meets(digits string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := int32(1)
	for i := range len(digits) {
		digit := digits[i] - '0'
		next := s.states[at].next[digit]
		if next == 0 {
			next = s.step(at, digits[i])
			s.states[at].next[digit] = next
		}
		if next < 0 {
			return false
		}
		at = next
	}
	return s.states[at].accept
}

// mayMeet reports whether the digits end in such a number, after at most so many
// others as a trunk prefix or a country's code has.
func (s *shape) mayMeet(digits string) bool {
	for cut := 0; cut <= 4 && cut < len(digits); cut++ {
		if s.meets(digits[cut:]) {
			return true
		}
	}
	return false
}

func (s *shape) step(from int32, digit byte) int32 {
	var at []uint32
	for _, pc := range s.states[from].at {
		if inst := &s.prog.Inst[pc]; inst.Op != syntax.InstMatch && inst.MatchRune(rune(digit)) {
			at = s.reach(at, inst.Out)
		}
	}
	if len(at) == 0 {
		return -1
	}
	return s.state(at)
}

// reach adds the instructions that are reached from pc without a digit.
func (s *shape) reach(at []uint32, pc uint32) []uint32 {
	seen := make(map[uint32]bool, 16)
	for _, have := range at {
		seen[have] = true
	}
	for todo := []uint32{pc}; len(todo) > 0; {
		pc, todo = todo[len(todo)-1], todo[:len(todo)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		switch inst := &s.prog.Inst[pc]; inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			todo = append(todo, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop:
			todo = append(todo, inst.Out)
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL, syntax.InstMatch:
			at = append(at, pc)
		}
	}
	return at
}

// state gives the number of a set of instructions, in order, so that equal sets are one.
func (s *shape) state(at []uint32) int32 {
	slices.Sort(at)
	at = slices.Compact(at)
	key := make([]byte, 0, 4*len(at))
	accept := false
	for _, pc := range at {
		key = append(key, byte(pc), byte(pc>>8), byte(pc>>16), byte(pc>>24))
		accept = accept || s.prog.Inst[pc].Op == syntax.InstMatch
	}
	if n, known := s.known[string(key)]; known {
		return n
	}
	n := int32(len(s.states))
	s.states = append(s.states, shapeState{at: at, accept: accept})
	s.known[string(key)] = n
	return n
}
