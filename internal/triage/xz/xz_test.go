package xz_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	other "github.com/ulikunitz/xz"

	"parley/internal/triage/xz"
)

func pack(t testing.TB, text string, config other.WriterConfig) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := config.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestStreams(t *testing.T) {
	text := strings.Repeat("a line that comes again and again\n", 5000)
	for _, check := range []byte{other.CRC32, other.CRC64, other.SHA256} {
		packed := pack(t, text, other.WriterConfig{BlockSize: 20_000, CheckSum: check})
		two := append(append(bytes.Clone(packed), 0, 0, 0, 0), packed...)
		r, err := xz.NewReader(bytes.NewReader(two), xz.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(r)
		if err != nil || string(plain) != text+text {
			t.Errorf("check %d: %d bytes, %v", check, len(plain), err)
		}
	}
}

// A damaged byte is noticed wherever it is.
func TestDamage(t *testing.T) {
	packed := pack(t, "write to desk@example.org", other.WriterConfig{})
	for i := range packed {
		changed := bytes.Clone(packed)
		changed[i] ^= 0x10
		r, err := xz.NewReader(bytes.NewReader(changed), xz.Limits{})
		var plain []byte
		if err == nil {
			plain, err = io.ReadAll(r)
		}
		if err == nil && string(plain) != "write to desk@example.org" {
			t.Errorf("byte %d: %q", i, plain)
		}
	}
	for n := range packed {
		if r, err := xz.NewReader(bytes.NewReader(packed[:n]), xz.Limits{}); err == nil {
			if _, err := io.ReadAll(r); err == nil {
				t.Errorf("cut to %d bytes: no error", n)
			}
		}
	}
}

func TestDictionary(t *testing.T) {
	packed := pack(t, "x", other.WriterConfig{DictCap: 8 << 20})
	r, err := xz.NewReader(bytes.NewReader(packed), xz.Limits{Dictionary: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r); err == nil || !strings.Contains(err.Error(), "more than the limit") {
		t.Errorf("%v", err)
	}
}

// Streams of some bytes, each of which asks for 64 MiB, get it some times and not a
// hundred.
func TestDictionariesOfNothing(t *testing.T) {
	packed := pack(t, "x", other.WriterConfig{})
	filter := bytes.Index(packed, []byte{0x21, 1})
	packed[filter+2] = 28 // 64 MiB
	header := packed[12 : 12+4*(int(packed[12])+1)]
	binary.LittleEndian.PutUint32(header[len(header)-4:], crc32.ChecksumIEEE(header[:len(header)-4]))
	r, err := xz.NewReader(bytes.NewReader(bytes.Repeat(packed, 100)), xz.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err == nil || !strings.Contains(err.Error(), "far more memory") || len(plain) == 0 || len(plain) > 20 {
		t.Errorf("%d streams were unpacked, %v", len(plain), err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(pack(f, "write to desk@example.org", other.WriterConfig{}))
	f.Add(pack(f, strings.Repeat("abc", 1000), other.WriterConfig{BlockSize: 1000, CheckSum: other.SHA256}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := xz.NewReader(bytes.NewReader(raw), xz.Limits{Dictionary: 1 << 20})
		if err == nil {
			_, _ = io.Copy(io.Discard, io.LimitReader(r, 1<<20))
		}
	})
}
