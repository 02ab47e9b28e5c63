package node

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"parley/internal/intake"
)

// MaxTakenIn is the most that a file may have that comes as a stream, in bytes.
const MaxTakenIn = intake.MaxPacked

const (
	// evidenceFolder holds evidence that came as a stream, each item in a folder of
	// its own, so that it keeps its name.
	evidenceFolder = "evidence"
	// unfinished begins the names of folders whose evidence is not whole.
	unfinished = "unfinished-"
	// maxFileName bounds the name of a file that came as a stream, in bytes.
	maxFileName = 200
)

// TakeIn brings in a file that comes as a stream, as a browser sends it, by what
// it is: see [Node.BringIn]. Evidence stays in the node's folder as it came, not
// sealed; of anything else nothing is left on disk once it was read. Bytes that
// are evidence already are [store.ErrExists].
func (n *Node) TakeIn(ctx context.Context, name string, r io.Reader, opt ImportOptions) (sum Imported, err error) {
	if err := n.must(Analyst); err != nil {
		return sum, err
	}
	defer n.checkWatched(ctx)
	name = fileName(name)
	b := bufio.NewReaderSize(r, intake.HeadSize)
	head, err := b.Peek(intake.HeadSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return sum, fmt.Errorf("read %s: %w", name, err)
	}
	if len(head) == 0 {
		return sum, invalid("%s has no bytes: choose another file", name)
	}
	if opt.As == AsEvidence || opt.As == AsItIs && readAs(intake.KindOf(head, name)) == AsItIs {
		return n.takeEvidence(ctx, name, b, opt)
	}
	src, err := intake.Open(ctx, "-", intake.Options{Stdin: b, Named: name, Dir: n.home, Rand: n.rand})
	if err != nil {
		return sum, fmt.Errorf("import: %w", err)
	}
	defer src.Close()
	return n.bringOne(ctx, src, opt)
}

// takeEvidence keeps a stream in the node's folder and registers it.
func (n *Node) takeEvidence(ctx context.Context, name string, r io.Reader, opt ImportOptions) (sum Imported, err error) {
	under := filepath.Join(n.home, evidenceFolder)
	if err := os.MkdirAll(under, 0o700); err != nil {
		return sum, fmt.Errorf("keep %s: %w", name, err)
	}
	dir, err := os.MkdirTemp(under, unfinished)
	if err != nil {
		return sum, fmt.Errorf("keep %s: %w", name, err)
	}
	whole := filepath.Join(under, strings.TrimPrefix(filepath.Base(dir), unfinished))
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir), os.RemoveAll(whole))
		}
	}()
	if err := keepFile(ctx, filepath.Join(dir, name), r); err != nil {
		return sum, fmt.Errorf("keep %s: %w", name, err)
	}
	if err := os.Rename(dir, whole); err != nil {
		return sum, fmt.Errorf("keep %s: %w", name, err)
	}
	return n.register(ctx, filepath.Join(whole, name), opt)
}

// keepFile writes a stream to a new file, down to the disk.
func keepFile(ctx context.Context, path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, reader(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(p)
	}))
	return errors.Join(err, f.Sync(), f.Close())
}

type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }

// fileName is what a file is called here: the last part of what its sender calls
// it, without what could not be read in a list.
func fileName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || r == unicode.ReplacementChar {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	if name = strings.Trim(name, ". "); name == "" {
		return "file"
	}
	if cut := len(name) - maxFileName; cut > 0 { // from the front: the end tells what it is
		name = strings.ToValidUTF8(name[cut:], "")
	}
	return name
}

// forgetUnfinished removes what was left of streams when the node was killed.
// Only the process that serves the node takes streams in.
func (n *Node) forgetUnfinished() error {
	all, err := filepath.Glob(filepath.Join(n.home, evidenceFolder, unfinished+"*"))
	for _, dir := range all {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}
