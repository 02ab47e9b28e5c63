package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"

	"parley/internal/echo"
	"parley/internal/store"
	"parley/pdq"
	"parley/stix"
)

// Bounds on the pictures that are looked at.
const (
	mostPictures    = 16        // in one thing that came
	mostPictureByte = 16 << 20  // of one
	mostPixels      = 4_000_000 // of one: what goes out is smaller
	pixelsPerByte   = 64        // of one, so that work is bounded by what came: fewer bytes hold nothing that has a hash
)

// picturesOf are the fingerprints of the pictures in some objects. What cannot be decoded is known by its bytes alone.
func picturesOf(objects ...stix.Object) (all []store.GivenPicture) {
	for _, o := range objects {
		if o.Type() != "artifact" || len(all) == mostPictures {
			continue
		}
		text, _ := o.String("payload_bin")
		if text == "" || base64.StdEncoding.DecodedLen(len(text)) > mostPictureByte {
			continue
		}
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			continue
		}
		all = append(all, fingerprint(data))
	}
	return all
}

func fingerprint(file []byte) store.GivenPicture {
	sum := sha256.Sum256(file)
	p := store.GivenPicture{SHA256: sum[:]}
	picture, err := pdq.Decode(bytes.NewReader(file), pdq.Limits{Bytes: mostPictureByte, Pixels: min(mostPixels, pixelsPerByte*len(file))})
	if err != nil {
		return p
	}
	hash, quality, err := pdq.Compute(picture)
	if err == nil && quality >= pdq.MinQuality {
		p.PDQ = hash[:]
	}
	return p
}

// keepPictures keeps the fingerprints of the pictures that a release gives away.
func keepPictures(ctx context.Context, tx *store.Tx, release int64, objects []stix.Object) error {
	for _, p := range picturesOf(objects...) {
		p.Release = release
		if err := tx.AddGivenPicture(ctx, p); err != nil {
			return fmt.Errorf("release R%d: %w", release, err)
		}
	}
	return nil
}

// samePictures counts, by release, the pictures that came which were given before. One that went with many releases is
// nobody's in particular: a letterhead, a map.
func samePictures(ctx context.Context, tx *store.Tx, came []store.GivenPicture) (map[int64]int, error) {
	if len(came) == 0 {
		return nil, nil
	}
	given, err := tx.GivenPictures(ctx)
	if err != nil {
		return nil, err
	}
	count := map[int64]int{}
	for _, p := range came {
		var with []int64
		for _, g := range given {
			if samePicture(p, g) && !slices.Contains(with, g.Release) {
				with = append(with, g.Release)
			}
		}
		for _, release := range with {
			if len(with) < echo.MostHolders {
				count[release]++
			}
		}
	}
	return count, nil
}

// samePicture tells whether two are the same bytes, or show the same as far as PDQ sees.
func samePicture(a, b store.GivenPicture) bool {
	if bytes.Equal(a.SHA256, b.SHA256) {
		return true
	}
	return len(a.PDQ) == len(pdq.Hash{}) && len(b.PDQ) == len(pdq.Hash{}) && pdq.Matches(pdq.Hash(a.PDQ), pdq.Hash(b.PDQ))
}
