package main

import (
	"time"

	"parley/internal/assess"
	"parley/stix"
)

// counts are two figures about Group C that look alike and count different
// things: attacks in a year by one counter, members by another. They must
// never share an axis.
func (n *dossier) counts() {
	n.now = moment(2025, time.March, 12, 10, 0)
	attacks := n.proposition("attacks in a year", "How many attacks Group C carried out in Syria and Iraq in 2024.", enemy())
	n.counted(attacks, "Some 700 attacks last year.", moment(2025, time.February, 3, 8, 0), "published count",
		grade("B", 2, "Fits the monthly counts of the same counter."),
		assess.Quantity{
			What: "attacks", Definition: "attacks that are reported twice", Unit: "attacks", Period: "2024", Area: "Syria and Iraq",
			Best: number(700), Qualifier: assess.About, Counter: who(counter1), Method: "event count from open reports",
		})
	members := n.proposition("hardcore members", "How many hardcore loyalists Group C has in Syria and Iraq.", enemy())
	n.counted(members, "Little more than a thousand hardcore loyalists are left.", moment(2025, time.February, 17, 8, 0), "published estimate",
		grade("C", 3, "Nobody else publishes a number with this definition."),
		assess.Quantity{
			What: "members", Definition: "hardcore loyalists, without helpers and families", Unit: "persons",
			Period: "end of 2024", Area: "Syria and Iraq", Low: number(1000), Qualifier: assess.LittleMoreThan,
			Counter: who(counter2), Method: "estimate from interviews",
		})
}

// counted adds a number, said by whoever counted it.
func (n *dossier) counted(proposition stix.ID, text string, at time.Time, how string, g assess.Grade, q assess.Quantity) {
	n.says(string(proposition)+" by "+string(q.Counter), text, at, assess.Claim{
		PropositionRef: proposition, Stance: assess.Asserts, Claimant: q.Counter,
		Chain: []assess.Hop{{Who: q.Counter, How: how, When: stamp(at)}}, Grade: g, Quantity: &q,
	})
}

// attacks are three that happened, as events of public record: the day, the
// place, and the number of people killed as one or two counters count them.
func (n *dossier) attacks() {
	events := []struct {
		name, what, area string
		when             time.Time
		killed           float64
		text             string
		counters         []string
		definition       string
	}{
		{
			"Bourbon Street, New Orleans", "A driver steered into the crowd on New Year's night.", "New Orleans",
			moment(2025, time.January, 1, 0, 0), 14, "Fourteen people were killed.",
			[]string{authorities, reportPaper},
			"people killed, without the attacker",
		},
		{
			"Bataclan and elsewhere, Paris", "Attacks on a concert hall, a stadium and cafés in one evening.", "Paris and Saint-Denis",
			moment(2015, time.November, 13, 0, 0), 130, "One hundred and thirty people were killed.",
			[]string{authorities, inquiry},
			"people killed, without the attackers",
		},
		{
			"Crocus City Hall, Krasnogorsk", "Attack on the audience of a concert.", "Krasnogorsk",
			moment(2024, time.March, 22, 0, 0), 140, "One hundred and forty people were killed, as the report counts them.",
			[]string{reportPaper},
			"people killed, as the report counts them",
		},
	}
	for _, e := range events {
		incident := n.incident(e.name, e.what, "confirmed", "occurred", e.when, "day")
		toll := n.proposition("toll of "+e.name, "How many people were killed: "+e.name+".", incident)
		for i, counter := range e.counters {
			n.counted(toll, e.text, e.when.AddDate(0, 1+6*i, 0), "published count", grade("B", 2, "A public count."), assess.Quantity{
				What: "people killed", Definition: e.definition, Unit: "persons", Period: e.when.Format(time.DateOnly), Area: e.area,
				Best: number(e.killed), Counter: who(counter),
			})
		}
	}
}
