package triage_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/triage"
)

// fuzz reads hostile bytes under a name that leads to one reader, and holds the
// result to what every run promises: it ends, nothing panics, every place can be
// opened again.
func fuzz(f *testing.F, name string, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	folder := f.TempDir()
	opt := triage.Options{Region: "US", Workers: 2, Limits: triage.Limits{
		EntryBytes: 4 << 20, TotalBytes: 64 << 20, Rows: 10_000, Findings: 10_000, Entries: 1000,
	}}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		r, _ := run(t, path, opt)
		for _, fault := range r.faults {
			if len(fault.Problem) > 600 {
				t.Errorf("a fault of %d bytes", len(fault.Problem))
			}
		}
		if len(r.findings) < 50 {
			checkPlaces(t, path, r, opt)
		}
		if len(r.artifacts) < 50 {
			checkArtifacts(t, path, r, opt)
		}
	})
}

func FuzzText(f *testing.F) {
	fuzz(f, "x.txt", []byte("write to desk@example.org\n+1 202 555 0147"), utf16Of("desk@example.org 😀", binary.LittleEndian), []byte("\xfe\xff\xd8"))
}

func FuzzJSON(f *testing.F) {
	fuzz(f, "x.json", []byte(telegramChat), []byte(`{"a/b":["\u0040lamp_light",1e5,null]} [`), []byte(`{"contacts":{"list":[{"phone_number":"+12025550147"}]}}`))
}

func FuzzWhatsApp(f *testing.F) {
	fuzz(f, "x.txt", []byte("25/01/2024, 12:30 - Samir: ring +1 202 555 0147\n[25/01/2024, 12:30:00] A: b"))
}

func FuzzVCard(f *testing.F) {
	fuzz(f, "x.vcf", []byte("BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=41=\n b;c\nTEL:+1202\n 5550147\nEND:VCARD\n"))
}

func FuzzJPEG(f *testing.F) {
	fuzz(f, "x.jpg", jpegWith(f, exifOf(binary.LittleEndian)), jpegWith(f, exifOf(binary.BigEndian)))
}

func FuzzDocx(f *testing.F) {
	fuzz(f, "x.docx", zipOf(f, entry{name: "word/document.xml", content: "<w:p><w:t>desk@</w:t><w:t>example.org &amp;</w:t></w:p>", store: true}))
}

func FuzzDocxText(f *testing.F) {
	f.Add([]byte("<w:p><w:t>desk@</w:t><w:t>example.org &amp;</w:t></w:p>"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := write(t, "x.docx", zipOf(t, entry{name: "word/document.xml", content: string(content)}))
		r, _ := run(t, path, us)
		checkPlaces(t, path, r, us)
	})
}

func FuzzSQLite(f *testing.F) {
	fuzz(f, "x.db", databaseOf(f, append(smsSchema, `PRAGMA page_size=512`, `INSERT INTO sms (address,body) VALUES ('+12025550147','desk@example.org')`)...))
}

func FuzzArchive(f *testing.F) {
	fuzz(f, "x.bin", zipOf(f, entry{name: "a", content: note}, entry{name: "b", content: note, store: true}),
		gzipOf(f, []byte(note)), gzipOf(f, tarOf(f)), zipOf(f, entry{name: "x.zip", content: string(zipOf(f, entry{name: "a", content: note}))}))
}

func FuzzMarkup(f *testing.F) {
	fuzz(f, "x.html", sample(f, "telegram_html.html"), []byte("<a href='mailto:desk@example.org'>desk&#64;<b>example</b>.org</a><script>x</script><!-- c --><![CDATA[a@example.org]]>"))
}

func FuzzMarkupXML(f *testing.F) {
	fuzz(f, "x.xml", sample(f, "WifiConfigStore.xml"), sample(f, "packages.xml"))
}

func FuzzPlist(f *testing.F) {
	fuzz(f, "x.plist", sample(f, "com.apple.wifi.plist"), sample(f, "com.apple.wifi.known-networks.plist"), sample(f, "Info.plist"), sample(f, "iTunesMetadata.plist"))
}

func FuzzMail(f *testing.F) {
	fuzz(f, "x.eml", sample(f, "plain.eml"), sample(f, "attached.eml"), sample(f, "note.emlx"))
}

func FuzzPDF(f *testing.F) {
	fuzz(f, "x.pdf", sample(f, "packed.pdf"), sample(f, "carrying.pdf"))
}

func FuzzMailbox(f *testing.F) { fuzz(f, "x.mbox", sample(f, "box.mbox")) }

func FuzzNetworks(f *testing.F) {
	fuzz(f, "wpa_supplicant.conf", sample(f, "wpa_supplicant.conf"), sample(f, "packages.list"))
}

// sample reads a file of the golden test as a seed.
func sample(f *testing.F, name string) []byte {
	f.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "artifacts", name))
	if err != nil {
		f.Fatal(err)
	}
	return raw
}
