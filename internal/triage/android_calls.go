package triage

import (
	"context"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"

	"parley/selector"
)

// Android's call log, in calllog.db or, before Android 7, in contacts2.db: one row
// of calls is one call. date is in milliseconds since 1970, duration in seconds.
// https://developer.android.com/reference/android/provider/CallLog.Calls

const callOutgoing = 2

func isCalls(db *database) bool {
	_, calls := db.table("calls", "_id", "number", "date", "duration", "type")
	return calls
}

func readCalls(ctx context.Context, r *reading, db *database) error {
	name := "NULL"
	if t, _ := db.table("calls"); t.has("name") {
		name = "name"
	}
	return db.rows(ctx, `SELECT _id, number, date, duration, type, `+name+` FROM calls NOT INDEXED`, func(row *sqlite3.Stmt) error {
		number := row.ColumnText(1)
		a := Artifact{
			Kind: KindCall, Place: db.place.row("calls", row.ColumnInt64(0)), Application: "Android calls",
			Time: milliseconds(row.ColumnInt64(2)), Name: row.ColumnText(5),
			Text:      callText(row.ColumnInt(4), row.ColumnInt64(3)),
			Selectors: r.field(selector.Phone, number),
		}
		if row.ColumnInt(4) == callOutgoing {
			a.To = number
		} else {
			a.From = number
		}
		return r.artifact(a)
	})
}

// callText says what became of a call: CallLog.Calls.TYPE and its duration.
func callText(kind int, seconds int64) string {
	names := map[int]string{1: "incoming", 2: "outgoing", 3: "missed", 4: "voicemail", 5: "rejected", 6: "blocked"}
	name, known := names[kind]
	if !known {
		name = "call"
	}
	if seconds <= 0 || seconds > 1<<31 {
		return name
	}
	return fmt.Sprintf("%s, %s", name, time.Duration(seconds)*time.Second)
}
