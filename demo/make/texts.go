package main

// tearlineText is what South's analyst may say: what is feared, when to the
// day, and whom to warn, in words that appear in no report. It names no party
// and nobody of the report, only selectors that the match found and the
// hall's own, which say well enough which hall it is.
const tearlineText = `Threat to a concert on 18 September

We judge it likely that members of Group C mean to harm the audience of a concert on 18 September. The people concerned use the number +1 202-555-0147, the Telegram account @lamplight_demo_17 and the page https://files.bicycle.example/plan?id=7. They speak of a blue bag and of the building's side entrance.

Please look for these three identifiers in what you hold, and tell the security desk of the hall (security@lindenhalle.example, +1 617-555-0171) at once. Nobody should be arrested on this text alone.
`

// leakyText is the tempting first draft: it has the source's name, the
// receiver's, the minute, and nine words of the intercept as they were taken
// down. The leak check must refuse it.
const leakyText = `Threat to a concert on 18 September

KESTREL and Listening Post 9 agree. At 03:12 one man said the blue bag was ready and that it should come to the hall. They use +1 202-555-0147, @lamplight_demo_17 and the mailbox box03@relay.invalid, and will meet at 48.21653, 16.39841.

Tell the security desk of the Lindenhalle Arena (security@lindenhalle.example, +1 617-555-0171) at once.
`

func tearline() ([]byte, error) { return []byte(tearlineText), nil }
func leaky() ([]byte, error)    { return []byte(leakyText), nil }

// release is what the analyst fills in beside the text: the marking, what it
// may be used for, what is cleared though no match found it, and the grade.
func release() ([]byte, error) {
	type named struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	}
	type cleared struct {
		Selector named  `json:"selector"`
		Reason   string `json:"reason"`
	}
	return jsonText(struct {
		TLP          string    `json:"tlp"`
		PermittedUse string    `json:"permitted_use"`
		Cleared      []cleared `json:"cleared_in_addition"`
		Grade        string    `json:"grade"`
		Descriptor   string    `json:"source_descriptor"`
	}{
		TLP:          "red",
		PermittedUse: "protect-life-only",
		Cleared: []cleared{
			{named{kindEmail, hallEmail}, "The target itself: whoever protects it must be reached."},
			{named{kindPhone, hallPhone}, "The same desk, answered day and night."},
		},
		Grade:      "B2",
		Descriptor: "A service with a good record on this group.",
	}, "  ")
}
