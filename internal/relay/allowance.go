package relay

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"parley/internal/folder"
)

// Allowance is a bearer secret that an operator gives to a party: whoever shows it may have so many tokens
// an epoch, and so open so many mailboxes.
type Allowance [32]byte

// ParseAllowance reads what Allow wrote.
func ParseAllowance(s string) (a Allowance, err error) {
	if err := parseHex(a[:], strings.TrimSpace(s)); err != nil {
		return a, fmt.Errorf("an allowance %w", err)
	}
	return a, nil
}

// ReadAllowance reads a file of one line: a relay's address, a space, and the secret.
func ReadAllowance(path string) (at Address, a Allowance, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return at, a, fmt.Errorf("reading an allowance: %w", err)
	}
	address, secret, ok := strings.Cut(strings.TrimSpace(string(text)), " ")
	if !ok {
		return at, a, fmt.Errorf("reading an allowance: %s is not a relay's address and a secret", path)
	}
	if at, err = ParseAddress(address); err == nil {
		a, err = ParseAllowance(secret)
	}
	if err != nil {
		return at, a, fmt.Errorf("reading an allowance from %s: %w", path, err)
	}
	return at, a, nil
}

// String is the secret itself, as 64 lower-case hex digits.
func (a Allowance) String() string { return hex.EncodeToString(a[:]) }

// allowances are the files of a relay's folder `allowances`: NAME.json says what was allowed, NAME.used how
// much of it was taken this epoch. They are read at each use, so that what an operator changes is so at once.
type allowances struct {
	dir string
	mu  sync.Mutex
}

type allowed struct {
	Hash      string `json:"hash"`      // hex SHA-256 of the secret
	Mailboxes int    `json:"mailboxes"` // tokens an epoch
}

type used struct {
	Epoch  uint32 `json:"epoch"`
	Tokens int    `json:"tokens"`
}

var allowanceName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// errAllowance is a secret that no file has, errAllowanceUsed one whose tokens are taken.
var (
	errAllowance     = errors.New("this allowance is not known here, or was revoked")
	errAllowanceUsed = errors.New("this allowance has not so many tokens left until the next epoch")
)

// Allow writes a new allowance into a relay's folder, running or not, and gives its secret. The relay keeps
// its hash only. mailboxes is how many it may open in half of the time that parcels are kept.
func Allow(dir, name string, mailboxes int) (Allowance, error) {
	path, err := allowancePath(dir, name)
	if err != nil {
		return Allowance{}, err
	}
	if mailboxes < 1 {
		return Allowance{}, errors.New("an allowance must be for one mailbox or more")
	}
	if _, err := os.Stat(path); err == nil {
		return Allowance{}, fmt.Errorf("%s has an allowance already: revoke it first", name)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Allowance{}, fmt.Errorf("making the folder of allowances: %w", err)
	}
	var a Allowance
	_, _ = rand.Read(a[:]) // never fails
	return a, writeJSON(path, allowed{a.hash(), mailboxes})
}

// Revoke takes an allowance back: no more tokens for it, from now on. Tokens that were given are not known from others,
// and stay good until the end of the next epoch.
func Revoke(dir, name string) error {
	path, err := allowancePath(dir, name)
	if err != nil {
		return err
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s has no allowance", name)
	}
	if err != nil {
		return fmt.Errorf("revoking the allowance of %s: %w", name, err)
	}
	if err := os.Remove(usedPath(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("revoking the allowance of %s: %w", name, err)
	}
	return nil
}

func allowancePath(dir, name string) (string, error) {
	if !allowanceName.MatchString(name) {
		return "", fmt.Errorf("%q is no name for an allowance: use a-z, 0-9 and -, at most 64", name)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "RELAY")); err != nil || string(text) != folderMark {
		return "", fmt.Errorf("%s is no relay's folder: start the relay once first", dir)
	}
	return filepath.Join(dir, "allowances", name+".json"), nil
}

func usedPath(path string) string { return strings.TrimSuffix(path, ".json") + ".used" }

func (a Allowance) hash() string {
	h := sha256.Sum256(a[:])
	return hex.EncodeToString(h[:])
}

// take counts n tokens against an allowance, on disk, before any is made.
func (l *allowances) take(a Allowance, n int, epoch uint32) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	path, max, err := l.find(a)
	if err != nil {
		return err
	}
	var u used
	if err := readJSON(usedPath(path), &u); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if u.Epoch != epoch {
		u = used{Epoch: epoch}
	}
	if u.Tokens+n > max {
		return errAllowanceUsed
	}
	u.Tokens += n
	return writeJSON(usedPath(path), u)
}

// find looks through all files, whichever fits, so that time does not tell.
func (l *allowances) find(a Allowance) (path string, max int, err error) {
	names, err := filepath.Glob(filepath.Join(l.dir, "*.json"))
	if err != nil {
		return "", 0, fmt.Errorf("reading allowances: %w", err)
	}
	for _, name := range names {
		var f allowed
		if err := readJSON(name, &f); errors.Is(err, fs.ErrNotExist) {
			continue // revoked just now
		} else if err != nil {
			return "", 0, err
		}
		if subtle.ConstantTimeCompare([]byte(f.Hash), []byte(a.hash())) == 1 {
			path, max = name, f.Mailboxes
		}
	}
	if path == "" {
		return "", 0, errAllowance
	}
	return path, max, nil
}

func readJSON(path string, v any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading an allowance: %w", err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("reading %s: it is damaged: revoke the allowance and give a new one", filepath.Base(path))
	}
	return nil
}

func writeJSON(path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing an allowance: %w", err)
	}
	return folder.Replace(path, append(text, '\n'), 0o600)
}
