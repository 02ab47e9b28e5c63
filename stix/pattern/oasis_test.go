package pattern_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"parley/stix/pattern"
)

// The tests of the OASIS pattern validator and pattern matcher, run on this package by
// testdata/oasis.py: their own assertions judge our verdicts.

func TestOASISValidator(t *testing.T) {
	broken := map[string]pattern.Rule{}
	outsideTests(t, "validator", "PARLEY_STIX_PATTERN_VALIDATOR", 219, broken)
	// The validator looks at the grammar, hashes and repeated qualifiers alone. These of its good
	// examples break another rule of the standard, and Check says which.
	want := map[string]pattern.Rule{
		"[x:created = t'2024-02-30T12:00:00Z']": pattern.RuleTimestamp,
		"[x:created = t'2024-04-31T12:00:00Z']": pattern.RuleTimestamp,
		"[x:created = t'2023-02-29T12:00:00Z']": pattern.RuleTimestamp,
		"[network-traffic:src_port = 37020 AND user-account:user_id = 'root'] " +
			"START t'2016-06-01T01:30:00.123Z' STOP t'2016-06-01T02:20:00.123Z' OR " +
			"[ipv4-addr:value = '192.168.122.83'] " +
			"START t'2016-06-01T03:55:00.123Z' STOP t'2016-06-01T04:30:24.743Z'": pattern.RuleTypes,
	}
	for text, rule := range broken {
		if want[text] != rule {
			t.Errorf("the validator accepts %s, and Check finds a fault of %s", text, rule)
		}
	}
	for text, rule := range want {
		if broken[text] != rule {
			t.Errorf("%s is to break %s, and breaks %s", text, rule, broken[text])
		}
	}
}

func TestOASISMatcher(t *testing.T) {
	outsideTests(t, "matcher", "PARLEY_STIX_PATTERN_MATCHER", 910, nil)
}

// question is one thing that a test asks.
type question struct {
	Ask     string
	Test    string
	Pattern string
	Version string
	Objects []pattern.Object

	Tests  int
	Failed []string
}

// outsideTests runs all tests of a project and asks that there are at least so many, and that none
// fails.
func outsideTests(t *testing.T, project, variable string, least int, broken map[string]pattern.Rule) {
	folder := os.Getenv(variable)
	if folder == "" {
		t.Skipf("the tests of the OASIS pattern %s are not here: set %s to a checkout of oasis-open/cti-pattern-%s, "+
			"and PARLEY_PYTHON to a Python that has pytest and six", project, variable, project)
	}
	python := os.Getenv("PARLEY_PYTHON")
	if python == "" {
		python = "python3"
	}
	cmd := exec.Command(python, "testdata/oasis.py", project, folder)
	var log strings.Builder
	cmd.Stderr = &log
	answers, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	questions, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := answerAll(t, questions, answers, broken)
	answers.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	if end.Tests < least || len(end.Failed) > 0 {
		t.Errorf("%d tests ran, %d are asked for, and these failed: %s\n%s",
			end.Tests, least, strings.Join(end.Failed, ", "), log.String())
	}
	t.Logf("%d tests of the OASIS pattern %s passed", end.Tests-len(end.Failed), project)
}

// answerAll answers questions until the last, which it gives.
func answerAll(t *testing.T, questions io.Reader, answers io.Writer, broken map[string]pattern.Rule) (q question) {
	lines := bufio.NewScanner(questions)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		q = question{}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		var answer map[string]any
		switch q.Ask {
		case "end":
			return q
		case "validate":
			answer = map[string]any{"errors": validated(q, broken)}
		case "bracketed":
			answer = map[string]any{"yes": bracketed(q.Pattern)}
		case "inspect":
			answer = inspected(q)
		case "match":
			answer = matched(q)
		default:
			t.Fatalf("%s asks %q", q.Test, q.Ask)
		}
		if err := json.NewEncoder(answers).Encode(answer); err != nil {
			t.Fatal(err)
		}
	}
	return q
}

func (q question) parse() (*pattern.Pattern, *pattern.Fault) {
	p, err := pattern.Parse(q.Pattern, pattern.Options{STIX20: q.Version == "2.0"})
	var fault *pattern.Fault
	errors.As(err, &fault)
	return p, fault
}

