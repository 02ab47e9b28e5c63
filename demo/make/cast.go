package main

import (
	"fmt"
	"time"
)

// The kinds of selectors in the story.
const (
	kindPhone    = "phone"
	kindEmail    = "email"
	kindTelegram = "telegram"
	kindURL      = "url"
)

// The places inside North's extraction, by Android's own paths.
const (
	contactsPath = "data/data/com.android.providers.contacts/databases/contacts2.db"
	smsPath      = "data/data/com.android.providers.telephony/databases/mmssms.db"
	telegramPath = "sdcard/Telegram/result.json"
	whatsAppPath = "sdcard/WhatsApp/WhatsApp Chat with Samir.txt"
	vcardPath    = "sdcard/Contacts/export.vcf"
	notesPath    = "sdcard/Documents/notes.docx"
	backupPath   = "sdcard/Download/backup.zip"
	cameraPath   = "sdcard/DCIM/Camera"
	posterPath   = "sdcard/Download/posters"
)

// seized is when North's people took the phone; storyStart is when the
// messages on it begin. The concert is eight days after the seizure.
func seized() time.Time     { return time.Date(2026, time.September, 10, 22, 40, 0, 0, time.UTC) }
func storyStart() time.Time { return time.Date(2026, time.August, 24, 7, 0, 0, 0, time.UTC) }

// shared is a selector that both parties hold, each in its own spelling.
type shared struct {
	kind, normal string
	north, where string // as it stands in North's extraction, and in which file of it
	report       string // as it stands in South's report; empty where only the watch list has it
	watch        string // as it stands on South's watch list
}

// overlap is what a match between North's phone and South's lists must find:
// all nine stand on South's watch list, seven of them in its report too.
func overlap() []shared {
	return []shared{
		{kindPhone, "+12025550147", "(202) 555-0147", contactsPath, "+1-202-555-0147", "+1 (202) 555-0147"},
		{kindPhone, "+13035550119", "+١ ٣٠٣ ٥٥٥ ٠١١٩", contactsPath, "+1 303 555 0119", "+13035550119"},
		{kindPhone, "+14155550122", "+1 415-555-|0122", notesPath, "+1 (415) 555-0122", "+1.415.555.0122"},
		{kindEmail, "samir.h@post.example", "Samir.H=40Post.Example", vcardPath, "samir.h@post.example", "Samir.H@post.example"},
		{kindEmail, "lamp.works@mail.example", "lamp.works@mail.example", telegramPath, "Lamp.Works@MAIL.example", "lamp.works@mail.example"},
		{kindTelegram, "lamplight_demo_17", "https://t.me/Lamplight_Demo_17", telegramPath, "lamplight_demo_17", "@lamplight_demo_17"},
		{kindURL, "https://files.bicycle.example/plan?id=7", "https://files.bicycle.example/plan?id=7", smsPath, "HTTPS://Files.Bicycle.example:443/plan?id=7", "https://files.bicycle.example/plan?id=7"},
		{kindTelegram, "blue_bag_demo_44", "@Blue_Bag_demo_44", telegramPath, "", "https://t.me/blue_bag_demo_44"},
		{kindPhone, "+12125550186", "+1 212 555 0186", backupPath, "", "+1 212-555-0186"},
	}
}

// held gives the overlapping selector of that normal form.
func held(normal string) shared {
	for _, s := range overlap() {
		if s.normal == normal {
			return s
		}
	}
	panic("no shared selector " + normal)
}

// The hall: on North's watch list, and named by South as the target.
const (
	hallName  = "Lindenhalle Arena"
	hallEmail = "security@lindenhalle.example"
	hallPhone = "+16175550171"
	hallURL   = "https://lindenhalle.example/programme"
)

// What must never leave South: who told it, and what listened.
const (
	sourceCodename   = "KESTREL"
	collectionSystem = "Listening Post 9"
	interceptTime    = "03:12"
)

// The owner of the phone, and the party's own number in its records.
const (
	ownerGiven  = "Tobin"
	ownerFamily = "Marr"
	ownerPhone  = "+12025550101"
	ownerHandle = "tobin_marr_demo_01"
	ownerID     = int64(7000000001)
)

// contact is somebody in the phone's address book.
type contact struct {
	given, family string
	written       string // the number as the owner typed it
	normal        string // E.164
	email         string
	note          string
}

