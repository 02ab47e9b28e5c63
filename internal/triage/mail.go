package triage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"regexp"
	"strings"

	"parley/internal/triage/mail"
)

// A message of e-mail is a container: its header is scanned in the message, each
// of its parts is a file inside it, decoded and in UTF-8. So a place in a part has
// the bytes a reader of the part sees.

// mailFields are fields of which a message has some at its beginning.
var mailFields = regexp.MustCompile(`(?i)^(from|to|cc|subject|date|message-id|received|return-path|delivered-to|mime-version|content-type|reply-to|x-[a-z-]+):`)

func isMail(f *file) bool {
	head := f.head[emlxPrefix(f):]
	if !mailField(head) {
		return false
	}
	header, _, _ := bytes.Cut(bytes.ReplaceAll(head, []byte("\r"), nil), []byte("\n\n"))
	found := 0
	for line := range bytes.Lines(header) {
		// A name has no spaces, which most lines of a text have before a colon.
		if end := bytes.IndexAny(line, " :"); end > 0 && line[end] == ':' && mailFields.Match(line) {
			found++
		}
	}
	return found >= 3 || found > 0 && (hasExt(f, ".eml") || hasExt(f, ".emlx"))
}

// mailField reports whether a text begins with a field of a header.
func mailField(head []byte) bool {
	colon := bytes.IndexAny(head[:min(len(head), 80)], ":\n")
	if colon <= 0 || head[colon] != ':' {
		return false
	}
	return bytes.IndexFunc(head[:colon], func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0
}

// emlxPrefix gives the length of the line with which Apple's .emlx begins: the
// number of bytes of the message.
func emlxPrefix(f *file) int {
	line, _, found := bytes.Cut(f.head, []byte("\n"))
	if !found || !hasExt(f, ".emlx") || len(line) > 20 || strings.Trim(string(line), "0123456789 ") != "" {
		return 0
	}
	return len(line) + 1
}

// mailEntries scans the header, gives the parts and reports the message.
func mailEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	data, err := f.whole()
	if err != nil {
		return err
	}
	skip := emlxPrefix(f)
	message := mail.Parse(data[skip:])
	place := func(s mail.Span) Place { return f.place().at(int64(skip+s.Offset), int64(s.Length)) }
	if err := r.mailHeader(message, place); err != nil {
		return err
	}
	if err := r.artifact(r.mailArtifact(message, f.place())); err != nil {
		return err
	}
	names := newNames()
	for i, part := range message.Parts {
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		it := f.child(names.unique(partName(i, part)))
		it.open = func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(message.Content(part))), nil
		}
		if err := yield(it); err != nil {
			return err
		}
	}
	return nil
}

// mailHeader scans the fields, unfolded and their words decoded, and what stands
// between the parts.
func (r *reading) mailHeader(message *mail.Message, place func(mail.Span) Place) error {
	for _, field := range message.Header {
		switch field.Name {
		case "message-id", "in-reply-to", "references", "content-id":
			continue // these look like addresses and are none
		}
		var m mapped
		from := place(field.Value)
		mailWords(&m, message.Bytes(field.Value), from.Offset)
		if err := r.mapped(&m, from); err != nil {
			return err
		}
	}
	for _, between := range message.Between {
		base := place(between)
		err := r.findings(string(message.Bytes(between)), func(start, end int) Place {
			return base.at(base.Offset+int64(start), int64(end-start))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

var encodedWord = regexp.MustCompile(`=\?[^?\s]{1,40}\?[BbQq]\?[^?\s]*\?=`)

// mailWords puts a field together: folded lines in one, and each encoded word of
// RFC 2047 as what it stands for, at the place of all its bytes.
func mailWords(m *mapped, raw []byte, offset int64) {
	at := 0
	for _, span := range encodedWord.FindAllIndex(raw, -1) {
		gap := raw[at:span[0]]
		if at == 0 || len(bytes.TrimSpace(gap)) > 0 { // between two words blanks do not count
			unfolded(m, gap, offset+int64(at))
		}
		word := string(raw[span[0]:span[1]])
		m.decoded([]byte(mail.DecodeWords(word)), offset+int64(span[0]), offset+int64(span[1]))
		at = span[1]
	}
	unfolded(m, raw[at:], offset+int64(at))
}

// unfolded adds text without the ends of its lines.
func unfolded(m *mapped, raw []byte, offset int64) {
	for len(raw) > 0 {
		n := bytes.IndexAny(raw, "\r\n")
		if n < 0 {
			n = len(raw)
		}
		m.add(raw[:n], offset)
		n = min(n+1, len(raw))
		raw, offset = raw[n:], offset+int64(n)
	}
}

func (r *reading) mailArtifact(message *mail.Message, place Place) Artifact {
	a := Artifact{
		Kind: KindMessage, Application: "e-mail", Place: place, Name: clip(message.Get("subject"), messageText),
		From: clip(message.Get("from"), messageText), To: clip(message.Get("to"), messageText),
	}
	for _, copied := range [...]string{"cc", "bcc"} {
		a.To = joined(a.To, ", ", message.Get(copied))
	}
	if at, err := netmail.ParseDate(message.Get("date")); err == nil && at.Year() > 0 && at.Year() < 10000 {
		a.Time = at.UTC()
	}
	a.Text = mailText(message)
	a.Selectors = r.selectorsIn(a.From, a.To, a.Name, a.Text)
	return a
}

// mailText gives the beginning of the first part that is a text to be read.
func mailText(message *mail.Message) string {
	for _, kind := range [...]string{"text/plain", "text/html"} {
		for _, part := range message.Parts {
			if part.Type != kind || part.Attached {
				continue
			}
			part.Body.Length = min(part.Body.Length, 4*messageText)
			text := message.Content(part)
			if kind == "text/html" {
				text = htmlText(text)
			}
			return clip(strings.TrimSpace(string(text)), messageText)
		}
	}
	return ""
}

// htmlText gives what a reader of a page sees, about.
func htmlText(page []byte) []byte {
	s := newMarkupScanner(&lookahead{buf: page, err: io.EOF}, true)
	var text []byte
	hidden := false
	for s.next() == nil {
		switch name := s.token.name; {
		case s.token.kind == markupChars && !hidden:
			text = append(text, s.token.text.text...)
		case s.token.kind == markupOpen && (name == "br" || name == "p" || name == "div" || name == "tr"):
			text = append(text, '\n')
		}
		hidden = s.raw != ""
	}
	return text
}

// partName is the name of the file a part is, or its number in the message with
// the ending of its type.
func partName(i int, part mail.Part) string {
	if part.Name != "" {
		return clip(part.Name, 255)
	}
	ending, known := partEndings[part.Type]
	if !known {
		ending = ".bin"
	}
	return fmt.Sprintf("part-%d%s", i+1, ending)
}

var partEndings = map[string]string{
	"text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
	"message/rfc822": ".eml", "image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf", "application/zip": ".zip", "application/json": ".json",
}

var errMailbox = errors.New("it has more messages than the limit of entries: the rest is not read")
