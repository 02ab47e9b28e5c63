package node

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"parley/internal/exchange"
	"parley/internal/match"
	"parley/internal/relay"
	"parley/internal/store"
	"parley/selector"
)

// Names of the files of a data folder.
const (
	keysFile  = "keys.json"
	storeFile = "node.db"
)

// Options say which node to open, as whom, and with what: a passphrase, or
// what is in a key file. Rand, Now and Log may be left out.
type Options struct {
	Home       string
	User       string
	Passphrase string
	KeyFile    []byte // instead of Passphrase; see ReadKeyFile
	Choosing   bool   // a one-time passphrase is taken: only to choose another
	Rand       io.Reader
	Now        func() time.Time
	Log        *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Node is an open installation and the user at work in it.
type Node struct {
	Settings Settings
	User     User

	home     string
	store    *store.Store
	vault    *vault
	accounts map[string]store.Account // what administrators said of users, by name
	match    *match.Engine
	exchange *exchange.Exchange
	serving  *atomic.Pointer[ServeOptions] // how this process serves it; nil: it does not
	sent     chan struct{}                 // consumers may have put something at the exchange
	rand     io.Reader
	now      func() time.Time
	log      *slog.Logger
	key      *[store.KeySize]byte // shared by all who are at work in it
}

// ErrRole: the user may not do this.
var ErrRole = errors.New("this needs another role")

// Settings are the facts of a node that its users set. They are kept in the
// store: a seized folder does not even say whose it was.
type Settings struct {
	Party     string   `json:"party"`
	Region    string   `json:"region"` // default region of national telephone numbers
	Relays    []string `json:"relays"` // where we collect parcels
	NeverList []string `json:"never"`  // words that must never stand in a release
	TimeGrain string   `json:"time_grain"`
}

const settingsName = "settings"

// Init makes a new node in an empty or absent folder, with its first user, who
// has every role in which something can be changed.
func Init(ctx context.Context, opt Options, s Settings) (*Node, error) {
	opt = opt.withDefaults()
	if err := checkSettings(s); err != nil {
		return nil, err
	}
	first := User{Name: opt.User, Roles: acting()}
	if err := checkUser(first); err != nil {
		return nil, err
	}
	if err := Vacant(opt.Home); err != nil {
		return nil, err
	}
	made, err := makeHome(opt.Home)
	if err != nil {
		return nil, err
	}
	n, err := initIn(ctx, opt, s, first)
	if err != nil {
		for _, dir := range made {
			os.Remove(dir) // one that something stands in stays
		}
		return nil, err
	}
	return n, nil
}

// Vacant tells that a node can be made in a folder: there is none, or the error
// says so.
func Vacant(home string) error {
	if _, err := os.Stat(filepath.Join(home, keysFile)); err == nil {
		return fmt.Errorf("there is a node in %s already: %w", home, store.ErrExists)
	}
	return nil
}

// makeHome makes a folder for a node, and says which folders it had to make,
// the deepest first.
func makeHome(home string) (made []string, err error) {
	abs, err := filepath.Abs(home)
	if err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	for dir := abs; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			break
		}
		made = append(made, dir)
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	return made, nil
}

// initIn makes the store and then the key file, or leaves neither. The store
// comes first: a key file without a store would look like a node.
func initIn(ctx context.Context, opt Options, s Settings, first User) (*Node, error) {
	key, err := newKey(opt.Rand)
	if err != nil {
		return nil, fmt.Errorf("draw the node's key: %w", err)
	}
	st, err := store.Create(ctx, filepath.Join(opt.Home, storeFile), key, store.Options{})
	if err != nil {
		return nil, err
	}
	v := &vault{Version: 1, path: filepath.Join(opt.Home, keysFile)}
	n := newNode(opt, st, v, key)
	n.User = first
	err = n.setSettings(ctx, s, "init")
	if err == nil {
		err = v.admit(opt, first, key)
	}
	if err == nil {
		err = n.confirm(ctx, false)
	}
	if err != nil {
		return nil, errors.Join(err, st.Close(), os.Remove(st.Path()))
	}
	return n, nil
}

