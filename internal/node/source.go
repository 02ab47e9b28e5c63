package node

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"parley/internal/store"
	"parley/stix"
	"parley/taxii"
)

// Kinds of sources.
const (
	SourceTAXII = "taxii"
	SourceMISP  = "misp"
)

// Source is a server that we read from, as a person describes it.
type Source struct {
	Name  string // the party whose server it is
	URL   string // where it begins: https://taxii.example, or the folder of a MISP feed
	Login string // its name for us; empty with a secret: the secret is a bearer's token
	SourceSettings
	Secret string // password or token
}

// SourceSettings are kept with a source; none of them is secret.
type SourceSettings struct {
	Root       string   `json:"root,omitempty"`       // TAXII: the API root, such as /api1/
	Collection string   `json:"collection,omitempty"` // TAXII: the collection's id or alias
	Types      []string `json:"types,omitempty"`      // only objects of these types
	SignIn     string   `json:"login,omitempty"`
	Roots      []byte   `json:"roots,omitempty"` // PEM: authorities that vouch for the server beside the system's
	PlainHTTP  bool     `json:"plain_http,omitempty"`
}

// SourceState is how far a source was read.
type SourceState struct {
	store.Source
	SourceSettings
}

// AddSource keeps a source. Nothing is asked of it yet.
func (n *Node) AddSource(ctx context.Context, kind string, s Source) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	if s.Name == "" || len(s.Name) > maxUserName {
		return invalid("a source's name has 1 to %d bytes", maxUserName)
	}
	s.SignIn = s.Login
	if err := s.check(kind); err != nil {
		return Invalid{err}
	}
	settings, err := json.Marshal(s.SourceSettings)
	if err != nil {
		return fmt.Errorf("keep source %s: %w", s.Name, err)
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		id, err := n.partyNamed(ctx, tx, s.Name)
		if err != nil {
			return err
		}
		_, err = tx.AddSource(ctx, store.Source{
			Counterpart: id, Name: s.Name, Kind: kind, URL: s.URL, Settings: settings, Secret: []byte(s.Secret),
		})
		if errors.Is(err, store.ErrExists) {
			return fmt.Errorf("there is a source called %s already: remove it first: %w", s.Name, store.ErrExists)
		}
		if err != nil {
			return err
		}
		return n.record(ctx, tx, "source.add", s.Name, s.Name, sourceNote{Kind: kind, Host: hostOf(s.URL)})
	})
}

// check refuses what no client could be made of.
func (s Source) check(kind string) error {
	if kind == SourceTAXII {
		_, err := s.client(ClientOptions{})
		return err
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !s.PlainHTTP) {
		return fmt.Errorf("%q must be a URL such as https://feed.example/, without user and password", s.URL)
	}
	_, err = s.remote(ClientOptions{})
	return err
}

type sourceNote struct {
	Kind string `json:"kind"`
	Host string `json:"host"`
}

// hostOf is what the ledger says of a URL: paths may hold secrets.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// RemoveSource forgets a source and its secret. What it gave stays.
func (n *Node) RemoveSource(ctx context.Context, name string) error {
	if err := n.must(Administrator); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		s, err := tx.Source(ctx, name)
		if err != nil {
			return err
		}
		if err := tx.RemoveSource(ctx, s.ID); err != nil {
			return err
		}
		return n.record(ctx, tx, "source.remove", name, name, nil)
	})
}

// Sources lists all of one kind, by name.
func (n *Node) Sources(ctx context.Context, kind string) (all []SourceState, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		held, err := tx.Sources(ctx)
		if err != nil {
			return err
		}
		for _, s := range held {
			if s.Kind != kind {
				continue
			}
			state, err := stateOf(s)
			if err != nil {
				return err
			}
			all = append(all, state)
		}
		return nil
	})
	return all, err
}

func stateOf(s store.Source) (SourceState, error) {
	state := SourceState{Source: s}
	if err := json.Unmarshal(s.Settings, &state.SourceSettings); err != nil {
		return state, fmt.Errorf("read the settings of source %s: %w", s.Name, err)
	}
	return state, nil
}

// source finds one by name.
func (n *Node) source(ctx context.Context, name string) (state SourceState, err error) {
	err = n.store.View(ctx, func(tx *store.Tx) error {
		s, err := tx.Source(ctx, name)
		if err != nil {
			return err
		}
		state, err = stateOf(s)
		return err
	})
	return state, err
}

// ClientOptions say how other servers are reached.
type ClientOptions struct {
	Proxy string // socks5://host:port
}

// sourceTimeout bounds one request to a source.
const sourceTimeout = 5 * time.Minute

// client makes a client of a TAXII server.
func (s Source) client(opt ClientOptions) (*taxii.Client, error) {
	carrier, err := carrierTo(s.Roots, opt)
	if err != nil {
		return nil, err
	}
	o := taxii.ClientOptions{HTTP: carrier, UserAgent: "taxii-client", PlainHTTP: s.PlainHTTP}
	switch {
	case s.SignIn != "":
		o.Authorize = taxii.BasicAuth(s.SignIn, s.Secret)
	case s.Secret != "":
		o.Authorize = taxii.BearerAuth(s.Secret)
	}
	return taxii.NewClient(s.URL, o)
}

func (s SourceState) client(opt ClientOptions) (*taxii.Client, error) {
	return Source{URL: s.URL, Secret: string(s.Secret), SourceSettings: s.SourceSettings}.client(opt)
}

// carrierTo makes an HTTP client that trusts the authorities given beside the
// system's, and goes through a proxy where one is named. The environment's proxy
// settings are never used.
func carrierTo(roots []byte, opt ClientOptions) (*http.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	if len(roots) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(roots) {
			return nil, errors.New("the file of authorities has no PEM certificate in it")
		}
		transport.TLSClientConfig.RootCAs = pool
	}
	if opt.Proxy != "" {
		u, err := url.Parse(opt.Proxy)
		if err != nil || u.Scheme != "socks5" || u.Host == "" {
			return nil, errors.New("a proxy is given as socks5://host:port")
		}
		transport.Proxy = http.ProxyURL(u)
	}
	return &http.Client{Transport: transport, Timeout: sourceTimeout}, nil
}

// SourceCollection is a collection that a TAXII server shows us.
type SourceCollection struct {
	Root string `json:"root"`
	taxii.Collection
}

// TAXIICollections asks a server what it has, before or after it is a source.
// Nothing is kept.
func TAXIICollections(ctx context.Context, s Source, opt ClientOptions) (all []SourceCollection, err error) {
	s.SignIn = s.Login
	client, err := s.client(opt)
	if err != nil {
		return nil, Invalid{err}
	}
	d, err := client.Discover(ctx)
	if err != nil {
		return nil, unreachable(err)
	}
	for _, root := range d.APIRoots {
		held, err := client.Collections(ctx, root)
		if err != nil {
			return nil, unreachable(err)
		}
		for _, c := range held {
			all = append(all, SourceCollection{root, c})
		}
	}
	return all, nil
}

// ErrUnreachable: a server that we read from does not answer as it should.
var ErrUnreachable = errors.New("the server cannot be read")

// unreachable marks what another server did wrong, and what the network did.
func unreachable(err error) error {
	var fault *stix.Fault
	if err == nil || errors.As(err, &fault) || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnreachable, err)
}
