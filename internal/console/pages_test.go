package console_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/demo"
	"parley/demo/play"
	"parley/internal/console"
	"parley/internal/match"
	"parley/internal/release"
	"parley/internal/store"
	"parley/internal/warning"
	"parley/selector"
)

func atNorth(t *testing.T) *browser {
	t.Helper()
	north, _ := parties(t)
	return browse(t, north.Node(), console.Options{}).signedIn(north.Analyst, north.Passphrase())
}

func atSouth(t *testing.T) *browser {
	t.Helper()
	_, south := parties(t)
	return browse(t, south.Node(), console.Options{}).signedIn(south.Analyst, south.Passphrase())
}

// says checks that some line of a page matches a pattern as a whole.
func says(t *testing.T, page string, patterns ...string) {
	t.Helper()
	for _, p := range patterns {
		if !regexp.MustCompile(`(?m)^` + p + `$`).MatchString(page) {
			t.Errorf("no line of the page is %s:\n%s", p, page)
		}
	}
}

const (
	anyTime = `20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z`
	anyID   = `[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`
)

func TestOverview(t *testing.T) {
	says(t, atSouth(t).page("/"),
		"Warnings 1", // in the menu, as on every page
		"Warnings due: 1", "Proposals to answer: 0", "Releases in hand: 1",
		"W1 \\| screen within 1[0-5] min \\| "+anyTime+" \\| life \\| candidate \\| nobody named \\| North warns: Warning",
		"No counterpart waits for an answer. Propose a match.",
		"R1 \\| stopped by the leak check \\| North \\| TLP:RED \\| protect-life-only \\| B2 \\| chen \\| – \\| "+anyTime+" \\| Threat to a concert.*",
		"North \\| open \\| compared \\| [0-9]+ \\| [0-9]+ kB \\| [0-9]+ \\| [0-9]+",
		"Entries: [0-9]+", "Head: [0-9a-f]{64}", "Received: [0-9]+ messages, 0 refused",
		"As of "+anyTime+". Signed in as chen: analyst, releaser, administrator. Language, theme and time zone, style guide, keys.")
	says(t, atNorth(t).page("/"), "No clock is running. Every warning was delivered or answered: see 1 warning.", "Watch list: 8 selectors")
}

func TestWarningPages(t *testing.T) {
	north := atNorth(t)
	says(t, north.page("/warnings"),
		"W1 \\| nothing due \\| – \\| life \\| delivered \\| Lindenhalle Arena, security desk \\| 2 watched selectors seen in report--"+anyID)
	says(t, north.page("/warnings/W1"),
		"Warning W1 life", "State: delivered", "Tell: Lindenhalle Arena, security desk", "Sent to: South",
		"email:security@lindenhalle.example", "phone:\\+16175550171", "This never leaves the node.",
		anyTime+" \\| watch list \\| candidate \\| \\|", anyTime+" \\| amira \\| screened → decided \\| .+ \\| decided: warn.",
		anyTime+" \\| South \\| sending → delivered \\| \\| Receipt [0-9a-f]{32}.", "The chain of this log holds.")
	says(t, atSouth(t).page("/warnings/W1"),
		"Came from: North", "screen \\| "+anyTime+" \\| screen within 1[0-5] min", "decide \\| "+anyTime+" \\| decide within .*", "deliver \\| .*",
		"Silence is never a waiver.")
}

// The clock is the console's, and runs out before everybody's eyes.
func TestOverdueWarningsStandOnEveryPage(t *testing.T) {
	_, south := parties(t)
	later := func() time.Time { return time.Now().Add(26 * time.Hour) }
	b := browse(t, south.Node(), console.Options{Now: later}).signedIn(south.Analyst, south.Passphrase())
	for _, path := range []string{"/", "/claims", "/ledger", "/matches/M1"} {
		says(t, b.page(path), "Warnings 1, 1 overdue")
	}
	says(t, b.page("/warnings"), "W1 \\| screen overdue by 1 d 1 h \\| .*")
}

