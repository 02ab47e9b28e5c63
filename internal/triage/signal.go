package triage

import (
	"strconv"
	"strings"

	"parley/selector"
)

// Signal Desktop's export in plain text, main.jsonl: a value a line, each with one
// member: recipient (a person or a group, with an id), chat (of a recipient) or
// chatItem (a message in a chat, by an author). They are the frames of Signal's
// backups, written as JSON; numbers of 64 bits stand as strings, and bytes in
// base64. A recipient comes before what names it.
// github.com/signalapp/libsignal, rust/message-backup/src/proto/backup.proto

// signalExport gathers the frame being read.
type signalExport struct {
	r      *reading
	place  Place
	fields map[string]string // of the frame, by their way from its member on
	people map[string]signalPerson
	chats  map[string]string // the recipient of each
	all    gathering         // people and chats
	full   bool              // there were too many of them
}

type signalPerson struct{ name, number string }

var (
	signalFrame   = []string{"recipient", "chat", "chatItem"}
	signalContact = "contact/"
	signalText    = "standardMessage/text/body"
)

// scalar keeps what a frame says. The frames are the values of the file itself, so
// a way begins with the name of the frame's member.
func (s *signalExport) scalar(path jsonPath, text []byte) {
	if len(path) < 2 || len(path) > 6 || !s.isFrame(path) || len(s.fields) >= 64 {
		return
	}
	if s.fields == nil {
		s.fields = make(map[string]string)
	}
	var way strings.Builder
	for i, step := range path[1:] {
		if step.array || len(step.name) > 64 {
			return
		}
		if i > 0 {
			way.WriteByte('/')
		}
		way.WriteString(step.name)
	}
	s.fields[way.String()] = clip(string(text), messageText)
}

func (s *signalExport) isFrame(path jsonPath) bool {
	for _, name := range signalFrame {
		if !path[0].array && path[0].name == name {
			return true
		}
	}
	return false
}

// end reads the frame whose member ends here.
func (s *signalExport) end(path jsonPath, start, end int64) error {
	if len(path) != 1 || s.fields == nil || !s.isFrame(path) {
		return nil
	}
	fields := s.fields
	s.fields = nil
	place := s.place.at(start, end-start)
	place.Column = path.pointer()
	switch path[0].name {
	case "recipient":
		return s.recipient(fields, place)
	case "chat":
		if err := s.take(fields["id"], fields["recipientId"]); err != nil || s.full {
			return err
		}
		keep(&s.chats, fields["id"], fields["recipientId"])
	case "chatItem":
		return s.message(fields, place)
	}
	return nil
}

// take counts what is kept of a frame, and says once that there was too much.
func (s *signalExport) take(texts ...string) error {
	if s.full {
		return nil
	}
	bytes := 0
	for _, text := range texts {
		bytes += len(text)
	}
	if err := s.all.take(bytes); err != nil {
		s.full = true
		return s.r.fault(s.place, err)
	}
	return nil
}

func keep[V any](all *map[string]V, key string, value V) {
	if *all == nil {
		*all = make(map[string]V)
	}
	(*all)[key] = value
}

func (s *signalExport) recipient(fields map[string]string, place Place) error {
	name := strings.TrimSpace(fields[signalContact+"profileGivenName"] + " " + fields[signalContact+"profileFamilyName"])
	if own := strings.TrimSpace(fields[signalContact+"systemGivenName"] + " " + fields[signalContact+"systemFamilyName"]); own != "" {
		name = own
	}
	person := signalPerson{name: name}
	if number := fields[signalContact+"e164"]; number != "" {
		person.number = "+" + strings.TrimPrefix(number, "+")
	}
	if title := fields["group/snapshot/title/title"]; title != "" {
		person.name = title
	}
	if err := s.take(fields["id"], person.name, person.number); err != nil {
		return err
	}
	if !s.full {
		keep(&s.people, fields["id"], person)
	}
	if person.number == "" && name == "" {
		return nil // a group, or Signal's own notes
	}
	a := Artifact{Kind: KindContact, Application: "Signal", Place: place, Name: name, Text: fields[signalContact+"username"]}
	if person.number != "" {
		a.Selectors = s.r.field(selector.Phone, person.number)
	}
	return s.r.artifact(a)
}

func (s *signalExport) message(fields map[string]string, place Place) error {
	text := fields[signalText]
	sent, err := strconv.ParseInt(fields["dateSent"], 10, 64)
	if text == "" || err != nil {
		return nil // a call, a sticker, a change of the group
	}
	author, chat := s.people[fields["authorId"]], s.people[s.chats[fields["chatId"]]]
	a := Artifact{
		Kind: KindMessage, Application: "Signal", Place: place, Time: milliseconds(sent), Name: chat.name,
		From: author.called(), Text: text,
	}
	if to := chat.called(); to != a.From {
		a.To = to
	}
	for _, person := range []signalPerson{author, chat} {
		if person.number != "" {
			a.Selectors = appendNew(a.Selectors, s.r.field(selector.Phone, person.number)...)
		}
	}
	a.Selectors = appendNew(a.Selectors, s.r.selectorsIn(text)...)
	return s.r.artifact(a)
}

func (p signalPerson) called() string {
	if p.name == "" {
		return p.number
	}
	return p.name
}
