package triage

import (
	"context"
	"time"
)

// The histories of browsers. In each a page has its row in one table and every
// visit to it one in another.

// readChromium reads the History of Chromium and the browsers made of it.
func readChromium(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "visits", "url visit_time", func(visit record) error {
		page, err := db.find(ctx, "urls", visit.int("url"), "url title")
		if err != nil {
			return err
		}
		return r.visit("Chromium", page.text("url"), page.text("title"), webkit(visit.int("visit_time")), visit)
	})
}

// readChromiumDownloads reads where files came from.
func readChromiumDownloads(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "downloads", "target_path start_time tab_url referrer", func(file record) error {
		address := file.text("tab_url")
		if address == "" {
			address = file.text("referrer")
		}
		return r.visit("Chromium download", address, file.text("target_path"), webkit(file.int("start_time")), file)
	})
}

// readFirefox reads places.sqlite of Firefox; visit_date is in microseconds since
// 1970.
func readFirefox(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "moz_historyvisits", "place_id visit_date", func(visit record) error {
		page, err := db.find(ctx, "moz_places", visit.int("place_id"), "url title")
		if err != nil {
			return err
		}
		return r.visit("Firefox", page.text("url"), page.text("title"), milliseconds(visit.int("visit_date")/1000), visit)
	})
}

// readSafari reads History.db of Safari, which is on Apple's clock.
func readSafari(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "history_visits", "history_item visit_time title", func(visit record) error {
		page, err := db.find(ctx, "history_items", visit.int("history_item"), "url")
		if err != nil {
			return err
		}
		return r.visit("Safari", page.text("url"), visit.text("title"), cocoa(visit.real("visit_time")), visit)
	})
}

func (r *reading) visit(application, address, title string, at time.Time, from record) error {
	if address == "" {
		return nil // the page's row is gone
	}
	return r.recorded(Artifact{
		Kind: KindVisit, Application: application, Name: title, Text: clip(address, messageText), Time: at,
		Selectors: r.selectorsIn(clip(address, messageText), title),
	}, from)
}
