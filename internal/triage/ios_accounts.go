package triage

import (
	"context"

	"parley/selector"
)

// iOS's Accounts3.sqlite: a row of ZACCOUNT is an account the device signs in
// with, ZACCOUNTTYPE the row of the table of the same name that says where.
func readIOSAccounts(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "ZACCOUNT", "ZUSERNAME ZACCOUNTDESCRIPTION ZACCOUNTTYPE ZDATE", func(account record) error {
		kind, err := db.find(ctx, "ZACCOUNTTYPE", account.int("ZACCOUNTTYPE"), "ZIDENTIFIER")
		if err != nil {
			return err
		}
		name := account.text("ZUSERNAME")
		return r.recorded(Artifact{
			Kind: KindAccount, Application: kind.text("ZIDENTIFIER"), Name: name, Text: account.text("ZACCOUNTDESCRIPTION"),
			Time: cocoa(account.real("ZDATE")), Selectors: r.field(selector.Email, name),
		}, account)
	})
}

// iOS's applicationState.db: a row of application_identifier_tab is an application
// that is or was installed.
func readIOSApplications(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "application_identifier_tab", "application_identifier", func(application record) error {
		return r.recorded(Artifact{Kind: KindApplication, Application: "iOS", Name: application.text("application_identifier")}, application)
	})
}