func TestMatchPages(t *testing.T) {
	north := atNorth(t)
	says(t, north.page("/matches"), "M1 \\| done \\| North \\| South \\| 67 \\| 61 \\| 9 \\| phone, email, telegram, url \\| "+anyTime+" \\| Threat to life: .*")
	says(t, north.page("/matches/M1"),
		"Reveals: how many both hold, then which", "Largest set: 1,000 a side", "Our set: 67 selectors", "Their set: 61 selectors", "Both hold: 9 selectors",
		"lamp.works@mail.example \\| F[0-9]+ \\| E1 \\| lamp.works@mail.example \\| the same \\| phone.zip!/sdcard/Telegram/result.json \\[/chats/.*\\]",
		"\\+12125550186 \\| F[0-9]+ \\| E1 \\| \\+1 212 555 0186 \\| the same \\| phone.zip!/sdcard/Download/backup.zip!/laptop/old.zip!/laptop/old/calls.db \\[calls row 1 number @0\\+15\\]",
		"\\+13035550119 \\| F[0-9]+ \\| E1 \\| \\+١ ٣٠٣ ٥٥٥ ٠١١٩ \\| .*")
	says(t, atSouth(t).page("/matches/M1"), "Our set: 61 selectors", "Their set: 67 selectors")
}

func TestReleasePages(t *testing.T) {
	south := atSouth(t)
	says(t, south.page("/releases"), "R2 \\| sent \\| North \\| TLP:RED \\| protect-life-only \\| B2 \\| chen \\| dora \\| .*", "R1 \\| stopped by the leak check \\| .*")
	says(t, south.page("/releases/R1"),
		"State: stopped by the leak check", "Cleared by: nobody yet", "What was stopped",
		"stop \\| name \\| k•••••l \\| It names a source.* \\| Take the name out.* \\| \\$.objects\\[[0-9]+\\].description",
		"stop \\| time \\| 03:12 \\| .*")
	sent := south.page("/releases/R2")
	says(t, sent,
		"Author: chen", "Cleared by: dora", "Bytes: [0-9]+ kB, [0-9]+ objects, SHA-256 [0-9a-f]{64}", "Delivery: queued "+anyTime+", sealed .*, applied there .*",
		"Nothing was found. That is no proof: a second person reads the text.", "What crossed",
		"Permitted use: protect-life-only: Use only to warn or protect people whose life is at risk. .*",
		"those that match M1 showed both hold", "email:security@lindenhalle.example The target itself: .*",
		"What stays behind", "[0-9]+ whole objects, [0-9]+ properties, [0-9]+ values rewritten. Of report report--[0-9a-f]{8}.",
		"indicator--[0-9a-f]{8} \\| confidence, created_by_ref \\| left out: the allow-list does not name it",
		"identity--[0-9a-f]{8} \\| the whole \\| left out: it is who wrote the report",
		"draft \\| [a-z-]+ \\| release.rules:[0-9]+ \\| [0-9]+ \\| [0-9a-f]{12}", "send \\| .* \\| release.rules:[0-9]+ \\| .*")
	if strings.Contains(sent, "KESTREL") {
		t.Error("the sent release's page has the source's name")
	}
}

