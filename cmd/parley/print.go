package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf16"

	"golang.org/x/term"
)

// print writes a result as JSON when asked, and otherwise as text.
func (a *app) print(v any, text func()) error {
	if !a.asJSON {
		text()
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if _, err := io.WriteString(a.out, escaped(b.String())); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// tell says something while the work goes on; as JSON, when asked, in a line of its own
// on standard error, so that standard output holds the result alone.
func (a *app) tell(v any, text func()) error {
	if !a.asJSON {
		text()
		return nil
	}
	line, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	if _, err := io.WriteString(a.err, escaped(string(line))+"\n"); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// escaped writes what a terminal might act on as JSON escapes: the text stays
// the same to a program, and does nothing to a person's screen.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || strconv.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// orEmpty makes an empty list print as [] and not as null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (a *app) say(format string, args ...any) { fmt.Fprintf(a.out, format+"\n", args...) }

// table prints aligned columns; nothing but the sentence given when empty.
func (a *app) table(empty string, header []string, rows [][]string) {
	if len(rows) == 0 {
		a.say("%s", empty)
		return
	}
	w := tabwriter.NewWriter(a.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, strings.ToUpper(strings.Join(header, "\t")))
	for _, r := range rows {
		for i := range r {
			r[i] = plain(r[i])
		}
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	w.Flush()
}

// plain makes a text safe to print at a terminal: what an enemy wrote must not
// move the cursor, hide itself or turn the line around.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return '·'
	}, s)
}

// plainText is plain for a text of several lines.
func plainText(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = plain(lines[i])
	}
	return strings.Join(lines, "\n")
}

// atTerminal reports whether people are watching standard error.
func (a *app) atTerminal() bool {
	f, ok := a.err.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// cut shortens a text to a number of characters.
func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

func when(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

// size prints a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d B", n)
	case n < 10_000_000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// number reads "E3", "e3" or "3".
func number(prefix, s string) (int64, error) {
	digits := strings.TrimPrefix(strings.TrimPrefix(s, prefix), strings.ToLower(prefix))
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 {
		return 0, usageError{fmt.Errorf("%q is no number like %s1", s, prefix)}
	}
	return n, nil
}
