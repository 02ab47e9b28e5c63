package triage

import (
	"context"

	"parley/selector"
)

// Android's accounts_ce.db, before Android 7 accounts.db: one row of accounts is
// one account the telephone signs in with. What it signs in with, in the column
// password and in the table authtokens, is not made part of the artifact.
func readAndroidAccounts(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "accounts", "name type", func(account record) error {
		name := account.text("name")
		return r.recorded(Artifact{
			Kind: KindAccount, Application: account.text("type"), Name: name, Selectors: r.field(selector.Email, name),
		}, account)
	})
}
