package remote

import (
	"context"
	"fmt"
	"net/url"

	"parley/internal/node"
	"parley/internal/views"
)

// Status is [node.Node.Status].
func (c *Client) Status(ctx context.Context) (node.Status, error) {
	return get[node.Status](ctx, c, "/status")
}

// Ledger reads entries from one on, at most limit (0: all).
func (c *Client) Ledger(ctx context.Context, from int64, limit int) ([]views.Entry, error) {
	rows := []views.Entry{}
	for {
		some, err := get[[]views.Entry](ctx, c, fmt.Sprintf("/ledger?from=%d", max(from, 1)))
		if err != nil || len(some) == 0 {
			return rows, err
		}
		rows = append(rows, some...)
		if limit > 0 && len(rows) >= limit {
			return rows[:limit], nil
		}
		from = some[len(some)-1].Seq + 1
	}
}

// VerifyLedger is [node.Node.VerifyLedger].
func (c *Client) VerifyLedger(ctx context.Context, known string) (node.LedgerHead, error) {
	return get[node.LedgerHead](ctx, c, "/ledger/head?"+url.Values{"contains": {known}}.Encode())
}

// Inbox lists what came, newest first, at most limit (0: all).
func (c *Client) Inbox(ctx context.Context, limit int) ([]node.Letter, error) {
	return all[node.Letter](ctx, c, "/inbox", limit)
}

// Letter is [node.Node.Letter].
func (c *Client) Letter(ctx context.Context, id int64) (node.Letter, error) {
	return one[node.Letter](ctx, c, fmt.Sprintf("/inbox/I%d", id))
}

// Counterparts lists the parties that the node was introduced to.
func (c *Client) Counterparts(ctx context.Context) ([]views.Counterpart, error) {
	return all[views.Counterpart](ctx, c, "/counterparts", 0)
}

// Balances is [node.Node.Balances].
func (c *Client) Balances(ctx context.Context, with string) ([]node.Balance, error) {
	return find[[]node.Balance](ctx, c, "/balances/find", fields{"with": with})
}

// Reports is [node.Node.Reports].
func (c *Client) Reports(ctx context.Context, theirs bool) ([]node.Report, error) {
	if theirs {
		return all[node.Report](ctx, c, "/reports", 0)
	}
	return all[node.Report](ctx, c, "/reports?ours=yes", 0)
}
