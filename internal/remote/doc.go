// Package remote drives a node that is served elsewhere, through the API of its
// console: it is a [views.Node], and what it answers is what the node's own methods
// would, errors included.
//
// It comes in with a token, which goes into one header of requests over TLS (or to
// the machine itself) and nowhere else: not into an address, an error or a log. It
// follows no redirect, because that would take the token elsewhere. What is done has
// a key of its own, so that it can be asked for again when no answer came, and is
// done once.
//
//	c, err := remote.Dial(remote.Options{Node: "https://node.example:8440", TokenFile: "token"})
//	m, err := c.Match(ctx, 1)
package remote
