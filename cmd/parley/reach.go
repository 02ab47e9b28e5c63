package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// errHere: the command was asked to work on a node elsewhere, and cannot.
var errHere = usageError{errors.New("this command works on the node's own data folder: run it on the machine where the node is, without --node and PARLEY_NODE")}

// reach is where a command can do its work.
type reach int

const (
	needsStore reach = iota // where the data folder is
	drives                  // there, and on a node that is served elsewhere
	needsNone               // anywhere: it asks no node
)

// driving are the commands that can drive a node elsewhere, by their path; and
// without a node those that ask none. Every other one needs the store.
func driving() []string {
	return []string{
		"status", "ledger list", "ledger verify", "inbox", "balance", "counterpart list", "report list", "selectors", "evidence list", "evidence show", "evidence artifacts",
		"evidence files", "watch add", "watch remove", "watch list", "match propose", "match list", "match show", "match accept", "match counter", "match decline",
		"match withdraw", "match run", "match again", "match check", "match watch", "match ask", "match abort", "warning list", "warning show", "warning screen", "warning decide",
		"warning waive", "warning send", "warning correct", "warning review", "warning acknowledge", "warning close", "release draft", "release check", "release clear", "release ask",
		"release send", "release recall", "release amend", "release list", "release show", "release compare", "consent list", "consent show", "consent answer", "rules show",
		"rules simulate", "rules set", "rules propose", "rules proposed", "rules confirm",
	}
}

func withoutNode() []string {
	return []string{"version", "demo", "help", "completion", "rules test", "relay", "key make", "channel verify", "channel forge"}
}

// reachOf says where a command can do its work. A group only shows its help.
func reachOf(c *cobra.Command) reach {
	_, path, _ := strings.Cut(c.CommandPath(), " ")
	first, _, _ := strings.Cut(path, " ")
	switch {
	case slices.Contains(driving(), path):
		return drives
	case c.HasSubCommands(), slices.Contains(withoutNode(), path), slices.Contains(withoutNode(), first):
		return needsNone
	}
	return needsStore
}
