package triage

import (
	"context"
	"fmt"
	"time"

	"parley/selector"
)

// Android's call log, in calllog.db or, before Android 7, in contacts2.db: one row
// of calls is one call. date is in milliseconds since 1970, duration in seconds.
// https://developer.android.com/reference/android/provider/CallLog.Calls

const callOutgoing = 2

func readAndroidCalls(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "calls", "number date duration type name", func(call record) error {
		number := call.text("number")
		a := Artifact{
			Kind: KindCall, Application: "Android calls", Time: milliseconds(call.int("date")), Name: call.text("name"),
			Text: callText(int(call.int("type")), call.int("duration")), Selectors: r.field(selector.Phone, number),
		}
		if call.int("type") == callOutgoing {
			a.To = number
		} else {
			a.From = number
		}
		return r.recorded(a, call)
	})
}

// callText says what became of a call: CallLog.Calls.TYPE and its duration.
func callText(kind int, seconds int64) string {
	names := map[int]string{1: "incoming", 2: "outgoing", 3: "missed", 4: "voicemail", 5: "rejected", 6: "blocked"}
	name, known := names[kind]
	if !known {
		name = "call"
	}
	return lasting(name, seconds)
}

// lasting adds how long a call lasted.
func lasting(name string, seconds int64) string {
	if seconds <= 0 || seconds > 1<<31 {
		return name
	}
	return fmt.Sprintf("%s, %s", name, time.Duration(seconds)*time.Second)
}
