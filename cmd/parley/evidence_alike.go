package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/spf13/cobra"

	"parley/internal/media"
	"parley/internal/node"
	"parley/pdq"
)

func (a *app) evidenceAlikeCommand() *cobra.Command {
	var within int
	c := &cobra.Command{
		Use:   "alike ARTIFACT|FILE|HASH",
		Short: "Find pictures in all evidence that look like one",
		Long: `Alike finds the pictures that triage found whose perceptual hashes (PDQ)
differ in few bits from that of a picture among them, of a file (JPEG, PNG,
GIF), or from a hash of 64 digits. It says that they look alike, never that
they are the same; below a quality of 50 it says little. A picture turned or
mirrored is not found.`,
		Example: `  parley evidence alike A132
  parley evidence alike poster.jpg --within 40`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(c.Context(), func(n *node.Node) error {
				hash, err := likenessOf(c.Context(), n, args[0])
				if err != nil {
					return err
				}
				all, err := n.Alikes(c.Context(), hash, within)
				if err != nil {
					return err
				}
				return a.print(all, func() {
					var rows [][]string
					for _, p := range all {
						rows = append(rows, []string{fmt.Sprint(p.Distance), fmt.Sprintf("A%d", p.Artifact), fmt.Sprintf("E%d", p.Evidence), fmt.Sprint(p.Quality), p.Place})
					}
					a.table("none", []string{"distance", "artifact", "evidence", "quality", "place"}, rows)
				})
			})
		},
	}
	c.Flags().IntVar(&within, "within", media.PictureRadius, "how many of the 256 bits may differ")
	return c
}

var (
	artifactName = regexp.MustCompile(`^[Aa][0-9]+$`)
	hashName     = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
)

// mostPicture bounds the file of a picture that others are compared with, in bytes.
const mostPicture = 64 << 20

// likenessOf reads what pictures are to look like.
func likenessOf(ctx context.Context, n *node.Node, what string) (pdq.Hash, error) {
	switch {
	case artifactName.MatchString(what):
		id, err := number("A", what)
		if err != nil {
			return pdq.Hash{}, err
		}
		return n.LikenessOf(ctx, id)
	case hashName.MatchString(what):
		return pdq.ParseHash(what)
	}
	file, err := os.Open(what)
	if err != nil {
		return pdq.Hash{}, fmt.Errorf("read the picture: %w", err)
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, mostPicture+1))
	if err != nil {
		return pdq.Hash{}, fmt.Errorf("read the picture: %w", err)
	}
	return n.LikenessOfFile(raw)
}
