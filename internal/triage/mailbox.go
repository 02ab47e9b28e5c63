package triage

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
)

// A mailbox in the format mbox (RFC 4155): messages after one another, each begun
// by a line "From sender date" after an empty one.

var mailboxLine = regexp.MustCompile(`^From \S+ .*\d\d:\d\d`)

func isMailbox(f *file) bool {
	if !hasPrefix(f, "From ") {
		return false
	}
	line, rest, _ := bytes.Cut(f.head, []byte("\n"))
	return mailboxLine.Match(line) && (mailField(rest) || bytes.HasPrefix(rest, []byte(">From ")))
}

// mailboxEntries gives the messages by number, in place.
func mailboxEntries(ctx context.Context, r *reading, f *file, yield func(item) error) error {
	at, err := f.readerAt()
	if err != nil {
		return err
	}
	count, from, empty := 0, int64(-1), true
	message := func(end int64) error {
		if from < 0 {
			return nil
		}
		if count++; count > r.opt.Limits.Entries {
			return errMailbox
		}
		it := f.child(fmt.Sprintf("message-%d.eml", count))
		section := io.NewSectionReader(at, from, end-from)
		it.at, it.size = section, section.Size()
		it.open = func() (io.ReadCloser, error) {
			return io.NopCloser(io.NewSectionReader(section, 0, section.Size())), nil
		}
		return yield(it)
	}
	err = eachLine(ctx, f, func(line []byte, offset int64) error {
		begins := empty && bytes.HasPrefix(line, []byte("From ")) && mailboxLine.Match(line)
		empty = len(bytes.TrimRight(line, "\r\n")) == 0
		if !begins {
			return nil
		}
		if err := message(offset); err != nil {
			return err
		}
		from = offset + int64(len(line))
		return nil
	})
	if err != nil {
		return err
	}
	return message(f.size)
}
