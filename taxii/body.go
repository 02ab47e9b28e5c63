package taxii

import (
	"bufio"
	"io"
	"strconv"
)

// body is an answer in pieces: the bytes of objects are written from where they lie.
type body [][]byte

func (b body) size() (n int) {
	for _, piece := range b {
		n += len(piece)
	}
	return n
}

// write sends the pieces, gathered: straight to a connection's buffer, or through one of its own to
// whatever else it is.
func (b body) write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	for _, piece := range b {
		if _, err := out.Write(piece); err != nil {
			return err
		}
	}
	return out.Flush()
}

// bodyOf writes a page as its endpoint has it. The words written without escaping are ids, timestamps
// and versions of STIX, which have been parsed, and cursors, which are base64.
func bodyOf(at endpoint, page Page, next string) body {
	head := []byte{'{'}
	if len(page.Records) == 0 {
		return body{append(head, '}')}
	}
	if next == "" {
		head = append(head, `"more":false,`...) // which may be left out, and which clients look for
	} else {
		head = append(head, `"more":true,"next":"`...)
		head = append(append(head, next...), `",`...)
	}
	switch at {
	case atManifest:
		return body{appendManifest(append(head, `"objects":[`...), page.Records)}
	case atVersions:
		return body{appendVersions(append(head, `"versions":[`...), page.Records)}
	}
	return envelopeBody(append(head, `"objects":[`...), page.Records)
}

func envelopeBody(head []byte, records []Record) body {
	pieces := make(body, 0, 2*len(records)+1)
	pieces = append(pieces, head)
	for i, r := range records {
		if i > 0 {
			pieces = append(pieces, comma)
		}
		pieces = append(pieces, r.Bytes)
	}
	return append(pieces, listEnd)
}

var (
	comma   = []byte(",")
	listEnd = []byte("]}")
)

func appendManifest(b []byte, records []Record) []byte {
	for i, r := range records {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"id":"`...)
		b = append(b, r.ID...)
		b = append(b, `","date_added":"`...)
		b = r.DateAdded.UTC().AppendFormat(b, timeLayout)
		b = append(b, `","version":"`...)
		b = append(b, r.Version.String()...)
		b = append(b, `","media_type":"`+stixJSON+`;version=`...)
		b = append(b, r.SpecVersion...)
		b = append(b, `"}`...)
	}
	return append(b, listEnd...)
}

func appendVersions(b []byte, records []Record) []byte {
	for i, r := range records {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, r.Version.String())
	}
	return append(b, listEnd...)
}
