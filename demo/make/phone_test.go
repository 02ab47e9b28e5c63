package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"image/jpeg"
	"io"
	"mime/quotedprintable"
	"path"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/serdes"
)

// unpacked reads a ZIP file, and those inside it, by path.
func unpacked(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = content
		if strings.HasSuffix(f.Name, ".zip") {
			for name, inner := range unpacked(t, content) {
				files[f.Name+"!"+name] = inner
			}
		}
	}
	return files
}

// query gives the rows of a question to a database, as text.
func query(t *testing.T, data []byte, sql string) [][]string {
	t.Helper()
	db, err := sqlite3.Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := serdes.Deserialize(db, "main", data); err != nil {
		t.Fatal(err)
	}
	stmt, _, err := db.Prepare(sql)
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	var rows [][]string
	for stmt.Step() {
		var row []string
		for i := range stmt.ColumnCount() {
			row = append(row, stmt.ColumnText(i))
		}
		rows = append(rows, row)
	}
	if err := stmt.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// docxText joins the runs of a document, as a reader sees them.
func docxText(t *testing.T, data []byte) string {
	t.Helper()
	var text strings.Builder
	dec := xml.NewDecoder(bytes.NewReader(unpacked(t, data)["word/document.xml"]))
	for inText := false; ; {
		token, err := dec.Token()
		if err == io.EOF {
			return text.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "t"
		case xml.EndElement:
			inText = false
			if token.Name.Local == "p" {
				text.WriteByte('\n')
			}
		case xml.CharData:
			if inText {
				text.Write(token)
			}
		}
	}
}

// everyText gives all that can be read on the telephone, by file.
func everyText(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for name, data := range unpacked(t, built(t)["north/phone.zip"]) {
		switch path.Ext(name) {
		case ".db":
			texts[name] = databaseText(t, data)
		case ".docx":
			texts[name] = docxText(t, data)
		case ".vcf":
			plain, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(data)))
			if err != nil {
				t.Fatal(err)
			}
			texts[name] = string(plain)
		case ".json", ".txt":
			texts[name] = string(data)
		}
	}
	return texts
}

func databaseText(t *testing.T, data []byte) string {
	t.Helper()
	var text strings.Builder
	for _, table := range query(t, data, `SELECT name FROM sqlite_schema WHERE type = 'table'`) {
		for _, row := range query(t, data, `SELECT * FROM "`+table[0]+`"`) {
			text.WriteString(strings.Join(row, "\n") + "\n")
		}
	}
	return text.String()
}

func TestContactsLieAsAndroidLaysThem(t *testing.T) {
	db := unpacked(t, built(t)["north/phone.zip"])[contactsPath]
	rows := query(t, db, `SELECT raw_contacts.display_name, data1, coalesce(data4, '') FROM data
		JOIN raw_contacts ON raw_contacts._id = data.raw_contact_id
		JOIN contacts ON contacts._id = raw_contacts.contact_id
		JOIN mimetypes ON mimetypes._id = data.mimetype_id
		WHERE mimetype = 'vnd.android.cursor.item/phone_v2' ORDER BY data._id`)
	if len(rows) != len(contacts()) || len(rows) < 20 {
		t.Fatalf("%d numbers for %d people", len(rows), len(contacts()))
	}
	for i, c := range contacts() {
		if rows[i][0] != c.name() || rows[i][1] != c.written {
			t.Errorf("row %d is %q, want %s, %s", i, rows[i], c.name(), c.written)
		}
	}
	if rows[0][1] != "(202) 555-0147" || rows[1][1] != "+١ ٣٠٣ ٥٥٥ ٠١١٩" || rows[1][2] != "" {
		t.Errorf("the national form and the Eastern Arabic digits are lost: %q", rows[:2])
	}
}

func TestThreadsCountTheirMessages(t *testing.T) {
	db := unpacked(t, built(t)["north/phone.zip"])[smsPath]
	if rows := query(t, db, `PRAGMA integrity_check`); rows[0][0] != "ok" {
		t.Fatal(rows)
	}
	if n := len(query(t, db, `SELECT * FROM sms`)); n != len(textMessages()) {
		t.Errorf("%d messages, want %d", n, len(textMessages()))
	}
	wrong := query(t, db, `SELECT threads._id FROM threads
		JOIN canonical_addresses ON canonical_addresses._id = threads.recipient_ids
		WHERE message_count <> (SELECT count(*) FROM sms WHERE thread_id = threads._id AND sms.address = canonical_addresses.address)
		OR threads.date <> (SELECT max(date) FROM sms WHERE thread_id = threads._id)`)
	if len(wrong) > 0 {
		t.Errorf("threads %q do not fit their messages", wrong)
	}
}

