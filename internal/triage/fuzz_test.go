package triage_test

import (
	"archive/tar"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"

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

func FuzzTar(f *testing.F) {
	fuzz(f, "x.tar", tarOf(f, tar.Header{Name: "a"}, tar.Header{Name: "b/c", PAXRecords: map[string]string{"mtime": "1.5"}}), tarOf(f, tar.Header{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "a"}))
}

func FuzzPacked(f *testing.F) {
	fuzz(f, "x.packed", gzipOf(f, []byte(note)), xzOf(f, []byte(note)), zstdOf(f, []byte(note)), bzip2Note(f))
}

// bzip2Note is "printf 'write to desk@example.org' | bzip2".
func bzip2Note(t testing.TB) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString("QlpoOTFBWSZTWdr3QNwAAAuVgEABQAAmrtzAIAAiIAaMMoU0yMTExPaRTgN1ZQB9uIMmDf4u5IpwoSG17oG4")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func FuzzRar(f *testing.F) {
	fuzz(f, "x.rar", rar4Of(rarEntry{name: "a", content: note}), rar5Of(rarEntry{name: "a", content: note}), rar4Of(rarEntry{name: "c", content: "lamp", flags: 4}))
}

func FuzzSevenZip(f *testing.F) {
	fuzz(f, "x.7z", fileOf("sevenzip/testdata/plain.7z")(f), fileOf("sevenzip/testdata/locked.7z")(f))
}

func FuzzAndroidBackup(f *testing.F) {
	fuzz(f, "x.ab", androidBackup(f, tarOf(f, tar.Header{Name: "apps/a"})), []byte("ANDROID BACKUP\n5\n0\nnone\n"), []byte("ANDROID BACKUP\n5\n1\nAES-256\n"))
}

// A disk with partitions, and a file system in one: what the packages below read
// each alone.
func FuzzDisk(f *testing.F) {
	disk := make([]byte, 8<<10)
	partitioned(0, disk, [3]uint32{0x83, 2, 4}, [3]uint32{5, 8, 8})
	partitioned(8, disk, [3]uint32{0x83, 1, 4})
	fuzz(f, "x.img", disk, partitionRing(f)[:62<<10])
}

// A list of a backup, with files that it names and one that it does not.
func FuzzAppleBackup(f *testing.F) {
	id := fmt.Sprintf("%040d", 2)
	list := databaseOf(f, `PRAGMA page_size=512`, `CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)`,
		`INSERT INTO Files VALUES ('`+id+`', 'HomeDomain', 'Library/note.txt', 1, NULL)`)
	fuzzFolder(f, "Manifest.db", map[string]string{"00/" + id: note, "00/" + fmt.Sprintf("%040d", 3): note}, list)
}

// A write-ahead log and a rollback journal beside their databases.
func FuzzSQLiteLog(f *testing.F) {
	folder := f.TempDir()
	path := filepath.Join(folder, "x.db")
	conn, err := sqlite3.Open("file:" + filepath.ToSlash(path))
	if err != nil {
		f.Fatal(err)
	}
	for _, statement := range append([]string{`PRAGMA page_size=512`, `PRAGMA journal_mode=WAL`, `PRAGMA wal_autocheckpoint=0`}, append(smsSchema, `INSERT INTO sms (address,body) VALUES ('+12025550147','desk@example.org')`)...) {
		if err := conn.Exec(statement); err != nil {
			f.Fatal(err)
		}
	}
	log, err := os.ReadFile(path + "-wal")
	if err != nil {
		f.Skipf("this system keeps no log beside a database: %v", err)
	}
	if err := conn.Close(); err != nil {
		f.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	fuzzFolder(f, "x.db-wal", map[string]string{"x.db": string(raw)}, log)
}

func FuzzSQLiteJournal(f *testing.F) {
	raw := databaseOf(f, append([]string{`PRAGMA page_size=512`}, append(smsSchema, `INSERT INTO sms (address,body) VALUES ('+12025550147','desk@example.org')`)...)...)
	journal := make([]byte, 512)
	copy(journal, "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7")
	binary.BigEndian.PutUint32(journal[20:], 512)
	binary.BigEndian.PutUint32(journal[24:], 512)
	journal = binary.BigEndian.AppendUint32(journal, 2)
	journal = append(append(journal, raw[512:1024]...), 0, 0, 0, 0)
	fuzzFolder(f, "x.db-journal", map[string]string{"x.db": string(raw)}, journal)
}

// The databases of all applications that are known.
func FuzzApplications(f *testing.F) {
	scripts, err := filepath.Glob(filepath.Join("testdata", "artifacts", "*.sql"))
	if err != nil || len(scripts) == 0 {
		f.Fatal(err, scripts)
	}
	var seeds [][]byte
	for _, script := range scripts {
		raw, err := os.ReadFile(script)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, databaseOf(f, `PRAGMA page_size=512`, string(raw)))
	}
	fuzz(f, "x.db", seeds...)
}

// The blobs in a database that are read: text, a property list, an attributed string.
func FuzzBlob(f *testing.F) {
	f.Add([]byte("\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x08NSString\x01\x94\x84\x01+\x10desk@example.org\x86"))
	f.Add(sample(f, "com.apple.wifi.plist"))
	f.Add([]byte(note))
	f.Fuzz(func(t *testing.T, blob []byte) {
		raw := databaseOf(t, `CREATE TABLE message (text TEXT, attributedBody BLOB, handle_id INTEGER, is_from_me INTEGER, date INTEGER)`,
			`CREATE TABLE handle (id TEXT, service TEXT)`, fmt.Sprintf(`INSERT INTO message (attributedBody) VALUES (x'%x')`, blob))
		r, path := runBytes(t, "sms.db", raw, us)
		checkPlaces(t, path, r, us)
	})
}

func FuzzHEIF(f *testing.F) {
	fuzz(f, "x.heic", heicOf(exifOf(binary.LittleEndian)), heicOf(exifOf(binary.BigEndian)))
}

func FuzzPNG(f *testing.F) { fuzz(f, "x.png", allKindsOfPNG(f)) }

func FuzzWebP(f *testing.F) {
	fuzz(f, "x.webp", webpWith(f, "EXIF", string(exifOf(binary.LittleEndian)), "XMP ", xmp))
}

func FuzzGIF(f *testing.F) { fuzz(f, "x.gif", allKindsOfGIF(f)) }

func FuzzAndroidXML(f *testing.F) { fuzz(f, "AndroidManifest.xml", sample(f, "AndroidManifest.xml")) }

func FuzzSignal(f *testing.F) { fuzz(f, "main.jsonl", sample(f, "signal.jsonl")) }

func FuzzSheet(f *testing.F) { fuzz(f, "x.xlsx", sample(f, "people.xlsx"), sample(f, "plan.odt")) }

func FuzzData(f *testing.F) {
	fuzz(f, "x.bin", []byte("\x00\x01desk@example.org\x00\xff"), []byte("\x00d\x00e\x00s\x00k\x00@\x00e\x00x\x00a\x00m\x00p\x00l\x00e\x00.\x00o\x00r\x00g\x00\xfe"))
}

// fuzzFolder reads hostile bytes under a name in a folder with other files, which
// must all be told as well.
func fuzzFolder(f *testing.F, name string, others map[string]string, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	folder := filepath.Join(f.TempDir(), "e")
	for file, content := range others {
		path := filepath.Join(folder, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			f.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	opt := triage.Options{Region: "US", Workers: 2, Limits: triage.Limits{EntryBytes: 4 << 20, Rows: 10_000, Findings: 10_000}}
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
		r, _ := run(t, folder, opt)
		if len(r.files) <= len(others) {
			t.Errorf("%d files are told", len(r.files))
		}
		if len(r.findings) < 50 {
			checkPlaces(t, folder, r, opt)
		}
	})
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
