package docs_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// proverIn finds ProVerif, or skips.
func proverIn(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("PARLEY_PROVERIF"); named != "" {
		return named
	}
	found, err := exec.LookPath("proverif")
	if err != nil {
		t.Skip("there is no proverif: put ProVerif 2.05 on PATH, or name it in PARLEY_PROVERIF")
	}
	return found
}

// proofTime is how long one situation may take.
const proofTime = 4 * time.Minute

var (
	expected = regexp.MustCompile(`\(\* (holds|broken)\b`)
	result   = regexp.MustCompile(`(?m)^RESULT .* (?:(is true)|(is false)|cannot be proved)\b.*$`)
)

// proved asks ProVerif about a situation under a protocol, and says of each of
// its queries whether it "holds", is "broken" or is neither.
func proved(t *testing.T, prover, protocol, situation string) (all []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), proofTime)
	defer cancel()
	c := exec.CommandContext(ctx, prover, "-lib", protocol, situation)
	text, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("proverif on %s: %v, after %s at most\n%s", situation, err, proofTime, text[max(0, len(text)-2000):])
	}
	for _, m := range result.FindAllStringSubmatch(string(text), -1) {
		switch {
		case m[1] != "":
			all = append(all, "holds")
		case m[2] != "":
			all = append(all, "broken")
		default:
			all = append(all, "not known")
		}
	}
	return all
}

// claimed are the verdicts that stand in a situation's comments.
func claimed(t *testing.T, situation string) (all []string) {
	t.Helper()
	text, err := os.ReadFile(situation)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range expected.FindAllSubmatch(text, -1) {
		all = append(all, string(m[1]))
	}
	return all
}

func protocolPath(t *testing.T, parts ...string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(append([]string{"protocol"}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTheModelOfTheChannelHolds has ProVerif answer every query of every
// situation as the comment beside it says.
func TestTheModelOfTheChannelHolds(t *testing.T) {
	prover := proverIn(t)
	situations, err := filepath.Glob(protocolPath(t, "channel", "*.pv"))
	if err != nil || len(situations) == 0 {
		t.Fatalf("no situations are there: %v", err)
	}
	for _, situation := range situations {
		t.Run(strings.TrimSuffix(filepath.Base(situation), ".pv"), func(t *testing.T) {
			want, got := claimed(t, situation), proved(t, prover, protocolPath(t, "channel.pvl"), situation)
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("ProVerif says %v, want %v", got, want)
			}
		})
	}
}

// TestTheModelOfTheChannelAtEachTheft puts the theft of the model at every step of either
// party. What is open to a thief who listens is what is written here, and all else is
// closed: what was before by forward secrecy, what comes after by healing.
func TestTheModelOfTheChannelAtEachTheft(t *testing.T) {
	prover := proverIn(t)
	text, err := os.ReadFile(protocolPath(t, "channel", "theft.pv"))
	if err != nil {
		t.Fatal(err)
	}
	parcels := []string{"North's 0", "North's 1", "South's 0", "North's 2", "South's 1"} // as theft.pv asks
	for _, c := range []struct {
		owner, step string
		open        []string
	}{
		{"ofNorth", "n0", []string{"South's 0"}},
		{"ofNorth", "n1", []string{"North's 1", "South's 0"}},
		{"ofNorth", "n2", []string{"South's 0"}},
		{"ofNorth", "n3", nil},
		{"ofNorth", "n4", []string{"South's 1"}},
		{"ofNorth", "n5", nil},
		{"ofSouth", "n0", []string{"North's 0", "North's 1"}},
		{"ofSouth", "n1", []string{"North's 1"}},
		{"ofSouth", "n2", nil},
		{"ofSouth", "n3", []string{"North's 2"}},
		{"ofSouth", "n4", nil},
		{"ofSouth", "n5", nil},
	} {
		t.Run(c.owner+c.step, func(t *testing.T) {
			at := filepath.Join(t.TempDir(), "theft.pv")
			moved := bytes.Replace(text, []byte("out(ofNorth, n2)"), []byte("out("+c.owner+", "+c.step+")"), 1)
			if err := os.WriteFile(at, moved, 0o600); err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, p := range parcels {
				want = append(want, map[bool]string{true: "broken", false: "holds"}[slices.Contains(c.open, p)])
			}
			if got := proved(t, prover, protocolPath(t, "channel.pvl"), at); !slices.Equal(got, want) {
				t.Errorf("of %v ProVerif says %v, want %v", parcels, got, want)
			}
		})
	}
}

// weakening is a mistake in the protocol, and the situation in which it shows.
type weakening struct {
	name, situation string
	from, to        string
}

// TestTheModelOfTheChannelCanFail makes the protocol weaker in one place after
// the other. ProVerif has to lose a query each time.
func TestTheModelOfTheChannelCanFail(t *testing.T) {
	prover := proverIn(t)
	protocol, err := os.ReadFile(protocolPath(t, "channel.pvl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []weakening{
		{"no prekey is mixed in", "impersonation", "ss, sr, rs, rr))", "ss, nothing, nothing, nothing))"},
		{"a turn mixes nothing in", "turns_x25519_broken", "= export(sharedBy(l, r), dh1(e, p), g(e), p, tag)", "= tag"},
		{"a turn mixes X25519 in alone", "turns_x25519_broken", "= export(sharedBy(l, r), dh1", "= export(tag, dh1"},
		{"a turn mixes ML-KEM in alone", "turns_lattice_broken", "dh1(e, p), g(e), p, tag)", "tag, g(e), p, tag)"},
		{
			"a chain can be wound back", "theft_acting", "fun K(bitstring, label, bitstring): bitstring.",
			"fun K(bitstring, label, bitstring): bitstring. reduc forall k: bitstring, x: bitstring; before(K(k, next, x)) = k.",
		},
	} {
		t.Run(w.name, func(t *testing.T) {
			situation := protocolPath(t, "channel", w.situation+".pv")
			if n := bytes.Count(protocol, []byte(w.from)); n != 1 {
				t.Fatalf("%q stands in the protocol %d times, want once", w.from, n)
			}
			weak := filepath.Join(t.TempDir(), "channel.pvl")
			if err := os.WriteFile(weak, bytes.Replace(protocol, []byte(w.from), []byte(w.to), 1), 0o600); err != nil {
				t.Fatal(err)
			}
			want, got := claimed(t, situation), proved(t, prover, weak, situation)
			lost := false
			for i := range got {
				lost = lost || i < len(want) && want[i] == "holds" && got[i] == "broken"
			}
			if !lost || len(got) != len(want) {
				t.Errorf("ProVerif says %v as of the protocol itself", got)
			}
		})
	}
}
