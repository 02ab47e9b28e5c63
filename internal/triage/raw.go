package triage

import (
	"context"
	"encoding/binary"
	"io"
	"unicode/utf8"

	"parley/internal/triage/volume"
	"parley/selector"
)

// In bytes that are no text, chance writes short domains, handles and addresses:
// four in a megabyte of noise with the rules of prose. So what is found there must
// have more characters, or stand in a longer run of text.
const (
	shortestRun   = 6  // characters of text in a row that are looked at
	surelyText    = 16 // in a run of so many everything found counts
	shortestName  = 10 // of a domain or a handle in a shorter run
	shortestEmail = 8

	alphabet = "abcdefghijklmnopqrstuvwxyz" // after an @ in the tables of ASCII that NTFS and exFAT volumes hold
)

// byChance reports whether noise may have written what was found.
func byChance(hit selector.Hit, run int) bool {
	if hit.Selector.Value == alphabet {
		return true
	}
	if run >= surelyText {
		return false
	}
	switch hit.Selector.Kind {
	case selector.Domain, selector.Telegram:
		return len(hit.Raw) < shortestName
	case selector.Email:
		return len(hit.Raw) < shortestEmail
	}
	return false
}

// readData scans a file of unknown kind for the text in it.
func readData(ctx context.Context, r *reading, f *file) error {
	stream, err := f.reader()
	if err != nil {
		return err
	}
	defer stream.Close()
	w := &window{held: f.held, data: f.data}
	if !f.held {
		w.buf = make([]byte, min(textWindow, f.size+1))
	}
	return r.rawFrom(ctx, f.place(), stream, w)
}

// raw scans the bytes of a disk image that belong to no file that was given.
func (r *reading) raw(ctx context.Context, it item) error {
	buf := make([]byte, textWindow)
	for _, gap := range it.raw {
		part := io.NewSectionReader(it.at, gap.At, gap.Length)
		w := &window{buf: buf[:min(textWindow, gap.Length+1)], base: gap.At}
		if err := r.rawFrom(ctx, it.place(), part, w); err != nil {
			return r.faultUnless(ctx, it.place(), err)
		}
	}
	return nil
}

// rawFrom scans bytes a window at a time, as readText does.
func (r *reading) rawFrom(ctx context.Context, place Place, stream io.Reader, w *window) error {
	for !w.end {
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		if err := w.fill(stream); err != nil {
			return err
		}
		if err := r.runs(place, w); err != nil {
			return err
		}
		if w.end {
			break
		}
		if err := r.tellNow(); err != nil {
			return err
		}
		w.slide()
	}
	return nil
}

func (r *reading) runs(place Place, w *window) error {
	return eachRun(w.buf[:w.n], func(start, end, width int) error {
		if start >= w.until || end <= w.from {
			return nil
		}
		text := narrow(w.buf[start:end], width)
		for _, hit := range r.finder.Find(text) {
			at := start + width*hit.Start
			if at < w.from || at >= w.until || byChance(hit, len(text)) {
				continue
			}
			if err := r.finding(text, hit, place.at(w.base+int64(at), int64(width*(hit.End-hit.Start)))); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachRun gives the runs of text in raw: of ASCII and UTF-8, with one byte for
// a width, and of ASCII in UTF-16 of either order, with two.
func eachRun(raw []byte, yield func(start, end, width int) error) error {
	for i := 0; i < len(raw); {
		if i+shortestRun <= len(raw) && apart[raw[i+shortestRun-1]] {
			i += shortestRun // what begins before ends there
			continue
		}
		if !printable[raw[i]] {
			if raw[i] < utf8.RuneSelf {
				i = zerosEnd(raw, i+1)
				continue
			}
		} else if i+1 < len(raw) && raw[i+1] == 0 {
			end := wideEnd(raw, i)
			if (end-i)/2 >= shortestRun {
				if err := yield(i, end, 2); err != nil {
					return err
				}
				i = end
				continue
			}
		}
		end := narrowEnd(raw, i)
		if end-i >= shortestRun {
			if err := yield(i, end, 1); err != nil {
				return err
			}
		}
		i = max(end, i+1)
	}
	return nil
}

// zerosEnd passes over zeros, eight at once.
func zerosEnd(raw []byte, i int) int {
	for i+8 <= len(raw) && binary.LittleEndian.Uint64(raw[i:]) == 0 {
		i += 8
	}
	return i
}

// allPrintable reports whether eight bytes are between the space and the tilde.
func allPrintable(b uint64) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	return (b|(b+each))&high == 0 && (b+(0x80-' ')*each)&high == high
}

func narrowEnd(raw []byte, i int) int {
	for i < len(raw) {
		for i+8 <= len(raw) && allPrintable(binary.LittleEndian.Uint64(raw[i:])) {
			i += 8
		}
		if i == len(raw) {
			break
		}
		if printable[raw[i]] {
			i++
			continue
		}
		if raw[i] < utf8.RuneSelf {
			break
		}
		_, size := utf8.DecodeRune(raw[i:])
		if size == 1 {
			break
		}
		i += size
	}
	return i
}

// wideEnd goes over pairs of a character and a zero byte.
func wideEnd(raw []byte, i int) int {
	for i+1 < len(raw) && printable[raw[i]] && raw[i+1] == 0 {
		i += 2
	}
	return i
}

// narrow gives a run as text, which is good until the run changes.
func narrow(run []byte, width int) string {
	if width == 1 {
		return view(run)
	}
	text := make([]byte, len(run)/2)
	for i := range text {
		text[i] = run[2*i]
	}
	return string(text)
}

// printable are the ASCII characters of text.
var printable = func() (table [256]bool) {
	for c := ' '; c <= '~'; c++ {
		table[c] = true
	}
	table['\t'], table['\n'], table['\r'] = true, true, true
	return table
}()

// apart are the bytes that are in no text: control characters, but for zero, which is
// half of a character in UTF-16.
var apart = func() (table [256]bool) {
	for c := 1; c < utf8.RuneSelf; c++ {
		table[c] = !printable[c]
	}
	return table
}()

// rawItem is what of a disk image belongs to no file; it is scanned, and is
// no file itself.
func (f *file) rawItem(at io.ReaderAt, gaps []volume.Extent) item {
	return item{chain: f.chain, at: at, size: f.size, raw: gaps, budget: f.inside}
}
