package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/node"
	"parley/internal/triage"
	"parley/selector"
)

func (a *app) triageCommand() *cobra.Command {
	var workers int
	var words, patterns string
	c := &cobra.Command{
		Use:   "triage EVIDENCE",
		Short: "Find the selectors, contacts, messages and pictures in evidence",
		Long: `Triage opens evidence, through archives and databases, and keeps every selector
and artifact with the place it came from. Nothing is unpacked to disk and
nothing in it is executed. What cannot be read is listed, and the rest goes on.

--words names a file with a word or a row of words a line, --patterns one with a
name, a colon and an expression of RE2 a line. What they meet is found as well.`,
		Example: `  parley triage E1
  parley triage E1 --words codewords.txt --patterns cases.txt
  parley evidence files E1 --faulty`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := number("E", args[0])
			if err != nil {
				return err
			}
			vocabulary, err := readVocabulary(words, patterns)
			if err != nil {
				return err
			}
			return a.withNode(c.Context(), func(n *node.Node) error {
				bar := a.progress()
				begin := time.Now()
				got, err := n.Triage(c.Context(), id, node.TriageOptions{Vocabulary: vocabulary, Workers: workers, Progress: func(p triage.Progress) {
					bar.show("triage", fmt.Sprintf("triage: %d files, %d selectors", p.Files, p.Findings), p.Bytes, -1)
				}})
				bar.end()
				if err != nil {
					return err
				}
				return a.print(got, func() { a.sayTriaged(got, time.Since(begin)) })
			})
		},
	}
	c.Flags().IntVar(&workers, "workers", 0, "how many files are read at once (0: one a processor)")
	c.Flags().StringVar(&words, "words", "", "a file of words to look for, a word or a row of words a line")
	c.Flags().StringVar(&patterns, "patterns", "", "a file of patterns to look for, a line each: name: expression of RE2")
	return c
}

// readVocabulary reads the files of somebody's own words and patterns; "" is none.
func readVocabulary(words, patterns string) (*selector.Vocabulary, error) {
	if words == "" && patterns == "" {
		return nil, nil
	}
	var readers [2]io.Reader
	for i, path := range [...]string{words, patterns} {
		if path == "" {
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, usageError{fmt.Errorf("read what to look for: %w", err)}
		}
		defer file.Close()
		readers[i] = file
	}
	v, err := selector.ReadVocabulary(readers[0], readers[1])
	if err != nil {
		return nil, usageError{err}
	}
	return v, nil
}

func (a *app) sayTriaged(t node.Triaged, took time.Duration) {
	a.say("E%d: %d selectors in %d places, from %d files (%s) in %s", t.Evidence, t.Distinct, t.Summary.Findings,
		t.Summary.Files, size(t.Summary.Bytes), took.Round(time.Millisecond))
	var kinds []string
	for _, k := range selector.Kinds() {
		if c := t.Selectors[k]; c > 0 {
			kinds = append(kinds, fmt.Sprintf("%d %s", c, k))
		}
	}
	if len(kinds) > 0 {
		a.say("  %s", strings.Join(kinds, ", "))
	}
	var artifacts []string
	for k, c := range t.Artifacts {
		artifacts = append(artifacts, fmt.Sprintf("%d %s", c, k))
	}
	slices.Sort(artifacts)
	a.say("  artifacts: %s", strings.Join(artifacts, ", "))
	if t.Summary.Faults > 0 {
		a.say("  %d files could not be read whole: parley evidence files E%d --faulty", t.Summary.Faults, t.Evidence)
	}
	if t.Raised > 0 {
		a.say("  %d warnings raised: parley warning list", t.Raised)
	}
}
