package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// torNetwork is a Tor network of its own on this machine: three directory
// authorities, three relays more (an onion service needs so many different
// hops), a client, and one that publishes an onion service.
type torNetwork struct {
	t       *testing.T
	dir     string
	dirAuth string // the authorities, as every torrc names them
	socks   string // the client's SOCKS port
	control string // and its control port
	onion   string // the service's name
}

const (
	authorities = 3
	torRelays   = 6 // the authorities among them
	torPatience = 4 * time.Minute
)

// torCommon is for a network in which all are on one machine and nothing is
// old: votes every ten seconds, and paths of any six.
const torCommon = `TestingTorNetwork 1
DataDirectory %[1]s
Log notice file %[1]s/log
Address 127.0.0.1
ShutdownWaitLength 0
VanguardsLiteEnabled 0
ConfluxEnabled 0
%[2]s`

const torRelay = `Nickname r%d
ORPort 127.0.0.1:%s
SocksPort 0
AssumeReachable 1
ExitRelay 0
`

const torAuthority = `DirPort 127.0.0.1:%s
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo nobody@relay.example
TestingV3AuthInitialVotingInterval 10
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
V3AuthVotingInterval 10
V3AuthVoteDelay 2
V3AuthDistDelay 2
V3AuthNIntervalsValid 3
TestingDirAuthVoteHSDir *
TestingDirAuthVoteGuard *
`

// newTorNetwork starts one whose onion service leads to a port of this
// machine. It has as long as it needs only when it was asked for by name.
func newTorNetwork(t *testing.T, service string) *torNetwork {
	t.Helper()
	if os.Getenv("PARLEY_TOR") == "" {
		t.Skip("it waits for a Tor network of its own, which at times takes minutes: set PARLEY_TOR=1")
	}
	for _, tool := range []string{"tor", "tor-gencert"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s: install tor (on Debian: apt-get install tor)", tool)
		}
	}
	n := &torNetwork{t: t, dir: t.TempDir(), socks: freePort(t), control: freePort(t)}
	var or, dir [torRelays]string
	for i := range or {
		or[i], dir[i] = freePort(t), freePort(t)
	}
	for i := range authorities {
		n.dirAuth += n.authority(i, or[i], dir[i])
	}
	for i := range or {
		torrc := fmt.Sprintf(torRelay, i, or[i])
		if i < authorities {
			torrc += fmt.Sprintf(torAuthority, dir[i])
		}
		n.start(fmt.Sprint("r", i), torrc)
	}
	n.start("client", fmt.Sprintf("SocksPort 127.0.0.1:%s\nControlPort 127.0.0.1:%s\n", n.socks, n.control))
	hidden := n.folder("service/onion")
	n.start("service", fmt.Sprintf("SocksPort 0\nHiddenServiceDir %s\nHiddenServicePort 7443 %s\n", hidden, service))
	n.t.Cleanup(n.tell)
	until(t, "the onion service's name", func() bool {
		b, err := os.ReadFile(filepath.Join(hidden, "hostname"))
		n.onion = strings.TrimSpace(string(b))
		return err == nil && n.onion != ""
	})
	return n
}

// freePort finds a port that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func (n *torNetwork) folder(name string) string {
	n.t.Helper()
	path := filepath.Join(n.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(path, 0o700); err != nil {
		n.t.Fatal(err)
	}
	return path
}

// authority makes the keys of a directory authority, and the line by which all
// others know it.
func (n *torNetwork) authority(i int, or, dir string) string {
	n.t.Helper()
	name := fmt.Sprint("r", i)
	keys := n.folder(name + "/keys")
	cert := filepath.Join(keys, "authority_certificate")
	gencert := exec.CommandContext(n.t.Context(), "tor-gencert", "--create-identity-key", "-m", "1", "-a", "127.0.0.1:"+dir, "-c", cert,
		"-i", filepath.Join(keys, "authority_identity_key"), "-s", filepath.Join(keys, "authority_signing_key"), "--passphrase-fd", "0")
	gencert.Stdin = strings.NewReader("of no worth\n")
	if out, err := gencert.CombinedOutput(); err != nil {
		n.t.Fatalf("tor-gencert: %v\n%s", err, out)
	}
	text, err := os.ReadFile(cert)
	if err != nil {
		n.t.Fatal(err)
	}
	_, identity, _ := strings.Cut(string(text), "\nfingerprint ")
	identity, _, _ = strings.Cut(identity, "\n")
	list := exec.CommandContext(n.t.Context(), "tor", "--quiet", "--list-fingerprint", "--TestingTorNetwork", "1", "--ORPort", or, "--Address", "127.0.0.1",
		"--Nickname", name, "--DataDirectory", n.folder(name), "--DirAuthority", "none 127.0.0.1:1 "+strings.Repeat("f", 40))
	out, err := list.Output()
	if err != nil {
		n.t.Fatalf("tor --list-fingerprint: %v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	fingerprint := strings.ReplaceAll(strings.TrimPrefix(lines[len(lines)-1], name), " ", "")
	return fmt.Sprintf("DirAuthority %s orport=%s no-v2 v3ident=%s 127.0.0.1:%s %s\n", name, or, identity, dir, fingerprint)
}

// start runs one tor until the test is over.
func (n *torNetwork) start(name, torrc string) {
	n.t.Helper()
	dir := n.folder(name)
	file := filepath.Join(dir, "torrc")
	if err := os.WriteFile(file, []byte(fmt.Sprintf(torCommon, dir, n.dirAuth)+torrc), 0o600); err != nil {
		n.t.Fatal(err)
	}
	var said bytes.Buffer
	c := exec.Command("tor", "-f", file, "--quiet")
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait() // killed is how it ends
		if n.t.Failed() && said.Len() > 0 {
			n.t.Logf("tor %s said:\n%s", name, said.String())
		}
	})
}

// tell shows what the client and the service wrote, if the test failed.
func (n *torNetwork) tell() {
	for _, name := range []string{"client", "service", "r0"} {
		if b, err := os.ReadFile(filepath.Join(n.dir, name, "log")); err == nil && n.t.Failed() {
			n.t.Logf("tor %s wrote:\n%s", name, b[max(0, len(b)-3000):])
		}
	}
}

// circuits asks the client which SOCKS user names its circuits to the onion
// service serve: for each name, the circuits' numbers.
func (n *torNetwork) circuits() map[string][]string {
	n.t.Helper()
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+n.control, 10*time.Second)
	if err != nil {
		n.t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := c.Write([]byte("AUTHENTICATE\r\nGETINFO circuit-status\r\nQUIT\r\n")); err != nil {
		n.t.Fatal(err)
	}
	all := map[string][]string{}
	for lines := bufio.NewScanner(c); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) < 3 || words[1] != "BUILT" || !strings.Contains(lines.Text(), "PURPOSE=HS_CLIENT_REND") {
			continue
		}
		for _, w := range words {
			if name, ok := strings.CutPrefix(w, "SOCKS_USERNAME="); ok {
				all[name] = append(all[name], words[0])
			}
		}
	}
	return all
}
