package triage

import (
	"bytes"
	"strings"
	"time"
)

// Telegram Desktop's export as HTML, messages.html: each message is an element of
// the class "message" with the id "message123". In it the element of the class
// "date" has the time in its title, "from_name" the sender and "text" the text. A
// message "joined" to the one before has its sender.
// Telegram/SourceFiles/export/output/export_output_html.cpp

func isTelegramHTML(f *file) bool {
	return bytes.Contains(f.head, []byte(`class="page_wrap`)) && bytes.Contains(f.head, []byte("page_header"))
}

func openTelegramHTML(r *reading, f *file) func(*markupToken) error {
	return (&telegramHTML{r: r, place: f.place()}).token
}

// telegramHTML gathers the message being read. depth counts the elements open
// since the one that holds what is gathered now.
type telegramHTML struct {
	r      *reading
	place  Place
	chat   strings.Builder
	sender string
	open   bool
	a      Artifact
	start  int64
	into   string // the class whose text is being gathered
	depth  int
	text   strings.Builder
}

func (t *telegramHTML) token(token *markupToken) error {
	switch token.kind {
	case markupOpen:
		return t.element(token)
	case markupShut:
		if t.into != "" && !emptyHTML[token.name] {
			if t.depth--; t.depth == 0 {
				t.gathered()
			}
		}
		if token.name == "body" {
			return t.flush(token.start)
		}
	case markupChars:
		if t.into != "" && t.text.Len() < telegramText {
			t.text.Write(token.text.text)
		}
	}
	return nil
}

// emptyHTML are elements that have no end.
var emptyHTML = map[string]bool{"br": true, "img": true, "hr": true, "input": true, "link": true, "meta": true, "wbr": true}

func (t *telegramHTML) element(token *markupToken) error {
	switch {
	case t.into != "":
		if token.name == "br" {
			t.text.WriteByte('\n')
		}
		if link := token.attribute("href"); t.open && link != "" {
			t.a.Selectors = appendNew(t.a.Selectors, t.r.selectorsIn(link)...)
		}
		if !emptyHTML[token.name] && !token.empty {
			t.depth++
		}
	case token.hasClass("message") && strings.HasPrefix(token.attribute("id"), "message"):
		if err := t.flush(token.start); err != nil {
			return err
		}
		t.open, t.start = token.hasClass("default"), token.start
		t.a = Artifact{Kind: KindMessage, Application: "Telegram"}
	case t.open && token.hasClass("date") && t.a.Time.IsZero():
		t.a.Time = telegramTitle(token.attribute("title"))
	case t.open && token.hasClass("from_name"), t.open && token.hasClass("text"), !t.open && token.hasClass("bold") && t.chat.Len() == 0:
		t.into, t.depth = token.attribute("class"), 1
		t.text.Reset()
	}
	return nil
}

// gathered puts what was gathered where it belongs.
func (t *telegramHTML) gathered() {
	text := strings.TrimSpace(t.text.String())
	switch class := t.into; {
	case strings.Contains(class, "from_name"):
		if t.a.From == "" { // a second one is of a message that was forwarded
			t.a.From = text
		}
	case strings.Contains(class, "bold") && t.chat.Len() == 0 && !t.open:
		t.chat.WriteString(clip(text, 1024))
	case t.a.Text == "":
		t.a.Text = text
	}
	t.into = ""
}

// flush reports the message that ends here.
func (t *telegramHTML) flush(end int64) error {
	if !t.open {
		return nil
	}
	t.open, t.into = false, ""
	if t.a.From == "" {
		t.a.From = t.sender
	}
	t.sender, t.a.Name = t.a.From, t.chat.String()
	t.a.Selectors = appendNew(t.a.Selectors, t.r.selectorsIn(t.a.Text)...)
	t.a.Place = t.place.at(t.start, end-t.start)
	return t.r.artifact(t.a)
}

// telegramTitle reads "05.01.2024 12:30:45 UTC+01:00"; older exports tell no zone.
func telegramTitle(title string) time.Time {
	if at, err := time.Parse("02.01.2006 15:04:05 UTC-07:00", title); err == nil {
		return at.UTC()
	}
	at, _ := time.Parse("02.01.2006 15:04:05", title)
	return at
}
