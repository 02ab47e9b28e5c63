package views

import (
	"context"
	"time"

	"parley/internal/match"
	"parley/internal/node"
	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/selector"
	"parley/stix"
)

// Node is a node as the command line drives it. Errors are those of [node.Node];
// those of a node elsewhere say the same, and [node.FailureOf] tells the same kind
// of both.
type Node interface {
	Knows
	Finds
	Matches
	Warnings
	Releases
	Governs
}

// Knows is what a node tells of itself, and of what came.
type Knows interface {
	Status(ctx context.Context) (node.Status, error)
	Ledger(ctx context.Context, from int64, limit int) ([]Entry, error)
	VerifyLedger(ctx context.Context, known string) (node.LedgerHead, error)
	Inbox(ctx context.Context, limit int) ([]node.Letter, error)
	Letter(ctx context.Context, id int64) (node.Letter, error)
	Counterparts(ctx context.Context) ([]Counterpart, error)
	Balances(ctx context.Context, with string) ([]node.Balance, error)
	Reports(ctx context.Context, theirs bool) ([]node.Report, error)
}

// Finds is what was found in evidence, and what is looked out for.
type Finds interface {
	Selector(ctx context.Context, text string) (selector.Selector, error)
	Selectors(ctx context.Context, scope store.Scope) ([]Tally, error)
	Findings(ctx context.Context, s selector.Selector) ([]Finding, error)
	Evidence(ctx context.Context) ([]Evidence, error)
	Artifacts(ctx context.Context, evidence int64, kind string) ([]Artifact, error)
	Files(ctx context.Context, evidence int64, faulty bool) ([]File, error)
	ShowFinding(ctx context.Context, id int64) (Opened, error)
	ShowArtifact(ctx context.Context, id int64) (Opened, error)
	Watches(ctx context.Context) ([]Watch, error)
	Watch(ctx context.Context, w store.Watch) (raised int, err error)
	Unwatch(ctx context.Context, s selector.Selector) error
}

// Matches is what is done about a match.
type Matches interface {
	Matches(ctx context.Context) ([]Match, error)
	Match(ctx context.Context, id int64) (Match, error)
	// FollowMatch tells how a match stands, without what was found, and again whenever
	// that changes, until enough says so or the context ends.
	FollowMatch(ctx context.Context, id int64, enough func(Match) bool) error
	ProposeMatch(ctx context.Context, to string, o match.Offer) (int64, error)
	AcceptMatch(ctx context.Context, id, evidence int64, hold bool, note string) error
	CounterMatch(ctx context.Context, id int64, o match.Offer) error
	DeclineMatch(ctx context.Context, id int64, why string) error
	WithdrawMatch(ctx context.Context, id int64, why string) error
	AbortMatch(ctx context.Context, id int64, why string) error
	AskMatch(ctx context.Context, id int64, question string, about []selector.Selector) error
	RunMatch(ctx context.Context, id int64) error
	MatchAgain(ctx context.Context, id int64) (int64, error)
	CheckMatch(ctx context.Context, id int64) (int64, error)
	WatchMatch(ctx context.Context, id int64, on bool) error
}

// WarningStep is one step of a warning, with what it must say.
type WarningStep struct {
	To     warning.State
	Reason string
	Refer  bool // decided: somebody else will warn
	// Waived: the officer who answers for it, and in how long it is looked at again.
	Officer string
	Review  time.Duration
}

// Warnings is what is done about a warning.
type Warnings interface {
	Warnings(ctx context.Context) ([]Warning, error)
	Warning(ctx context.Context, id int64) (Warning, error)
	StepWarning(ctx context.Context, id int64, s WarningStep) error
	Tell(ctx context.Context, id int64, t node.Telling) error
	CorrectWarning(ctx context.Context, id int64, t node.Telling) error
	ReviewWarning(ctx context.Context, id int64, note string) error
	AcknowledgeWarning(ctx context.Context, id int64) error
}

// Releases is what is done at the release desk.
type Releases interface {
	Releases(ctx context.Context) ([]Release, error)
	Release(ctx context.Context, id int64) (Release, error)
	Bundle(ctx context.Context, id int64) ([]byte, error) // what is sent, byte for byte
	DraftRelease(ctx context.Context, to string, o release.Order) (int64, error)
	DraftAmendment(ctx context.Context, o release.Order) (int64, error)
	CheckRelease(ctx context.Context, id int64) (blocked bool, err error)
	ClearRelease(ctx context.Context, id int64, over ...release.Overruling) error
	AskConsent(ctx context.Context, id int64, q release.Question) error
	SendRelease(ctx context.Context, id int64) error
	RecallRelease(ctx context.Context, id int64, reason string) error
	CompareReleases(ctx context.Context, report stix.ID) (release.Beside, error)
	Consents(ctx context.Context) ([]node.Consent, error)
	Consent(ctx context.Context, id int64) (node.Consent, error)
	AnswerConsent(ctx context.Context, id int64, yes bool, uses []release.Use, reason string) error
}

// Governs is what is done about the rules.
type Governs interface {
	Rules(ctx context.Context) (release.RulesFile, error)
	SetRules(ctx context.Context, name string, text []byte) (release.RulesFile, error)
	ProposeRules(ctx context.Context, name string, text []byte) (node.Proposal, error)
	ProposedRules(ctx context.Context) (node.Proposal, error)
	ConfirmRules(ctx context.Context, digest string) (release.RulesFile, error)
	// Simulate tells what the rules in a text would have let go so long back.
	Simulate(ctx context.Context, name string, text []byte, back time.Duration) ([]node.Simulated, error)
}
