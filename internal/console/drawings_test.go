package console_test

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/console"
)

// A proposition's page shows how it was told, from the origins on.
func TestOriginsAreDrawn(t *testing.T) {
	page := atNorth(t).get("/claims/note--ed092f9d-30ea-40a5-9393-fde915775840")
	for _, words := range []string{
		`<svg xmlns="http://www.w3.org/2000/svg" class="drawing graph"`, "<title>Where it began</title>", "not named, behind Source-1 (origin): source F; it may be another one that is not named",
		`<a href="#note--9855b926`, "State A → State A gave Movement B what it had intercepted of Group C.: denies", "The same as a table",
	} {
		if !strings.Contains(page.body, words) {
			t.Errorf("the page has no %s", words)
		}
	}
}

func TestContactsAreDrawn(t *testing.T) {
	north := atNorth(t)
	says(t, north.page("/evidence/E1/contacts"),
		"Samir Halloran / Samir Halloran – vélo \\+12025550147 \\(account\\) \\| E1, who had it \\(device\\) \\| 6, 4 back \\| 10",
		"نورة بترسون \\+12125550112 \\(account\\) \\| E1, who had it \\(device\\) \\| 3, 2 back \\| 5", "lamp & light \\(person\\) \\| lamp group \\(person\\) \\| 7 \\| 7")
	for path, status := range map[string]int{
		"/evidence/E1/contacts?most=30": http.StatusOK, "/evidence/E1/contacts?most=1000": http.StatusBadRequest, "/evidence/E9/contacts": http.StatusNotFound, "/evidence/E9/map": http.StatusNotFound,
	} {
		if a := north.get(path); a.status != status {
			t.Errorf("%s answered %d", path, a.status)
		}
	}
}

// The part of time that is shown is in the address, with the ways on from it.
func TestTimelineKeepsItsWindowInTheAddress(t *testing.T) {
	north := atNorth(t)
	says(t, north.page("/evidence/E1/timeline"), "← earlier closer wider later →.*")
	near := north.page("/evidence/E1/timeline?from=2026-08-24T07:00:00Z&to=2026-08-24T08:00:00Z")
	says(t, near, "← earlier closer wider later → all of it.*", "2026-08-24T07:30:00Z \\| .*Your order is ready.*\\| message")
	has(t, near, "90 events lie outside what is shown.")
	if a := north.get("/evidence/E1/timeline?from=x"); a.status != http.StatusBadRequest {
		t.Error(a.status)
	}
}

func TestPlacesAreOnTheMap(t *testing.T) {
	north := atNorth(t)
	says(t, north.page("/evidence/E1/map"), "IMG_20260827_140000.jpg \\| 48.20000 \\| 16.38333 \\| not known \\| picture \\| 2026-08-27T12:00:00Z phone.zip.*")
	has(t, north.page("/evidence/E1/map?area=0,0,10,10"), "4 places lie outside what is shown.")
	if a := north.get("/evidence/E1/map?area=10,0,0,10"); a.status != http.StatusBadRequest {
		t.Error(a.status)
	}
}

// Pictures are mosaics: nothing of the file reaches the browser, and what cannot
// be opened says why.
func TestPicturesAreMosaics(t *testing.T) {
	north := atNorth(t)
	a := north.get("/evidence/E1/pictures")
	if n := strings.Count(a.body, `class="drawing mosaic"`); n != 9 || strings.Contains(a.body, "<img") || strings.Contains(a.body, "Not opened") {
		t.Errorf("%d mosaics of 9 pictures", n)
	}
	says(t, reads(t, a.body), "IMG_20260825_140000.jpg", "640×480 pixels, Examplefone Demo 3, located", "phone.zip!/sdcard/DCIM/Camera/IMG_20260825_140000.jpg")
}

// Evidence without times, places or messages says so.
func TestNothingToDraw(t *testing.T) {
	n := newNode(t, "North")
	importText(t, n, "note.txt.dat", "call +1 202-555-0147")
	b := browse(t, n, console.Options{}).signedIn("amira", passphrase)
	for _, path := range []string{"timeline", "contacts", "map", "pictures"} {
		has(t, b.page("/evidence/E1/"+path), "Not triaged yet: parley triage E1.")
	}
}
