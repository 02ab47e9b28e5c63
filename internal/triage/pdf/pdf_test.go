package pdf_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/internal/triage/pdf"
)

// made writes a document of one page that has a program and resources.
func made(program, resources string, more ...string) []byte {
	objects := append([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> " + resources + " >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(program), program),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}, more...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	for i, object := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	b.WriteString("trailer << /Root 1 0 R >>\n%%EOF\n")
	return b.Bytes()
}

func texts(t testing.TB, data []byte) ([]string, error) {
	t.Helper()
	d, err := pdf.Open(data)
	if err != nil {
		return nil, err
	}
	var all []string
	err = d.Pages(t.Context(), func(p pdf.Page) error {
		all = append(all, strings.Trim(p.Text+"|"+p.Notes, "|"))
		return nil
	})
	return all, err
}

func TestText(t *testing.T) {
	for name, c := range map[string]struct{ program, want string }{
		"a string":                  {"BT /F 12 Tf 72 700 Td (Hello) Tj ET", "Hello"},
		"escapes":                   {`BT /F 12 Tf (a\(b\)c\\\101\r\n(in)) Tj ET`, "a(b)c\\A\r\n(in)"},
		"hexadecimal":               {"BT /F 12 Tf <48 65 6C6c 6F> Tj ET", "Hello"},
		"kerning is no space":       {"BT /F 12 Tf [(de) -20 (sk@) 30 (hall)] TJ ET", "desk@hall"},
		"a wide gap is one":         {"BT /F 12 Tf [(one) -300 (two)] TJ ET", "one two"},
		"lines":                     {"BT /F 12 Tf 14 TL (one) Tj T* (two) Tj 0 -20 Td (three) Tj (four) ' ET", "one\ntwo\nthree\nfour"},
		"a word in two pieces":      {"BT /F 10 Tf 1 0 0 1 100 100 Tm (de) Tj 1 0 0 1 110 100 Tm (sk) Tj ET", "desk"},
		"pieces placed by the page": {"q .24 0 0 .24 90 700 cm BT 50 0 0 50 0 0 Tm /F 1 Tf (de) Tj ET Q q .24 0 0 .24 102 700 cm BT 50 0 0 50 0 0 Tm /F 1 Tf (sk) Tj ET Q q .24 0 0 .24 90 680 cm BT 50 0 0 50 0 0 Tm /F 1 Tf (hall) Tj ET Q", "desk\nhall"},
		"two columns":               {"BT /F 10 Tf 1 0 0 1 100 100 Tm (one) Tj 1 0 0 1 300 100 Tm (two) Tj ET", "one two"},
		"a picture in the program":  {"BT /F 12 Tf (a) Tj ET BI /W 1 ID (\x00( EI BT /F 12 Tf (b) Tj ET", "ab"},
		"no font":                   {"BT (a) Tj ET", ""},
	} {
		got, err := texts(t, made(c.program, ""))
		if err != nil || len(got) != 1 || got[0] != c.want {
			if name != "a picture in the program" || strings.Join(got, "") != "a\nb" && strings.Join(got, "") != "a b" {
				t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
			}
		}
	}
}

func TestEncodings(t *testing.T) {
	font := func(of string) []string { return []string{of} }
	for name, c := range map[string]struct {
		program string
		more    []string
		want    string
	}{
		"names of glyphs":       {"(abc) Tj", font("<< /Type /Font /Subtype /Type1 /Encoding << /Differences [97 /at /period /uni0416] >> >>"), "@.Ж"},
		"a map of single codes": {"<0001000200ff> Tj", append(font("<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 7 0 R >>"), streamOf("1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfchar <0001> <0040> endbfchar 1 beginbfrange <0002> <00ff> <0061> endbfrange")), "@aŞ"},
		"a map of lists":        {"<0102> Tj", append(font("<< /Type /Font /Subtype /Type1 /ToUnicode 7 0 R >>"), streamOf("1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <01> <02> [<00660066> <D83DDE00>] endbfrange")), "ff😀"},
	} {
		got, err := texts(t, made("BT /G 12 Tf "+c.program+" ET", "/Font << /G 6 0 R >>", c.more...))
		if err != nil || len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
}

func streamOf(content string) string {
	return fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
}

func packed(content []byte) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(content)
	_ = w.Close()
	return fmt.Sprintf("<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", b.Len(), b.Bytes())
}

