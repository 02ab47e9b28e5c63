package node

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"math/bits"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/internal/channel"
	"parley/internal/match"
	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
)

// act is something that changes a node, with the roles that may do it.
type act struct {
	roles []Role
	do    func(context.Context, *Node) error
}

func acts(t *testing.T) map[string]act {
	analyst, releaser, administrator := []Role{Analyst}, []Role{Releaser}, []Role{Administrator}
	either, overseers := []Role{Analyst, Releaser}, []Role{Releaser, Administrator}
	auditors := []Role{Analyst, Releaser, Administrator, Auditor}
	list := file(t, "watch.csv", []byte("value\n+1 202-555-0147\n"))
	return map[string]act{
		"AddUser": {administrator, func(ctx context.Context, n *Node) error {
			return n.AddUser(ctx, User{"hana", []Role{Analyst}}, "short")
		}},
		"AddUserWithKeyFile": {administrator, func(ctx context.Context, n *Node) error {
			return n.AddUserWithKeyFile(ctx, User{"hana", []Role{Analyst}}, make([]byte, 8))
		}},
		"Invite": {administrator, func(ctx context.Context, n *Node) error {
			_, _, err := n.Invite(ctx, User{"no name", []Role{Analyst}})
			return err
		}},
		"Renew":          {administrator, func(ctx context.Context, n *Node) error { _, _, err := n.Renew(ctx, "nobody"); return err }},
		"SetRoles":       {administrator, func(ctx context.Context, n *Node) error { return n.SetRoles(ctx, "nobody", []Role{Analyst}) }},
		"SetProvider":    {administrator, func(ctx context.Context, n *Node) error { return n.SetProvider(ctx, Provider{}) }},
		"RemoveProvider": {administrator, func(ctx context.Context, n *Node) error { return n.RemoveProvider(ctx) }},
		"MapOutsider":    {administrator, func(ctx context.Context, n *Node) error { return n.MapOutsider(ctx, "x", "nobody") }},
		"UnmapOutsider":  {administrator, func(ctx context.Context, n *Node) error { return n.UnmapOutsider(ctx, 99) }},
		"LockUser":       {administrator, func(ctx context.Context, n *Node) error { return n.LockUser(ctx, "nobody", "they left") }},
		"UnlockUser":     {administrator, func(ctx context.Context, n *Node) error { return n.UnlockUser(ctx, "nobody") }},
		"SignOut":        {administrator, func(ctx context.Context, n *Node) error { return n.SignOut(ctx, "nobody") }},
		"SetSettings":    {administrator, func(ctx context.Context, n *Node) error { return n.SetSettings(ctx, n.Settings) }},
		"Introduce": {administrator, func(ctx context.Context, n *Node) error {
			_, err := n.Introduce(ctx, "Vesna", false)
			return err
		}},
		"Introduction": {administrator, func(ctx context.Context, n *Node) error { _, err := n.Introduction(ctx, 99, 3000); return err }},
		"ReadIntroduction": {administrator, func(ctx context.Context, n *Node) error {
			_, err := n.ReadIntroduction(ctx, "South", []byte("{}"))
			return err
		}},
		"AddCounterpart": {administrator, func(ctx context.Context, n *Node) error {
			_, err := n.AddCounterpart(ctx, []byte("{}"))
			return err
		}},
		"Forge": {administrator, func(ctx context.Context, n *Node) error {
			_, err := n.Forge(ctx, "South", nil)
			return err
		}},
		"Judge": {administrator, func(ctx context.Context, n *Node) error {
			made, err := inventedTranscript(n)
			if err == nil {
				_, err = n.Judge(ctx, made)
			}
			return err
		}},
		"VerifyCounterpart": {administrator, func(ctx context.Context, n *Node) error { return n.VerifyCounterpart(ctx, "South", "1") }},
		"Backup": {administrator, func(ctx context.Context, n *Node) error {
			_, err := n.Backup(ctx, t.TempDir())
			return err
		}},

		"AddConsumer": {administrator, func(ctx context.Context, n *Node) error {
			_, err := n.AddConsumer(ctx, "Rescue", ConsumerOptions{})
			return err
		}},
		"RenewConsumer":   {administrator, func(ctx context.Context, n *Node) error { _, err := n.RenewConsumer(ctx, "Nobody"); return err }},
		"SuspendConsumer": {administrator, func(ctx context.Context, n *Node) error { return n.SuspendConsumer(ctx, "Nobody", true) }},
		"AddCollection": {administrator, func(ctx context.Context, n *Node) error {
			return n.AddCollection(ctx, "Nobody", CollectionOptions{Alias: "urgent"})
		}},
		"AddSource": {administrator, func(ctx context.Context, n *Node) error {
			return n.AddSource(ctx, SourceTAXII, Source{Name: "Exchange", URL: "https://taxii.example"})
		}},
		"RemoveSource": {administrator, func(ctx context.Context, n *Node) error { return n.RemoveSource(ctx, "Nobody") }},

		"Ledger":       {auditors, func(ctx context.Context, n *Node) error { _, err := n.Ledger(ctx, 0, 1); return err }},
		"VerifyLedger": {auditors, func(ctx context.Context, n *Node) error { _, err := n.VerifyLedger(ctx, ""); return err }},

		"PullTAXII": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.PullTAXII(ctx, "Nobody", PullOptions{})
			return err
		}},
		"PullMISP": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.PullMISP(ctx, "Nobody", PullOptions{})
			return err
		}},
		"CompareTAXII": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.CompareTAXII(ctx, "Nobody", PullOptions{})
			return err
		}},
		"Import": {analyst, func(ctx context.Context, n *Node) error { _, err := n.Import(ctx, list, ""); return err }},
		"BringIn": {analyst, func(ctx context.Context, n *Node) error {
			return n.BringIn(ctx, list, ImportOptions{}, func(Imported) error { return nil })
		}},
		"TakeIn": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.TakeIn(ctx, "list.csv", strings.NewReader("value\n+1 202-555-0148\n"), ImportOptions{})
			return err
		}},
		"ExportSelectors": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.ExportSelectors(ctx, Export{Format: CSV, To: "a file"}, io.Discard)
			return err
		}},
		"WriteOut": {auditors, func(ctx context.Context, n *Node) error {
			return n.WriteOut(ctx, WrittenList{List: "/matches", Format: CSV})
		}},
		"ExportResults": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.ExportResults(ctx, ResultExport{Evidence: 99, Format: CSV, To: "a file"}, io.Discard)
			return err
		}},
		"WriteResults": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.WriteResults(ctx, ResultExport{Evidence: 99, To: "a file"}, func(Results) error { return nil })
			return err
		}},
		"ExportObjects": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.ExportObjects(ctx, ObjectExport{Letter: 99, Format: STIX, To: "a file"}, io.Discard)
			return err
		}},
		"ImportBundle": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.ImportBundle(ctx, "x", strings.NewReader("{}"))
			return err
		}},
		"Triage": {analyst, func(ctx context.Context, n *Node) error { _, err := n.Triage(ctx, 1, TriageOptions{}); return err }},
		"Watch": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.Watch(ctx, store.Watch{Selector: phone(147)})
			return err
		}},
		"WatchList": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.WatchList(ctx, list, ImportOptions{})
			return err
		}},
		"Unwatch": {analyst, func(ctx context.Context, n *Node) error { return n.Unwatch(ctx, phone(147)) }},

		"UnwatchNumber": {analyst, func(ctx context.Context, n *Node) error { return n.UnwatchNumber(ctx, 99) }},
		"Mark":          {either, func(ctx context.Context, n *Node) error { return n.Mark(ctx, "S99", Relevant, "") }},

		"ProposeMatch": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.ProposeMatch(ctx, "South", match.Offer{})
			return err
		}},
		"SetBudget":     {administrator, func(ctx context.Context, n *Node) error { return n.SetBudget(ctx, "South", "phone", 10, 30) }},
		"ResetBudget":   {administrator, func(ctx context.Context, n *Node) error { return n.ResetBudget(ctx, "South", "email") }},
		"CounterMatch":  {analyst, func(ctx context.Context, n *Node) error { return n.CounterMatch(ctx, 1, match.Offer{}) }},
		"WithdrawMatch": {analyst, func(ctx context.Context, n *Node) error { return n.WithdrawMatch(ctx, 1, "no") }},
		"MatchAgain":    {analyst, func(ctx context.Context, n *Node) error { _, err := n.MatchAgain(ctx, 1); return err }},
		"CheckMatch":    {analyst, func(ctx context.Context, n *Node) error { _, err := n.CheckMatch(ctx, 1); return err }},
		"AskMatch":      {analyst, func(ctx context.Context, n *Node) error { return n.AskMatch(ctx, 1, "since when?", nil) }},
		"WatchMatch":    {analyst, func(ctx context.Context, n *Node) error { return n.WatchMatch(ctx, 1, true) }},
		"AcceptMatch":   {analyst, func(ctx context.Context, n *Node) error { return n.AcceptMatch(ctx, 1, 0, false, "") }},
		"DeclineMatch":  {analyst, func(ctx context.Context, n *Node) error { return n.DeclineMatch(ctx, 1, "no") }},
		"AbortMatch":    {analyst, func(ctx context.Context, n *Node) error { return n.AbortMatch(ctx, 1, "no") }},
		"RunMatch":      {analyst, func(ctx context.Context, n *Node) error { return n.RunMatch(ctx, 1) }},

		"ProposeRules": {administrator, func(ctx context.Context, n *Node) error {
			_, err := n.ProposeRules(ctx, "x.rules", []byte("rules 1\n"))
			return err
		}},
		"ConfirmRules": {overseers, func(ctx context.Context, n *Node) error { _, err := n.ConfirmRules(ctx, "00000000"); return err }},
		"SetRules": {administrator, func(ctx context.Context, n *Node) error {
			_, err := n.SetRules(ctx, "x.rules", []byte("rules 1\n"))
			return err
		}},
		"AddAssurance": {overseers, func(ctx context.Context, n *Node) error {
			_, err := n.AddAssurance(ctx, "South", AssuranceOptions{Undertaking: "treatment", Evidence: "a letter"})
			return err
		}},
		"EndAssurance": {overseers, func(ctx context.Context, n *Node) error { _, err := n.EndAssurance(ctx, 99, "over"); return err }},
		"DraftRelease": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.DraftRelease(ctx, "South", release.Order{})
			return err
		}},
		"DraftAmendment": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.DraftAmendment(ctx, release.Order{Amends: 1})
			return err
		}},
		"CheckRelease": {either, func(ctx context.Context, n *Node) error { _, _, err := n.CheckRelease(ctx, 1); return err }},
		"ClearRelease": {releaser, func(ctx context.Context, n *Node) error { _, err := n.ClearRelease(ctx, 1); return err }},
		"SendRelease":  {either, func(ctx context.Context, n *Node) error { _, err := n.SendRelease(ctx, 1); return err }},
		"RecallRelease": {either, func(ctx context.Context, n *Node) error {
			_, err := n.RecallRelease(ctx, 1, "It was wrong.")
			return err
		}},
		"AskExport": {either, func(ctx context.Context, n *Node) error {
			return n.AskExport(ctx, 1, release.Question{}, release.Detection)
		}},
		"AskConsent": {either, func(ctx context.Context, n *Node) error {
			_, err := n.AskConsent(ctx, 1, release.Question{})
			return err
		}},
		"ForwardConsent": {either, func(ctx context.Context, n *Node) error { return n.ForwardConsent(ctx, 1, release.Question{}) }},
		"AnswerConsent":  {releaser, func(ctx context.Context, n *Node) error { return n.AnswerConsent(ctx, 1, false, nil, "no") }},

		"StepWarning": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.StepWarning(ctx, 1, warning.Screened, nil)
			return err
		}},
		"Tell": {analyst, func(ctx context.Context, n *Node) error { _, err := n.Tell(ctx, 1, Telling{To: "South"}); return err }},
		"CorrectWarning": {analyst, func(ctx context.Context, n *Node) error {
			_, err := n.CorrectWarning(ctx, 1, Telling{To: "South"})
			return err
		}},
		"ReviewWarning":      {releaser, func(ctx context.Context, n *Node) error { return n.ReviewWarning(ctx, 1, "looked") }},
		"AcknowledgeWarning": {analyst, func(ctx context.Context, n *Node) error { return n.AcknowledgeWarning(ctx, 1) }},

		"DismissEcho": {analyst, func(ctx context.Context, n *Node) error {
			return n.DismissEcho(ctx, 1, "our own words were first theirs")
		}},
		"GradeClaim": {analyst, func(ctx context.Context, n *Node) error {
			return n.GradeClaim(ctx, numbered("note", 1), release.Grade{}, "")
		}},
		"AttachClaim": {analyst, func(ctx context.Context, n *Node) error { return n.AttachClaim(ctx, numbered("note", 1), "") }},
		"ConfirmOrigin": {analyst, func(ctx context.Context, n *Node) error {
			return n.ConfirmOrigin(ctx, numbered("note", 1), "", true, "")
		}},
	}
}

