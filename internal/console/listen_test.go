package console_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/console"
	"parley/internal/node"
)

func listen(t *testing.T, n *node.Node, l console.ListenOptions) *console.Server {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := console.Listen(ctx, n, console.Options{}, l)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := s.Wait(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestListenOnLoopback(t *testing.T) {
	n := newNode(t, "North")
	ctx, cancel := context.WithCancel(t.Context())
	s, err := console.Listen(ctx, n, console.Options{}, console.ListenOptions{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") || strings.HasSuffix(s.URL(), ":0") {
		t.Errorf("it listens at %s", s.URL())
	}
	b := another(t, s.URL()).signedIn("amira", passphrase)
	has(t, b.page("/"), "What waits")
	_, err = console.Listen(ctx, n, console.Options{}, console.ListenOptions{Addr: strings.TrimPrefix(s.URL(), "http://")})
	if err == nil || !strings.Contains(err.Error(), "another program uses that port") {
		t.Errorf("a port in use: %v", err)
	}
	cancel()
	if err := s.Wait(); err != nil {
		t.Errorf("after its context ended: %v", err)
	}
	if _, err := b.client.Do(b.request(http.MethodGet, "/healthz", nil)); err == nil {
		t.Error("it still answers")
	}
}

func TestOthersMustNotReadAlong(t *testing.T) {
	n := newNode(t, "North")
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.7:0", "[2001:db8::7]:8440"} {
		if _, err := console.Listen(t.Context(), n, console.Options{}, console.ListenOptions{Addr: addr}); !errors.Is(err, console.ErrExposed) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	for _, addr := range []string{"127.0.0.1", "localhost", "127.0.0.1:x", "127.0.0.1:70000", ""} {
		if _, err := console.Listen(t.Context(), n, console.Options{}, console.ListenOptions{Addr: addr}); err == nil {
			t.Errorf("%q is taken for an address", addr)
		}
	}
	for _, l := range []console.ListenOptions{
		{Addr: "127.0.0.1:0", CertFile: "absent.pem", KeyFile: "absent.pem"}, {Addr: "127.0.0.1:0", KeyFile: "absent.pem"},
	} {
		if _, err := console.Listen(t.Context(), n, console.Options{}, l); err == nil {
			t.Errorf("%+v is taken", l)
		}
	}
}

// With a certificate the console goes by the certificate's names, on TLS 1.3.
func TestListenWithCertificate(t *testing.T) {
	cert, l := certificate(t, "desk.north.example")
	l.Addr = "127.0.0.1:0"
	s := listen(t, newNode(t, "North"), l)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL(), "https://"))
	if err != nil || s.URL() != "https://desk.north.example:"+port {
		t.Fatalf("it listens at %s", s.URL())
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	client := func(config *tls.Config) *browser {
		b := another(t, s.URL())
		b.client.Transport = &http.Transport{
			TLSClientConfig: config,
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port)
			},
		}
		return b
	}
	b := client(&tls.Config{RootCAs: roots}).signedIn("amira", passphrase)
	has(t, b.page("/"), "What waits")
	if a := b.get("/"); a.header.Get("Strict-Transport-Security") == "" {
		t.Error("no strict transport security")
	}
	renamed := b.request(http.MethodGet, "/", nil)
	renamed.Host = "evil.example"
	if a := b.do(renamed); a.status != http.StatusMisdirectedRequest {
		t.Errorf("another name answered %d", a.status)
	}
	old := client(&tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS12})
	if _, err := old.client.Do(old.request(http.MethodGet, "/", nil)); err == nil {
		t.Error("TLS 1.2 is spoken")
	}
}

// certificate makes one for a name, and writes it and its key to files.
func certificate(t *testing.T, name string) (*x509.Certificate, console.ListenOptions) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
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
	l := console.ListenOptions{CertFile: filepath.Join(t.TempDir(), "cert.pem"), KeyFile: filepath.Join(t.TempDir(), "key.pem")}
	for file, block := range map[string]*pem.Block{l.CertFile: {Type: "CERTIFICATE", Bytes: der}, l.KeyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		var text bytes.Buffer
		if err := pem.Encode(&text, block); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return parsed, l
}
