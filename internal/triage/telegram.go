package triage

import (
	"strconv"
	"strings"
	"time"

	"parley/selector"
)

// Telegram Desktop's export, result.json: one chat with its messages, or a whole
// account with contacts.list and chats.list. The format is in Telegram Desktop's
// source, Telegram/SourceFiles/export/output/export_output_json.cpp.

const telegramText = 64 << 10 // bytes of a message kept in its artifact

// telegramExport gathers the message or contact that is being read.
type telegramExport struct {
	r     *reading
	place Place
	chat  string
	item  telegramItem
}

type telegramItem struct {
	fields map[string]string
	text   strings.Builder
}

// Where messages, contacts and the names of chats are, in an export of one chat
// and of an account.
var (
	chatMessage    = jsonPattern{"messages", "#"}
	accountMessage = jsonPattern{"chats", "list", "#", "messages", "#"}
	accountContact = jsonPattern{"contacts", "list", "#"}
	chatName       = jsonPattern{"name"}
	accountName    = jsonPattern{"chats", "list", "#", "name"}
)

func (t *telegramExport) scalar(path jsonPath, text []byte) {
	if path.is(chatName) || path.is(accountName) {
		t.chat = clip(string(text), telegramText)
		return
	}
	depth := telegramDepth(path)
	if depth == 0 {
		return
	}
	if t.item.fields == nil {
		t.item.fields = make(map[string]string)
	}
	rest := path[depth:]
	switch {
	case rest[0].name == "text" && (len(rest) < 3 || rest[2].name == "text"):
		t.item.text.WriteString(clip(string(text), telegramText-min(t.item.text.Len(), telegramText)))
	case len(rest) == 1 && len(t.item.fields) < 64:
		t.item.fields[rest[0].name] = clip(string(text), 1024)
	}
}

// telegramDepth gives how many steps of the path lead to the message or contact
// that it is inside of; 0 outside.
func telegramDepth(path jsonPath) int {
	for _, pattern := range [...]jsonPattern{chatMessage, accountMessage, accountContact} {
		if len(path) > len(pattern) && path.begins(pattern) {
			return len(pattern)
		}
	}
	return 0
}

func (t *telegramExport) end(path jsonPath, start, end int64) error {
	message := path.is(chatMessage) || path.is(accountMessage)
	if !message && !path.is(accountContact) {
		return nil
	}
	item := &t.item
	defer func() { t.item = telegramItem{} }()
	place := t.place.at(start, end-start)
	place.Column = path.pointer()
	switch {
	case message && item.fields["type"] == "message" && item.fields["date"] != "":
		return t.r.artifact(t.message(item, place))
	case !message && (item.fields["phone_number"] != "" || item.fields["first_name"] != ""):
		return t.r.artifact(t.contact(item, place))
	}
	return nil
}

func (t *telegramExport) message(item *telegramItem, place Place) Artifact {
	a := Artifact{
		Kind: KindMessage, Place: place, Application: "Telegram", Time: telegramTime(item.fields),
		Name: t.chat, From: item.fields["from"], Text: item.text.String(),
	}
	if a.From == "" {
		a.From = item.fields["from_id"]
	}
	if a.From != t.chat {
		a.To = t.chat
	}
	a.Selectors = t.r.selectorsIn(a.Text)
	return a
}

func (t *telegramExport) contact(item *telegramItem, place Place) Artifact {
	name := strings.TrimSpace(item.fields["first_name"] + " " + item.fields["last_name"])
	a := Artifact{Kind: KindContact, Place: place, Application: "Telegram", Name: name}
	if number := item.fields["phone_number"]; number != "" {
		a.Selectors = t.r.field(selector.Phone, number)
	}
	return a
}

// telegramTime prefers the time in seconds since 1970, which newer exports have;
// the other is in the zone of the computer that exported, which is not told.
func telegramTime(fields map[string]string) time.Time {
	if seconds, err := strconv.ParseInt(fields["date_unixtime"], 10, 64); err == nil && seconds > 0 {
		return time.Unix(seconds, 0).UTC()
	}
	at, _ := time.Parse("2006-01-02T15:04:05", fields["date"])
	return at
}
