package console

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"parley/internal/draw"
	"parley/internal/store"
	"parley/internal/triage"
	"parley/pdq"
)

// Bounds on one page of pictures.
const (
	galleryPictures = 12
	galleryPixels   = 30_000_000 // of one picture
	galleryTime     = pageTime / 2
)

type galleryBody struct {
	Evidence store.Evidence
	Rows     []exhibitedPicture
	window
}

// exhibitedPicture is a picture as a grey mosaic, or why there is none.
type exhibitedPicture struct {
	triage.Artifact
	Drawing draw.Drawing
	Unread  string
}

// gallery shows the pictures of evidence, each as a grey mosaic: nobody has to
// see what they show to find the one that matters, and of the file itself
// nothing reaches the browser.
func (c *console) gallery(r *http.Request) (view, error) {
	e, err := c.item(r)
	if err != nil {
		return view{}, err
	}
	all, err := c.node.Artifacts(r.Context(), e.ID, string(triage.KindPicture))
	if err != nil {
		return view{}, err
	}
	some, w, err := windowedBy(r, all, galleryPictures)
	if err != nil {
		return view{}, err
	}
	b := galleryBody{Evidence: e, window: w}
	var places []string
	for _, row := range some {
		a, err := artifactOf(row)
		if err != nil {
			return view{}, err
		}
		b.Rows = append(b.Rows, exhibitedPicture{Artifact: a, Unread: "it was not its turn yet: open this page again"})
		places = append(places, row.Place)
	}
	if len(places) > 0 {
		if err := c.open(r, e, places, b.Rows); err != nil {
			return view{}, err
		}
	}
	return view{Page: "gallery", Under: "evidence", Title: fmt.Sprintf("Pictures of E%d", e.ID), Body: b}, nil
}

// open reads the pictures again, one after the other, as long as a page may
// take. Evidence that is not there any more is no fault of the page.
func (c *console) open(r *http.Request, e store.Evidence, places []string, rows []exhibitedPicture) error {
	end := time.Now().Add(galleryTime)
	err := c.node.ReadPictures(r.Context(), e.ID, places, func(i int, file []byte, err error) {
		if time.Now().After(end) {
			return
		}
		rows[i].Unread = ""
		if err == nil {
			rows[i].Drawing, err = mosaic(rows[i].Name, file)
		}
		if err != nil {
			rows[i].Unread = err.Error()
		}
	})
	if err != nil && r.Context().Err() == nil {
		for i := range rows {
			rows[i].Unread = err.Error()
		}
		return nil
	}
	return err
}

func mosaic(name string, file []byte) (draw.Drawing, error) {
	picture, err := pdq.Decode(bytes.NewReader(file), pdq.Limits{Pixels: galleryPixels})
	if err != nil {
		return draw.Drawing{}, err
	}
	return draw.Mosaic{Title: name, Picture: picture}.Draw()
}
