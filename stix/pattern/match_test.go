package pattern_test

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/stix/pattern"
)

// timeline reads observations such as "a@1 ab@2-5 c@7x3": their letters, the seconds of their first
// and last moment, and how many they are.
func timeline(t testing.TB, text string) (all []pattern.Observation) {
	t.Helper()
	for _, word := range strings.Fields(text) {
		letters, when, _ := strings.Cut(word, "@")
		when, times, repeated := strings.Cut(when, "x")
		first, last, interval := strings.Cut(when, "-")
		if !interval {
			last = first
		}
		if !repeated {
			times = "1"
		}
		objects := map[string]pattern.Object{}
		for i, letter := range letters {
			objects[strconv.Itoa(i)] = pattern.Object{"type": "x", "k": string(letter)}
		}
		o, err := pattern.NewObservation(at(t, first), at(t, last), number(t, times), objects)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

func number(t testing.TB, text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func at(t testing.TB, second string) time.Time { return time.Unix(int64(number(t, second)), 0) }

// short writes a pattern in which a letter stands for [x:k = 'letter'], and <n> for a timestamp.
func short(text string) string {
	var b strings.Builder
	for _, word := range strings.Fields(text) {
		open := len(word) - len(strings.TrimLeft(word, "("))
		inner := strings.Trim(word, "()")
		switch {
		case len(inner) == 1 && inner >= "a" && inner <= "z":
			inner = "[x:k = '" + inner + "']"
		case strings.HasPrefix(inner, "<"):
			n, _ := strconv.Atoi(strings.Trim(inner, "<>"))
			inner = second(n).String()
		}
		b.WriteString(word[:open] + inner + strings.Repeat(")", strings.Count(word, ")")) + " ")
	}
	return b.String()
}

// TestObservationExpressions shows what observations make an expression true, and which of them are
// bound: expression and index of the observation, in brackets where several of it are bound.
func TestObservationExpressions(t *testing.T) {
	for _, row := range []struct{ pattern, timeline, bound string }{
		// One observation.
		{"a", "b@1 a@2 a@3", "a1"},
		{"a", "b@1", ""},
		{"a", "", ""},

		// AND needs different observations.
		{"a AND b", "a@1 b@2", "a0 b1"},
		{"a AND b", "b@1 a@2", "a1 b0"},
		{"a AND b", "ab@1", ""},
		{"a AND b", "ab@1x2", "a0 b0"},
		{"a AND b", "ab@1 b@2", "a0 b1"},
		{"a AND b", "ab@1 a@2", "a1 b0"},
		{"a AND a", "a@1", ""},
		{"a AND a", "a@1 a@1", "a0 a1"},
		{"a AND b AND c", "abc@1 ab@2 a@3", "a2 b1 c0"},
		{"a AND b AND c", "abc@1 ab@2 b@3", "a1 b2 c0"},
		{"a AND b AND c", "abc@1 a@2 a@3", ""},

		// OR needs one side.
		{"a OR b", "b@1", "b0"},
		{"a OR b", "c@1", ""},
		{"a OR b AND c", "a@1", "a0"},
		{"a OR b AND c", "b@1 c@2", "b0 c1"},
		{"a OR b AND c", "b@1", ""},
		{"(a OR b) AND c", "c@1 b@2", "b1 c0"},
		{"(a AND b) OR (c AND d)", "a@1 c@2 d@3", "c1 d2"},
		{"(a OR b) REPEATS 3 TIMES", "a@1 b@2 a@3", "a0 a2 b1"},
		{"(a OR (b AND c)) REPEATS 2 TIMES", "a@1 b@2 c@3", "a0 b1 c2"},

		// FOLLOWEDBY is not before.
		{"a FOLLOWEDBY b", "a@1 b@2", "a0 b1"},
		{"a FOLLOWEDBY b", "b@1 a@2", ""},
		{"a FOLLOWEDBY b", "b@1 a@1", "a1 b0"},
		{"a FOLLOWEDBY a", "a@1", ""},
		{"a FOLLOWEDBY a", "a@1x2", "a0 a0"},
		{"a FOLLOWEDBY b FOLLOWEDBY c", "a@1 c@2 b@3 c@4", "a0 b2 c3"},
		{"a FOLLOWEDBY b FOLLOWEDBY c", "a@1 c@2 b@3", ""},
		{"a FOLLOWEDBY (b FOLLOWEDBY c)", "c@1 b@2 a@3 b@4 c@5", "a2 b3 c4"},
		{"a AND b FOLLOWEDBY c", "a@1 c@2 b@3", ""},
		{"a AND (b FOLLOWEDBY c)", "b@1 c@2 a@3", "a2 b0 c1"},
		{"a FOLLOWEDBY b OR c", "b@1 a@2 c@3", "a1 c2"},
		// Intervals: it is enough that it may have been so.
		{"a FOLLOWEDBY b", "b@1-5 a@3", "a1 b0"},
		{"a FOLLOWEDBY b", "b@1-5 a@5-9", "a1 b0"},
		{"a FOLLOWEDBY b", "b@1-5 a@6-9", ""},

		// WITHIN.
		{"(a AND b) WITHIN 5 SECONDS", "a@1 b@6", "a0 b1"},
		{"(a AND b) WITHIN 5 SECONDS", "a@1 b@7", ""},
		{"(a AND b) WITHIN 5.5 SECONDS", "a@1 b@7", ""},
		{"(a AND b) WITHIN 6.5 SECONDS", "a@1 b@7", "a0 b1"},
		{"(a AND b) WITHIN 5 SECONDS", "a@1-3 b@7", "a0 b1"},
		{"(a AND b) WITHIN 2 SECONDS", "a@1 b@9 a@20 b@21", "a2 b3"},
		{"a AND b WITHIN 2 SECONDS", "a@1 b@9", "a0 b1"},
		{"(a FOLLOWEDBY b) WITHIN 2 SECONDS", "b@1 a@2 b@5 a@6 b@8", "a3 b4"},
		{"(a FOLLOWEDBY b FOLLOWEDBY c) WITHIN 4 SECONDS", "a@1 b@3 c@6 b@7 c@8", ""},
		{"(a OR b) WITHIN 1 SECONDS", "a@1-9", "a0"},
		{"((a AND b) WITHIN 1 SECONDS AND c) WITHIN 9 SECONDS", "c@1 a@9 b@10", "a1 b2 c0"},
		{"((a AND b) WITHIN 1 SECONDS AND c) WITHIN 8 SECONDS", "c@1 a@9 b@10", ""},

		// REPEATS.
		{"a REPEATS 2 TIMES", "a@1", ""},
		{"a REPEATS 2 TIMES", "a@1 b@2 a@3", "a0 a2"},
		{"a REPEATS 5 TIMES", "a@1x2 a@2x3", "a0(2) a1(3)"},
		{"a REPEATS 6 TIMES", "a@1x2 a@2x3", ""},
		{"a REPEATS 3 TIMES WITHIN 2 SECONDS", "a@1 a@2 a@5 a@6 a@7", "a2 a3 a4"},
		{"a REPEATS 3 TIMES WITHIN 2 SECONDS", "a@1 a@2 a@5 a@6 a@8", ""},
		{"(a AND b) REPEATS 2 TIMES", "a@1 a@2 b@3 b@4", "a0 a1 b2 b3"},
		{"(a FOLLOWEDBY b) REPEATS 2 TIMES", "a@1 b@2 b@3 a@4", ""},
		{"(a FOLLOWEDBY b) REPEATS 2 TIMES", "a@1 b@2 a@3 b@4", "a0 a2 b1 b3"},
		{"(a AND b) WITHIN 1 SECONDS REPEATS 2 TIMES", "a@1 b@2 a@8 b@9", "a0 a2 b1 b3"},
		{"(a AND b) REPEATS 2 TIMES WITHIN 1 SECONDS", "a@1 b@2 a@8 b@9", ""},
		{"(a AND b) WITHIN 1 SECONDS REPEATS 2 TIMES", "a@1-9x2 b@2 b@8", "a0(2) b1 b2"},
		{"a FOLLOWEDBY b REPEATS 2 TIMES", "a@1 b@2 b@3", "a0 b1 b2"},
		{"a REPEATS 1 TIMES", "a@1x9", "a0"},
		{"a REPEATS 2 TIMES REPEATS 3 TIMES", "a@1x6", "a0(6)"},

		// START and STOP.
		{"a START <2> STOP <5>", "a@1 a@2", "a1"},
		{"a START <2> STOP <5>", "a@5", ""},
		{"a START <2> STOP <5>", "a@1-2", "a0"},
		{"a START <2> STOP <5>", "a@4-9", "a0"},
		{"a START <2> STOP <5>", "a@5-9 a@0-1", ""},
		{"a START <5> STOP <5>", "a@5", ""},
		{"a START <6> STOP <5>", "a@5", ""},
		{"(a AND b) START <2> STOP <5>", "a@2 b@4", "a0 b1"},
		{"(a AND b) START <2> STOP <5>", "a@2 b@5", ""},
		{"a AND b START <2> STOP <5>", "a@9 b@2", "a0 b1"},
		{"(a START <0> STOP <2> OR b) START <1> STOP <9>", "a@3 b@5", "b1"},
		// What is known of a time counts in everything around it.
		{"a START <8> STOP <10> FOLLOWEDBY b", "a@0-9 b@6", ""},
		{"a START <8> STOP <10> FOLLOWEDBY b", "a@0-9 b@8", "a0 b1"},
		{"(a START <0> STOP <2> AND b) WITHIN 3 SECONDS", "a@0-9 b@6", ""},
	} {
		text := short(row.pattern)
		m, err := pattern.Compile(mustParse(t, text), pattern.MatchOptions{})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		result, err := m.Match(timeline(t, row.timeline))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := shown(result); got != row.bound || result.Matched != (row.bound != "") {
			t.Errorf("%s on %s binds %q and should bind %q", row.pattern, row.timeline, got, row.bound)
		}
	}
}

// shown writes bindings as the table does.
func shown(result pattern.Result) string {
	var words []string
	for _, b := range result.Bindings {
		c := b.Expression.Test.(*pattern.Comparison)
		word := fmt.Sprintf("%s%d", string(c.Constants[0].(pattern.String)), b.Observation)
		if b.Times > 1 {
			word += fmt.Sprintf("(%d)", b.Times)
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestHalfOpenWindows(t *testing.T) {
	text := short("(a AND b) WITHIN 5 SECONDS")
	for timelineText, want := range map[string]bool{"a@1 b@6": false, "a@1 b@5": true, "a@1-2 b@6": true} {
		m := compiled(t, text, pattern.MatchOptions{HalfOpen: true})
		if result, err := m.Match(timeline(t, timelineText)); err != nil || result.Matched != want {
			t.Errorf("%s: %v, %v", timelineText, result.Matched, err)
		}
	}
}

func TestResultObservations(t *testing.T) {
	m := compiled(t, short("(a AND b) AND a"), pattern.MatchOptions{})
	result, err := m.Match(timeline(t, "c@1 ab@2x3 c@3"))
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Observations(); !reflect.DeepEqual(got, []int{1}) {
		t.Errorf("got %v", got)
	}
}

// TestMatchers can be shared: they do not change.
func TestMatchersAreShared(t *testing.T) {
	m := compiled(t, short("(a FOLLOWEDBY b) WITHIN 3 SECONDS REPEATS 2 TIMES"), pattern.MatchOptions{})
	yes, no := timeline(t, "a@1 b@2 a@3 b@4"), timeline(t, "a@1 b@2 a@3 b@9")
	done := make(chan string)
	for i := range 8 {
		go func() {
			observations, want := yes, true
			if i%2 == 0 {
				observations, want = no, false
			}
			for range 100 {
				if result, err := m.Match(observations); err != nil || result.Matched != want {
					done <- fmt.Sprintf("matched is %v (%v), not %v", result.Matched, err, want)
					return
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		if problem := <-done; problem != "" {
			t.Error(problem)
		}
	}
}

// TestCompileRefuses shows what can be written and cannot be evaluated.
func TestCompileRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"[a:b = t'2026-02-30T00:00:00Z']": "line 1, column 2: there is no such moment as 2026-02-30T00:00:00Z",
		"[a:b IN (1, 'x')]":               "line 1, column 2: the constants of a set must be of one type",
		"[a:b ISSUBSET 'x']":              `line 1, column 2: "x" is no address and no network of IPv4 or IPv6`,
		"[a:b = 1 OR\na:b MATCHES '(']":   `line 2, column 1: "(" is no regular expression: missing closing )`,
		"[a:b MATCHES 'a(?=b)']":          `line 1, column 2: MATCHES "a(?=b)": a lookahead (?=…) is not supported`,
		`[a:b MATCHES '(a)\\1']`:          `line 1, column 2: MATCHES "(a)\\1": a backreference such as \1 is not supported`,
		"[a:b MATCHES 'a{1001}']":         `line 1, column 2: MATCHES "a{1001}": this package's regular expressions do not allow it: invalid repeat count`,
		"[a:b = 1] WITHIN 0 SECONDS":      "line 1, column 11: WITHIN must have more than 0 seconds",
		"[a:b = 1] REPEATS 0 TIMES":       "line 1, column 11: REPEATS must have at least 1 time",
		"[a:b = 1] START t'2026-02-30T00:00:00Z' STOP t'2026-03-01T00:00:00Z'": "line 1, column 11: START is 2026-02-30T00:00:00Z, and there is no such moment",
	} {
		_, err := pattern.Compile(mustParse(t, text), pattern.MatchOptions{})
		if err == nil || err.Error() != "stix pattern: "+want {
			t.Errorf("%s: %v", text, err)
		}
	}
	for name, p := range map[string]*pattern.Pattern{
		"nothing":      {},
		"no test":      {Root: &pattern.Single{}},
		"no constant":  {Root: &pattern.Single{Test: &pattern.Comparison{Path: pattern.Path{Type: "a", Steps: []pattern.Step{{Key: "b"}}}}}},
		"no path":      {Root: &pattern.Single{Test: &pattern.Comparison{Constants: []pattern.Constant{pattern.Integer(1)}}}},
		"no operands":  {Root: &pattern.Compound{}},
		"nil operands": {Root: &pattern.Compound{Operands: make([]pattern.ObservationExpression, 2)}},
		"none joined":  {Root: &pattern.Single{Test: &pattern.Composite{}}},
	} {
		if _, err := pattern.Compile(p, pattern.MatchOptions{}); err == nil {
			t.Errorf("%s is compiled", name)
		}
		p.Check()
	}
}

func TestMatchRefusesImpossibleObservations(t *testing.T) {
	m := compiled(t, "[a:b = 1]", pattern.MatchOptions{})
	for want, spoil := range map[string]func(*pattern.Observation){
		"match stix pattern: observation 0: number_observed must be at least 1, not 0":       func(o *pattern.Observation) { o.Number = 0 },
		"match stix pattern: observation 0: last_observed must not be before first_observed": func(o *pattern.Observation) { o.Last = o.First.Add(-1) },
	} {
		all := timeline(t, "a@1")
		spoil(&all[0])
		if _, err := m.Match(all); err == nil || err.Error() != want {
			t.Errorf("%v should be %s", err, want)
		}
	}
}
