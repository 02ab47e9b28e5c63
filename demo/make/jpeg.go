package main

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"time"
)

// encode makes a JPEG of the canvas.
func encode(c canvas, quality int) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, c, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode a picture: %w", err)
	}
	return out.Bytes(), nil
}

// photos makes the camera's four pictures, each with time and place. The
// camera is invented; the places are whole minutes of arc around a public
// park, which is about a mile and a half.
func photos() ([]entry, error) {
	pictures := []struct {
		hours    int
		lat, lon [2]uint32
		draw     func(canvas)
	}{
		{29, [2]uint32{48, 13}, [2]uint32{16, 24}, func(c canvas) { c.bicycle(120, 60, 400, rgb(40, 110, 70), rgb(30, 30, 34)) }},
		{77, [2]uint32{48, 12}, [2]uint32{16, 23}, func(c canvas) { c.lamp(180, 60, 300, rgb(120, 70, 40), rgb(250, 226, 150)) }},
		{200, [2]uint32{48, 13}, [2]uint32{16, 25}, drawHall},
		{298, [2]uint32{48, 12}, [2]uint32{16, 24}, drawBag},
	}
	var entries []entry
	for i, p := range pictures {
		at := storyStart().Add(time.Duration(p.hours) * time.Hour)
		c := newCanvas(640, 480)
		c.shade(rgb(176, 200, 222), rgb(196, 186, 160), uint32(i+1))
		p.draw(c)
		data, err := encode(c, 78)
		if err != nil {
			return nil, err
		}
		data, err = withExif(data, shot{taken: at, lat: p.lat, lon: p.lon, make: "Examplefone", kind: "Demo 3"})
		if err != nil {
			return nil, err
		}
		name := cameraPath + "/IMG_" + at.Add(2*time.Hour).Format("20060102_150405") + ".jpg"
		entries = append(entries, entry{name, data, at})
	}
	return entries, nil
}

// drawHall draws a building with arches and a flag: the hall, seen from the
// park.
func drawHall(c canvas) {
	stone, dark := rgb(206, 196, 182), rgb(84, 78, 92)
	c.rect(70, 190, 500, 210, stone)
	c.wedge(320, 110, 40, 540, 80, rgb(150, 92, 80))
	for i := range 5 {
		c.ring(130+95*i, 290, 0, 30, dark)
		c.rect(100+95*i, 290, 61, 110, dark)
	}
	c.line(320, 60, 320, 110, 4, dark)
	c.rect(322, 60, 50, 26, rgb(60, 120, 170))
}

// drawBag draws a blue bag on a table.
func drawBag(c canvas) {
	c.rect(0, 340, 640, 140, rgb(134, 98, 66))
	c.ring(320, 190, 60, 74, rgb(34, 60, 120))
	c.wedge(320, 190, 220, 300, 170, rgb(48, 86, 168))
	c.rect(210, 250, 220, 10, rgb(210, 214, 224))
}

// posters makes the slogan poster, what other people's telephones made of it,
// and one other poster that a matcher must keep apart.
func posters() ([]entry, error) {
	poster := drawPoster()
	variants := []struct {
		name    string
		picture canvas
		quality int
	}{
		{"poster_lamp.jpg", poster, 92},
		{"poster_lamp_small.jpg", half(poster), 85},
		{"poster_lamp_forwarded.jpg", poster, 30},
		{"poster_lamp_dim.jpg", dimmed(poster), 80},
		{"poster_bicycle.jpg", drawOtherPoster(), 85},
	}
	var entries []entry
	for i, v := range variants {
		data, err := encode(v.picture, v.quality)
		if err != nil {
			return nil, err
		}
		at := storyStart().Add(time.Duration(40+i) * time.Hour)
		entries = append(entries, entry{posterPath + "/" + v.name, data, at})
	}
	return entries, nil
}

func drawPoster() canvas {
	c := newCanvas(512, 640)
	c.shade(rgb(244, 226, 170), rgb(206, 120, 84), 77)
	c.rect(0, 470, 512, 170, rgb(64, 48, 72))
	c.lamp(96, 110, 320, rgb(70, 44, 60), rgb(255, 244, 196))
	c.words(46, 34, 40, []int{4, 3, 8, 3}, rgb(90, 30, 40))
	c.words(60, 500, 34, []int{6, 2, 9}, rgb(250, 232, 190))
	c.words(110, 566, 26, []int{3, 7, 5, 2}, rgb(236, 180, 120))
	return c
}

func drawOtherPoster() canvas {
	c := newCanvas(512, 640)
	c.shade(rgb(150, 190, 214), rgb(232, 236, 224), 78)
	c.rect(0, 0, 96, 640, rgb(34, 84, 92))
	c.ring(380, 150, 60, 96, rgb(240, 200, 90))
	c.bicycle(120, 230, 360, rgb(180, 50, 44), rgb(30, 34, 40))
	c.words(130, 540, 44, []int{5, 4, 4}, rgb(34, 84, 92))
	return c
}
