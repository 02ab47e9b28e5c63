package triage

import (
	"bufio"
	"bytes"
	"errors"
	"strconv"
)

// vCardLines puts folded lines together again and undoes quoted-printable
// (RFC 2045 section 6.7), remembering where each byte stood.
type vCardLines struct {
	r      *bufio.Reader
	m      mapped
	start  int64 // of the line
	offset int64 // of the next byte
	quoted bool  // the line is quoted-printable
}

// next reads one whole line into m. With io.EOF it may have given the last one.
func (l *vCardLines) next() error {
	l.m.reset()
	l.start, l.quoted = l.offset, false
	for first := true; ; first = false {
		soft, err := l.physical(first)
		if err != nil {
			return err
		}
		if soft {
			continue
		}
		next, err := l.r.Peek(1)
		if err != nil {
			return err
		}
		if next[0] != ' ' && next[0] != '\t' || len(l.m.text) == 0 {
			return nil
		}
		if _, err := l.r.Discard(1); err != nil {
			return err
		}
		l.offset++
	}
}

// physical adds one line of the file; soft says that quoted-printable goes on in
// the next.
func (l *vCardLines) physical(first bool) (soft bool, err error) {
	for {
		part, err := l.r.ReadSlice('\n')
		at := l.offset
		l.offset += int64(len(part))
		text := bytes.TrimRight(part, "\r\n")
		if first {
			l.quoted = isQuotedPrintable(text)
			first = false
		}
		if l.quoted && len(text) > 0 && text[len(text)-1] == '=' && !errors.Is(err, bufio.ErrBufferFull) {
			soft, text = true, text[:len(text)-1]
		}
		if len(l.m.text) < vCardLine {
			l.add(text, at)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return soft && err == nil, err
	}
}

func isQuotedPrintable(line []byte) bool {
	parameters, _, _ := bytes.Cut(line, []byte(":"))
	return bytes.Contains(bytes.ToUpper(parameters), []byte("QUOTED-PRINTABLE"))
}

func (l *vCardLines) add(text []byte, at int64) {
	if !l.quoted {
		l.m.add(text, at)
		return
	}
	from := 0
	if len(l.m.text) == 0 { // name and parameters are not encoded
		from = bytes.IndexByte(text, ':') + 1
		l.m.add(text[:from], at)
	}
	for i := from; i < len(text); {
		if c, ok := quotedByte(text[i:]); ok {
			l.m.decoded([]byte{c}, at+int64(i), at+int64(i)+3)
			i += 3
			continue
		}
		l.m.add(text[i:i+1], at+int64(i))
		i++
	}
}

// quotedByte reads =XX.
func quotedByte(text []byte) (byte, bool) {
	if len(text) < 3 || text[0] != '=' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[1:3]), 16, 8)
	return byte(n), err == nil
}
