package console

import (
	"errors"
	"net/http"
	"strings"

	"parley/internal/node"
	"parley/internal/store"
)

// rulesProposal is a file of rules that waits for a second person, as whoever
// looks at it meets it.
type rulesProposal struct {
	node.Proposal
	Mine bool // proposed by whoever reads it
}

// proposal reads the file of rules that waits; nil if none does.
func (c *console) proposal(r *http.Request) (*rulesProposal, error) {
	p, err := c.node.ProposedRules(r.Context())
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	p.Goes = p.Goes[:min(len(p.Goes), pageRows)]
	return &rulesProposal{p, strings.EqualFold(p.ProposedBy, c.node.User.Name)}, err
}

// proposeRules keeps a file of rules until a second person confirms it: that is
// how rules come to hold that let more go.
func (c *console) proposeRules(r *http.Request) (done, error) {
	name, text := r.PostForm.Get("name"), r.PostForm.Get("text")
	if name == "" { // a browser ends lines in a way of its own
		name, text = "release.rules", lines(text)
	}
	_, err := c.node.ProposeRules(seen(r, node.TheRules), name, []byte(text))
	return done{"/rules", "Proposed. They hold once a second person confirms them."}, err
}

// confirmRules is the second person's word for exactly the file that the page
// showed.
func (c *console) confirmRules(r *http.Request) (done, error) {
	_, err := c.node.ConfirmRules(r.Context(), r.PostForm.Get("sha256"))
	return done{"/rules", "These rules hold from now on."}, err
}
