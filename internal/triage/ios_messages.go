package triage

import (
	"bytes"
	"context"
	"encoding/binary"
	"unicode/utf8"

	"parley/selector"
)

// iOS's sms.db, on a Mac chat.db: a row of message is one message, handle_id the
// row of handle with the other's number or address. Since iOS 16 text may be
// empty, and the text is in attributedBody.

func readIOSMessages(ctx context.Context, r *reading, db *database) error {
	const columns = "text attributedBody handle_id is_from_me date service subject"
	return db.each(ctx, "message", columns, func(message record) error {
		handle, err := db.find(ctx, "handle", message.int("handle_id"), "id")
		if err != nil {
			return err
		}
		text, address := message.text("text"), handle.text("id")
		if text == "" {
			text, _ = attributedText(message.blob("attributedBody"))
		}
		a := Artifact{
			Kind: KindMessage, Application: message.text("service"), Time: cocoa(message.real("date")), Name: message.text("subject"), Text: text,
			Selectors: appendNew(r.field(selector.Phone, address), r.selectorsIn(text)...),
		}
		if a.Application == "" {
			a.Application = "iMessage"
		}
		if message.int("is_from_me") != 0 {
			a.To = address
		} else {
			a.From = address
		}
		return r.recorded(a, message)
	})
}

// attributedText takes the text out of an attributed string in Apple's typed
// stream, and says at which byte it stands: after the name of its class, the mark
// + and the length, in one byte, or in two after 0x81, or in four after 0x82.
func attributedText(blob []byte) (text string, at int) {
	if !bytes.Contains(blob[:min(len(blob), 32)], []byte("streamtyped")) {
		return "", 0
	}
	class := bytes.Index(blob, []byte("NSString"))
	if class < 0 {
		return "", 0
	}
	mark := bytes.IndexByte(blob[class:], '+')
	if at = class + mark + 2; mark < 0 || at+4 > len(blob) {
		return "", 0
	}
	length := int64(blob[at-1])
	switch length {
	case 0x81:
		length, at = int64(binary.LittleEndian.Uint16(blob[at:])), at+2
	case 0x82:
		length, at = int64(binary.LittleEndian.Uint32(blob[at:])), at+4
	}
	raw := blob[at:][:min(length, int64(len(blob)-at))]
	if raw = trimRune(raw); !utf8.Valid(raw) {
		return "", 0
	}
	return string(raw), at
}