// Open opens a node as one of its users.
func Open(ctx context.Context, opt Options) (*Node, error) {
	opt = opt.withDefaults()
	v, err := readVault(filepath.Join(opt.Home, keysFile))
	if err != nil {
		return nil, err
	}
	user, key, err := v.enter(opt)
	if err != nil {
		return nil, fmt.Errorf("open the node in %s as %q: %w", opt.Home, opt.User, err)
	}
	st, err := store.Open(ctx, filepath.Join(opt.Home, storeFile), key, store.Options{})
	if err != nil {
		return nil, err
	}
	n := newNode(opt, st, v, key)
	n.User = user
	if err = n.loadSettings(ctx); err == nil {
		err = n.confirm(ctx, opt.Choosing)
	}
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	n.match.Self = n.Settings.Party
	return n, nil
}

func newNode(opt Options, st *store.Store, v *vault, key [store.KeySize]byte) *Node {
	n := &Node{
		home: opt.Home, store: st, vault: v, rand: opt.Rand, now: opt.Now, log: opt.Log, key: &key,
		match: &match.Engine{Store: st, Rand: opt.Rand, Now: opt.Now}, sent: make(chan struct{}, 1), serving: new(atomic.Pointer[ServeOptions]),
	}
	n.match.Found = n.raiseListed
	n.exchange = newExchange(opt, st, func() { wake(n.sent) })
	return n
}

// Close closes the store and wipes the key.
func (n *Node) Close() error {
	clear(n.key[:])
	return n.store.Close()
}

// Home is the node's data folder.
func (n *Node) Home() string { return n.home }

func checkSettings(s Settings) error {
	if s.Party == "" || len(s.Party) > maxUserName {
		return invalid("a party's name has 1 to %d bytes", maxUserName)
	}
	if err := (selector.Options{Region: s.Region}).Validate(); err != nil {
		return invalid("%w", err)
	}
	for _, address := range s.Relays {
		if _, err := relay.ParseAddress(address); err != nil {
			return invalid("%w", err)
		}
	}
	return nil
}

// loadSettings reads the settings, and what was said of users.
func (n *Node) loadSettings(ctx context.Context) error {
	return n.store.View(ctx, func(tx *store.Tx) error {
		b, err := tx.Setting(ctx, settingsName)
		if err != nil {
			return fmt.Errorf("read the node's settings: %w", err)
		}
		if err := json.Unmarshal(b, &n.Settings); err != nil {
			return fmt.Errorf("read the node's settings: %w", err)
		}
		n.accounts, err = accountsOf(ctx, tx)
		return err
	})
}

func (n *Node) setSettings(ctx context.Context, s Settings, action string) error {
	s.Relays, s.NeverList = append([]string{}, s.Relays...), append([]string{}, s.NeverList...) // [] in JSON, not null
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("keep the node's settings: %w", err)
	}
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SetSetting(ctx, settingsName, b); err != nil {
			return err
		}
		return n.record(ctx, tx, action, "settings", "", nil)
	})
	if err == nil {
		n.Settings, n.match.Self = s, s.Party
	}
	return err
}

// SetSettings changes the node's settings; only an administrator may.
func (n *Node) SetSettings(ctx context.Context, s Settings) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	if err := checkSettings(s); err != nil {
		return err
	}
	if s.Party != n.Settings.Party {
		return invalid("the node's party is %s and stays so: counterparts know it by that name", n.Settings.Party)
	}
	return n.setSettings(ctx, s, "settings.change")
}

// must refuses users who have none of the roles.
func (n *Node) must(roles ...Role) error {
	if slices.ContainsFunc(roles, n.User.Is) {
		return nil
	}
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return fmt.Errorf("user %s is no %s: %w", n.User.Name, strings.Join(names, " or "), ErrRole)
}

// record writes a line of the ledger in the user's name.
func (n *Node) record(ctx context.Context, tx *store.Tx, action, subject, counterpart string, detail any) error {
	return n.recordAs(ctx, tx, n.User.Name, action, subject, counterpart, detail)
}

func (n *Node) recordAs(ctx context.Context, tx *store.Tx, actor, action, subject, counterpart string, detail any) error {
	var d json.RawMessage
	if detail != nil {
		var err error
		if d, err = json.Marshal(detail); err != nil {
			return fmt.Errorf("record %s: %w", action, err)
		}
	}
	_, err := tx.Record(ctx, store.Entry{At: n.now(), Actor: actor, Action: action, Subject: subject, Counterpart: counterpart, Detail: d})
	return err
}
