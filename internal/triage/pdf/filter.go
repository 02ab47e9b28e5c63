package pdf

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"io"
)

// unpack undoes a stream's filters (section 7.4). What can be unpacked of a broken
// stream is given; of one with a filter that is not known, nothing.
func (d *Document) unpack(s stream) []byte {
	filters := d.array(s.dict["Filter"])
	if one, is := d.get(s.dict["Filter"]).(name); is {
		filters = array{one}
	}
	raw := s.raw
	for _, filter := range filters[:min(len(filters), 8)] {
		if d.bytes -= len(raw); d.bytes < 0 { // else what unpacks to nothing costs nothing
			return nil
		}
		switch d.get(filter) {
		case name("FlateDecode"), name("Fl"):
			raw = d.inflate(raw)
		case name("ASCIIHexDecode"), name("AHx"):
			end, _, _ := bytes.Cut(raw, []byte(">"))
			raw = unhex(end)
		case name("ASCII85Decode"), name("A85"):
			raw = unascii85(raw)
		case name("RunLengthDecode"), name("RL"):
			raw = d.runs(raw)
		default:
			return nil
		}
	}
	d.bytes -= len(raw)
	if d.bytes < 0 {
		return nil
	}
	return raw
}

// inflate passes over the two bytes of zlib's header, and does not look at its
// sum.
func (d *Document) inflate(raw []byte) []byte {
	if len(raw) < 2 || d.bytes < 0 {
		return nil
	}
	var plain bytes.Buffer
	n, _ := io.Copy(&plain, io.LimitReader(flate.NewReader(bytes.NewReader(raw[2:])), int64(d.bytes)+1))
	d.bytes -= int(n)
	return plain.Bytes()
}

func (d *Document) runs(raw []byte) []byte {
	var plain []byte
	for i := 0; i < len(raw) && len(plain) <= d.bytes; {
		n := int(raw[i])
		switch i++; {
		case n < 128:
			end := min(i+n+1, len(raw))
			plain, i = append(plain, raw[i:end]...), end
		case n == 128 || i >= len(raw):
			return plain
		default:
			plain, i = append(plain, bytes.Repeat(raw[i:i+1], 257-n)...), i+1
		}
	}
	return plain
}

func unascii85(raw []byte) []byte {
	raw, _, _ = bytes.Cut(bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("<~")), []byte("~>"))
	plain := make([]byte, len(raw)+4*bytes.Count(raw, []byte("z"))+4) // z stands for four zeros
	n, _, _ := ascii85.Decode(plain, raw, true)
	return plain[:n]
}

func unhex(raw []byte) []byte {
	plain := make([]byte, 0, len(raw)/2+1)
	half, odd := byte(0), false
	for _, c := range raw {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			continue
		}
		if odd {
			plain = append(plain, half<<4|c)
		}
		half, odd = c, !odd
	}
	if odd {
		plain = append(plain, half<<4)
	}
	return plain
}
