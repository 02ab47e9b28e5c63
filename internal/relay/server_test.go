package relay

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWrongPin(t *testing.T) {
	s := start(t, Options{})
	a := s.server.Address()
	for i := range a.Pin {
		a.Pin[i] ^= 1
		c, err := NewClient(a, ClientOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Health(t.Context()); !errors.Is(err, ErrPin) || !errors.Is(err, ErrUnavailable) {
			t.Fatalf("bit %d of the pin is wrong: %v", 8*i, err)
		}
		a.Pin[i] ^= 1
	}
	a.Pin = Pin{} // and without a pin, a certificate nobody vouches for will not do
	c, err := NewClient(a, ClientOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Health(t.Context()); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an unknown certificate: %v", err)
	}
}

func TestOnlyTLS13(t *testing.T) {
	s := start(t, Options{})
	host := s.server.Address().Host
	_, err := tls.Dial("tcp", host, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12})
	if err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("TLS 1.2: %v", err)
	}
	conn, err := tls.Dial("tcp", host, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if p := conn.ConnectionState().NegotiatedProtocol; p != "http/1.1" {
		t.Errorf("protocol %q", p)
	}
}

// authority writes a certificate for 127.0.0.1 and its key as PEM files.
func authority(t *testing.T) (roots *x509.CertPool, o TLSOptions) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	write(t, dir, "relay.crt", string(cert))
	write(t, dir, "relay.key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(cert)
	return roots, TLSOptions{CertFile: filepath.Join(dir, "relay.crt"), KeyFile: filepath.Join(dir, "relay.key")}
}

func TestGivenCertificateIsVerifiedAsUsual(t *testing.T) {
	s := start(t, Options{})
	roots, o := authority(t)
	ctx, cancel := context.WithCancel(t.Context())
	server, err := s.Listen(ctx, "127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	if server.Address().Pin != (Pin{}) {
		t.Error("an address with a certificate of an authority has a pin")
	}
	c, err := NewClient(server.Address(), ClientOptions{Roots: roots})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Health(t.Context()); err != nil {
		t.Error(err)
	}
	stranger, err := NewClient(server.Address(), ClientOptions{Roots: x509.NewCertPool()})
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.Health(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("without its authority: %v", err)
	}
	c.Close()
	cancel()
	if err := server.Wait(); err != nil {
		t.Error(err)
	}
}

func TestListenRefuses(t *testing.T) {
	s := start(t, Options{})
	_, pemFiles := authority(t)
	broken := t.TempDir()
	write(t, broken, "relay.crt", "not PEM")
	for _, c := range []struct {
		name, addr, says string
		o                TLSOptions
	}{
		{"a port in use", s.server.Address().Host, "is in use by another program", TLSOptions{}},
		{"not an address", "nowhere", "serving the relay on nowhere", TLSOptions{}},
		{"plain to the network", "0.0.0.0:0", "loopback address only", TLSOptions{Plain: true}},
		{"half a certificate", "127.0.0.1:0", "needs both its files", TLSOptions{CertFile: pemFiles.CertFile}},
		{"a missing certificate", "127.0.0.1:0", "loading the relay's certificate", TLSOptions{CertFile: "missing.crt", KeyFile: "missing.key"}},
		{"a broken certificate", "127.0.0.1:0", "loading the relay's certificate", TLSOptions{CertFile: filepath.Join(broken, "relay.crt"), KeyFile: pemFiles.KeyFile}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.Listen(t.Context(), c.addr, c.o)
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one sentence that says %q", err, c.says)
			}
		})
	}
}

func TestPlainOnLoopbackAndPublicName(t *testing.T) {
	s := start(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	server, err := s.Listen(ctx, "127.0.0.1:0", TLSOptions{Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewClient(server.Address(), ClientOptions{})
	if err != nil {
		t.Fatal(err)
	}
	mustPut(t, c, testMailbox(1), 0, 1)
	c.Close()
	cancel()
	if err := server.Wait(); err != nil {
		t.Error(err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	named, err := s.Listen(ctx, "127.0.0.1:0", TLSOptions{Public: "relay.example:7443"})
	if err != nil {
		t.Fatal(err)
	}
	want := s.server.Address()
	want.Host = "relay.example:7443"
	if named.Address() != want {
		t.Errorf("address %s, want %s", named.Address(), want)
	}
	cancel()
	if err := named.Wait(); err != nil {
		t.Error(err)
	}
}

func TestCertificateSaysNothingOfTheMachine(t *testing.T) {
	s := start(t, Options{})
	text, err := os.ReadFile(filepath.Join(s.dir, "tls.crt"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if cert.Subject.String() != "CN=relay" || len(cert.DNSNames)+len(cert.IPAddresses) != 0 || cert.NotBefore.Hour() != 0 {
		t.Errorf("subject %s, names %v %v, from %s", cert.Subject, cert.DNSNames, cert.IPAddresses, cert.NotBefore)
	}
	if pinOf(cert.RawSubjectPublicKeyInfo) != s.server.Address().Pin {
		t.Error("the pin is not the certificate's")
	}
}
