package main

import (
	"bytes"
	"fmt"
	"time"
)

// whatsAppText makes WhatsApp's export of one chat, in the form Android
// writes with a 24-hour clock: day/month/year, no zone, messages that run
// over several lines, media left out, and one writer who is not in the
// address book and so appears as a number.
func whatsAppText() ([]byte, error) {
	lines := []struct {
		minutes    int
		from, text string
	}{
		{11, "", "Messages and calls are end-to-end encrypted."},
		{12, tgSamir, "Is the workshop open on Thursday?"},
		{15, tgOwner, "Yes, until six."},
		{17, tgSamir, "I bring the wheel.\nAnd two spokes.\nAnd tea."},
		{1470, tgOwner, "<Media omitted>"},
		{1475, tgSamir, "The lamp looks crooked."},
		{1476, tgOwner, "IMG-20260825-WA0003.jpg (file attached)\u200e"},
		{2890, "", tgSamir + " added +1 415-555-0133"},
		{2893, "+1 415-555-0133", "Hello both. I can drive on the evening, my car is blue."},
		{2897, tgOwner, "Good. Write to me at tobin.marr@example.com if the plan changes."},
		{2899, tgSamir, "No plans by mail!"},
		{5760, "+1 415-555-0133", "Où est-ce qu'on se retrouve ?"},
		{5764, tgSamir, "حيث أصلحنا الدراجة"},
		{5765, tgOwner, "Behind the workshop, by the linden trees."},
		{8700, tgSamir, "This message was deleted"},
		{8701, tgOwner, "What was it?"},
		{8703, tgSamir, "Nothing. See https://maps.example/park?near=linden"},
		{14500, "+1 415-555-0133", "My new number is +1 (415) 555-0134, delete this one."},
		{20160, tgSamir, "The blue bag is ready 🎒"},
		{20161, tgOwner, "👍"},
		{24470, tgSamir, "Meet where we fixed the bicycle."},
	}
	var out bytes.Buffer
	for _, l := range lines {
		at := storyStart().Add(time.Duration(l.minutes)*time.Minute + 2*time.Hour)
		fmt.Fprint(&out, at.Format("02/01/2006, 15:04"), " - ")
		if l.from != "" {
			fmt.Fprint(&out, l.from, ": ")
		}
		fmt.Fprintln(&out, l.text)
	}
	return out.Bytes(), nil
}
