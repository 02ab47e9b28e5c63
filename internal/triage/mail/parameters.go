package mail

import (
	"net/url"
	"strconv"
	"strings"
)

// mostParameters bounds those of one field.
const mostParameters = 100

// parameters reads a field like "text/plain; charset=utf-8", with values in
// quotation marks, values in pieces and values in another set of characters (RFC
// 2231). What is broken is left out, for a program that shows the message will
// show the rest.
func parameters(field string) (kind string, values map[string]string) {
	kind, rest, _ := strings.Cut(field, ";")
	kind, values = strings.ToLower(strings.TrimSpace(kind)), map[string]string{}
	for range mostParameters {
		name, after, found := strings.Cut(rest, "=")
		if !found {
			break
		}
		var value string
		value, rest = parameter(strings.TrimLeft(after, " \t"))
		if name = strings.ToLower(strings.TrimSpace(name)); values[name] == "" {
			values[name] = value
		}
	}
	for name := range values {
		if base, _, cut := strings.Cut(name, "*"); cut && values[base] == "" {
			values[base] = pieces(base, values)
		}
	}
	for name, value := range values {
		values[name] = DecodeWords(value)
	}
	return kind, values
}

// parameter reads a value and gives what comes after its semicolon.
func parameter(text string) (value, rest string) {
	if !strings.HasPrefix(text, `"`) {
		value, rest, _ = strings.Cut(text, ";")
		return strings.TrimSpace(value), rest
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			_, rest, _ = strings.Cut(text[i:], ";")
			return b.String(), rest
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// pieces puts a value together that stands in name*0, name*1* and so on, or in
// name* alone.
func pieces(base string, values map[string]string) string {
	if whole, ok := values[base+"*"]; ok {
		return extended(whole)
	}
	var b strings.Builder
	charset := ""
	for i := range mostParameters {
		number := base + "*" + strconv.Itoa(i)
		if plain, ok := values[number]; ok {
			b.WriteString(plain)
			continue
		}
		piece, ok := values[number+"*"]
		if !ok {
			break
		}
		if i == 0 {
			charset, piece = language(piece)
		}
		b.WriteString(percent(piece))
	}
	return string(toUTF8(charset, []byte(b.String())))
}

// extended reads charset'language'value.
func extended(text string) string {
	charset, value := language(text)
	return string(toUTF8(charset, []byte(percent(value))))
}

func language(text string) (charset, value string) {
	charset, rest, found := strings.Cut(text, "'")
	_, value, again := strings.Cut(rest, "'")
	if !found || !again {
		return "", text
	}
	return charset, value
}

func percent(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
