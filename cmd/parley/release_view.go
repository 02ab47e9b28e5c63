package main

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/views"
)

func (a *app) sayRelease(ctx context.Context, n views.Node, id int64) error {
	return a.sayReleaseWith(ctx, n, id, false)
}

// sayReleaseWith prints a release, whole with its texts.
func (a *app) sayReleaseWith(ctx context.Context, n views.Node, id int64, whole bool) error {
	v, err := n.Release(ctx, id)
	if err != nil {
		return err
	}
	return a.print(v, func() {
		a.say("R%d for %s: %s", v.Number, plain(v.To), v.State)
		a.say("  author   %s", v.Author)
		if v.Clearer != "" {
			a.say("  cleared  by %s", v.Clearer)
		}
		a.say("  bundle   %d objects, %s, SHA-256 %s", v.Objects, size(int64(v.Bytes)), v.SHA256)
		a.say("  marked   TLP:%s, %s", v.Order.TLP, v.Order.Use)
		a.sayRulings(v.Rulings)
		a.say("  stripped %s", strippedWords(v.Stripped))
		switch d := v.Delivery; {
		case d == nil:
		case v.PutOut:
			a.say("  put out  %s, %s; read by its consumer %s", when(d.QueuedAt), size(d.Bytes), when(d.AckedAt))
		default:
			a.say("  sent     %s, %s as it crossed; applied there %s", when(d.SealedAt), size(d.Bytes), when(d.AckedAt))
		}
		if v.Event != nil {
			a.say("  in MISP  event %s; %d parts have no place there", v.Event.UUID, len(v.Event.Unmapped))
			for _, u := range v.Event.Unmapped {
				a.say("           %s (%s): %s", plain(u.ID), plain(u.Type), plain(u.Why))
			}
		}
		if whole {
			a.sayProse(v.Prose)
		}
		a.sayWhatBecame(v)
		a.sayFindings(v.Findings)
	})
}

// sayRulings tells by which rules a release was allowed when they were last asked.
func (a *app) sayRulings(all []node.Ruling) {
	if len(all) == 0 {
		return
	}
	last := all[len(all)-1]
	for _, b := range last.Because {
		a.say("  allowed  at %s, by rule %s (%s)", last.Step, strings.Join(b.By, ", "), b.Place)
	}
}

func strippedWords(all []release.Stripped) string {
	count := map[release.StrippedKind]int{}
	for _, s := range all {
		count[s.Kind]++
	}
	return fmt.Sprintf("%d objects, %d properties, %d values", count[release.StrippedObject], count[release.StrippedProperty], count[release.StrippedValue])
}

func (a *app) sayFindings(all []release.Finding) {
	var rows [][]string
	for _, f := range all {
		weight := "look"
		switch {
		case f.Stops():
			weight = "STOP"
		case f.Blocking:
			weight, f.Fix = "let", fmt.Sprintf("%s let it stand: %s", f.OverruledBy, f.Why)
		}
		rows = append(rows, []string{weight, f.Rule, f.Path, f.Excerpt, f.Reason, f.Fix})
	}
	if len(rows) > 0 {
		a.say("")
		a.table("", []string{"", "rule", "place", "found", "why", "fix"}, rows)
	}
}
