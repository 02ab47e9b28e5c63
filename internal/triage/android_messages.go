package triage

import (
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"

	"parley/selector"
)

// Android's mmssms.db: one row of sms is one text message. date is in milliseconds
// since 1970; type 1 was received, every other type was written on this phone.
// https://developer.android.com/reference/android/provider/Telephony.TextBasedSmsColumns

const smsReceived = 1

func isMessages(db *database) bool {
	_, sms := db.table("sms", "_id", "address", "date", "type", "body")
	return sms
}

func readMessages(ctx context.Context, r *reading, db *database) error {
	const query = `SELECT _id, address, date, type, body FROM sms NOT INDEXED`
	return db.rows(ctx, query, func(row *sqlite3.Stmt) error {
		address, body := row.ColumnText(1), row.ColumnText(4)
		a := Artifact{
			Kind: KindMessage, Place: db.place.row("sms", row.ColumnInt64(0)), Application: "SMS",
			Time: milliseconds(row.ColumnInt64(2)), Text: body,
		}
		if row.ColumnInt(3) == smsReceived {
			a.From = address
		} else {
			a.To = address
		}
		a.Selectors = appendNew(r.field(selector.Phone, address), r.selectorsIn(body)...)
		return r.artifact(a)
	})
}

// milliseconds reads a time as Android stores it; zero stays unknown.
func milliseconds(ms int64) time.Time {
	if ms <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
