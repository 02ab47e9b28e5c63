package pattern_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/stix/pattern"
)

// many makes observations one second apart, the i-th with the letter that letter gives.
func many(t testing.TB, n int, letter func(i int) string) []pattern.Observation {
	t.Helper()
	all := make([]pattern.Observation, n)
	for i := range all {
		at := time.Unix(int64(i), 0)
		o, err := pattern.NewObservation(at, at, 1, map[string]pattern.Object{"0": {"type": "x", "k": letter(i)}})
		if err != nil {
			t.Fatal(err)
		}
		all[i] = o
	}
	return all
}

func always(letter string) func(int) string { return func(int) string { return letter } }

func compiled(t testing.TB, text string, options pattern.MatchOptions) *pattern.Matcher {
	t.Helper()
	m, err := pattern.Compile(mustParse(t, text), options)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return m
}

func repeated(text, operator string, n int) string {
	return strings.TrimSuffix(strings.Repeat(text+operator, n), operator)
}

// TestManyObservations asks for verdicts that a search through all bindings would not live to see.
func TestManyObservations(t *testing.T) {
	const a, b = "[x:k = 'a']", "[x:k = 'b']"
	alternating := func(i int) string { return string("ab"[i%2]) }
	bThenA := func(i int) string { return string("ba"[i/400]) }
	for _, row := range []struct {
		name    string
		pattern string
		letter  func(int) string
		want    bool
	}{
		{"AND of 40", repeated(a, " AND ", 40), always("a"), true},
		{"AND of more than there are", repeated(a, " AND ", 801), always("a"), false},
		{"repeats", a + " REPEATS 800 TIMES", always("a"), true},
		{"one repeat too many", a + " REPEATS 801 TIMES", always("a"), false},
		{"repeats in a window", a + " REPEATS 500 TIMES WITHIN 499 SECONDS", always("a"), true},
		{"repeats in a window too short", a + " REPEATS 500 TIMES WITHIN 498 SECONDS", always("a"), false},
		{"two kinds in a window", "(" + a + " REPEATS 50 TIMES AND " + b + " REPEATS 50 TIMES) WITHIN 99 SECONDS", alternating, true},
		{"two kinds in a window too short", "(" + a + " REPEATS 50 TIMES AND " + b + " REPEATS 50 TIMES) WITHIN 98 SECONDS", alternating, false},
		{"a long sequence", repeated(a, " FOLLOWEDBY ", 60), always("a"), true},
		{"a sequence of what comes the other way round", a + " FOLLOWEDBY " + b, bThenA, false},
		{"a long sequence that fails at its end", repeated(a, " FOLLOWEDBY ", 20) + " FOLLOWEDBY " + b, bThenA, false},
		{"a long sequence that fails at its start", a + " FOLLOWEDBY " + repeated(b, " FOLLOWEDBY ", 20), bThenA, false},
		{"pairs", "(" + a + " FOLLOWEDBY " + b + ") REPEATS 20 TIMES", alternating, true},
		{"pairs in windows", "(" + a + " FOLLOWEDBY " + b + ") WITHIN 1 SECONDS REPEATS 20 TIMES", alternating, true},
		{"windows in windows", "((" + a + " AND " + b + ") WITHIN 1 SECONDS AND (" + b + " AND " + a + ") WITHIN 1 SECONDS) WITHIN 3 SECONDS", alternating, true},
		{"alternatives of pairs", "(" + repeated("("+a+" AND "+b+")", " OR ", 30) + ") REPEATS 15 TIMES", alternating, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			result, err := compiled(t, row.pattern, pattern.MatchOptions{}).Match(many(t, 800, row.letter))
			if err != nil || result.Matched != row.want {
				t.Errorf("matched is %v (%v)", result.Matched, err)
			}
		})
	}
}

// TestWorkIsLimited asks for pairs close in time of all observations, which come in two bunches of an
// odd number: no relaxation sees that this is impossible. There is an end all the same.
func TestWorkIsLimited(t *testing.T) {
	const a = "[x:k = 'a']"
	bunches := many(t, 22, always("a"))
	for i := range bunches[11:] {
		o := &bunches[11+i]
		o.First, o.Last = o.First.Add(time.Hour), o.Last.Add(time.Hour)
	}
	for _, text := range []string{
		"(" + a + " AND " + a + ") WITHIN 20 SECONDS REPEATS 11 TIMES",
		"(" + a + " FOLLOWEDBY " + a + ") WITHIN 20 SECONDS REPEATS 11 TIMES",
		repeated("(("+a+" AND "+a+") WITHIN 20 SECONDS OR ("+a+" FOLLOWEDBY "+a+") WITHIN 19 SECONDS)", " AND ", 11),
	} {
		m := compiled(t, text, pattern.MatchOptions{Steps: 2_000_000})
		if result, err := m.Match(bunches); !errors.Is(err, pattern.ErrLimit) {
			t.Errorf("%s: %+v, %v", text, result, err)
		}
	}
}

