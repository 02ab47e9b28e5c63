package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/internal/node"
	"parley/taxii"
)

// booth is one node whose exchange is open, on TLS, and the consumers it lets in.
type booth struct {
	*party
	url  string
	cert string // PEM file
}

// newBooth makes a node and serves it. Nobody needs a relay here.
func newBooth(t *testing.T) *booth {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	b := &booth{party: w.party("North", w.path("north"), "amira", "bilal"), cert: w.path("cert.pem")}
	n, err := node.Init(t.Context(), b.options(), node.Settings{Party: "North", Region: "US"})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	certify(t, b.cert, w.path("key.pem"))
	b.args = []string{
		"serve", "--exchange-listen", "127.0.0.1:0", "--exchange-cert", b.cert, "--exchange-key", w.path("key.pem"),
		"--exchange-address-file", w.path("exchange.address"),
	}
	t.Cleanup(func() {
		_ = b.end(syscall.SIGKILL)
		if t.Failed() {
			t.Logf("%s said:\n%s", b.name, b.said(t))
		}
	})
	b.opens()
	return b
}

// opens serves the node. From then on its exchange is at the same address, however often it is killed.
func (b *booth) opens() {
	b.w.t.Helper()
	if err := b.start(); err != nil {
		b.w.t.Fatal(err)
	}
	until(b.w.t, "the exchange's address", func() bool {
		text, err := os.ReadFile(b.w.path("exchange.address"))
		b.url = strings.TrimSpace(string(text))
		return err == nil && b.url != ""
	})
	b.args[2] = strings.TrimPrefix(b.url, "https://")
}

// certify writes a certificate for the machine's own address, and its key.
func certify(t *testing.T, certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "exchange"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// consumer lets a consumer in, and gives its token.
func (b *booth) consumer(name string, flags ...string) string {
	b.w.t.Helper()
	return read[struct{ Token string }](b.party, append([]string{"consumer", "add", name}, flags...)...).Token
}

// client is a consumer's tool.
func (b *booth) client(token string) *taxii.Client {
	b.w.t.Helper()
	text, err := os.ReadFile(b.cert)
	if err != nil {
		b.w.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: 8}
	b.w.t.Cleanup(transport.CloseIdleConnections)
	client, err := taxii.NewClient(b.url, taxii.ClientOptions{
		HTTP: &http.Client{Transport: transport, Timeout: patience}, Authorize: taxii.BearerAuth(token),
	})
	if err != nil {
		b.w.t.Fatal(err)
	}
	return client
}

// TestOASISClientAtTheExchange sends every request of OASIS's own Python client, unmodified, to the
// program. How to get it stands in docs/formats/taxii.md.
func TestOASISClientAtTheExchange(t *testing.T) {
	client := os.Getenv("PARLEY_TAXII2_CLIENT")
	if client == "" {
		t.Skip("set PARLEY_TAXII2_CLIENT to a folder that holds OASIS's taxii2client to run it against the program")
	}
	python := os.Getenv("PARLEY_PYTHON")
	if python == "" {
		python = "python3"
	}
	b := newBooth(t)
	token := b.consumer("Siem", "--may-send")
	script, err := filepath.Abs("../taxii/testdata/oasis_client.py")
	if err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), python, script, b.url, b.cert, "Siem", token, token, "Exchange", "Exchange", "sent", "2")
	run.Env = append(os.Environ(), "PYTHONPATH="+client, "PYTHONDONTWRITEBYTECODE=1", "REQUESTS_CA_BUNDLE="+b.cert, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
