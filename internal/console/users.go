package console

import (
	"fmt"
	"net/http"
	"strings"

	"parley/internal/node"
)

// userRow is a user as administrators and auditors see them.
type userRow struct {
	node.Person
	With     string // what they come in with
	Sessions int
}

// usersBody is everybody who can come in, or who is kept out.
type usersBody struct {
	Rows  []userRow
	Roles []node.Role
}

// userBody is one of them.
type userBody struct {
	userRow
	Roles    []node.Role
	Own      bool
	Once     []string // told now and never again
	KeyFile  bool     // a key file of theirs waits to be taken
	Sessions []sessionRow
	Tokens   []node.Token
	At       string
}

func (c *console) usersSeen() error {
	if !node.MaySeePeople(c.node.User) {
		return fmt.Errorf("user %s is no administrator or auditor: %w", c.node.User.Name, node.ErrRole)
	}
	return nil
}

func (c *console) users(r *http.Request) (view, error) {
	if err := c.usersSeen(); err != nil {
		return view{}, err
	}
	all, err := c.node.People(r.Context())
	b := usersBody{Roles: node.Roles()}
	for _, p := range all {
		b.Rows = append(b.Rows, c.userRow(p))
	}
	return view{Page: "users", Title: "Users", Body: b}, err
}

func (c *console) userRow(p node.Person) userRow {
	row := userRow{Person: p, Sessions: c.sessions.count(p.Name)}
	var ways []string
	for _, w := range []struct {
		has  bool
		name string
	}{{p.Passphrase, "passphrase"}, {p.SecondFactor, "one-time code"}, {p.KeyFile, "key file"}, {p.Passkeys > 0, "passkey"}} {
		if w.has {
			ways = append(ways, w.name)
		}
	}
	row.With = strings.Join(ways, ", ")
	return row
}

func (c *console) user(r *http.Request) (view, error) {
	if err := c.usersSeen(); err != nil {
		return view{}, err
	}
	p, err := c.person(r)
	if err != nil {
		return view{}, err
	}
	b := userBody{userRow: c.userRow(p), Roles: node.Roles(), Own: p.Name == c.node.User.Name, At: userPage(p.Number)}
	for _, one := range c.sessions.list(c.who, node.User{Name: c.node.User.Name, Roles: []node.Role{node.Administrator}}) {
		if one.User == p.Name {
			b.Sessions = append(b.Sessions, one)
		}
	}
	tokens, err := c.node.Tokens(r.Context())
	for _, t := range tokens {
		if t.User == p.Name && len(b.Tokens) < pageRows {
			b.Tokens = append(b.Tokens, t)
		}
	}
	b.Once, _ = c.sessions.secrets(c.who, r.Method == http.MethodGet)
	b.KeyFile = c.sessions.holdsKey(c.who, p.Name)
	return view{Page: "user", Under: "users", Title: fmt.Sprintf("User U%d", p.Number), Body: b}, err
}

// person is the user that an address names.
func (c *console) person(r *http.Request) (node.Person, error) {
	id, err := numbered(r, "U")
	if err != nil {
		return node.Person{}, err
	}
	return c.node.Person(r.Context(), id)
}

func userPage(number int64) string { return fmt.Sprintf("/users/U%d", number) }

// count is how many sessions of a user are open.
func (s *sessions) count(user string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.open {
		if one.user.Name == user && !s.over(one) {
			n++
		}
	}
	return n
}

// endOf ends every session of a user.
func (s *sessions) endOf(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, one := range s.open {
		if one.user.Name == user {
			delete(s.open, id)
		}
	}
}
