package triage

import (
	"time"

	"parley/selector"
)

// Sink is told what the evidence holds. Its methods are called one at a time, in
// an order that depends on the evidence and the options alone. An error stops the
// run and comes back from [Run].
//
// A file comes before what is in it. Findings come in the order of their places.
type Sink interface {
	File(File) error
	Finding(Finding) error
	Artifact(Artifact) error
	Fault(Fault) error
}

// File is one file of the evidence, at any depth, with its hash.
type File struct {
	Place  Place
	Size   int64 // in bytes
	SHA256 [32]byte
	Type   string // what it was read as, by content: zip, sqlite, json, text …; data if nothing known
	Known  bool   // it stands on the list of known files, and was not searched
}

// Finding is one occurrence of a selector.
type Finding struct {
	Selector selector.Selector
	Raw      string // as it was written, after escapes and encodings were undone
	Context  string // Raw with up to 60 characters on each side, control characters as spaces
	Place    Place
	// Confidence says how sure it is that the form is that of the selector's kind.
	Confidence selector.Confidence
}

// Fault says what could not be read and why, in one line.
type Fault struct {
	Place   Place
	Problem string
}

// ArtifactKind says what an artifact is.
type ArtifactKind string

// The kinds of artifact.
const (
	KindContact     ArtifactKind = "contact"
	KindMessage     ArtifactKind = "message" // of a chat, a text message, a mail
	KindCall        ArtifactKind = "call"
	KindPicture     ArtifactKind = "picture"
	KindDocument    ArtifactKind = "document"
	KindImage       ArtifactKind = "image"       // of a disk: what its maker wrote about it, and whether its hashes are right
	KindAccount     ArtifactKind = "account"     // that the device signs in with
	KindApplication ArtifactKind = "application" // that is installed
	KindNetwork     ArtifactKind = "network"     // that the device has joined
	KindVisit       ArtifactKind = "visit"       // of a page on the web
	KindPlace       ArtifactKind = "place"       // on the earth, that an application kept
)

// ArtifactKinds lists every kind, in a fixed order. The slice is the caller's own.
func ArtifactKinds() []ArtifactKind {
	return []ArtifactKind{
		KindContact, KindMessage, KindCall, KindPicture, KindDocument, KindImage,
		KindAccount, KindApplication, KindNetwork, KindVisit, KindPlace,
	}
}

// Artifact is a thing an application kept: a contact, a message, a call, a
// picture, a document, the image of a disk. Fields that the application did not write are empty.
type Artifact struct {
	Kind        ArtifactKind        `json:"kind"`
	Place       Place               `json:"place"`
	Time        time.Time           `json:"time,omitzero"`  // zero if unknown; in UTC; see docs/formats/triage.md for clocks without a zone
	Name        string              `json:"name,omitempty"` // of the contact, the chat, the document, the network; a mail's subject; a page's title
	From        string              `json:"from,omitempty"` // as the application wrote it
	To          string              `json:"to,omitempty"`
	Text        string              `json:"text,omitempty"`        // of a message, a note or a document's beginning; a page's address
	Application string              `json:"application,omitempty"` // which wrote it: SMS, Telegram, WhatsApp …
	Deleted     bool                `json:"deleted,omitempty"`     // it was carved from what the application had freed
	Selectors   []selector.Selector `json:"selectors,omitempty"`
	Picture     *Picture            `json:"picture,omitempty"`
	Position    *Position           `json:"position,omitempty"` // of a place
}

// Position is a point on the earth.
type Position struct {
	Latitude  float64 `json:"latitude"`  // degrees, north positive, WGS 84
	Longitude float64 `json:"longitude"` // east positive
}

// Picture is what a camera wrote into a picture.
type Picture struct {
	Located   bool      `json:"located"`        // whether Latitude and Longitude are given
	Latitude  float64   `json:"latitude"`       // degrees, north positive, WGS 84
	Longitude float64   `json:"longitude"`      // east positive
	Make      string    `json:"make,omitempty"` // of the camera
	Model     string    `json:"model,omitempty"`
	Taken     time.Time `json:"taken,omitzero"`
	Width     int       `json:"width,omitempty"` // pixels
	Height    int       `json:"height,omitempty"`
	PDQ       string    `json:"pdq,omitempty"`         // perceptual hash, in hexadecimal; empty if none was made
	Quality   int       `json:"pdq_quality,omitempty"` // of the hash, 0 to 100
}
