package node

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"

	"parley/internal/release"
)

// scene draws a picture that has something in it; no two seeds look alike.
func scene(seed int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 160, 120))
	for y := range 120 {
		for x := range 160 {
			a := math.Sin(float64(x*(seed+2))/17) * math.Cos(float64(y*(seed+3))/13)
			b := math.Sin(float64((x-80)*(x-80)+(y-60)*(y-60)) / float64(400+90*seed))
			m.Set(x, y, color.Gray{uint8(128 + 60*a + 60*b)})
		}
	}
	return m
}

func pngOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}

func jpegOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 60}))
	return b.Bytes()
}

func artifact(i int, file []byte) string {
	return fmt.Sprintf(`{"type":"artifact","spec_version":"2.1","id":"%s","payload_bin":"%s"}`, numbered("artifact", i), base64.StdEncoding.EncodeToString(file))
}

// TestAPictureThatComesBackIsAnEcho, also drawn anew with losses; another picture is none, nor is what is no picture.
func TestAPictureThatComesBackIsAnEcho(t *testing.T) {
	at := meet(t)
	ruled(t, at.South, "rules 1\n\nallow all\n  when    counterpart.verified\n  because this is about pictures\n")
	o := order(reported(t, at.South, 1, 147), 147)
	o.Pictures = []release.Picture{{File: pngOf(t, scene(1))}}
	r := released(t, at.South, at.North, o)
	for i, c := range []struct {
		name string
		file []byte
		echo bool
	}{
		{"the same file as it was drawn", pngOf(t, scene(1)), true},
		{"a copy with losses", jpegOf(t, scene(1)), true},
		{"another picture", pngOf(t, scene(5)), false},
		{"a flat picture", pngOf(t, image.NewGray(image.Rect(0, 0, 80, 60))), false},
		{"half a picture", pngOf(t, scene(1))[:300], false},
		{"no picture", []byte("not a picture at all"), false},
	} {
		before, err := at.South.Echoes(t.Context(), 0)
		must(t, err)
		imported(t, at.South, "paper.json", artifact(i, c.file))
		after, err := at.South.Echoes(t.Context(), 0)
		must(t, err)
		if (len(after) > len(before)) != c.echo {
			t.Errorf("%s: %d echoes more", c.name, len(after)-len(before))
		}
		if c.echo && (after[0].Pictures != 1 || after[0].Release != r.ID || after[0].Object != numbered("artifact", i)) {
			t.Errorf("%s: %+v", c.name, after[0])
		}
	}
	// It comes back in a tearline.
	told, err := release.Build(nil, release.Request{
		Counterpart: "South", Policy: release.DefaultPolicy(), TLP: release.TLPAmber, PermittedUse: release.Detection,
		Text: "Look at this.", Pictures: []release.Picture{{File: jpegOf(t, scene(1))}},
	}, release.Env{Rand: rand.NewChaCha8([32]byte{9}), Now: noon})
	must(t, err)
	at.hand(t, at.North, at.South, release.KindBundle, told.Bundle)
	apply(t, at.South)
	all, err := at.South.Echoes(t.Context(), 1)
	must(t, err)
	if len(all) != 1 || all[0].From != "North" || all[0].Pictures != 1 || all[0].Claim == "" {
		t.Errorf("South hears %+v", all)
	}
	if c := claimsOf(t, at.South, "North")[0]; !c.Echo {
		t.Errorf("the claim counts as an origin: %+v", c)
	}
}
