package triage

import (
	"fmt"
	"strings"
	"time"
)

// Tags of Exif 2.32 (CIPA DC-008, section 4.6) and TIFF 6.0.
const (
	tagDescription = 0x010e
	tagMake        = 0x010f
	tagModel       = 0x0110
	tagDateTime    = 0x0132
	tagArtist      = 0x013b
	tagCopyright   = 0x8298
	tagExifIFD     = 0x8769
	tagGPSIFD      = 0x8825
	tagTaken       = 0x9003
	tagTakenZone   = 0x9011
	tagComment     = 0x9286

	tagLatitudeRef  = 1 // in the GPS directory
	tagLatitude     = 2
	tagLongitudeRef = 3
	tagLongitude    = 4
)

// exif reads the TIFF structure in an Exif segment into the picture, and scans
// the texts people can write there. offset is that of the structure in the file.
func (r *reading) exif(a *Artifact, data []byte, offset int64) error {
	t, err := openTIFF(data)
	if err != nil {
		return fmt.Errorf("its Exif data: %w", err)
	}
	main, err := t.directory(t.first)
	if err != nil {
		return fmt.Errorf("its Exif data: %w", err)
	}
	picture := a.Picture
	picture.Make, picture.Model = t.text(main[tagMake]), t.text(main[tagModel])
	taken, zone := t.text(main[tagDateTime]), ""
	texts := []tiffField{main[tagDescription], main[tagArtist], main[tagCopyright]}
	if at, ok := t.pointer(main[tagExifIFD]); ok {
		camera, err := t.directory(at)
		if err != nil {
			return fmt.Errorf("its Exif data: %w", err)
		}
		if own := t.text(camera[tagTaken]); own != "" {
			taken, zone = own, t.text(camera[tagTakenZone])
		}
		texts = append(texts, camera[tagComment])
	}
	picture.Taken = exifTime(taken, zone)
	if at, ok := t.pointer(main[tagGPSIFD]); ok {
		gps, err := t.directory(at)
		if err != nil {
			return fmt.Errorf("its GPS data: %w", err)
		}
		t.position(gps, picture)
	}
	return r.exifTexts(a, t, texts, offset)
}

func (r *reading) exifTexts(a *Artifact, t *tiff, texts []tiffField, offset int64) error {
	for _, field := range texts {
		at, raw := t.bytes(field)
		text := string(raw)
		err := r.findingsOf(a, text, func(start, end int) Place {
			return a.Place.at(offset+int64(at+start), int64(end-start))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// position reads degrees, minutes and seconds. What is beyond the poles, or not
// given whole, is no position.
func (t *tiff) position(gps map[uint16]tiffField, picture *Picture) {
	latitude, ok1 := t.degrees(gps[tagLatitude])
	longitude, ok2 := t.degrees(gps[tagLongitude])
	if !ok1 || !ok2 || latitude > 90 || longitude > 180 {
		return
	}
	if strings.HasPrefix(t.text(gps[tagLatitudeRef]), "S") {
		latitude = -latitude
	}
	if strings.HasPrefix(t.text(gps[tagLongitudeRef]), "W") {
		longitude = -longitude
	}
	picture.Latitude, picture.Longitude, picture.Located = latitude, longitude, true
}

func (t *tiff) degrees(field tiffField) (float64, bool) {
	parts, ok := t.rationals(field, 3)
	if !ok {
		return 0, false
	}
	value := parts[0] + parts[1]/60 + parts[2]/3600
	return value, value >= 0
}

// exifTime reads "2024:01:05 12:30:45" and the zone "+01:00" that newer cameras
// write; without one the clock's reading is given as if it were UTC.
func exifTime(text, zone string) time.Time {
	if zone != "" {
		if at, err := time.Parse("2006:01:02 15:04:05-07:00", text+zone); err == nil {
			return at.UTC()
		}
	}
	at, _ := time.Parse("2006:01:02 15:04:05", text)
	return at
}
