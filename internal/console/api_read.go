package console

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"time"

	"parley/internal/node"
	"parley/internal/rules"
	"parley/internal/store"
	"parley/internal/views"
)

// resources lists what programs read.
func resources() []resource {
	return slices.Concat(knownResources(), foundResources(), deskResources(), claimResources(), searchResources())
}

// knownResources is what a node tells of itself, and of what came.
func knownResources() []resource {
	return []resource{
		told("/openapi.json", "This document", func(*console, *http.Request) (object, error) { return openAPI(), nil }),
		told("/status", "How the node stands", func(c *console, r *http.Request) (node.Status, error) { return c.node.Status(r.Context()) }),
		listed("/inbox", "What counterparts sent, newest first", func(c *console, r *http.Request) ([]node.Letter, error) { return c.node.Inbox(r.Context(), 0) }, asIs),
		numberedOne("/inbox/{number}", "One message", "I", func(c *console, ctx context.Context, id int64) (node.Letter, error) { return c.node.Letter(ctx, id) }),
		told("/ledger", "The ledger from entry ?from= on, 200 entries at most", readLedger).asking("from"),
		told("/ledger/head", "The ledger's head, once the whole chain is walked; ?contains= is a head's hash that must be in it", verifyLedger).asking("contains"),
		listed("/counterparts", "Parties that this node was introduced to", func(c *console, r *http.Request) ([]store.Counterpart, error) {
			return c.node.Counterparts(r.Context())
		}, viewedBy(views.CounterpartOf)),
		told("/counterparts/{number}", "A counterpart: the balance with it, and its assurances", readRoom),
		listed("/balances", "The balance with each counterpart", func(c *console, r *http.Request) ([]node.Balance, error) { return c.node.Balances(r.Context(), "") }, asIs),
		asked("/balances/find", "The balance with the counterpart that is named", []string{"with"}, func(c *console, r *http.Request) ([]node.Balance, error) {
			return c.node.Balances(r.Context(), r.PostForm.Get("with"))
		}),
		listed("/reports", "Reports that a tearline can be of; with ?ours=yes ours alone", func(c *console, r *http.Request) ([]node.Report, error) {
			return c.node.Reports(r.Context(), r.URL.Query().Get("ours") == "")
		}, asIs).asking("ours"),
		told("/rules", "The file of rules that holds", func(c *console, r *http.Request) (versionedBody[views.Rules], error) {
			return versioned(c, r.Context(), node.TheRules, func() (v views.Rules, err error) {
				f, err := c.node.Rules(r.Context())
				if err != nil {
					return v, err
				}
				return views.RulesOf(f)
			})
		}),
		told("/rules/proposed", "The file of rules that waits for a second person", func(c *console, r *http.Request) (node.Proposal, error) {
			return c.node.ProposedRules(r.Context())
		}),
		asked("/rules/try", "What a file of rules would have let go; it changes nothing", []string{"name", "text", "hours"}, tryRules),
		told("/health", "What tells whether the node can do its work, each with a word", func(c *console, r *http.Request) (node.Health, error) {
			return c.node.Health(r.Context(), node.HealthOptions{})
		}),
		told("/introduce/{number}", "How far an introduction is, with ours as long as it waits", func(c *console, r *http.Request) (node.Introduction, error) {
			in, _, err := c.oneIntroduction(r)
			return in, err
		}),
		listed("/users", "Users, those who are locked out too", func(c *console, r *http.Request) ([]node.Person, error) { return c.node.People(r.Context()) }, asIs),
		told("/users/outside", "Who vouches for people from outside, and whom it knows as whom", (*console).outsidersBody),
		numberedOne("/users/{number}", "One user", "U", func(c *console, ctx context.Context, id int64) (node.Person, error) { return c.node.Person(ctx, id) }),
	}
}

func readLedger(c *console, r *http.Request) ([]views.Entry, error) {
	from := int64(1)
	if text := r.URL.Query().Get("from"); text != "" {
		var err error
		if from, err = strconv.ParseInt(text, 10, 64); err != nil || from < 1 {
			return nil, problem{http.StatusBadRequest, "Not a place in the ledger", "from= is an entry's number"}
		}
	}
	all, err := c.node.Ledger(r.Context(), from, pageRows)
	return each(all, views.EntryOf), err
}

func verifyLedger(c *console, r *http.Request) (node.LedgerHead, error) {
	return c.node.VerifyLedger(r.Context(), r.URL.Query().Get("contains"))
}

func each[T, V any](all []T, of func(T) V) []V {
	views := make([]V, len(all))
	for i, one := range all {
		views[i] = of(one)
	}
	return views
}

// roomView is everything between us and one counterpart that has no list of its own.
type roomView struct {
	Counterpart views.Counterpart `json:"counterpart"`
	Balance     node.Balance      `json:"balance"`
	Assurances  []node.Assurance  `json:"assurances"`
}

func readRoom(c *console, r *http.Request) (v roomView, err error) {
	party, err := c.party(r)
	if err != nil {
		return v, err
	}
	balances, err := c.node.Balances(r.Context(), party.Name)
	if err != nil {
		return v, err
	}
	v = roomView{Counterpart: views.CounterpartOf(party), Balance: balances[0], Assurances: []node.Assurance{}}
	all, err := c.node.Assurances(r.Context(), party.Name)
	v.Assurances = append(v.Assurances, all...)
	return v, err
}

// triedRules is what a file of rules says of itself, and of what the node did.
type triedRules struct {
	SHA256    string           `json:"sha256"`
	Outcomes  []rules.Outcome  `json:"outcomes"`  // of the cases in it
	Simulated []node.Simulated `json:"simulated"` // of every release and report
}

// maxTried bounds how far back rules are tried.
const maxTried = 3650 * 24

func tryRules(c *console, r *http.Request) (v triedRules, err error) {
	f := r.PostForm
	hours, err := strconv.ParseFloat(f.Get("hours"), 64)
	if err != nil || hours < 0 || hours > maxTried {
		return v, problem{http.StatusUnprocessableEntity, "Not a time", "hours= says how far back: 0 to 87600"}
	}
	set, err := rules.Parse(f.Get("name"), []byte(f.Get("text")))
	if err != nil {
		return v, err
	}
	v = triedRules{SHA256: hex.EncodeToString(set.Digest[:]), Outcomes: append([]rules.Outcome{}, set.Test(set.Cases)...), Simulated: []node.Simulated{}}
	all, err := c.node.Simulate(r.Context(), set, c.opt.Now().Add(-time.Duration(hours*float64(time.Hour))))
	v.Simulated = append(v.Simulated, all...)
	return v, err
}