// validated gives the faults of the rules that the validator knows, in its form, and notes a pattern
// that breaks one of the others. The validator faults repeated qualifiers in patterns of 2.1 only.
func validated(q question, broken map[string]pattern.Rule) []string {
	p, fault := q.parse()
	if fault != nil {
		return []string{fmt.Sprintf("FAIL: Error found at line %d:%d. %s", fault.Line, fault.Column-1, fault.Problem)}
	}
	lines := []string{}
	for _, f := range p.Check() {
		switch {
		case f.Rule == pattern.RuleHash:
			lines = append(lines, strings.ReplaceAll("FAIL: "+strings.Replace(f.Problem, "is no", "is not a valid", 1), `"`, "'"))
		case f.Rule == pattern.RuleQualifiers && q.Version == "2.1":
			word, _, _ := strings.Cut(f.Problem, " ")
			lines = append(lines, "FAIL: Duplicate qualifier type encountered: "+strings.Replace(word, "START", "STARTSTOP", 1))
		case f.Rule != pattern.RuleQualifiers:
			broken[q.Pattern] = f.Rule
		}
	}
	return lines
}

// bracketed tells whether a pattern begins with a bracket, parentheses aside.
func bracketed(text string) bool {
	_, err := pattern.Parse(text, pattern.Options{})
	return err == nil || !strings.Contains(err.Error(), "expected [ or (")
}

// inspected tells what stands in a pattern.
func inspected(q question) map[string]any {
	p, fault := q.parse()
	if fault != nil {
		return map[string]any{"refused": fault.Error()}
	}
	comparisons := []map[string]any{}
	for c := range p.Comparisons() {
		path := []any{}
		for _, step := range c.Path.Steps {
			switch {
			case step.Key != "":
				path = append(path, step.Key)
			case step.Index == pattern.AnyIndex:
				path = append(path, "*")
			default:
				path = append(path, step.Index)
			}
		}
		operator, constant, _ := strings.Cut(strings.TrimPrefix(c.String(), c.Path.String()+" "), " ")
		if operator == "NOT" {
			operator, constant, _ = strings.Cut(constant, " ")
			operator = "NOT " + operator
		}
		comparisons = append(comparisons, map[string]any{
			"type": c.Path.Type, "path": path, "operator": operator, "constant": strings.ReplaceAll(constant, ", ", ","),
		})
	}
	qualifiers, operators := parts(p.Root)
	return map[string]any{"comparisons": comparisons, "qualifiers": qualifiers, "operators": operators}
}

// parts gives the qualifiers and operators of an observation expression.
func parts(e pattern.ObservationExpression) (qualifiers, operators []string) {
	qualifiers, operators = []string{}, []string{}
	add := func(e pattern.ObservationExpression) {
		q, o := parts(e)
		qualifiers, operators = append(qualifiers, q...), append(operators, o...)
	}
	switch e := e.(type) {
	case *pattern.Compound:
		operators = append(operators, e.Operator.String())
		for _, operand := range e.Operands {
			add(operand)
		}
	case *pattern.Qualified:
		for _, q := range e.Qualifiers {
			qualifiers = append(qualifiers, q.String())
		}
		add(e.Operand)
	}
	slices.Sort(operators)
	return qualifiers, slices.Compact(operators)
}

// matched gives the observations that make a pattern true. Where the matcher stops with an error
// about the data, this package gives a verdict with a doubt.
func matched(q question) map[string]any {
	refused := func(err error) map[string]any { return map[string]any{"refused": err.Error()} }
	p, fault := q.parse()
	if fault != nil {
		return refused(fault)
	}
	m, err := pattern.Compile(p, pattern.MatchOptions{})
	if err != nil {
		return refused(err)
	}
	observations, err := pattern.Observe(q.Objects)
	if err != nil {
		return refused(err)
	}
	result, err := m.Match(observations)
	if err != nil {
		return refused(err)
	}
	if len(result.Doubts) > 0 {
		return refused(errors.New(result.Doubts[0].Problem))
	}
	return map[string]any{"observations": append([]int{}, result.Observations()...)}
}
