package triage

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"
)

// A backup by iTunes or Finder keeps each file under the SHA-1 of its domain and
// path, in a folder with the first two digits (before iOS 10 in none), and says in
// Manifest.db which file it was.
const backupList = "Manifest.db"

var backupFile = regexp.MustCompile(`^(|.*?/)(?:[0-9a-f]{2}/)?([0-9a-f]{40})$`)

// isBackupFile: a file whose name the backup's list knows. Its name decides, not
// its content: what it holds is read under the name it had.
func isBackupFile(f *file) bool { return f.backupName() != "" }

// backupName gives the domain and path of a file of a backup; "" if it is none.
func (f *file) backupName() string {
	if !endsInSHA1(f.name()) {
		return ""
	}
	match := backupFile.FindStringSubmatch(f.name())
	if match == nil || f.beside == nil {
		return ""
	}
	return f.beside.backup(match[1]).names[match[2]]
}

// endsInSHA1 is what nearly all names are told by.
func endsInSHA1(name string) bool {
	if len(name) < 40 {
		return false
	}
	for _, c := range []byte(name[len(name)-40:]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// backupNames is what a backup's list says: domains and paths by the names that
// the files are kept under, as far as it could be read.
type backupNames struct {
	names   map[string]string
	problem error
}

// backupBytes bounds the lists of the backups in one container.
const backupBytes = 256 << 20

// backup gives the list of the backup in a folder, empty if there is none.
func (b *beside) backup(folder string) backupNames {
	b.mu.Lock()
	defer b.mu.Unlock()
	list, known := b.lists[folder]
	if !known {
		if b.lists == nil {
			b.lists = make(map[string]backupNames)
		}
		list.names = make(map[string]string)
		list.problem = b.readBackup(folder, list.names)
		b.lists[folder] = list
	}
	return list
}

// readBackup puts the list of a backup into names.
func (b *beside) readBackup(folder string, names map[string]string) error {
	ctx := context.Background()
	f, err := b.file(ctx, folder+backupList)
	if err != nil || !isSQLite(f) {
		return err
	}
	defer f.hold()()
	db, err := latest(ctx, f, b.limits)
	if err != nil {
		return err
	}
	defer db.close()
	long := 0
	err = db.rows(ctx, `SELECT fileID, domain, relativePath FROM Files WHERE flags = 1`, func(row *sqlite3.Stmt) error {
		id, name := row.ColumnText(0), row.ColumnText(1)+"/"+row.ColumnText(2)
		if b.named += len(id) + len(name); len(names) >= b.limits.Entries || b.named > backupBytes {
			return fmt.Errorf("it lists more than %d files, or more than %d bytes of names", b.limits.Entries, backupBytes)
		}
		if len(name) > longestName {
			long++
			return nil
		}
		names[id] = name
		return nil
	})
	if err == nil && long > 0 {
		err = fmt.Errorf("%d of them have more than %d bytes", long, longestName)
	}
	return err
}

// backupProblem says why files of a backup are read without the names they had, where
// its list is the file f.
func (r *reading) backupProblem(f *file, db *database) error {
	if path.Base(f.name()) != backupList || f.beside == nil || !db.has([]string{"Files fileID domain relativePath flags"}) {
		return nil
	}
	folder := strings.TrimSuffix(f.name(), backupList)
	if problem := f.beside.backup(folder).problem; problem != nil {
		return r.fault(f.place(), fmt.Errorf("not all of the backup's files are given the names that it lists: %w", problem))
	}
	return nil
}

// backupFileEntries gives the file once more, under the name it had.
func backupFileEntries(_ context.Context, r *reading, f *file, yield func(item) error) error {
	it := f.child(f.backupName())
	it.above = f.above // it is the same file, not one inside it
	it.beside = newBeside(r.opt.Limits, f.inBackup)
	it.once, it.at, it.size = f.once && !f.held, f.at, f.size
	it.open = func() (io.ReadCloser, error) { return f.reader() }
	if err := unsafeName(it.name()); err != nil {
		if err := r.fault(it.place(), err); err != nil {
			return err
		}
	}
	return yield(it)
}

// inBackup finds a file of the same backup under the name it had.
func (f *file) inBackup(ctx context.Context, name string) (item, error) {
	folder := backupFile.FindStringSubmatch(f.name())[1]
	domain, rest, _ := strings.Cut(name, "/")
	id := fmt.Sprintf("%x", sha1.Sum([]byte(domain+"-"+rest)))
	if f.beside.backup(folder).names[id] != name {
		return item{}, errNotBeside
	}
	it, err := f.beside.open(ctx, folder+id[:2]+"/"+id)
	if err != nil {
		it, err = f.beside.open(ctx, folder+id)
	}
	if err != nil {
		return item{}, err
	}
	it.chain = append(slices.Clone(f.chain), name)
	return it, nil
}

// isLockedBackup: the list of an encrypted backup, which is encrypted itself.
func isLockedBackup(f *file) bool {
	if path.Base(f.name()) != backupList || isSQLite(f) || f.beside == nil {
		return false
	}
	_, err := f.beside.open(context.Background(), path.Join(path.Dir(f.name()), "Manifest.plist"))
	return err == nil
}

func readLockedBackup(context.Context, *reading, *file) error {
	return errors.New("the backup is encrypted and needs its password: its files are only hashed and scanned as they lie; decrypt it and give the result")
}