func (c contact) name() string {
	if c.family == "" {
		return c.given
	}
	return c.given + " " + c.family
}

// The people who write to the owner, by the numbers their messages come from.
const (
	samir  = "+12025550147"
	noura  = "+12125550112"
	claire = "+14155550131"
	arkady = "+13035550126"
	bakery = "+12025550160"
	bikes  = "+12025550161"
	post   = "+12025550166"
)

// contacts is the address book: a few who matter, and the ordinary life
// around them, which a match must not disclose.
func contacts() []contact {
	return []contact{
		{"Samir", "Halloran", held(samir).north, samir, "", "bicycle"},
		{"Дмитрий", "Олдос", held("+13035550119").north, "+13035550119", "", ""},
		{"نورة", "بترسون", "+1 212-555-0112", noura, "noura.p@example.com", ""},
		{"Claire", "Fontane-Brück", "+1 (415) 555-0131", claire, "claire.fontane@example.com", "parle français"},
		{"Аркадий", "Велль", "+13035550126", arkady, "", ""},
		{"Bakery", "Linden Street", "202-555-0160", bakery, "orders@bakery.example.com", "closed on Mondays"},
		{"Bicycle Repair", "", "+1 202 555 0161", bikes, "workshop@example.com", "ask for the back wheel"},
		{"Aunt", "Perpetua", "+1 202 555 0102", "+12025550102", "", "birthday 3 May"},
		{"Bruno", "Castellane", "+1 202 555 0103", "+12025550103", "bruno@example.com", ""},
		{"Dentist", "", "+1 202 555 0104", "+12025550104", "desk@dentist.example.com", ""},
		{"Elif", "Okonkwo-Dahl", "+1 212 555 0105", "+12125550105", "elif.od@example.com", ""},
		{"Fjodor", "Wren", "+1 212 555 0106", "+12125550106", "", ""},
		{"Gym", "Riverside", "+1 212 555 0107", "+12125550107", "hello@gym.example.com", ""},
		{"Hana", "Vermeulen-Ito", "+1 303 555 0108", "+13035550108", "hana@example.net", ""},
		{"Ivo", "Lanterne", "+1 303 555 0109", "+13035550109", "", ""},
		{"Jun", "Abernathy", "+1 303 555 0110", "+13035550110", "jun.a@example.net", ""},
		{"Kiosk", "Station", "+1 415 555 0111", "+14155550111", "", ""},
		{"Landlord", "", "+1 415 555 0113", "+14155550113", "rent@house.example.com", "second floor"},
		{"Mirela", "Notes", "+1 415 555 0114", "+14155550114", "", "writes about music"},
		{"Nikos", "Tamm", "+1 617 555 0115", "+16175550115", "", ""},
		{"Odile", "Sorensen", "+1 617 555 0116", "+16175550116", "odile@example.net", ""},
		{"Parcel Office", "", "+1 202 555 0166", post, "", ""},
		{"Quentin", "Asare", "+1 617 555 0117", "+16175550117", "q.asare@example.net", ""},
		{"Rosa", "Lindqvist-Amin", "+1 617 555 0118", "+16175550118", "", ""},
		{"Taxi", "", "+1 202 555 0120", "+12025550120", "", "night fare"},
	}
}

// southOnly is the rest of South's watch list: people North has never heard
// of. Its numbers use area codes that no number of North's uses, its mail and
// web addresses other domains, so that no pair falls together by accident.
func southOnly() []selectorRow {
	var rows []selectorRow
	for i, area := range []string{"312", "404", "503", "713"} {
		for n := range 6 {
			rows = append(rows, selectorRow{kindPhone, fmt.Sprintf("+1 %s-555-0%d", area, 120+10*i+n), "intercept list " + area})
		}
	}
	for n := range 11 {
		rows = append(rows, selectorRow{kindEmail, fmt.Sprintf("box%02d@relay.invalid", n+1), "mailbox list"})
	}
	for n := range 9 {
		rows = append(rows, selectorRow{kindTelegram, fmt.Sprintf("@grey_heron_demo_%02d", n+1), "channel members"})
	}
	for n := range 7 {
		rows = append(rows, selectorRow{kindURL, fmt.Sprintf("https://board%d.forum.test/thread/%d", n+1, 100+7*n), "forum"})
	}
	return rows
}

// selectorRow is one line of a list: kind, value as written, note.
type selectorRow struct{ kind, value, note string }
