package triage

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"
)

// A WhatsApp chat exported as text. Each message begins a line, in one of
//
//	[05/01/2024, 12:30:45] Name: text      (iPhone)
//	05/01/2024, 12:30 - Name: text         (Android)
//
// with the date as the phone's language writes it; lines that begin otherwise
// continue the message before.
var whatsAppLine = regexp.MustCompile(
	`^\x{200e}?(?:\[(\d{1,2})[/.](\d{1,2})[/.](\d{2,4}),? (\d{1,2}):(\d{2})(?::(\d{2}))?[ \x{202f}]?([AaPp][Mm])?\] ` +
		`|(\d{1,2})[/.](\d{1,2})[/.](\d{2,4}),? (\d{1,2}):(\d{2})[ \x{202f}]?([AaPp][Mm])? - )(.*)$`)

const whatsAppText = 64 << 10 // bytes of a message kept in its artifact

func isWhatsApp(f *file) bool {
	head := bytes.TrimPrefix(f.head, []byte(byteOrderMark))
	if first := bytes.TrimPrefix(head, []byte("\u200e")); len(first) == 0 || first[0] != '[' && (first[0] < '0' || first[0] > '9') {
		return false // most texts; the expression below is slow
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return whatsAppLine.Match(bytes.TrimSuffix(line, []byte("\r")))
}

// readWhatsApp scans the chat as text, then reads its messages.
func readWhatsApp(ctx context.Context, r *reading, f *file) error {
	if err := readText(ctx, r, f); err != nil {
		return err
	}
	stream, err := f.reader()
	if err != nil {
		return err
	}
	defer stream.Close()
	chat := whatsAppChat{r: r, place: f.place(), name: whatsAppName(f.name())}
	lines := bufio.NewReaderSize(stream, whatsAppText)
	var offset int64
	for {
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 {
			if err := chat.line(string(line), offset); err != nil {
				return err
			}
			offset += int64(len(line))
		}
		if err == io.EOF {
			return chat.flush()
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// whatsAppName takes the name of the chat from the file's.
func whatsAppName(file string) string {
	base := file[strings.LastIndexAny(file, `/\`)+1:]
	base = strings.TrimSuffix(base, ".txt")
	return strings.TrimPrefix(base, "WhatsApp Chat with ")
}

// whatsAppChat gathers the message that is being read.
type whatsAppChat struct {
	r       *reading
	place   Place
	name    string
	open    bool
	message Artifact
	start   int64
	end     int64
}

func (c *whatsAppChat) line(line string, offset int64) error {
	text := strings.TrimRight(line, "\r\n")
	parts := whatsAppLine.FindStringSubmatch(strings.TrimPrefix(text, byteOrderMark))
	if parts == nil {
		c.end = offset + int64(len(line))
		if room := whatsAppText - len(c.message.Text); c.open && room > 0 {
			c.message.Text += clip("\n"+text, room)
		}
		return nil
	}
	if err := c.flush(); err != nil {
		return err
	}
	c.start, c.end, c.open = offset, offset+int64(len(line)), true
	c.message = Artifact{Kind: KindMessage, Name: c.name, Application: "WhatsApp", Time: whatsAppTime(parts)}
	rest := parts[len(parts)-1]
	if from, said, found := strings.Cut(rest, ": "); found {
		c.message.From, rest = strings.TrimPrefix(from, "\u200e"), said
	}
	c.message.Text = strings.TrimPrefix(rest, "\u200e")
	return nil
}

// flush reports the message gathered, if it has a sender; lines without one are
// WhatsApp's own remarks.
func (c *whatsAppChat) flush() error {
	if !c.open || c.message.From == "" {
		return nil
	}
	c.open = false
	c.message.Place = c.place.at(c.start, c.end-c.start)
	c.message.Selectors = c.r.selectorsIn(c.message.From, c.message.Text)
	return c.r.artifact(c.message)
}

// whatsAppTime reads day before month, unless that cannot be. The phone's zone is
// not told: the clock's reading is given as if it were UTC.
func whatsAppTime(parts []string) time.Time {
	f := parts[1:8]
	if f[0] == "" {
		f = []string{parts[8], parts[9], parts[10], parts[11], parts[12], "", parts[13]}
	}
	day, month, year := number(f[0]), number(f[1]), number(f[2])
	if year < 100 {
		year += 2000
	}
	if month > 12 {
		day, month = month, day
	}
	hour := number(f[3])
	switch half := strings.ToLower(f[6]); {
	case half == "pm" && hour < 12:
		hour += 12
	case half == "am" && hour == 12:
		hour = 0
	}
	at := time.Date(year, time.Month(month), day, hour, number(f[4]), number(f[5]), 0, time.UTC)
	if at.Day() != day || int(at.Month()) != month {
		return time.Time{}
	}
	return at
}

// number reads the few digits that the pattern let through.
func number(digits string) int {
	n := 0
	for _, c := range digits {
		n = n*10 + int(c-'0')
	}
	return n
}
