package main

import (
	"github.com/spf13/cobra"

	"parley/internal/folder"
	"parley/internal/relay"
)

func (a *app) allowanceCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "allowance",
		Short: "What parties may take of a relay that asks for tokens",
		Long: `A relay that was started with --tokens takes parcels only into mailboxes that
their reader has opened. Its operator gives each party that collects there an
allowance to do so, and can take it back.`,
	}
	c.AddCommand(a.allowanceAddCommand(), a.allowanceRevokeCommand())
	return c
}

func (a *app) allowanceAddCommand() *cobra.Command {
	var dir, address, out string
	var mailboxes int
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "Let a party open mailboxes at a relay that asks for tokens",
		Long: `Add makes an allowance: a secret by which a party gets blind tokens, each of
which opens one mailbox. The relay keeps how many were taken, and cannot tell
which mailbox was opened with whose. Give the file to that party only; it runs
'parley serve --allowance FILE'. The relay may be running.`,
		Example: `  parley allowance add north --dir relay-data --address "$(cat relay.address)" --mailboxes 200 --out north.allowance`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			at, err := relay.ParseAddress(address)
			if err != nil {
				return usageError{err}
			}
			secret, err := relay.Allow(dir, args[0], mailboxes)
			if err != nil {
				return err
			}
			if err := folder.Replace(out, []byte(at.String()+" "+secret.String()+"\n"), 0o600); err != nil {
				return err
			}
			return a.print(map[string]any{"name": args[0], "mailboxes": mailboxes, "file": out}, func() {
				a.say("%s may open %d mailboxes in half of the time that parcels are kept; its secret is in %s", args[0], mailboxes, out)
			})
		},
	}
	fl := c.Flags()
	fl.StringVar(&dir, "dir", "relay-data", "the relay's folder")
	fl.StringVar(&address, "address", "", "the relay's address, as nodes name it")
	fl.IntVar(&mailboxes, "mailboxes", 100, "how many mailboxes it may open in half of the relay's --max-age")
	fl.StringVar(&out, "out", "", "file to write the address and the secret to")
	_ = c.MarkFlagRequired("address")
	_ = c.MarkFlagRequired("out")
	return c
}

func (a *app) allowanceRevokeCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "revoke NAME",
		Short: "Take an allowance back",
		Long: `Revoke gives a party no more tokens, from now on. Those that it has cannot be
told from others: they stay good for as long as a parcel is kept, at most.`,
		Example: `  parley allowance revoke north --dir relay-data`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := relay.Revoke(dir, args[0]); err != nil {
				return err
			}
			return a.print(map[string]string{"revoked": args[0]}, func() { a.say("%s gets no more tokens", args[0]) })
		},
	}
	c.Flags().StringVar(&dir, "dir", "relay-data", "the relay's folder")
	return c
}

// readAllowances reads the files that operators of relays gave.
func readAllowances(files []string) (map[relay.Address]relay.Allowance, error) {
	all := map[relay.Address]relay.Allowance{}
	for _, name := range files {
		at, secret, err := relay.ReadAllowance(name)
		if err != nil {
			return nil, err
		}
		all[at] = secret
	}
	return all, nil
}
