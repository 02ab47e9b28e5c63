package channel

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is the longest name of a party, in bytes of UTF-8.
const MaxName = 64

// Party is a participant, by the name it goes by between these two.
type Party struct {
	Name string
}

// checkName refuses names that could be shown as something they are not: control and bidirectional characters,
// other invisible ones, and blanks at the edges or in a row.
func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("the name is empty")
	case len(name) > MaxName:
		return fmt.Errorf("the name has %d bytes, at most %d are allowed", len(name), MaxName)
	case !utf8.ValidString(name):
		return errors.New("the name is not valid UTF-8")
	case strings.TrimSpace(name) != name || strings.Contains(name, "  "):
		return errors.New("the name begins or ends with a blank, or has two in a row")
	}
	for i, r := range name {
		if !visible(r) || (i == 0 && unicode.IsMark(r)) {
			return fmt.Errorf("the name has a character that cannot be shown, %U at byte %d", r, i)
		}
	}
	return nil
}

// visible says whether r is drawn as itself. IsPrint leaves out control, format (so every bidirectional control)
// and separator characters except the blank; some letters and marks that draw nothing have to be named.
func visible(r rune) bool {
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
