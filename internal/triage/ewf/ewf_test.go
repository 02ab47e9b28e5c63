package ewf_test

import (
	"bytes"
	"crypto/md5"
	"io"
	"os"
	"testing"

	"parley/internal/triage/ewf"
)

func whole(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("../testdata/images/disk.E01")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func open(raw []byte) (*ewf.Image, error) {
	return ewf.Open([]ewf.Segment{{At: bytes.NewReader(raw), Size: int64(len(raw))}})
}

func TestHash(t *testing.T) {
	image, err := open(whole(t))
	if err != nil {
		t.Fatal(err)
	}
	sum := md5.New()
	n, err := io.Copy(sum, io.NewSectionReader(image, 0, image.Size()))
	if err != nil || n != image.Size() || !bytes.Equal(sum.Sum(nil), image.MD5) || len(image.Problems) > 0 || image.Damage() != "" {
		t.Errorf("%d bytes, %v, %v, %q", n, err, image.Problems, image.Damage())
	}
	if image.About.Examiner != "N. Example" || image.About.Case != "case 7" {
		t.Errorf("%+v", image.About)
	}
}

// Every byte changed on its own is noticed, or stands where nothing is read.
func TestEveryByte(t *testing.T) {
	raw := whole(t)
	for i := 1300; i < 1300+64; i++ {
		changed := bytes.Clone(raw)
		changed[i] ^= 0xff
		image, err := open(changed)
		if err != nil {
			continue
		}
		sum := md5.New()
		if _, err := io.Copy(sum, io.NewSectionReader(image, 0, image.Size())); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(sum.Sum(nil), image.MD5) && image.Damage() == "" && len(image.Problems) == 0 {
			t.Errorf("byte %d: the content is another, and nothing says so", i)
		}
	}
}

func FuzzImage(f *testing.F) {
	f.Add(whole(f))
	f.Add(whole(f)[:3000])
	f.Fuzz(func(t *testing.T, raw []byte) {
		image, err := open(raw)
		if err != nil {
			return
		}
		buf := make([]byte, 4096)
		for _, at := range []int64{0, image.Size() / 2, image.Size() - 100} {
			if n, err := image.ReadAt(buf, max(at, 0)); n < len(buf) && err != io.EOF {
				t.Errorf("%d bytes at %d of %d, %v", n, at, image.Size(), err)
			}
		}
		image.Damage()
	})
}
