package main

// warningText is what North tells South when its watch list speaks: that the
// people in danger are being told, so that two sides do not each wait for the
// other.
const warningText = `Your text names the security desk of the hall. It is on our watch list: we are telling it now, by telephone and by mail. Please say at once if telling it puts anybody of yours in danger.
`

func warning() ([]byte, error) { return []byte(warningText), nil }

// weigh is what North's analyst makes of South's claim: which proposition it
// speaks to, what grade North gives it, and which two newspaper stories turned
// out to have one origin.
func weigh() ([]byte, error) {
	type origin struct {
		Claims []string `json:"claims"`
		Why    string   `json:"why"`
	}
	return jsonText(struct {
		Proposition string `json:"proposition"`
		Grade       string `json:"grade"`
		Why         string `json:"why"`
		OneOrigin   origin `json:"one_origin"`
	}{
		Proposition: stixID("note", "concert plot"),
		Grade:       "C2",
		Why:         "No record with this service; three of its identifiers stand on the seized telephone.",
		OneOrigin: origin{
			Claims: []string{stixID("note", "concert by "+ledgerPaper), stixID("note", "concert by "+courier)},
			Why:    "The second story keeps the first one's order and its two officials.",
		},
	}, "  ")
}
