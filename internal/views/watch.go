package views

import "parley/internal/store"

// Watch is a selector that somebody must be told about.
type Watch struct {
	Selector  string `json:"selector"` // kind:value
	Note      string `json:"note"`
	Recipient string `json:"recipient"`
	Imminent  bool   `json:"imminent"` // a hit is about imminent danger
	Owner     string `json:"owner"`
}

// WatchOf is a line of the watch list as it is told.
func WatchOf(w store.Watch) Watch {
	return Watch{w.Selector.String(), w.Note, w.Recipient, w.Imminent, w.Owner}
}
