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
	// wide says that many workers may read the entries at once: they can be opened
	// in any order and cost little to list.
	wide bool
}

// formats lists what can be read, the surest signs first. To add a format, write
// its file and its line here.
func formats() []format {
	return []format{
		{name: "ios-backup-file", match: isBackupFile, entries: backupFileEntries},
		{name: "ios-backup-locked", match: isLockedBackup, read: readLockedBackup},
		{name: "office-text", match: isOfficeText, read: readOfficeText},
		{name: "office-links", match: isOfficeLinks, read: readOfficeLinks},
		{name: "office-part", match: isOfficePart},
		{name: "office", match: isOffice, entries: officeEntries},
		{name: "zip", match: isZip, entries: zipEntries, wide: true},
		{name: "ewf", match: isImage, entries: imageEntries, wide: true},
		{name: "ewf-part", match: isImagePart},
		{name: "disk", match: isDisk, entries: diskEntries, wide: true},
		{name: "android-backup", match: isAndroidBackup, entries: androidBackupEntries},
		{name: "7z", match: isSevenZip, entries: sevenZipEntries},
		{name: "rar-part", match: isRarPart, read: readRarPart},
		{name: "rar", match: isRar, entries: rarEntries},
		{name: "gzip", match: isGzip, entries: gzipEntries},
		{name: "bzip2", match: isBzip2, entries: bzip2Entries},
		{name: "xz", match: isXZ, entries: xzEntries},
		{name: "zstd", match: isZstd, entries: zstdEntries},
		{name: "tar", match: isTar, entries: tarEntries},
		{name: "sqlite", match: isSQLite, read: readSQLite},
		{name: "sqlite-log", match: isWriteAheadLog, read: readWriteAheadLog},
		{name: "sqlite-journal", match: isJournal, read: readJournal},
		{name: "jpeg", match: isJPEG, entries: jpegEntries},
		{name: "heif", match: isHEIF, entries: heifEntries},
		{name: "png", match: isPNG, entries: pngEntries},
		{name: "webp", match: isWebP, entries: webpEntries},
		{name: "gif", match: isGIF, entries: gifEntries},
		{name: "plist", match: isBinaryPlist, read: readBinaryPlist},
		{name: "android-xml", match: isAXML, read: readAXML},
		{name: "plist", match: isXMLPlist, read: readXMLPlist},
		{name: "markup", match: isMarkup, read: readMarkup},
		{name: "pdf", match: isPDF, entries: pdfEntries},
		{name: "mailbox", match: isMailbox, entries: mailboxEntries},
		{name: "mail", match: isMail, entries: mailEntries},
		{name: "vcard", match: isVCard, read: readVCard},
		{name: "whatsapp", match: isWhatsApp, read: readWhatsApp},
		{name: "wpa-supplicant", match: isSupplicant, read: readSupplicant},
		{name: "package-list", match: isPackageList, read: readPackageList},
		{name: "json", match: isJSON, read: readJSON},
		{name: "text", match: isText, read: readText},
		{name: "data", match: func(*file) bool { return true }, read: readData},
	}
}

// formatOf chooses by content, and by name only among the parts of documents.
func formatOf(f *file) format { return formatAmong(formats(), f) }

// formatAmong is formatOf for who has the list already.
func formatAmong(list []format, f *file) format {
	for i := range list {
		if list[i].match(f) {
			return list[i]
		}
	}
	return format{name: "data"}
}

// typeOf is what the file was read as: the format, and of a text the encoding and
// how sure it is.
func (t format) typeOf(f *file) string { return t.encoding(f).say(t.name) }

// encoding is that of a file that is text; of others it is no matter.
func (t format) encoding(f *file) encoding {
	switch t.name {
	case "text", "whatsapp", "wpa-supplicant", "package-list":
		return f.encoding()
	}
	return encoding{}
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
	if !f.judged {
		f.text, f.judged = f.encoding().order != nil || isTextHead(f.head), true
	}
	return f.text
}

func isTextHead(head []byte) bool {
	if len(head) == 0 {
		return false
	}
	odd := 0
	for _, c := range head {
		switch {
		case c >= ' ':
		case c == 0:
			return false
		case c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b:
			odd++
		}
	}
	return odd*100 <= len(head) && (odd == 0 || utf8.Valid(trimRune(head)))
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
