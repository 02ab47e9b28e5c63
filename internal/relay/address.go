package relay

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Address says where a relay is and how to know it: `https://host:port#pin`. The pin is the
// unpadded base64url SHA-256 of the certificate's SubjectPublicKeyInfo (as in RFC 7469, section
// 2.4). With a pin nothing else of the certificate counts. Without one it is verified as a
// browser's would be. `http://` is only for the machine itself. A relay of several replicas has
// several hosts, which hold the same and have one key: `https://host:port,host:port#pin`.
type Address struct {
	Scheme string // "https" or "http"
	Host   string // host:port, or several with commas between
	Pin    Pin    // zero when there is none
}

// Pin is the SHA-256 of a certificate's SubjectPublicKeyInfo.
type Pin [sha256.Size]byte

// ParseAddress reads an Address.
func ParseAddress(s string) (Address, error) {
	a, err := parseAddress(s)
	if err != nil {
		return Address{}, fmt.Errorf("relay address %q: %w", s, err)
	}
	return a, nil
}

func parseAddress(s string) (Address, error) {
	if len(s) > 512 {
		return Address{}, errors.New("it is over 512 bytes long")
	}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return Address{}, errors.New("it must begin with https://")
	}
	hosts, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		hosts, tail = rest[:i], rest[i:]
	}
	names := strings.Split(hosts, ",")
	if len(names) > maxHosts {
		return Address{}, fmt.Errorf("it names %d hosts, a relay has at most %d", len(names), maxHosts)
	}
	var a Address
	for i, name := range names {
		one, err := parseOneHost(scheme + "://" + name + tail)
		if err != nil {
			return Address{}, err
		}
		if slices.Contains(a.hosts(), one.Host) {
			return Address{}, fmt.Errorf("host %d is named twice", i+1)
		}
		one.Host = strings.TrimPrefix(a.Host+","+one.Host, ",")
		a = one
	}
	return a, nil
}

// parseOneHost reads an address of a single host.
func parseOneHost(s string) (Address, error) {
	u, err := url.Parse(s)
	if err != nil {
		return Address{}, errors.New("it is not a URL")
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Opaque != "" || (u.Path != "" && u.Path != "/") {
		return Address{}, errors.New("it must be only https://host:port#pin")
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return Address{}, errors.New("it must begin with https://")
	}
	a := Address{Scheme: u.Scheme}
	if a.Host, err = hostPort(u); err != nil {
		return Address{}, err
	}
	if u.Fragment != "" {
		pin, err := base64.RawURLEncoding.Strict().DecodeString(u.Fragment)
		if err != nil || len(pin) != len(a.Pin) || strings.ContainsAny(u.Fragment, "\r\n") {
			return Address{}, errors.New("the pin after # must be 43 characters of base64url; was the address copied whole?")
		}
		a.Pin = Pin(pin)
	}
	return a, a.check()
}

func (a Address) check() error {
	switch {
	case a.Scheme == "https":
		return nil
	case a.Pin != Pin{}:
		return errors.New("http:// has no certificate to pin; use https://")
	case !isLoopback(a.Host):
		return errors.New("http:// is only for a relay on this machine; use https://")
	}
	return nil
}

// maxHosts is how many hosts an address may name.
const maxHosts = 8

// hosts are where the relay's replicas are: one, as a rule.
func (a Address) hosts() []string { return strings.Split(a.Host, ",") }

// hostPort takes the host and port apart and joins them again, so that each has one spelling.
func hostPort(u *url.URL) (string, error) {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if host == "" || err != nil || n == 0 {
		return "", errors.New("it needs a host and a port from 1 to 65535")
	}
	for _, c := range host {
		if c <= ' ' || c > '~' || strings.ContainsRune(`"<>\^{|}#?/@%`, c) {
			return "", errors.New("the host has a character that no host has")
		}
	}
	if ip, err := netip.ParseAddr(host); strings.Contains(host, ":") && (err != nil || !ip.Is6()) {
		return "", errors.New("the host is not an IPv6 address")
	}
	return net.JoinHostPort(host, strconv.FormatUint(n, 10)), nil
}

func isLoopback(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// String gives what ParseAddress reads.
func (a Address) String() string {
	s := a.Scheme + "://" + a.Host
	if a.Pin != (Pin{}) {
		s += "#" + base64.RawURLEncoding.EncodeToString(a.Pin[:])
	}
	return s
}

// ErrPin means that whoever answered is not the relay in the address.
var ErrPin = errors.New("the certificate is not the one the relay's address names: somebody may be between, or the relay has a new key")

// tlsConfig is how a client knows this relay.
func (a Address) tlsConfig(roots *x509.CertPool) *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: roots}
	if a.Pin == (Pin{}) {
		return c
	}
	c.InsecureSkipVerify = true // the pin is stricter than any chain
	c.VerifyConnection = func(s tls.ConnectionState) error {
		if len(s.PeerCertificates) == 0 {
			return ErrPin
		}
		got := pinOf(s.PeerCertificates[0].RawSubjectPublicKeyInfo)
		if subtle.ConstantTimeCompare(got[:], a.Pin[:]) != 1 {
			return ErrPin
		}
		return nil
	}
	return c
}

func pinOf(spki []byte) Pin { return sha256.Sum256(spki) }
