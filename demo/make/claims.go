package main

import (
	"time"

	"parley/internal/assess"
	"parley/stix"
)

// claims makes what North has read and been told about the common enemy: who
// says what, through whom, and what an analyst makes of it.
func claims() ([]byte, error) {
	n := &dossier{desk: stixID("identity", north)}
	n.parties()
	n.speakers()
	n.exchange()
	n.counts()
	n.attacks()
	n.foiled()
	n.concert()
	n.slogans()
	if n.err != nil {
		return nil, n.err
	}
	return bundle("north claims", n.objects)
}

// Who is spoken of, and who speaks.
const (
	north       = "North desk"
	stateA      = "State A"
	movementB   = "Movement B"
	groupC      = "Group C"
	magazine    = "Magazine"
	secondPaper = "Second outlet"
	source1     = "Source-1"
	source2     = "Source-2"
	counter1    = "Counter-1"
	counter2    = "Counter-2"
	authorities = "City authorities"
	inquiry     = "Public inquiry"
	reportPaper = "Report on Group C"
	police      = "Police of the third country"
	ledgerPaper = "Morning Ledger"
	courier     = "Evening Courier"
	lampChannel = "Lamp channel"
)

func who(name string) stix.ID { return stix.ID(stixID("identity", name)) }

// enemy is Group C's identifier in North's file.
func enemy() string { return stixID("threat-actor", groupC+" as North knows it") }

// parties are the actors of the story.
func (n *dossier) parties() {
	n.now = moment(2025, time.January, 6, 9, 0)
	identity := func(name, class, text string, known assess.Source) {
		n.source(name, object{"identity_class": class, "description": text}, known)
	}
	identity(north, "organization", "The desk that keeps this file.", assess.Source{
		Class: "desk", Access: assess.Device, Interested: yes(), Reliability: rated("B", "We know what we know."),
		Descriptor: "Reads seized devices; knows their words better than their meaning.",
	})
	identity(stateA, "organization", "A state that fights Group C and does not recognise Movement B.", assess.Source{
		Class: "state", Access: assess.FirstHand, Interested: yes(), Interest: "Does not want to be seen talking.",
		Reliability: rated("C", "Says in public what serves it."),
	})
	identity(movementB, "group", "A movement that governs a territory and fights Group C there.", assess.Source{
		Class: "movement", Access: assess.FirstHand, Interested: yes(), Interest: "Wants to be recognised.",
		Reliability: rated("C", "Says in public what serves it."),
	})
	n.add(n.at(n.now).domain("threat-actor", groupC+" as North knows it", object{
		"name": groupC, "threat_actor_types": []string{"terrorist"}, "description": "The enemy that both sides share.",
	}))
	n.add(n.at(n.now).domain("location", "third country", object{
		"name": "A third country", "region": "western-asia", "description": "Which one is not said.",
	}))
}

// speakers are those whose word is weighed, with what is known of each.
func (n *dossier) speakers() {
	anonymous := func(other string) assess.Source {
		return assess.Source{
			Class: "official", Anonymous: true, Access: assess.Hearsay, MayShareOriginWith: []stix.ID{who(other)},
			Descriptor: "Says that officials who were present told of it. Neither name nor post is given.",
		}
	}
	known := func(class string, access assess.Access, letter assess.Letter, descriptor string) assess.Source {
		return assess.Source{
			Class: class, Access: access, Interested: no(), Descriptor: descriptor, Reliability: rated(letter, descriptor),
		}
	}
	interested := func(s assess.Source, why string) assess.Source {
		s.Interested, s.Interest = yes(), why
		return s
	}
	speakers := []struct {
		name, class string
		source      assess.Source
	}{
		{magazine, "organization", known("media", assess.Hearsay, "B", "A monthly with an editor who checks.")},
		{secondPaper, "organization", known("media", assess.Hearsay, "C", "A daily that often rewrites what others print.")},
		{source1, "individual", anonymous(source2)},
		{source2, "individual", anonymous(source1)},
		{counter1, "organization", known("counter", assess.Document, "B", "Counts every attack that is reported twice.")},
		{counter2, "organization", known("counter", assess.Document, "C", "Estimates from interviews; outlines its method.")},
		{authorities, "organization", known("official", assess.FirstHand, "A", "Counts the dead by name.")},
		{inquiry, "organization", known("official", assess.Document, "A", "Counts the dead by name, years later.")},
		{reportPaper, "organization", known("media", assess.Document, "B", "Gives the numbers of its day.")},
		{police, "organization", known("official", assess.FirstHand, "B", "Speaks of its own arrests.")},
		{ledgerPaper, "organization", known("media", assess.Hearsay, "C", "A city newspaper with a police reporter.")},
		{courier, "organization", known("media", assess.Hearsay, "D", "An evening paper that lives on other people's stories.")},
		{lampChannel, "group", interested(
			known("movement", assess.FirstHand, "E", "A channel for people close to Group C."), "Denies everything, true or not.",
		)},
	}
	for _, s := range speakers {
		n.source(s.name, object{"identity_class": s.class}, s.source)
	}
}
