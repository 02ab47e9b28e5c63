package main

import (
	"bytes"
	"fmt"
	"strings"
)

// vcards makes an address book as telephones of three generations export it:
// vCard 2.1 with quoted-printable, 3.0 with folded lines, 4.0 with URIs. Lines
// end in CR LF, as all three ask.
func vcards() ([]byte, error) {
	cards := [][]string{
		{
			"BEGIN:VCARD", "VERSION:2.1",
			"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + quoted("Halloran;Samir;;;"),
			"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + quoted("Samir Halloran – vélo"),
			"TEL;CELL;PREF:202-555-0147",
			"EMAIL;INTERNET;ENCODING=QUOTED-PRINTABLE:" + held("samir.h@post.example").north,
			"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + quoted("Réparation de bicyclettes, derrière les tilleuls, sonnette «lampe»"),
			"END:VCARD",
		},
		{
			"BEGIN:VCARD", "VERSION:2.1",
			"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + quoted("Велль;Аркадий;;;"),
			"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + quoted("Аркадий Велль"),
			"TEL;CELL:+13035550126",
			"END:VCARD",
		},
		{
			"BEGIN:VCARD", "VERSION:3.0",
			"N:Vermeulen-Ito;Hana;;;", "FN:Hana Vermeulen-Ito",
			"TEL;TYPE=CELL,VOICE:+1 303 555 0108",
			"item1.EMAIL;TYPE=INTERNET:hana@example.net",
			"item1.X-ABLabel:home",
			"NOTE:Bought the green bicycle\\, liked it\\; asked for a lamp that fits the fr", " ont fork and a bell.",
			"END:VCARD",
		},
		{
			"BEGIN:VCARD", "VERSION:3.0",
			"N:بترسون;نورة;;;", "FN:نورة بترسون",
			"TEL;TYPE=HOME:+1 212-555-0112",
			"EMAIL:noura.p@example.com",
			"URL:https://photos.example.com/noura",
			"END:VCARD",
		},
		{
			"BEGIN:VCARD", "VERSION:4.0",
			"FN:Claire Fontane-Brück", "N:Fontane-Brück;Claire;;;",
			"TEL;VALUE=uri;PREF=1;TYPE=\"voice,cell\":tel:+1-415-555-0131",
			"EMAIL;TYPE=work:claire.fontane@example.com",
			"IMPP:https://t.me/claire_f_demo_12",
			"LANG;PREF=1:fr",
			"END:VCARD",
		},
		{
			"BEGIN:VCARD", "VERSION:4.0",
			"FN:Poster Workshop", "KIND:org",
			"TEL;VALUE=uri:tel:+1-415-555-0136;ext=12",
			"EMAIL:posters@print.example.com",
			"URL:https://print.example.com/",
			"END:VCARD",
		},
	}
	var out bytes.Buffer
	for _, card := range cards {
		for _, line := range card {
			out.WriteString(line + "\r\n")
		}
	}
	return out.Bytes(), nil
}

// quoted encodes text as quoted-printable (RFC 2045, section 6.7) with a soft
// line break before column 76.
func quoted(text string) string {
	var out strings.Builder
	column := 40 // what the property's name and parameters take
	for _, b := range []byte(text) {
		piece := string(b)
		if b == '=' || b < ' ' || b > '~' {
			piece = fmt.Sprintf("=%02X", b)
		}
		if column+len(piece) > 75 {
			out.WriteString("=\r\n")
			column = 0
		}
		out.WriteString(piece)
		column += len(piece)
	}
	return out.String()
}
