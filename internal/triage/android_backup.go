package triage

import (
	"bufio"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// androidMagic begins what "adb backup" writes: four lines, then a tar.
const androidMagic = "ANDROID BACKUP\n"

func isAndroidBackup(f *file) bool { return hasPrefix(f, androidMagic) }

// androidBackupEntries gives the tar inside.
func androidBackupEntries(_ context.Context, _ *reading, f *file, yield func(item) error) error {
	lines := strings.SplitN(string(f.head), "\n", 5)
	if len(lines) < 5 {
		return errors.New("its first lines are broken")
	}
	if lines[3] != "none" {
		return fmt.Errorf("it is encrypted (%s) and needs its password: decrypt it and give the result", oneLine(lines[3]))
	}
	packed := lines[2] == "1"
	from := int64(len(androidMagic) + len(lines[1]) + len(lines[2]) + len(lines[3]) + 3)
	it := f.child(backupName(f.name()))
	it.once = f.once && !f.held
	it.open = func() (io.ReadCloser, error) {
		stream, err := f.reader()
		if err != nil {
			return nil, err
		}
		if _, err := io.CopyN(io.Discard, stream, from); err != nil {
			return nil, errors.Join(err, stream.Close())
		}
		if !packed {
			return stream, nil
		}
		plain, err := zlib.NewReader(bufio.NewReader(stream))
		if err != nil {
			return nil, errors.Join(err, stream.Close())
		}
		return opened{plain, stream}, nil
	}
	return yield(it)
}

func backupName(name string) string {
	base := path.Base(name)
	return strings.TrimSuffix(base, ".ab") + ".tar"
}