// open to every user: they read, or they are what a user does with the node
// itself.
var everybody = []string{
	"AddKeyFile", "AddPasskey", "AddToken", "Admit", "Alikes", "Answered", "Artifacts", "As", "Assurances", "Balances",
	"Before", "Budgets", "ChangePassphrase", "CheckSecondFactor", "Close", "CompareReleases", "Consent", "Consents",
	"Consumer", "Consumers", "Counterparts", "Custody", "Delivery", "Doctor", "Echo", "Echoes", "EndToken", "Enter",
	"Evidence", "Exchange", "Files", "Filter", "Filters", "Findings", "HasSecondFactor", "Health", "HeldObject", "Here",
	"Home", "Inbox", "IndexWords", "KeepList", "KeepSearch", "LedgerEnd", "Letter", "LikenessOf", "LikenessOfFile",
	"MarkOf", "Marks", "Match", "MatchAsks", "MatchRounds", "Matches", "MustChoose", "NameFilter", "NewSecondFactor",
	"Once", "OutsideSignIn", "Outsiders", "Overlap", "PasskeyHandle", "PasskeySignIn", "Passkeys", "PasskeysOf",
	"People", "Person", "ProposedRules", "Provider", "ReadPictures", "Release", "ReleaseDelivery", "ReleaseStanding",
	"ReleasedEvent", "Releases", "RemoveFilter", "RemovePasskey", "RemoveSecondFactor", "ReportContents", "Reports",
	"Results", "Rules", "Rulings", "Search", "Selector", "SelectorNumbered", "Selectors", "Self", "Serve",
	"SetSecondFactor", "ShowArtifact", "ShowFinding", "SignIn", "Simulate", "Sources", "StandingList", "Status",
	"TokenUser", "Tokens", "Users", "Version", "Versions", "Warning", "Warnings", "Watches", "Weigh",
}

