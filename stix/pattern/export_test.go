package pattern

// SearchBoth searches a text by package regexp and by the words of every script, which agree on
// texts in ASCII. It is false for an expression that is refused.
func SearchBoth(expression, text string) (std, words, ok bool) {
	r, err := compileRegex(expression, false)
	if err != nil {
		return false, false, false
	}
	tree, err := parseRegex(expression, false)
	if err != nil {
		return false, false, false
	}
	return r.std.MatchString(text), searchWords(programOf(tree), []rune(text)), true
}