// TestWhatBecameOfARelease: its page shows who took it back, and what repeats it.
func TestWhatBecameOfARelease(t *testing.T) {
	stage, err := play.Set(t.Context(), play.Options{Dir: filepath.Join(t.TempDir(), "stage"), Files: demo.Files()}) // what is done here others must not see
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stage.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := stage.Play(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := stage.South.Node()
	b := browse(t, n, console.Options{}).signedIn(stage.South.Analyst, stage.South.Passphrase())
	sent, err := n.Release(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	got, err := release.Verify(sent.Bundle)
	if err != nil {
		t.Fatal(err)
	}
	words, err := json.Marshal("A paper writes: " + got.Text)
	if err != nil {
		t.Fatal(err)
	}
	paper := `{"type":"bundle","id":"bundle--5c498aa4-8a4b-4a5e-9f3a-2f0c0f6f1d30","objects":[{"type":"note","spec_version":"2.1","id":"note--5c498aa4-8a4b-4a5e-9f3a-2f0c0f6f1d31",` +
		`"created":"2026-09-01T10:00:00.000Z","modified":"2026-09-01T10:00:00.000Z","content":` + string(words) + `,"object_refs":["identity--5c498aa4-8a4b-4a5e-9f3a-2f0c0f6f1d12"]}]}`
	if _, err := n.ImportBundle(t.Context(), "paper.json", strings.NewReader(paper)); err != nil {
		t.Fatal(err)
	}
	if _, err := n.RecallRelease(t.Context(), 2, "It was another hall."); err != nil {
		t.Fatal(err)
	}
	says(t, b.page("/releases/R2"),
		"Taken back by chen "+anyTime+": It was another hall. The counterpart has not confirmed it yet.",
		"X1 \\| brought in by us \\| [0-9]+ \\| [0-9]+ \\| 0 \\| "+anyTime+" \\| no origin")
}

func TestInboxPages(t *testing.T) {
	says(t, atNorth(t).page("/inbox"),
		"I7 \\| "+anyTime+" \\| South \\| release.bundle \\| applied \\| – \\| [0-9]+ kB \\| TLP:RED \\| protect-life-only \\| B2 \\| Threat to a concert.*")
	says(t, atNorth(t).page("/inbox/I7"),
		"From: South", "Their grade: B2 as they grade themselves: weigh it, do not adopt it", "phone \\| \\+12025550147", "telegram \\| lamplight_demo_17")
	says(t, atNorth(t).page("/inbox/I1"), "This message carries no words: it is a step of the match.accept protocol.")
	says(t, atSouth(t).page("/inbox"), "I[0-9]+ \\| .* \\| North \\| warning \\| applied \\| .* \\| TLP:RED \\| protect-life-only \\| none \\| Warning")
}

func TestClaimPages(t *testing.T) {
	north := atNorth(t)
	says(t, north.page("/claims"),
		"State A gave Movement B what it had intercepted of Group C. \\| unconfirmed \\| denied by State A \\| 1–2 independent origins \\| 1 \\| 5 \\| 1 \\| note--ed092f9d",
		"note--05a11bf3-.* \\| Second outlet, .*")
	says(t, north.page("/claims/note--ed092f9d-30ea-40a5-9393-fde915775840"),
		"State A gave Movement B what it had intercepted of Group C.",
		"unconfirmed denied 1–2 independent origins, 1 repeat. note--ed092f9d-30ea-40a5-9393-fde915775840",
		"Denied by State A. It is interested and would deny it either way: the denial is shown and moves nothing. .*",
		"asserts \\| Magazine \\| 2025-03-10T06:00:00Z \\| F3", "source B–E, information 3 \\| its own \\|",
		"not named F was present, by what is said → Source-1 F told → Magazine B published",
		"denies \\| State A \\| .*", "no-comment \\| Movement B \\| .*", "source C–E, information 3 \\| repeat of note--05a11bf3, note--c514c979 \\|",
		"denied by State A, which is interested: shown, and moves nothing",
		"not named, behind Source-1 \\| no: it may be another one that is not named \\| note--05a11bf3",
		"roughly even chance to likely \\(45–80 %\\) \\| low \\| plausible \\| .*")
	if a := north.get("/claims/note--05a11bf3-62fd-4fba-a097-f7bb34a069f3"); a.status != http.StatusNotFound {
		t.Errorf("the page of a claim, which is no proposition, answered %d", a.status)
	}
}

func TestCountsByCounter(t *testing.T) {
	says(t, atNorth(t).page("/counts"),
		"Counter-1 \\| about 700 \\| open \\| 700 \\| open \\| event count from open reports \\| 1",
		"Counter-2 \\| little more than 1,000 \\| 1,000 \\| open \\| open \\| estimate from interviews \\| 1",
		"City authorities \\| 14 \\| open \\| 14 \\| open \\| not said \\| 1", "Report on Group C \\| 14 \\| .*", "From the lowest to the highest: 14 – 14.")
}

func TestEvidencePages(t *testing.T) {
	north := atNorth(t)
	says(t, north.page("/evidence"), "E1 \\| phone.zip \\| 274 kB \\| 26 \\| 197 \\| 133 \\| 0 \\| amira \\| .* \\| [0-9a-f]{12}…")
	says(t, north.page("/evidence/E1"), "SHA-256: [0-9a-f]{64}", "Files: 26, 657 kB in all", "Unreadable: none", "phone \\| 33 \\| 153")
	says(t, north.page("/evidence/E1/artifacts?kind=message"), "message \\| 2026-08-24T07:30:00Z \\| \\| \\+12025550160 \\| \\| Your order is ready: .* \\| SMS \\| .*mmssms.db \\[sms row 1\\]")
	says(t, north.page("/evidence/E1/artifacts?kind=picture"), "picture \\| .* \\| .*[0-9]+×[0-9]+ pixels.*")
	says(t, north.page("/evidence/E1/files"), "phone.zip!/sdcard/Telegram/result.json \\| json \\| 16 kB \\| [0-9a-f]{64} \\|")
	says(t, north.page("/evidence/E1/files?faulty=1"), "Everything could be read.")
	says(t, north.page("/selectors?evidence=E1&kind=telegram"), "Selectors in E1", "S[0-9]+ \\| telegram \\| lamplight_demo_17 \\| 1")
}

// Provenance: a finding's page opens the place in the evidence once more.
func TestFindingIsOpenedAgain(t *testing.T) {
	north := atNorth(t)
	says(t, north.page("/findings/F103"), "Finding F103: phone \\+12025550147", "The place, opened again", "address \\| \\+12025550147", "body \\| Did you find the lamp I asked for\\?")
	found := regexp.MustCompile(`href="(/selectors/S[0-9]+)"[^|]*lamp`).FindStringSubmatch(north.get("/selectors?kind=telegram").body)
	if found == nil {
		t.Fatal("no link to a selector")
	}
	says(t, north.page(found[1]), "F[0-9]+ \\| E1 \\| .* \\| .* \\| phone.zip!/sdcard/Telegram/result.json .*")
}

func TestLedgerPage(t *testing.T) {
	north, _ := parties(t)
	b := atNorth(t)
	says(t, b.page("/ledger"), "Verified: the chain holds from the first entry to entry [0-9,]+.")
	says(t, b.page("/ledger?before=60"), "[0-9,]+ \\| "+anyTime+" \\| South \\| release.receive \\| report--"+anyID+" \\| South \\| .*",
		"[0-9]+ \\| .* \\| amira \\| triage \\| E1 \\| – \\| .*")
	first, err := north.Node().Ledger(t.Context(), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	known := regexp.MustCompile(`title="([0-9a-f]{64})"`).FindStringSubmatch(b.get("/ledger").body)[1]
	says(t, b.page("/ledger?contains="+known), "Verified: .*, and has the hash that you noted down.")
	says(t, b.page("/ledger?contains="+strings.Repeat("0", 64)), "Not verified: no entry has the hash 0+: the ledger's chain is broken. Entries up to [0-9,]+ hold.")
	says(t, b.page("/ledger?contains=none"), "Not verified: the hash \"none\" is not hexadecimal. .*")
	says(t, b.page("/ledger?before=2"), "1 \\| .* \\| "+first[0].Action+" \\| .*", "← newer")
}

// An empty node says on every page what to do.
func TestEmptyPagesSayWhatToDo(t *testing.T) {
	b := browse(t, newNode(t, "North"), console.Options{}).signedIn("amira", passphrase)
	for path, words := range map[string]string{
		"/":          "put selectors on the watch list with parley watch add --file watch.csv.",
		"/warnings":  "One is raised when a selector on the watch list is seen.",
		"/matches":   "No match yet: offer terms with New match.",
		"/releases":  "No release yet: start one with New release.",
		"/inbox":     "Nothing came yet.",
		"/claims":    "import some with parley import claims.json, or wait for a tearline.",
		"/counts":    "Nothing was counted.",
		"/evidence":  "No evidence yet: bring some in.",
		"/selectors": "parley import FILE",
		"/ledger":    "Verified: the chain holds from the first entry to entry 1.",
	} {
		has(t, b.page(path), words)
	}
	has(t, b.page("/"), "Nobody is known yet: write an introduction with parley introduce --to NAME --out FILE.")
}

// What waits for an answer says how to give it.
func TestProposalWaits(t *testing.T) {
	north, south := parties(t)
	ours, err := north.Node().ProposeMatch(t.Context(), "South", match.Offer{
		Kinds: []selector.Kind{selector.Phone}, Purpose: "is it worth talking", Mode: match.ModeCount, MaxItems: 50,
	})
	if err != nil {
		t.Fatal(err)
	}
	b := atSouth(t)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var offered int64
	for ; offered == 0; <-tick.C { // until the proposal has crossed
		all, err := south.Node().Matches(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if all[0].State == match.Offered {
			offered = all[0].ID
		}
	}
	theirs := fmt.Sprintf("M%d", offered)
	says(t, b.page("/"), "Proposals to answer: 1", theirs+" \\| offered: accept or decline \\| North \\| South \\| – \\| – \\| – \\| phone \\| .* \\| is it worth talking")
	says(t, b.page("/matches/"+theirs),
		"Their proposal waits for one of us. Nothing moves before.",
		"Reveals: only how many both hold", "Both hold: not known yet", "Permitted uses: investigation-lead", "Runs: 1 in 30 days", "Until: .*")
	counter := b.versionAt("/matches/" + theirs)
	counter.Set("runs", "none")
	if a := b.post("/matches/"+theirs+"/counter", counter); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `value="none"`) {
		t.Errorf("other terms that are none answered %d", a.status)
	}
	decline := b.versionAt("/matches/" + theirs)
	decline.Set("reason", "too many kinds")
	if a := b.post("/matches/"+theirs+"/decline", decline); a.status != http.StatusSeeOther {
		t.Fatalf("declining answered %d: %s", a.status, reads(t, a.body))
	}
	says(t, b.page("/matches/"+theirs), "State: declined", "Reason: too many kinds")
	says(t, atNorth(t).page("/matches"), fmt.Sprintf("M%d", ours)+" \\| (proposed|declined) \\| .*")
}

// A waiver shows its officer and its review, and its clock runs to that.
func TestWaivedWarning(t *testing.T) {
	n := newNode(t, "North")
	if _, err := n.Watch(t.Context(), store.Watch{Selector: selector.Selector{Kind: selector.Email, Value: "desk@hall.example"}, Recipient: "The hall"}); err != nil {
		t.Fatal(err)
	}
	importText(t, n, "note.json", bundle(t, `{"type":"note","spec_version":"2.1","id":"note--11111111-1111-4111-8111-111111111111","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"write to desk@hall.example","object_refs":["note--11111111-1111-4111-8111-111111111111"]}`))
	for _, to := range []warning.State{warning.Screened, warning.Waived} {
		_, err := n.StepWarning(t.Context(), 1, to, func(_ *warning.Warning, ev *warning.Event) {
			if ev.To == warning.Waived {
				ev.Reason, ev.Detail.Officer, ev.Detail.Review = string(warning.AlreadyAware), "duty officer Amal", ev.At.Add(50*time.Hour)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	b := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	says(t, b.page("/warnings"), "W1 \\| review within 2 d 2 h \\| "+anyTime+" \\| routine \\| waived \\| The hall \\| .*")
	says(t, b.page("/warnings/W1"), anyTime+" \\| amira \\| screened → waived \\| already-aware \\| Officer: duty officer Amal. Review "+anyTime+".")
}
