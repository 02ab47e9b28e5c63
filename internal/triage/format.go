package triage

import (
	"bytes"
	"context"
	"path"
	"strings"
	"unicode/utf8"
)

// format is one kind of file that can be read. A file is read as the first
// format that matches it.
type format struct {
	name  string // File.Type
	match func(*file) bool
	// read scans the file for findings and artifacts; nil for containers and for
	// files that are only hashed.
	read func(context.Context, *reading, *file) error
	// entries gives what is inside a container, in its own order.
	entries func(context.Context, *reading, *file, func(item) error) error
}

// formats lists what can be read, the surest signs first. To add a format, write
// its file and its line here.
func formats() []format {
	return []format{
		{name: "docx-text", match: isDocxText, read: readDocxText},
		{name: "docx-links", match: isDocxLinks, read: readDocxLinks},
		{name: "docx-part", match: isDocxPart},
		{name: "docx", match: isDocx, entries: docxEntries},
		{name: "zip", match: isZip, entries: zipEntries},
		{name: "gzip", match: isGzip, entries: gzipEntries},
		{name: "tar", match: isTar, entries: tarEntries},
		{name: "sqlite", match: isSQLite, read: readSQLite},
		{name: "sqlite-log", match: isSQLiteLog, read: readSQLiteLog},
		{name: "jpeg", match: isJPEG, read: readJPEG},
		{name: "vcard", match: isVCard, read: readVCard},
		{name: "whatsapp", match: isWhatsApp, read: readWhatsApp},
		{name: "json", match: isJSON, read: readJSON},
		{name: "text", match: isText, read: readText},
		{name: "data", match: func(*file) bool { return true }},
	}
}

// formatOf chooses by content, and by name only among the parts of documents.
func formatOf(f *file) format {
	for _, format := range formats() {
		if format.match(f) {
			return format
		}
	}
	return format{name: "data"}
}

// typeOf is what the file was read as: the format, and of a text the encoding and
// how sure it is.
func (t format) typeOf(f *file) string { return t.encoding(f).say(t.name) }

// encoding is that of a file that is text; of others it is no matter.
func (t format) encoding(f *file) encoding {
	if t.name != "text" && t.name != "whatsapp" {
		return encoding{}
	}
	return encodingOf(f.head)
}

func hasPrefix(f *file, magic string) bool {
	return bytes.HasPrefix(f.head, []byte(magic))
}

func hasExt(f *file, ext string) bool {
	return strings.EqualFold(path.Ext(f.name()), ext)
}

// isText: UTF-16, or bytes without the control characters that text in no
// encoding has.
func isText(f *file) bool {
	if encodingOf(f.head).order != nil {
		return true
	}
	if len(f.head) == 0 {
		return false
	}
	odd := 0
	for _, c := range f.head {
		switch {
		case c == 0:
			return false
		case c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b:
			odd++
		}
	}
	return odd*100 <= len(f.head) && (odd == 0 || utf8.Valid(trimRune(f.head)))
}

// trimRune drops the character cut off at the end of a head.
func trimRune(head []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(head); i++ {
		if last := head[len(head)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return head[:len(head)-i]
			}
			break
		}
	}
	return head
}
