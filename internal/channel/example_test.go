package channel_test

import (
	"crypto/rand"
	"fmt"
	"time"

	"parley/internal/channel"
)

// Two parties swap introductions, compare what they read to each other, and talk. Errors are left out for brevity.
func Example() {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	forSouth, north, _ := channel.Introduce(rand.Reader, channel.IntroduceOptions{From: "North", To: "South", Now: now})
	forNorth, south, _ := channel.Introduce(rand.Reader, channel.IntroduceOptions{From: "South", To: "North", Now: now})
	fmt.Println("same digits:", channel.Spoken(forSouth, forNorth) == channel.Spoken(forNorth, forSouth))

	atNorth, _ := channel.Establish(north, forNorth)
	atSouth, _ := channel.Establish(south, forSouth)
	parcels, _ := atNorth.Seal(rand.Reader, channel.Message{Kind: "tearline", Body: []byte("the harbour is watched")})
	fmt.Println("on the wire:", len(parcels), "parcel of", len(parcels[0].Bytes), "bytes")

	opened, _ := atSouth.Open(parcels[0].Bytes)
	fmt.Printf("%s: %s\n", opened.Fragments[0].Kind, opened.Fragments[0].Data)
	_, err := atSouth.Open(parcels[0].Bytes)
	fmt.Println(err)
	// Output:
	// same digits: true
	// on the wire: 1 parcel of 4096 bytes
	// tearline: the harbour is watched
	// open a parcel: the parcel has been opened already; drop it
}
