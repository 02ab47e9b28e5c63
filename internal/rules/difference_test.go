package rules_test

import (
	"fmt"
	"slices"
	"testing"

	"parley/internal/rules"
)

// TestWhatWidens says of each change to a file whether a second person must look.
func TestWhatWidens(t *testing.T) {
	const (
		head   = "rules 1\n\n"
		allow  = "allow some\n  when    purpose.use == \"detection\"\n  because they may look\n"
		deny   = "deny red\n  when    marking.pap == \"red\"\n  because it is passive\n"
		accept = "accept marking-definition--7e56ce8c-8ac9-4015-8a95-a3d1a4c98150\n  because it is our own\n"
		party  = "party South\n  group rescue\n"
	)
	comment := func(end string) string {
		return "allow some\n  when    purpose.use == \"detection\" // or moderation" + end + "&& marking.pap == \"clear\"\n  because they may look\n"
	}
	quoted := func(label string) string {
		return "deny red\n  when    \"" + label + "\" in object.labels\n  because it is passive\n"
	}
	walk := func(label string) string {
		return "deny red\n  when    object.labels.exists(l, l == \"" + label + "\")\n  because it is passive\n"
	}
	for name, c := range map[string]struct {
		old, new string
		want     []string // what differs, with + where it widens
	}{
		"nothing":                 {allow + deny, deny + allow, nil},
		"a reason":                {allow, "allow some\n  when    purpose.use == \"detection\"\n  because of something else\n", nil},
		"another outline":         {allow, "allow some\n  when    purpose.use\n          == \"detection\"\n  because they may look\n", nil},
		"another comment":         {allow, "allow some\n  when    purpose.use == \"detection\" // as agreed\n  because they may look\n", nil},
		"a line that ends later":  {comment("\n          "), comment(" "), []string{"+changed allow some"}},
		"a space in quotes":       {quoted("the sea"), quoted("the  sea"), []string{"+changed deny red"}},
		"a walk with one name":    {walk("label"), walk("label"), nil},
		"a walk for another":      {walk("secret"), walk("public"), []string{"+changed deny red"}},
		"an allowance":            {deny, deny + allow, []string{"+new allow some"}},
		"an allowance taken":      {allow, "", []string{"gone allow some"}},
		"an allowance changed":    {allow, "allow some\n  when    purpose.use == \"moderation\"\n  because they may look\n", []string{"+changed allow some"}},
		"a prohibition":           {allow, allow + deny, []string{"new deny red"}},
		"a prohibition taken":     {allow + deny, allow, []string{"+gone deny red"}},
		"a prohibition changed":   {deny, "deny red\n  when    marking.pap == \"amber\"\n  because it is passive\n", []string{"+changed deny red"}},
		"a prohibition that lets": {deny, "allow red\n  when    marking.pap == \"red\"\n  because it is passive\n", []string{"+new allow red"}},
		"a marking accepted":      {"", accept, []string{"+new accept marking-definition--7e56ce8c-8ac9-4015-8a95-a3d1a4c98150"}},
		"a marking no more":       {accept, "", []string{"gone accept marking-definition--7e56ce8c-8ac9-4015-8a95-a3d1a4c98150"}},
		"a party":                 {"", party, []string{"+new party South"}},
		"a party no more":         {party, "", []string{"+gone party South"}},
		"what widens comes first": {allow, deny + "allow other\n  when    purpose.use == \"detection\"\n  because they may look\n", []string{"+new allow other", "new deny red", "gone allow some"}},
	} {
		t.Run(name, func(t *testing.T) {
			old, err := rules.Parse("old.rules", []byte(head+c.old))
			if err != nil {
				t.Fatal(err)
			}
			now, err := rules.Parse("new.rules", []byte(head+c.new))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range now.Since(old) {
				mark := ""
				if d.Widens {
					mark = "+"
				}
				got = append(got, fmt.Sprintf("%s%s %s", mark, d.How, d.What))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
