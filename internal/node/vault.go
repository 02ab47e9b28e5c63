package node

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"parley/internal/folder"
	"parley/internal/store"
)

// Role is what a user may do. A user may have several.
type Role string

// The roles of a node.
const (
	Analyst       Role = "analyst"       // import, triage, match, draft
	Releaser      Role = "releaser"      // clear what another drafted
	Administrator Role = "administrator" // users, counterparts, settings
	Auditor       Role = "auditor"       // read everything, the ledger too, and change nothing
	Reader        Role = "read-only"     // read everything but the ledger, and change nothing
)

// Roles lists all of them.
func Roles() []Role { return []Role{Analyst, Releaser, Administrator, Auditor, Reader} }

// acting are the roles of those who change things. A node's first user has them all.
func acting() []Role { return []Role{Analyst, Releaser, Administrator} }

// User is one person who can open the node.
type User struct {
	Name  string `json:"name"`
	Roles []Role `json:"roles"`
}

// Is reports whether the user has a role.
func (u User) Is(r Role) bool { return slices.Contains(u.Roles, r) }

// ErrPassphrase: no user of that name, or not the user's passphrase. It does
// not say which.
var ErrPassphrase = errors.New("wrong user or passphrase")

// ErrNoNode: the data folder holds no node.
var ErrNoNode = errors.New("no node")

// MinPassphrase is the shortest passphrase that is taken, in characters.
const MinPassphrase = 10

// Bounds on what a key file may ask of the machine that reads it.
const (
	maxSlots    = 256
	maxUserName = 64
	maxMemory   = 1 << 20 // KiB
	maxPasses   = 16
)

// cost is how hard a passphrase is to try: Argon2id with RFC 9106's second
// recommendation (section 4), for machines that also do other work.
type cost struct {
	Passes  uint32 `json:"passes"`
	Memory  uint32 `json:"memory_kib"`
	Threads uint8  `json:"threads"`
}

func defaultCost() cost { return cost{Passes: 3, Memory: 64 << 10, Threads: 4} }

// slot is one way of a user to the node's key: the key itself, sealed under a
// key that is derived from the user's passphrase, or from a file that the user
// has. The name and the roles are sealed with it, so that nobody can promote
// themselves with an editor. A user may have one slot of each kind.
type slot struct {
	User
	KeyFile bool   `json:"key_file,omitempty"`
	Cost    cost   `json:"argon2id,omitzero"` // of a passphrase; a key file's bytes cannot be guessed
	Salt    []byte `json:"salt"`
	Sealed  []byte `json:"sealed"`
}

const labelKeyFile = "parley v1 key file"

// vault is the key file of a node: one slot a user, as with an encrypted disk.
// Who opened which slot is who is at work.
type vault struct {
	Version int    `json:"version"`
	Slots   []slot `json:"slots"`
	path    string
}

// key derives the slot's own key from the passphrase, or from what is in the
// key file (HKDF-SHA-256, RFC 5869).
func (s slot) key(secret []byte) ([]byte, error) {
	if s.KeyFile {
		return hkdf.Key(sha256.New, secret, s.Salt, labelKeyFile, chacha20poly1305.KeySize)
	}
	return argon2.IDKey(secret, s.Salt, s.Cost.Passes, s.Cost.Memory, s.Cost.Threads, chacha20poly1305.KeySize), nil
}

// bound is what is sealed with the node's key: whose slot it is, and of which
// kind.
func (s slot) bound() ([]byte, error) {
	if !s.KeyFile {
		return json.Marshal(s.User)
	}
	return json.Marshal(struct {
		User
		KeyFile bool `json:"key_file"`
	}{s.User, true})
}

// seal closes the node's key into the slot.
func (s *slot) seal(rnd io.Reader, key [store.KeySize]byte, secret []byte) error {
	s.Salt = make([]byte, 16)
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	for _, b := range [][]byte{s.Salt, nonce} {
		if _, err := io.ReadFull(rnd, b); err != nil {
			return fmt.Errorf("draw random bytes: %w", err)
		}
	}
	k, err := s.key(secret)
	if err != nil {
		return fmt.Errorf("derive a slot's key: %w", err)
	}
	defer clear(k)
	aead, err := chacha20poly1305.NewX(k)
	if err != nil {
		return err
	}
	bound, err := s.bound()
	if err != nil {
		return err
	}
	s.Sealed = aead.Seal(nonce, nonce, key[:], bound)
	return nil
}

// open takes the node's key out of the slot.
func (s slot) open(secret []byte) (key [store.KeySize]byte, err error) {
	k, err := s.key(secret)
	if err != nil {
		return key, err
	}
	defer clear(k)
	aead, err := chacha20poly1305.NewX(k)
	if err != nil {
		return key, err
	}
	bound, err := s.bound()
	if err != nil {
		return key, err
	}
	if len(s.Sealed) < aead.NonceSize() {
		return key, s.wrong()
	}
	plain, err := aead.Open(nil, s.Sealed[:aead.NonceSize()], s.Sealed[aead.NonceSize():], bound)
	if err != nil || subtle.ConstantTimeEq(int32(len(plain)), store.KeySize) != 1 {
		return key, s.wrong()
	}
	copy(key[:], plain)
	clear(plain)
	return key, nil
}

// wrong is why a slot does not open.
func (s slot) wrong() error {
	if s.KeyFile {
		return ErrKeyFile
	}
	return ErrPassphrase
}

