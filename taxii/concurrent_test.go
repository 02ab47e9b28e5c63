package taxii_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"parley/stix"
	"parley/taxii"
)

// TestReadersMissNothingWhileWritersPost lets four clients post while two read, one paging by next
// and one by added_after, until everything that was posted has come.
func TestReadersMissNothingWhileWritersPost(t *testing.T) {
	const writers, envelopes, size = 4, 25, 20
	s := newStation(t) // whose clock stands still: the dates still differ
	client := serve(t, s.server, taxii.ClientOptions{})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			feed := client.Feed("/api1/", openID)
			for e := range envelopes {
				var batch []stix.Object
				for i := range size {
					batch = append(batch, parsed(t, object("indicator", (w*envelopes+e)*size+i, v(1)))...)
				}
				if status, err := feed.Add(background, batch); err != nil || status.SuccessCount != size {
					t.Errorf("writer %d: %+v, %v", w, status, err)
				}
			}
		})
	}
	for name, forgetNext := range map[string]bool{"by next": false, "by added_after": true} {
		all.Go(func() {
			if err := readAll(client, writers*envelopes*size, forgetNext); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	all.Wait()
}

// readAll reads from bookmark to bookmark until it has n different objects. It ends with an error as
// soon as one comes twice, or when all is there and one was missed.
func readAll(client *taxii.Client, n int, forgetNext bool) error {
	feed := client.Feed("/api1/", openID)
	seen := map[stix.ID]bool{}
	from := taxii.Bookmark{}
	for rounds := 0; len(seen) < n; rounds++ {
		for part, err := range feed.Pages(background, taxii.Filter{PageSize: 37}, from) {
			if err != nil {
				return err
			}
			for _, item := range part.Items {
				if seen[item.Object.ID()] {
					return fmt.Errorf("%s came twice", item.Object.ID())
				}
				seen[item.Object.ID()] = true
			}
			from = part.Bookmark
			if forgetNext && from.Next != "" {
				from = taxii.Bookmark{AddedAfter: from.Last}
				break
			}
		}
		if rounds > 1_000_000 {
			return fmt.Errorf("%d of %d came", len(seen), n)
		}
	}
	return nil
}

// TestDeletesAndReadsAtOnce is for the race detector: nothing is torn, and what is never touched
// always comes.
func TestDeletesAndReadsAtOnce(t *testing.T) {
	s := newStation(t)
	s.post(object("malware", 1, v(1)))
	place := taxii.Place{Root: "api1", Collection: openID}
	ctx, done := context.WithCancel(background)
	var readers sync.WaitGroup
	readers.Go(func() {
		for ctx.Err() == nil {
			page, err := s.memory.Page(background, place, taxii.Query{Limit: 10_000, Content: true})
			if err != nil || len(page.Records) == 0 || page.Records[0].ID.Type() != "malware" {
				t.Errorf("page of %d: %v", len(page.Records), err)
				return
			}
			for _, r := range page.Records {
				if len(r.Bytes) == 0 {
					t.Error("a record without its object")
				}
			}
		}
	})
	for range 20 {
		s.post(objects(50)...)
		for i := range 50 {
			s.ask("DELETE", openURL+"objects/"+idOf("indicator", i)+"/", "").want(200)
		}
	}
	done()
	readers.Wait()
	if n := len(s.get("objects/").list().Objects); n != 1 {
		t.Errorf("%d objects are left", n)
	}
}
