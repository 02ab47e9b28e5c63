package main

// expected says what the demonstration must find, for those who check it.
func expected() ([]byte, error) {
	type pair struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
		North string `json:"north"`
		File  string `json:"file"`
		South string `json:"south"`
	}
	var pairs []pair
	for _, o := range overlap() {
		pairs = append(pairs, pair{o.kind, o.normal, o.north, o.where, o.watch})
	}
	return jsonText(struct {
		Overlap  []pair     `json:"overlap"`
		Warnings []string   `json:"warnings"`
		Posters  []string   `json:"posters_alike"`
		Apart    []string   `json:"posters_apart"`
		Stories  [][]string `json:"stories_alike"`
		Secrets  []string   `json:"never_leave_south"`
	}{
		Overlap:  pairs,
		Warnings: []string{hallEmail, hallPhone},
		Posters: []string{
			posterPath + "/poster_lamp.jpg", posterPath + "/poster_lamp_small.jpg",
			posterPath + "/poster_lamp_forwarded.jpg", posterPath + "/poster_lamp_dim.jpg",
		},
		Stories: [][]string{
			{stixID("note", stixID("note", "intercepts")+source1), stixID("note", "rewrite")},
			{stixID("note", "concert by "+ledgerPaper), stixID("note", "concert by "+courier)},
		},
		Apart:   []string{posterPath + "/poster_bicycle.jpg"},
		Secrets: []string{sourceCodename, collectionSystem, interceptTime, "48.21653", "16.39841"},
	}, "  ")
}
