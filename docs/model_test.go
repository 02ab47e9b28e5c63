package docs_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// verifier is the model of delivery as a program that visits every state, made
// by spin and a C compiler. Without the two the test skips.
type verifier struct {
	t   *testing.T
	dir string
}

func newVerifier(t *testing.T, mutant string) verifier {
	t.Helper()
	for _, tool := range []string{"spin", "cc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s: install spin and a C compiler (on Debian: apt-get install spin gcc libc6-dev)", tool)
		}
	}
	model, err := filepath.Abs(filepath.Join("protocol", "delivery.pml"))
	if err != nil {
		t.Fatal(err)
	}
	v := verifier{t, t.TempDir()}
	flags := []string{"-a"}
	if mutant != "" {
		flags = append(flags, "-D"+mutant)
	}
	v.run("spin", append(flags, model)...)
	return v
}

func (v verifier) run(program string, args ...string) string {
	v.t.Helper()
	c := exec.CommandContext(v.t.Context(), program, args...)
	c.Dir = v.dir
	text, err := c.CombinedOutput()
	if err != nil {
		v.t.Fatalf("%s: %v\n%s", program, err, text)
	}
	return string(text)
}

var verdict = regexp.MustCompile(`(?m)^State-vector \d+ byte, depth reached \d+, errors: (\d+)$`)

// holds reports whether a property holds in every state: "" stands for the
// assertions, and for no state in which nothing can go on.
func (v verifier) holds(property string) bool {
	v.t.Helper()
	build, args := []string{"-DSAFETY", "-DNOCLAIM"}, []string{"-m100000"}
	if property != "" {
		build, args = nil, []string{"-m100000", "-a", "-f", "-N", property}
	}
	v.run("cc", append(build, "-O1", "-w", "-o", "pan", "pan.c")...)
	text := v.run("./pan", args...)
	m := verdict.FindStringSubmatch(text)
	if m == nil || strings.Contains(text, "max search depth too small") || m[1] == "0" && strings.Contains(text, "Search not completed") {
		v.t.Fatalf("the verifier says nothing that is understood:\n%s", text)
	}
	return m[1] == "0"
}

// TestTheModelOfDeliveryHolds has spin look at every state of the model.
func TestTheModelOfDeliveryHolds(t *testing.T) {
	v := newVerifier(t, "")
	for _, property := range []string{"", "delivered", "acknowledged"} {
		if !v.holds(property) {
			t.Errorf("the model breaks %q: in docs/protocol run spin as delivery.md says, to see how", property)
		}
	}
}

// TestTheModelOfDeliveryCanFail puts one mistake after the other into the
// model. Spin has to find each.
func TestTheModelOfDeliveryCanFail(t *testing.T) {
	for _, c := range []struct{ mutant, property string }{
		{"MUTANT_TWICE", ""},
		{"MUTANT_OVERTAKE", ""},
		{"MUTANT_RESEAL", ""},
		{"MUTANT_DROP", "delivered"},
	} {
		t.Run(c.mutant, func(t *testing.T) {
			if newVerifier(t, c.mutant).holds(c.property) {
				t.Error("spin finds nothing wrong with it")
			}
		})
	}
}