// What an enemy writes ends soon, with an error where something was left out.
func TestHostileDocuments(t *testing.T) {
	var bomb strings.Builder // 16 forms, each of which shows the next a hundred times
	forms := []string{}
	names := "/XObject << "
	for i := range 16 {
		names += fmt.Sprintf("/X%d %d 0 R ", i, 6+i)
		body := strings.Repeat(fmt.Sprintf("/X%d Do ", i+1), 100)
		forms = append(forms, strings.Replace(streamOf(body), "<<", "<< /Type /XObject /Subtype /Form", 1))
	}
	bomb.Write(made("/X0 Do", names+">>", forms...))
	zeros := packed(make([]byte, 100<<20))
	var all strings.Builder // the kids of every node, all nodes among them
	kids := make([]string, 1, 20_001)
	for i := range 20_000 {
		fmt.Fprintf(&all, "%d 0 R ", 7+i)
		kids = append(kids, "<< /Kids 6 0 R >>")
	}
	kids[0] = "[" + all.String() + "]"
	for name, c := range map[string]struct {
		data   []byte
		budget bool
	}{
		"a form in itself":      {made("/X Do BT /F 12 Tf (a) Tj ET", "/XObject << /X 6 0 R >>", "<< /Subtype /Form /Length 5 >>\nstream\n/X Do\nendstream"), false},
		"a hundred to the 16th": {[]byte(bomb.String()), true},
		"100 MiB of zeros":      {bytes.Replace(made("", "", zeros), []byte("/Contents 4 0 R"), []byte("/Contents 6 0 R"), 1), true},
		"pages in a ring":       {bytes.Replace(made("", ""), []byte("/Kids [3 0 R]"), []byte("/Kids [2 0 R 3 0 R 1 0 R]"), 1), false},
		"one list of all kids":  {bytes.Replace(made("", "", kids...), []byte("/Kids [3 0 R]"), []byte("/Kids 6 0 R"), 1), true},
		"a reference to itself": {made("", "", "6 0 R"), false},
		"nested arrays":         {made("", "", strings.Repeat("[", 1_000_000)), false},
		"nested dictionaries":   {made("", "", strings.Repeat("<</a", 1_000_000)), false},
		"a map of everything":   {made("BT /G 1 Tf (a) Tj ET", "/Font << /G 6 0 R >>", "<< /ToUnicode 7 0 R >>", streamOf(strings.Repeat("<0000> <ffffffff> <0000> ", 2000)+"endbfrange")), true},
		"what unpacks to nothing, often": {bytes.Replace(made("", "", "["+strings.Repeat("7 0 R ", 2000)+"]",
			"<< /Filter /ASCII85Decode /Length 1000001 >>\nstream\n\x01"+strings.Repeat("!", 1_000_000)+"\nendstream"), []byte("/Contents 4 0 R"), []byte("/Contents 6 0 R"), 1), true},
		"a comment after every stream": {made("", "", strings.Repeat("<< /Length 4000000 >>\nstream\nendstream endobj 9 0 obj ", 50_000)+"\n"+strings.Repeat("%", 6_000_000)), true},
		"cut off":                      {made("BT /F 12 Tf (a) Tj ET", "")[:200], false},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d, err := pdf.Open(c.data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		err = d.Pages(t.Context(), func(pdf.Page) error { return nil })
		runtime.ReadMemStats(&after)
		if errors.Is(err, pdf.ErrBudget) != c.budget {
			t.Errorf("%s: %v", name, err)
		}
		// The step beyond the budget may take a name, a string or a list, and what is
		// unpacked counts as it comes out and as it is read.
		steps, mostSteps, bytes, mostBytes := d.Work()
		if beyond := 1 << 20; steps > mostSteps+beyond || bytes > 2*mostBytes+beyond {
			t.Errorf("%s: %d steps of %d, %d bytes of %d", name, steps, mostSteps, bytes, mostBytes)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > uint64(512<<20+512*len(c.data)) {
			t.Errorf("%s: a document of %d bytes took %d bytes of memory", name, len(c.data), took)
		}
	}
}

func TestDate(t *testing.T) {
	at := time.Date(2024, 1, 5, 12, 30, 45, 0, time.UTC)
	for written, want := range map[string]time.Time{
		"D:20240105133045+01'00'": at, "D:20240105133045+01'00": at, "D:20240105123045Z": at, "D:20240105123045Z00'00'": at,
		"20240105123045": at, "D:20240105": time.Date(2024, 1, 5, 0, 0, 0, 0, time.UTC), "yesterday": {},
	} {
		if got := pdf.Date(written); !got.Equal(want) {
			t.Errorf("%s is %s, want %s", written, got, want)
		}
	}
}

func FuzzPages(f *testing.F) {
	for _, name := range []string{"chromium.pdf", "packed.pdf", "carrying.pdf"} {
		raw, err := os.ReadFile("../testdata/artifacts/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add(made("BT /F 12 Tf [(a) -300 (b)] TJ /X Do ET", "/XObject << /X 6 0 R >>", "<< /Subtype /Form /Length 5 >>\nstream\n/X Do\nendstream"))
	f.Add(made("BT /G 12 Tf <0001> Tj ET", "/Font << /G 6 0 R >>", "<< /Subtype /Type0 /ToUnicode 7 0 R >>", streamOf("beginbfrange <0002> <00ff> <0061> endbfrange")))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := pdf.Open(data)
		if err != nil {
			return
		}
		_ = d.Pages(t.Context(), func(pdf.Page) error { return nil })
		_ = d.Files(func(pdf.File) error { return nil })
		d.Info()
	})
}
