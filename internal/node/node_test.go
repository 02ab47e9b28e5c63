package node

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/iotest"
	"time"

	"parley/internal/store"
)

func TestInitThenOpen(t *testing.T) {
	home := filepath.Join(t.TempDir(), "deep", "north")
	opt := Options{Home: home, User: "amira", Passphrase: passphrase, Now: func() time.Time { return noon }}
	want := Settings{Party: "North", Region: "US", Relays: []string{relayAt}, NeverList: []string{"KESTREL"}}
	n, err := Init(t.Context(), opt, want)
	must(t, err)
	if n.User.Name != "amira" || !n.User.Is(Analyst) || !n.User.Is(Releaser) || !n.User.Is(Administrator) {
		t.Errorf("the first user is %v", n.User)
	}
	must(t, n.Close())
	if *n.key != [store.KeySize]byte{} {
		t.Error("the key is in memory after the node was closed")
	}
	n, err = Open(t.Context(), opt)
	must(t, err)
	defer n.Close()
	if !reflect.DeepEqual(n.Settings, want) {
		t.Errorf("the settings are %+v, want %+v", n.Settings, want)
	}
	if n.match.Self != "North" {
		t.Errorf("matches are proposed as %q", n.match.Self)
	}
	if got := ledger(t, n, 1); len(got) != 1 || got[0] != "init" {
		t.Errorf("the ledger begins with %v", got)
	}
	_, err = Init(t.Context(), opt, want)
	wants(t, "a second node in the folder", err, store.ErrExists)
}

// TestInitLeavesNothingBehind fails to make a node in every way, and looks at
// what is in the folder afterwards.
func TestInitLeavesNothingBehind(t *testing.T) {
	good := Settings{Party: "North", Region: "US"}
	for _, c := range []struct {
		name     string
		opt      Options
		settings Settings
	}{
		{"no party", Options{User: "amira", Passphrase: passphrase}, Settings{}},
		{"no such region", Options{User: "amira", Passphrase: passphrase}, Settings{Party: "North", Region: "XX"}},
		{"a relay that is no address", Options{User: "amira", Passphrase: passphrase}, Settings{Party: "North", Relays: []string{"relay.example"}}},
		{"no user", Options{Passphrase: passphrase}, good},
		{"a short passphrase", Options{User: "amira", Passphrase: "short"}, good},
		{"no randomness for the key", Options{User: "amira", Passphrase: passphrase, Rand: iotest.ErrReader(errors.New("dry"))}, good},
		{"no randomness for the salt", Options{User: "amira", Passphrase: passphrase, Rand: &dry{left: store.KeySize}}, good},
	} {
		t.Run(c.name, func(t *testing.T) {
			above := t.TempDir()
			c.opt.Home = filepath.Join(above, "deep", "north")
			if _, err := Init(t.Context(), c.opt, c.settings); err == nil {
				t.Fatal("a node was made")
			}
			if left, err := os.ReadDir(above); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// dry is a source of randomness that ends.
type dry struct{ left int }

func (d *dry) Read(p []byte) (int, error) {
	if d.left == 0 {
		return 0, errors.New("dry")
	}
	n := min(len(p), d.left)
	d.left -= n
	return n, nil
}

// TestInitSparesWhatIsThere: a folder in which something lies already keeps it.
func TestInitSparesWhatIsThere(t *testing.T) {
	for _, name := range []string{"letter.txt", storeFile} {
		home := t.TempDir()
		kept := filepath.Join(home, name)
		must(t, os.WriteFile(kept, []byte("mine"), 0o600))
		_, err := Init(t.Context(), Options{Home: home, User: "amira", Passphrase: "short"}, Settings{Party: "North"})
		if err == nil {
			t.Fatal("a node was made with a short passphrase")
		}
		if b, err := os.ReadFile(kept); err != nil || string(b) != "mine" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
		if left, _ := os.ReadDir(home); len(left) != 1 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func TestOpenWhatIsNoNode(t *testing.T) {
	at := meet(t)
	wants(t, "an empty folder", opened(t, t.TempDir(), "amira", passphrase), ErrNoNode)
	wants(t, "no folder", opened(t, filepath.Join(t.TempDir(), "absent"), "amira", passphrase), ErrNoNode)

	keys, err := os.ReadFile(filepath.Join(at.North.Home(), keysFile))
	must(t, err)
	home := t.TempDir()
	must(t, os.WriteFile(filepath.Join(home, keysFile), keys, 0o600))
	wants(t, "a key file alone", opened(t, home, "amira", passphrase), store.ErrNotFound)
	must(t, os.WriteFile(filepath.Join(home, storeFile), nil, 0o600))
	wants(t, "an empty store", opened(t, home, "amira", passphrase), store.ErrDamaged)
}

func TestSettings(t *testing.T) {
	at := meet(t)
	n := at.North
	want := n.Settings
	want.NeverList, want.Relays = []string{"KESTREL", ""}, []string{"https://other.example:7443", relayAt}
	must(t, n.SetSettings(t.Context(), want))
	again := reopened(t, n.Home(), *n.key, at.clock, 7)
	if !reflect.DeepEqual(again.Settings, want) {
		t.Errorf("after opening it again: %+v, want %+v", again.Settings, want)
	}
	for _, c := range []struct {
		name  string
		spoil func(*Settings)
	}{
		{"another party", func(s *Settings) { s.Party = "Uvar" }},
		{"no party", func(s *Settings) { s.Party = "" }},
		{"a region that is none", func(s *Settings) { s.Region = "ZZ" }},
		{"a relay that is none", func(s *Settings) { s.Relays = []string{"ftp://relay.example"} }},
	} {
		s := n.Settings
		c.spoil(&s)
		var refused Invalid
		if err := n.SetSettings(t.Context(), s); !errors.As(err, &refused) {
			t.Errorf("%s: got %v, want a refusal", c.name, err)
		}
		if !reflect.DeepEqual(n.Settings, want) {
			t.Errorf("%s: the settings in use are %+v", c.name, n.Settings)
		}
	}
	wants(t, "an analyst", second(n).SetSettings(t.Context(), want), ErrRole)
	if !reflect.DeepEqual(reopened(t, n.Home(), *n.key, at.clock, 8).Settings, want) {
		t.Error("a change that was refused was kept")
	}
}

// TestOnlyOneServes starts two servers of one node: one of them goes on until
// it is told to stop, and the other is refused at once.
func TestOnlyOneServes(t *testing.T) {
	at := meet(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 2)
	for range 2 {
		go func() { ended <- at.Uvar.Serve(ctx, ServeOptions{}) }()
	}
	wants(t, "the second server", <-ended, store.ErrExists)
	select {
	case err := <-ended:
		t.Errorf("the first server ended too: %v", err)
	default:
	}
	cancel()
	wants(t, "the first server, told to stop", <-ended, nil)
}
