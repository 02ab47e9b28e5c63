package console

import (
	"errors"
	"net/http"

	"parley/internal/node"
	"parley/internal/store"
)

// outsideActs are what administrators do about who signs in from outside. The
// provider itself, which has a secret, is set by the command from a file.
func outsideActs() []act {
	page := (*console).outsiders
	return []act{
		{"/users/outside/map", page, false, (*console).mapOutsider},
		{"/users/outside/unmap", page, false, (*console).unmapOutsider},
	}
}

// outsidersBody is who vouches for our people, and whom it knows as whom.
type outsidersBody struct {
	Provider *node.Provider   `json:"provider,omitempty"`
	Back     string           `json:"redirect_path"`
	People   []store.Outsider `json:"people"`
	Users    []node.User      `json:"-"`
}

func (c *console) outsiders(r *http.Request) (view, error) {
	if err := c.usersSeen(); err != nil {
		return view{}, err
	}
	b, err := c.outsidersBody(r)
	return view{Page: "outsiders", Under: "users", Title: "Signing in from outside", Body: b}, err
}

func (c *console) outsidersBody(r *http.Request) (b outsidersBody, err error) {
	b.Back, b.Users = outsidePath+"/back", c.node.Users()
	if b.People, err = c.node.Outsiders(r.Context()); err != nil {
		return b, err
	}
	p, err := c.node.Provider(r.Context())
	if errors.Is(err, store.ErrNotFound) {
		return b, nil
	}
	b.Provider = &p
	return b, err
}

func (c *console) mapOutsider(r *http.Request) (done, error) {
	return done{"/users/outside", "From now on they sign in so."}, c.node.MapOutsider(r.Context(), r.PostForm.Get("value"), r.PostForm.Get("user"))
}

func (c *console) unmapOutsider(r *http.Request) (done, error) {
	id, err := formNumber(r)
	if err != nil {
		return done{}, err
	}
	return done{"/users/outside", "They do not sign in so any more."}, c.node.UnmapOutsider(r.Context(), id)
}
