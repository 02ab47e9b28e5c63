package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"time"

	"parley/internal/assess"
	"parley/stix"
)

// foiled are plots that came to nothing: one that the exchange is said to
// have stopped, and two of public record.
func (n *dossier) foiled() {
	n.now = moment(2025, time.March, 12, 11, 0)
	shrine := n.incident("Plot against a place of pilgrimage", "Stopped near the capital of Movement B's territory; nobody was hurt.",
		"blocked", "not-occurred", moment(2025, time.January, 11, 0, 0), "day")
	tip := n.proposition("tip", "A tip from the other side stopped the plot against the place of pilgrimage.", shrine)
	n.says("tip by Magazine", "A tip stopped it, one of the two people said.", magazinePrinted(), assess.Claim{
		PropositionRef: tip, Stance: assess.Asserts, Claimant: who(magazine),
		Chain: []assess.Hop{{Who: who(magazine), How: "published", When: stamp(magazinePrinted()), Letter: "C"}},
		Grade: grade("C", 3, "Possible; nobody else says so."),
	})

	vienna := n.incident("Plot against concerts in Vienna", "Three concerts were called off; nobody was hurt.",
		"blocked", "not-occurred", moment(2024, time.August, 7, 0, 0), "month")
	arrests := n.proposition("arrests in Vienna", "How many people were arrested over the plot in Vienna.", vienna)
	n.counted(arrests, "Three teenagers were arrested.", moment(2024, time.August, 9, 12, 0), "said in public",
		grade("B", 2, "The police speak of their own arrests."), assess.Quantity{
			What: "people arrested", Definition: "teenagers arrested over the plot", Unit: "persons", Period: "August 2024", Area: "Vienna",
			Best: number(3), Counter: who(police),
		})
	n.incident("Plot against the Olympic Games in Paris", "Stopped before it began; nobody was hurt.",
		"blocked", "not-occurred", moment(2024, time.July, 1, 0, 0), "month")
}

// The two newspapers' stories on the concert: the second is the first in
// other words, a day later, and does not say so.
const (
	ledgerText = `Police are looking into a threat against a concert at the Lindenhalle Arena next week, two officials said ` +
		`on Friday. The officials, who did not wish to be named, said that a telephone taken in a raid held messages about a ` +
		`bag and a side door, and that the hall had not yet been told. Nobody has been arrested over the concert. The hall ` +
		`seats four thousand people, and every ticket for the evening of 18 September has been sold.`
	courierText = `A threat against a concert at the Lindenhalle Arena next week is being looked into by police. Two ` +
		`officials, who did not wish to be named, said that a telephone taken in a raid held messages about a bag and a side ` +
		`door, and that the hall had not yet been told. Nobody has been arrested over the concert. The hall seats four ` +
		`thousand people, and every ticket has been sold.`
)

// concert is what North holds of the plot against the hall before South says
// a word: its own find, two newspapers that may have one origin, a denial.
func (n *dossier) concert() {
	n.now = moment(2026, time.September, 11, 7, 0)
	incident := n.add(n.at(n.now).domain("incident", "concert as North knows it", object{
		"name": "Plot against a concert at the " + hallName, "description": "Feared for 18 September 2026.",
		"extensions": object{incidentCore: object{
			"extension_type": "property-extension", "determination": "suspected", "investigation_status": "open",
			"other_object_refs": []string{enemy()},
		}},
	}))
	n.link(incident.id(), "attributed-to", enemy())
	plot := n.proposition("concert plot", "People of Group C plan to attack the audience at the "+hallName+" on 18 September 2026.", incident.id())

	n.says("concert by North", "Messages on the seized telephone speak of a bag, a lamp and a meeting; none names the hall.",
		seized().Add(7*time.Hour), assess.Claim{
			PropositionRef: plot, Stance: assess.Partly, Claimant: who(north),
			Chain: []assess.Hop{{Who: who(north), How: "read on the seized telephone"}},
			Grade: grade("B", 3, "Our own find; what the words mean is a guess."),
		})
	printed := func(paper, text, why string, letter assess.Letter, at time.Time) {
		n.says("concert by "+paper, text, at, assess.Claim{
			PropositionRef: plot, Stance: assess.Asserts, Claimant: who(paper),
			Chain: []assess.Hop{{How: "told, as two officials"}, {Who: who(paper), How: "published", When: stamp(at)}},
			Grade: grade(letter, 3, why),
		})
	}
	printed(ledgerPaper, ledgerText, "A reporter with a record; the officials are unnamed.", "C", moment(2026, time.September, 11, 17, 0))
	printed(courier, courierText, "Reads like the Ledger.", "D", moment(2026, time.September, 12, 14, 30))
	n.says("concert denied", "Nobody plans anything for that evening. We like music.", moment(2026, time.September, 12, 19, 0), assess.Claim{
		PropositionRef: plot, Stance: assess.Denies, Claimant: who(lampChannel),
		Chain: []assess.Hop{{Who: who(lampChannel), How: "posted"}},
		Grade: grade("E", 6, "It would be denied either way."),
	})
}

// slogans is the campaign of posters, one artifact for each picture on the
// telephone: a matcher joins the variants, and who made them is a claim like
// any other.
func (n *dossier) slogans() {
	n.now = moment(2026, time.September, 12, 8, 0)
	campaign := n.add(n.at(n.now).domain("campaign", "slogans", object{
		"name": "Lamp posters", "description": "One poster in many copies, passed on from telephone to telephone.",
		"first_seen": stixTime(storyStart().Add(40 * time.Hour)),
	}))
	n.link(campaign.id(), "attributed-to", enemy())
	made := n.proposition("posters made by a machine", "The posters were drawn by a picture generator.", campaign.id())
	n.says("machine by Ledger", "They look machine-made, its picture editor says.", moment(2026, time.September, 11, 17, 0), assess.Claim{
		PropositionRef: made, Stance: assess.Asserts, Claimant: who(ledgerPaper),
		Chain: []assess.Hop{{Who: who(ledgerPaper), How: "opinion of its picture editor"}},
		Grade: grade("C", 4, "An impression; no test was made."),
	})
	pictures, err := posters()
	n.err = errors.Join(n.err, err)
	for _, p := range pictures {
		n.link(n.artifact(p), "related-to", campaign.id())
	}
}

// artifact adds a picture by its hash; the picture itself stays in the
// extraction.
func (n *dossier) artifact(p entry) string {
	sum := sha256.Sum256(p.data)
	hashes := object{"SHA-256": hex.EncodeToString(sum[:])}
	id, err := stix.DeterministicID("artifact", object{"hashes": hashes})
	n.err = errors.Join(n.err, err)
	return n.add(object{
		"type": "artifact", "spec_version": "2.1", "id": string(id), "mime_type": "image/jpeg", "hashes": hashes,
		"url": "https://evidence.north.example/phone/" + path.Base(p.name),
	}).id()
}
