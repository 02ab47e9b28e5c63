package triage

import (
	"context"

	"parley/selector"
)

// iOS's CallHistory.storedata: a row of ZCALLRECORD is a call, dated on Apple's
// clock. ZADDRESS is a text or, in some versions, a blob that holds one.

func readIOSCalls(ctx context.Context, r *reading, db *database) error {
	const columns = "ZADDRESS ZDATE ZDURATION ZORIGINATED ZANSWERED ZNAME ZSERVICE_PROVIDER"
	return db.each(ctx, "ZCALLRECORD", columns, func(call record) error {
		address, application := call.text("ZADDRESS"), "iOS calls"
		if provider := call.text("ZSERVICE_PROVIDER"); provider != "" && provider != "com.apple.Telephony" {
			application = provider
		}
		a := Artifact{
			Kind: KindCall, Application: application, Time: cocoa(call.real("ZDATE")), Name: call.text("ZNAME"),
			Selectors: r.field(selector.Phone, address),
		}
		what := "incoming"
		switch {
		case call.int("ZORIGINATED") != 0:
			what, a.To = "outgoing", address
		case call.int("ZANSWERED") == 0:
			what, a.From = "missed", address
		default:
			a.From = address
		}
		a.Text = lasting(what, int64(call.real("ZDURATION")))
		return r.recorded(a, call)
	})
}
