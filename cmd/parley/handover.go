package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/channel"
	"parley/internal/qr"
)

// handover is in which ways an introduction goes over to the counterpart.
type handover struct {
	file   string
	screen bool
	png    string
}

// pixels is the side of a module in a PNG: 4 are a third of a millimetre on paper at 300 dots an inch.
const pixels = 4

// handOver writes one introduction in every way that was asked for: as a file, as QR codes on the screen and as
// pictures. In none, it goes to standard output as text.
func (a *app) handOver(to string, text []byte, ways handover) error {
	if ways.file == "-" || ways == (handover{}) {
		_, err := a.out.Write(text)
		return err
	}
	in, err := channel.ParseIntroduction(text)
	if err != nil {
		return err
	}
	screen, err := in.Codes(qr.Terminal.Most)
	if err != nil {
		return err
	}
	if ways.file != "" {
		if err := writeNew(ways.file, text); err != nil {
			return fmt.Errorf("write the introduction: %w", err)
		}
	}
	pictures, err := writePictures(in, ways.png)
	if err != nil {
		return fmt.Errorf("write the introduction as a picture: %w", err)
	}
	said := introduced{To: to, File: ways.file, Pictures: pictures}
	if ways.screen {
		said.Codes = screen
	}
	var failed error
	err = a.print(said, func() { failed = a.sayIntroduced(said) })
	return errors.Join(failed, err)
}

type introduced struct {
	To       string   `json:"to"`
	File     string   `json:"file,omitempty"`
	Pictures []string `json:"pictures,omitempty"`
	Codes    []string `json:"codes,omitempty"`
}

func (a *app) sayIntroduced(said introduced) error {
	if said.File != "" {
		a.say("Introduction for %s written to %s.", plain(said.To), said.File)
	}
	for _, name := range said.Pictures {
		a.say("Introduction for %s written to the picture %s.", plain(said.To), name)
	}
	for i, text := range said.Codes {
		code, err := qr.New(text, qr.Terminal)
		if err != nil {
			return err
		}
		a.say("Introduction for %s, code %d of %d:", plain(said.To), i+1, len(said.Codes))
		if err := code.Draw(a.out); err != nil {
			return fmt.Errorf("show a QR code: %w", err)
		}
	}
	a.say("Hand it over, and read theirs with 'parley counterpart add FILE'.")
	return nil
}

// writePictures writes an introduction as one QR code, or as several where one does not hold it: then the names are
// numbered. Either all are written or none.
func writePictures(in *channel.Introduction, name string) (names []string, err error) {
	if name == "" {
		return nil, nil
	}
	codes, err := in.Codes(qr.Print.Most)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			for _, n := range names {
				err = errors.Join(err, os.Remove(n))
			}
			names = nil
		}
	}()
	for i, text := range codes {
		code, err := qr.New(text, qr.Print)
		if err != nil {
			return names, err
		}
		var b bytes.Buffer
		if err := code.PNG(&b, pixels); err != nil {
			return names, err
		}
		to := numbered(name, i+1, len(codes))
		if err := writeNew(to, b.Bytes()); err != nil {
			return names, err
		}
		names = append(names, to)
	}
	return names, nil
}

// numbered is the name of the kth of n pictures.
func numbered(name string, k, n int) string {
	if n == 1 {
		return name
	}
	ext := filepath.Ext(name)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), k, ext)
}
