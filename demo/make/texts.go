package main

// tearlineText is what South's analyst may say: what is feared, when to the
// day, and whom to warn, in words that appear in no report. It names nothing
// but selectors that the match found and those of the hall.
const tearlineText = `Threat to a concert on 18 September

South believes it likely that members of Group C mean to harm the audience of a concert at the Lindenhalle Arena on 18 September. The people concerned use the number +1 202-555-0147, the Telegram account @lamplight_demo_17 and the page https://files.bicycle.example/plan?id=7. They speak of a blue bag and of the building's side entrance.

We ask North to look at these three identifiers in what it holds, and to tell the hall's security desk (security@lindenhalle.example, +1 617-555-0171) at once. Please do not arrest anybody on this text alone.
`

// leakyText is the tempting first draft: it has the source's name, the
// receiver's, the minute, and nine words of the intercept as they were taken
// down. The leak check must refuse it.
const leakyText = `Threat to a concert on 18 September

KESTREL and Listening Post 9 agree. At 03:12 one man told another that the blue bag was ready and that it should be brought to the hall. They use +1 202-555-0147, @lamplight_demo_17 and the mailbox box03@relay.invalid, and will meet at 48.21653, 16.39841.

Tell the hall's security desk (security@lindenhalle.example, +1 617-555-0171) at once.
`

func tearline() ([]byte, error) { return []byte(tearlineText), nil }
func leaky() ([]byte, error)    { return []byte(leakyText), nil }

// release is what the analyst fills in beside the text: the marking, what it
// may be used for, what is cleared though no match found it, and the grade.
func release() ([]byte, error) {
	type cleared struct {
		Kind   string `json:"kind"`
		Value  string `json:"value"`
		Reason string `json:"reason"`
	}
	return jsonText(struct {
		TLP          string    `json:"tlp"`
		PermittedUse string    `json:"permitted_use"`
		Cleared      []cleared `json:"cleared_in_addition"`
		Grade        string    `json:"grade"`
	}{
		TLP:          "amber+strict",
		PermittedUse: "protect-life-only",
		Cleared: []cleared{
			{kindEmail, hallEmail, "The target itself: whoever protects it must be reached."},
			{kindPhone, hallPhone, "The same desk, answered day and night."},
		},
		Grade: "B2",
	}, "  ")
}
