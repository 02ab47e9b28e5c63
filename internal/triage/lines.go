package triage

import (
	"bufio"
	"context"
	"errors"
	"io"
)

// eachLine tells the lines of a text, each with its offset and its end. A line
// longer than 64 KiB comes in several.
func eachLine(ctx context.Context, f *file, each func(line []byte, offset int64) error) error {
	stream, err := f.reader()
	if err != nil {
		return err
	}
	defer stream.Close()
	lines := bufio.NewReaderSize(stream, messageText)
	var offset int64
	for {
		if err := ctx.Err(); err != nil {
			return stop{err}
		}
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 {
			if err := each(line, offset); err != nil {
				return err
			}
			offset += int64(len(line))
		}
		if err == io.EOF {
			return nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}
