package relay

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"path/filepath"
	"time"

	"parley/internal/folder"
)

// TLSOptions say how a relay proves who it is.
type TLSOptions struct {
	// CertFile and KeyFile are PEM files of a certificate that clients verify in the usual way; the
	// address then has no pin. Both empty: the relay uses its own certificate, made at first start.
	CertFile, KeyFile string

	// Plain serves without TLS. Only on a loopback address: behind an onion service or a proxy.
	Plain bool

	// Public is the host:port that clients reach the relay by, when it is not the one listened on.
	Public string
}

// certificate gives the certificate to serve and the pin its address shall have.
func (f *home) certificate(o TLSOptions, now func() time.Time) (tls.Certificate, Pin, error) {
	certFile, keyFile := o.CertFile, o.KeyFile
	if (certFile == "") != (keyFile == "") {
		return tls.Certificate{}, Pin{}, errors.New("a certificate needs both its files: the certificate's and the key's")
	}
	own := certFile == ""
	if own {
		certFile, keyFile = filepath.Join(f.dir, "tls.crt"), filepath.Join(f.dir, "tls.key")
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if own && errors.Is(err, fs.ErrNotExist) {
		if err = makeCertificate(certFile, keyFile, now()); err == nil {
			pair, err = tls.LoadX509KeyPair(certFile, keyFile)
		}
	}
	if err != nil {
		return tls.Certificate{}, Pin{}, fmt.Errorf("loading the relay's certificate: %w", err)
	}
	if !own {
		return pair, Pin{}, nil
	}
	return pair, pinOf(pair.Leaf.RawSubjectPublicKeyInfo), nil
}

// makeCertificate writes a key and a self-signed certificate. Clients look at its key only, so it
// says nothing of the machine and does not end in the relay's lifetime.
func makeCertificate(certFile, keyFile string, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return fmt.Errorf("making a certificate: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "relay"},
		NotBefore:    now.AddDate(-1, 0, 0).Truncate(24 * time.Hour),
		NotAfter:     now.AddDate(100, 0, 0).Truncate(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return fmt.Errorf("making a certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("making a certificate: %w", err)
	}
	if err := folder.Replace(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return err
	}
	return folder.Replace(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o644)
}
