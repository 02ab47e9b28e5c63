package triage

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A WhatsApp chat exported as text. Each message begins a line, in one of
//
//	[05/01/2024, 12:30:45] Name: text      (iPhone)
//	05/01/2024, 12:30 - Name: text         (Android)
//
// with the date and the hour as the phone's language writes them; lines that begin
// otherwise continue the message before.
var whatsAppLine = regexp.MustCompile(`^[\x{200e}\x{200f}]*(?:\[` + whatsAppClock + `\] |` + whatsAppClock + ` - )(.*)$`)

// whatsAppClock: three numbers of a date, perhaps a word for "at", half of the day
// before or after the hour.
const whatsAppClock = `[\x{200e}\x{200f}]*(\p{Nd}{1,4})\.?\x{200f}?[/. -]\x{200f}?(\p{Nd}{1,2})\.?\x{200f}?[/. -]\x{200f}?(\p{Nd}{2,4})\.?` +
	`[,\x{060c}]? ?(?:à |klo |kl\. |kl |um |at |às |ore |u )?(上午|下午|午前|午後|오전|오후)? ?` +
	`(\p{Nd}{1,2})[:.](\p{Nd}{2})(?:[:.](\p{Nd}{2}))?(?:[ \x{a0}\x{202f}]?([AaPp]\.?[ \x{a0}\x{202f}]?[Mm]\.?|ص|م))?`

const whatsAppFields = 8 // groups of the clock

const whatsAppText = 64 << 10 // bytes of a message kept in its artifact

func isWhatsApp(f *file) bool {
	head := bytes.TrimPrefix(f.head, []byte(byteOrderMark))
	if first, _ := utf8.DecodeRune(bytes.TrimLeft(head, "\u200e\u200f")); first != '[' && !unicode.IsDigit(first) {
		return false // most texts; the expression below is slow
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return whatsAppLine.Match(bytes.TrimSuffix(line, []byte("\r")))
}

// monthFirst reports whether the chat's dates begin with the month: some date at
// its beginning can be read only so, and none only the other way.
func monthFirst(head []byte) bool {
	first := false
	for line := range bytes.Lines(head) {
		parts := whatsAppLine.FindStringSubmatch(string(bytes.TrimRight(line, "\r\n")))
		if parts == nil {
			continue
		}
		f := whatsAppClockOf(parts)
		if a := number(f[0]); len(f[0]) <= 2 && a > 12 {
			return false
		}
		first = first || number(f[1]) > 12
	}
	return first
}

// whatsAppClockOf gives the groups of the clock that matched.
func whatsAppClockOf(parts []string) []string {
	if f := parts[1 : 1+whatsAppFields]; f[0] != "" {
		return f
	}
	return parts[1+whatsAppFields : 1+2*whatsAppFields]
}

// readWhatsApp scans the chat as text, then reads its messages.
func readWhatsApp(ctx context.Context, r *reading, f *file) error {
	if err := readText(ctx, r, f); err != nil {
		return err
	}
	chat := whatsAppChat{r: r, place: f.place(), name: whatsAppName(f.name()), monthFirst: monthFirst(f.head)}
	err := eachLine(ctx, f, func(line []byte, offset int64) error { return chat.line(string(line), offset) })
	if err != nil {
		return err
	}
	return chat.flush()
}

// whatsAppName takes the name of the chat from the file's.
func whatsAppName(file string) string {
	base := file[strings.LastIndexAny(file, `/\`)+1:]
	base = strings.TrimSuffix(base, ".txt")
	return strings.TrimPrefix(base, "WhatsApp Chat with ")
}

// whatsAppChat gathers the message that is being read.
type whatsAppChat struct {
	r     *reading
	place Place
	name  string
	// monthFirst: the phone's language writes the month before the day.
	monthFirst bool
	open       bool
	message    Artifact
	text       strings.Builder // of the message
	start      int64
	end        int64
}

func (c *whatsAppChat) line(line string, offset int64) error {
	text := strings.TrimRight(line, "\r\n")
	parts := whatsAppLine.FindStringSubmatch(strings.TrimPrefix(text, byteOrderMark))
	if parts == nil {
		c.end = offset + int64(len(line))
		if room := whatsAppText - c.text.Len(); c.open && room > 0 {
			c.text.WriteString(clip("\n"+text, room))
		}
		return nil
	}
	if err := c.flush(); err != nil {
		return err
	}
	c.start, c.end, c.open = offset, offset+int64(len(line)), true
	c.message = Artifact{Kind: KindMessage, Name: c.name, Application: "WhatsApp", Time: whatsAppTime(whatsAppClockOf(parts), c.monthFirst)}
	rest := parts[len(parts)-1]
	if from, said, found := strings.Cut(rest, ": "); found {
		c.message.From, rest = strings.TrimPrefix(from, "\u200e"), said
	}
	c.text.Reset()
	c.text.WriteString(strings.TrimPrefix(rest, "\u200e"))
	return nil
}

// flush reports the message gathered, if it has a sender; lines without one are
// WhatsApp's own remarks.
func (c *whatsAppChat) flush() error {
	if !c.open || c.message.From == "" {
		return nil
	}
	c.open = false
	c.message.Place, c.message.Text = c.place.at(c.start, c.end-c.start), c.text.String()
	c.message.Selectors = c.r.selectorsIn(c.message.From, c.message.Text)
	return c.r.artifact(c.message)
}

// whatsAppTime reads a date in the order of the phone's language. The phone's zone
// is not told: the clock's reading is given as if it were UTC.
func whatsAppTime(f []string, monthFirst bool) time.Time {
	day, month, year := number(f[0]), number(f[1]), number(f[2])
	switch {
	case day > 31: // the year comes first
		day, year = year, day
	case monthFirst || month > 12:
		day, month = month, day
	}
	if year < 100 {
		year += 2000
	}
	hour := number(f[4])
	switch half := strings.ToLower(f[3] + f[7]); {
	case half == "":
	case afternoon(half) && hour < 12:
		hour += 12
	case !afternoon(half) && hour == 12:
		hour = 0
	}
	at := time.Date(year, time.Month(month), day, hour, number(f[5]), number(f[6]), 0, time.UTC)
	if at.Day() != day || int(at.Month()) != month {
		return time.Time{}
	}
	return at
}

func afternoon(half string) bool {
	return half[0] == 'p' || strings.Contains("下午 午後 오후 م", half)
}

// number reads the few digits that the pattern let through, of any script: its
// digits stand in the order of their values, from a zero on.
func number(digits string) int {
	n := 0
	for _, c := range digits {
		zero := c
		for c-zero < 9 && unicode.IsDigit(zero-1) {
			zero--
		}
		n = n*10 + int(c-zero)
	}
	return n
}