// TestEveryActHasItsRoles tries every exported method that changes something
// with every set of roles. A method that nobody put in one of the two lists
// fails the test: who may call it was not thought about.
func TestEveryActHasItsRoles(t *testing.T) {
	all := acts(t)
	for i, typ := 0, reflect.TypeFor[*Node](); i < typ.NumMethod(); i++ {
		name := typ.Method(i).Name
		if _, acts := all[name]; acts == slices.Contains(everybody, name) {
			t.Errorf("%s must stand in one of the two lists: who may call it?", name)
		}
	}
	at := meet(t)
	for name, a := range all {
		for mask := range 1 << len(Roles()) {
			if bits.OnesCount(uint(mask)) > 2 {
				continue // two roles together may what each may
			}
			var roles []Role
			may := false
			for i, r := range Roles() {
				if mask&(1<<i) != 0 {
					roles = append(roles, r)
					may = may || slices.Contains(a.roles, r)
				}
			}
			head := entries(t, at.North)
			as, err := at.North.As(t.Context(), User{"basma", roles})
			must(t, err)
			err = a.do(t.Context(), as)
			if refused := errors.Is(err, ErrRole); refused == may {
				t.Errorf("%s as %v: got %v", name, roles, err)
			}
			if !may && entries(t, at.North) != head {
				t.Errorf("%s as %v was refused and still wrote into the ledger", name, roles)
			}
		}
	}
}

// entries counts the lines of a node's ledger.
func entries(t *testing.T, n *Node) int64 {
	t.Helper()
	head, err := n.VerifyLedger(t.Context(), "")
	must(t, err)
	return head.Entries
}

func TestARefusalNamesTheRolesThatMay(t *testing.T) {
	at := meet(t)
	_, err := with(at.North, "basma", Administrator).SendRelease(t.Context(), 1)
	if want := "user basma is no analyst or releaser: this needs another role"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

// inventedTranscript is what a counterpart that we do not know could show.
func inventedTranscript(n *Node) (*channel.Transcript, error) {
	in, _, err := channel.Introduce(rand.Reader, channel.IntroduceOptions{From: n.Settings.Party, To: "Vesna", Now: noon})
	if err != nil {
		return nil, err
	}
	return channel.Forge(rand.Reader, channel.ForgeOptions{Theirs: in, Created: noon, Lines: []channel.Line{{From: "Vesna"}}})
}
