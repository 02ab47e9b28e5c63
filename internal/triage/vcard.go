package triage

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"parley/selector"
)

// vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350): lines "NAME;PARAMETERS:value",
// long ones folded, in 2.1 perhaps quoted-printable.

const vCardLine = 1 << 20 // bytes of a line put together; the rest of it is passed over

func isVCard(f *file) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(f.head, []byte(byteOrderMark)), " \t\r\n")
	return len(head) > 11 && strings.EqualFold(string(head[:11]), "BEGIN:VCARD")
}

// readVCard scans each line as its reader would see it, and makes a contact of
// each card.
func readVCard(ctx context.Context, r *reading, f *file) error {
	stream, err := f.reader()
	if err != nil {
		return err
	}
	defer stream.Close()
	lines := &vCardLines{r: bufio.NewReaderSize(stream, 64<<10)}
	card := vCard{r: r, place: f.place()}
	for {
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		err := lines.next()
		if err != nil && err != io.EOF {
			return err
		}
		if len(lines.m.text) > 0 {
			if err := card.line(lines); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return card.unfinished(lines.offset)
		}
	}
}

// vCard gathers the card being read.
type vCard struct {
	r     *reading
	place Place
	open  bool
	start int64
	a     Artifact
}

func (c *vCard) line(lines *vCardLines) error {
	name, value, _ := bytes.Cut(lines.m.text, []byte(":"))
	name, _, _ = bytes.Cut(name, []byte(";"))
	if dot := bytes.LastIndexByte(name, '.'); dot >= 0 { // item1.TEL
		name = name[dot+1:]
	}
	property, text := strings.ToUpper(string(name)), string(value)
	switch property {
	case "PHOTO", "LOGO", "SOUND", "KEY":
		return nil // base64, in which chance writes handles
	case "BEGIN":
		c.open, c.start = true, lines.start
		c.a = Artifact{Kind: KindContact, Application: "vCard"}
		return nil
	case "END":
		return c.finish(lines.offset)
	}
	from := len(lines.m.text) - len(value)
	err := c.r.findings(text, func(start, end int) Place {
		return c.place.at(lines.m.source(from+start, from+end))
	})
	if err != nil {
		return err
	}
	c.fact(property, text)
	return nil
}

func (c *vCard) fact(property, text string) {
	switch property {
	case "FN":
		c.a.Name = clip(unescapeVCard(text), vCardText)
	case "N":
		if c.a.Name == "" {
			c.a.Name = clip(vCardName(text), vCardText)
		}
	case "TEL":
		c.a.Selectors = appendNew(c.a.Selectors, c.r.field(selector.Phone, text)...)
	case "EMAIL":
		c.a.Selectors = appendNew(c.a.Selectors, c.r.field(selector.Email, text)...)
	case "NOTE":
		c.a.Text = clip(unescapeVCard(text), vCardText)
		c.a.Selectors = appendNew(c.a.Selectors, c.r.selectorsIn(text)...)
	default:
		c.a.Selectors = appendNew(c.a.Selectors, c.r.selectorsIn(text)...)
	}
}

const vCardText = 64 << 10 // bytes of a field kept in the artifact

func (c *vCard) finish(end int64) error {
	if !c.open {
		return nil
	}
	c.open = false
	c.a.Place = c.place.at(c.start, end-c.start)
	return c.r.artifact(c.a)
}

func (c *vCard) unfinished(end int64) error {
	if !c.open {
		return nil
	}
	if err := c.finish(end); err != nil {
		return err
	}
	return c.r.fault(c.place.at(c.start, end-c.start), errors.New("the last card has no END: it is truncated"))
}

// vCardName puts "Family;Given;Middle;Prefix;Suffix" into the order of speech.
func vCardName(n string) string {
	parts := strings.Split(n, ";")
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	return strings.Join(strings.Fields(unescapeVCard(parts[1]+" "+parts[2]+" "+parts[0])), " ")
}

var plainVCard = strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`)

func unescapeVCard(text string) string { return plainVCard.Replace(text) }
