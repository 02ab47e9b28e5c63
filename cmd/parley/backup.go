package main

import (
	"github.com/spf13/cobra"

	"parley/internal/node"
)

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FOLDER",
		Short: "Write a whole copy of the node to a new folder, and read it back",
		Long: `Backup copies the store as it is at one moment, and the key file, while the node
goes on. The copy is encrypted as the node is and opens with the same
passphrases; it counts only after it was opened and read whole. To restore, put
the folder in the node's place; counterparts that went on meanwhile will notice,
and must be introduced anew.`,
		Example: `  parley backup /backup/north-2026-11-23`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				head, err := n.Backup(c.Context(), args[0])
				if err != nil {
					return err
				}
				return a.print(map[string]any{"folder": args[0], "ledger": head}, func() {
					a.say("backed up to %s: read whole, ledger of %d entries, head %s", args[0], head.Entries, head.Hash)
				})
			})
		},
	}
}