// Telegram's text is a string when plain and a list when not; the entities
// are always the whole message.
func TestTelegramTextFitsItsEntities(t *testing.T) {
	data, err := telegramJSON()
	if err != nil {
		t.Fatal(err)
	}
	var export struct {
		Chats struct {
			List []struct {
				Messages []struct {
					ID       int              `json:"id"`
					Text     json.RawMessage  `json:"text"`
					Entities []telegramEntity `json:"text_entities"`
				} `json:"messages"`
			} `json:"list"`
		} `json:"chats"`
	}
	if err := json.Unmarshal(data, &export); err != nil {
		t.Fatal(err)
	}
	messages := 0
	for _, chat := range export.Chats.List {
		for _, m := range chat.Messages {
			messages++
			var whole strings.Builder
			for _, e := range m.Entities {
				whole.WriteString(e.Text)
			}
			if got := joined(t, m.Text); got != whole.String() {
				t.Errorf("message %d: text %q, entities %q", m.ID, got, whole.String())
			}
		}
	}
	if messages < 30 {
		t.Errorf("%d messages", messages)
	}
}

func joined(t *testing.T, text json.RawMessage) string {
	t.Helper()
	var plain string
	if json.Unmarshal(text, &plain) == nil {
		return plain
	}
	var parts []any
	if err := json.Unmarshal(text, &parts); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			plain += p
		case map[string]any:
			plain += p["text"].(string)
		}
	}
	return plain
}

// The bold half keeps the number out of every single run of text.
func TestNumberIsSplitOverRuns(t *testing.T) {
	data, err := notesDocx()
	if err != nil {
		t.Fatal(err)
	}
	if raw := unpacked(t, data)["word/document.xml"]; bytes.Contains(raw, []byte("555-0122")) {
		t.Error("the number stands in one piece")
	}
	if text := docxText(t, data); !strings.Contains(text, "+1 415-555-0122") {
		t.Errorf("the runs do not join to the number: %q", text)
	}
}

func TestPicturesDecodeAndSayWhereTheyWereTaken(t *testing.T) {
	entries, err := photos()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		picture, err := jpeg.DecodeConfig(bytes.NewReader(e.data))
		if err != nil || picture.Width != 640 || picture.Height != 480 {
			t.Errorf("%s: %d × %d, %v", e.name, picture.Width, picture.Height, err)
		}
		taken, latitude := exifOf(t, e.data)
		want := "IMG_" + strings.NewReplacer(":", "", " ", "_").Replace(taken) + ".jpg"
		if path.Base(e.name) != want || latitude != 48 {
			t.Errorf("%s: taken %q at latitude %d", e.name, taken, latitude)
		}
	}
}

// exifOf reads a picture's time and degrees of latitude by following the
// directories of its Exif data.
func exifOf(t *testing.T, data []byte) (taken string, latitude uint32) {
	t.Helper()
	if !bytes.Equal(data[2:4], []byte{0xff, 0xe1}) || string(data[6:12]) != "Exif\x00\x00" {
		t.Fatal("no Exif segment after the start of the picture")
	}
	tiff := data[12 : 4+binary.BigEndian.Uint16(data[4:])]
	main := tiffEntries(tiff, binary.LittleEndian.Uint32(tiff[4:]))
	camera, place := tiffEntries(tiff, main[0x8769]), tiffEntries(tiff, main[0x8825])
	at := camera[0x9003]
	return string(tiff[at : at+19]), binary.LittleEndian.Uint32(tiff[place[2]:])
}

func tiffEntries(tiff []byte, at uint32) map[uint16]uint32 {
	entries := map[uint16]uint32{}
	for i := range uint32(binary.LittleEndian.Uint16(tiff[at:])) {
		e := tiff[at+2+12*i:]
		entries[binary.LittleEndian.Uint16(e)] = binary.LittleEndian.Uint32(e[8:])
	}
	return entries
}

func TestQuotedLinesStayShort(t *testing.T) {
	cards, err := vcards()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range bytes.Split(bytes.TrimSuffix(cards, []byte("\r\n")), []byte("\r\n")) {
		if len(line) > 120 || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
	}
	plain, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(cards)))
	if err != nil || !bytes.Contains(plain, []byte("Réparation de bicyclettes, derrière les tilleuls, sonnette «lampe»")) {
		t.Errorf("the French note does not read back (%v)", err)
	}
}