func TestStepsEndAMatch(t *testing.T) {
	observations := many(t, 1000, always("a"))
	for _, text := range []string{
		"[x:k = 'b']", "[x:k LIKE '%a%']", "[x:k MATCHES 'a']", "[x:k IN (1, 'b')]", "[x:k = 'a'] REPEATS 900 TIMES",
	} {
		text = strings.Replace(text, "IN (1, ", "IN ('c', ", 1)
		_, err := compiled(t, text, pattern.MatchOptions{Steps: 500}).Match(observations)
		if !errors.Is(err, pattern.ErrLimit) {
			t.Errorf("%s: %v", text, err)
		}
		if _, err := compiled(t, text, pattern.MatchOptions{}).Match(observations); err != nil {
			t.Errorf("%s with the default: %v", text, err)
		}
	}
}

func TestCopiesAreLimited(t *testing.T) {
	text := "([x:k = 'a'] FOLLOWEDBY [x:k = 'a']) REPEATS 1000000 TIMES"
	at := time.Unix(0, 0)
	o, err := pattern.NewObservation(at, at, 999_999_999, map[string]pattern.Object{"0": {"type": "x", "k": "a"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := compiled(t, text, pattern.MatchOptions{}).Match([]pattern.Observation{o}); !errors.Is(err, pattern.ErrLimit) {
		t.Errorf("copies without end: %v", err)
	}
	o.Number = 1000
	if result, err := compiled(t, text, pattern.MatchOptions{}).Match([]pattern.Observation{o}); err != nil || result.Matched {
		t.Errorf("too few observations: %+v, %v", result, err)
	}
	const many = "[x:k = 'a'] REPEATS 2000000000 TIMES REPEATS 2000000000 TIMES REPEATS 2000000000 TIMES"
	if result, err := compiled(t, many, pattern.MatchOptions{}).Match([]pattern.Observation{o}); err != nil || result.Matched {
		t.Errorf("more than can be counted: %+v, %v", result, err)
	}
}

// TestLongPatternsEnd matches patterns near the limits of what is parsed.
func TestLongPatternsEnd(t *testing.T) {
	const a = "[x:k = 'a']"
	long := "(" + repeated(a, " AND ", 5000) + ")"
	observations := many(t, 50, always("a"))
	for name, text := range map[string]string{
		"repeats of repeats":  long + strings.Repeat(" REPEATS 2 TIMES", 10_000),
		"windows of windows":  long + strings.Repeat(" WITHIN 1 SECONDS", 10_000),
		"starts and stops":    a + strings.Repeat(" START t'1970-01-01T00:00:00Z' STOP t'1970-01-02T00:00:00Z'", 10_000),
		"a long sequence":     repeated(a, " FOLLOWEDBY ", 10_000),
		"many alternatives":   repeated("("+a+" AND "+a+")", " OR ", 5000),
		"many long sequences": repeated("("+repeated(a, " FOLLOWEDBY ", 50)+")", " AND ", 100),
		"a long test":         "[" + repeated("(x:k = 'b' OR x:k = 'c')", " AND ", 5000) + "]",
		"a long path":         "[x:" + repeated("k[*]", ".", 15_000) + " = 1]",
		"a long set":          "[x:k IN (" + repeated("'b'", ", ", 40_000) + ")]",
	} {
		t.Run(name, func(t *testing.T) {
			m := compiled(t, text, pattern.MatchOptions{Steps: 2_000_000})
			if _, err := m.Match(observations); err != nil && !errors.Is(err, pattern.ErrLimit) {
				t.Error(err)
			}
		})
	}
}

// TestReferencesInACircle follows references that branch and come back: there are 2^40 ways.
func TestReferencesInACircle(t *testing.T) {
	objects := map[string]pattern.Object{}
	for _, id := range []string{"a", "b"} {
		objects[id] = pattern.Object{"type": "x", "k": id, "some_refs": []any{"a", "b"}}
	}
	at := time.Unix(0, 0)
	o, err := pattern.NewObservation(at, at, 1, objects)
	if err != nil {
		t.Fatal(err)
	}
	path := "x:" + repeated("some_refs[*]", ".", 40)
	for text, want := range map[string]bool{
		fmt.Sprintf("[%s.k = 'b']", path): true,
		fmt.Sprintf("[%s.k = 'c']", path): false,
	} {
		result, err := compiled(t, text, pattern.MatchOptions{Steps: 10_000}).Match([]pattern.Observation{o})
		if err != nil || result.Matched != want {
			t.Errorf("%s: %v, %v", text, result.Matched, err)
		}
	}
}

// TestExpressionsAreLinear gives what makes backtracking engines wait for ever.
func TestExpressionsAreLinear(t *testing.T) {
	text := strings.Repeat("a", 50_000)
	for _, expression := range []string{`(a+)+$b`, `(a|a)*b`, `(a*)*b`, `\b(a+)+ü`} {
		o := many(t, 1, always(text+"é"))
		result, err := compiled(t, "[x:k MATCHES '"+strings.ReplaceAll(expression, `\`, `\\`)+"']", pattern.MatchOptions{}).Match(o)
		if err != nil || result.Matched {
			t.Errorf("%s: %+v, %v", expression, result, err)
		}
	}
	like := "[x:k LIKE '" + strings.Repeat("%a", 100) + "%b']"
	if result, err := compiled(t, like, pattern.MatchOptions{}).Match(many(t, 1, always(text))); err != nil || result.Matched {
		t.Errorf("LIKE: %+v, %v", result, err)
	}
}