// slot finds the one that a user's passphrase opens.
func (v *vault) slot(user string) (slot, bool) { return v.find(user, false) }

func (v *vault) find(user string, keyFile bool) (slot, bool) {
	i := slices.IndexFunc(v.Slots, func(s slot) bool { return s.Name == user && s.KeyFile == keyFile })
	if i < 0 {
		return slot{}, false
	}
	return v.Slots[i], true
}

// has tells whether a user has a slot of either sort.
func (v *vault) has(user string) bool {
	return slices.ContainsFunc(v.Slots, func(s slot) bool { return s.Name == user })
}

// open finds the user's slot and takes the key out. An unknown name costs the
// same time as a wrong passphrase.
func (v *vault) open(user, passphrase string) (User, [store.KeySize]byte, error) {
	s, known := v.slot(user)
	if !known {
		s = slot{Cost: defaultCost(), Salt: make([]byte, 16), Sealed: make([]byte, 80)}
	}
	secret := []byte(passphrase)
	defer clear(secret)
	key, err := s.open(secret)
	return s.User, key, err
}

// openKeyFile is open with what is in the user's key file.
func (v *vault) openKeyFile(user string, content []byte) (User, [store.KeySize]byte, error) {
	s, known := v.find(user, true)
	if !known {
		return User{}, [store.KeySize]byte{}, ErrKeyFile
	}
	key, err := s.open(content)
	return s.User, key, err
}

// drop takes a user's slots out, to be put back or forgotten; the file is not
// written yet.
func (v *vault) drop(of func(slot) bool) (taken []slot) {
	v.Slots = slices.DeleteFunc(v.Slots, func(s slot) bool {
		if of(s) {
			taken = append(taken, s)
			return true
		}
		return false
	})
	return taken
}

// add gives a new user a slot.
func (v *vault) add(rnd io.Reader, u User, key [store.KeySize]byte, passphrase string) error {
	if err := checkUser(u); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(passphrase); n < MinPassphrase {
		return invalid("a passphrase of %d characters is too short: give at least %d", n, MinPassphrase)
	}
	secret := []byte(passphrase)
	defer clear(secret)
	return v.addSlot(rnd, slot{User: u, Cost: defaultCost()}, key, secret)
}

// addKeyFile gives a user a slot that a key file opens: a new user, or one who
// has a passphrase already and keeps the roles.
func (v *vault) addKeyFile(rnd io.Reader, u User, key [store.KeySize]byte, content []byte) error {
	if len(content) < MinKeyFile {
		return invalid("a key file of %d bytes is too short: at least %d, made by 'parley key make'", len(content), MinKeyFile)
	}
	return v.addSlot(rnd, slot{User: u, KeyFile: true}, key, content)
}

func (v *vault) addSlot(rnd io.Reader, s slot, key [store.KeySize]byte, secret []byte) error {
	if err := checkUser(s.User); err != nil {
		return err
	}
	if _, known := v.find(s.Name, s.KeyFile); known {
		return fmt.Errorf("user %s: %w", s.Name, store.ErrExists)
	}
	if len(v.Slots) >= maxSlots {
		return fmt.Errorf("the node has %d slots: at most %d", len(v.Slots), maxSlots)
	}
	if err := s.seal(rnd, key, secret); err != nil {
		return err
	}
	v.Slots = append(v.Slots, s)
	return v.write()
}

func checkUser(u User) error {
	if u.Name == "" || len(u.Name) > maxUserName {
		return invalid("a user's name has 1 to %d bytes", maxUserName)
	}
	for _, r := range u.Name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' && r != '.' {
			return invalid("user name %q: use letters, digits, '-', '_' and '.'", u.Name)
		}
	}
	return checkRoles(u.Name, u.Roles)
}

// readVault reads a key file, and refuses one that asks for more memory or
// time than any node of ours would.
func readVault(path string) (*vault, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s: run 'parley setup' or 'parley init' there first", ErrNoNode, filepath.Dir(path))
	}
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	v := &vault{path: path}
	if err := json.Unmarshal(b, v); err != nil {
		return nil, fmt.Errorf("read the key file %s: %w", path, err)
	}
	if v.Version != 1 || len(v.Slots) == 0 || len(v.Slots) > maxSlots {
		return nil, fmt.Errorf("read the key file %s: version %d with %d users is not one this program wrote", path, v.Version, len(v.Slots))
	}
	for _, s := range v.Slots {
		if s.KeyFile {
			continue
		}
		if s.Cost.Passes < 1 || s.Cost.Passes > maxPasses || s.Cost.Memory < 8 || s.Cost.Memory > maxMemory || s.Cost.Threads < 1 {
			return nil, fmt.Errorf("read the key file %s: user %s asks for %d KiB and %d passes", path, s.Name, s.Cost.Memory, s.Cost.Passes)
		}
	}
	return v, nil
}

// write replaces the key file as a whole, or not at all.
func (v *vault) write() error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write the key file: %w", err)
	}
	if err := folder.Replace(v.path, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the key file: %w", err)
	}
	return nil
}

// newKey draws the key that a node's store is encrypted with.
func newKey(rnd io.Reader) (key [store.KeySize]byte, err error) {
	if rnd == nil {
		rnd = rand.Reader
	}
	_, err = io.ReadFull(rnd, key[:])
	return key, err
}
