package selector

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// findScheme reads the URL whose scheme ends at the colon at i, and returns where
// to go on: just after the colon, for what stands in a URL is looked at too.
func (f *Finder) findScheme(text string, i int) int {
	if i < f.urlEnd || !strings.HasPrefix(text[i+1:], "//") && !strings.HasPrefix(text[i+1:], "]//") {
		return i + 1
	}
	start := schemeStart(text, i)
	if start < 0 {
		return i + 1
	}
	if kind, value, end, ok := linkAt(text, start, i+1); ok {
		f.add(text, kind, start, end, value)
		f.urlEnd = end
		return i + 1
	}
	if !hasHost(text[start:], i-start) {
		return i + 1
	}
	end := urlEnd(text, i+1, maxRaw)
	if value, err := normalURL(text[start:end]); err == nil {
		f.add(text, URL, start, end, value)
		f.urlEnd = end
	} else if end-i >= maxRaw {
		f.urlEnd = end // one overlong URL, not a thousand that begin inside it
	}
	return i + 1
}

// hasHost looks at the authority alone. In a hostile row of schemes most go no
// further, and so the row is not read to its end again for each of them.
func hasHost(text string, colon int) bool {
	slashes := colon + 1 + strings.Index(text[colon+1:], "//") + len("//")
	authority := text[slashes:min(len(text), slashes+4*maxHost)]
	if end := strings.IndexAny(authority, "/?#"); end >= 0 {
		authority = authority[:end]
	}
	end := urlEnd(authority, 0, len(authority))
	_, err := normalURL(text[:slashes+end])
	return err == nil
}

// schemeStart gives where the scheme before the colon at i starts, or -1.
func schemeStart(text string, i int) int {
	if i > 0 && text[i-1] == '[' {
		i--
	}
	for _, scheme := range [...]string{"https", "http", "hxxps", "hxxp", "tg"} {
		start := i - len(scheme)
		if start >= 0 && strings.EqualFold(text[start:i], scheme) && !wordBefore(text, start) {
			return start
		}
	}
	return -1
}

// urlEnd gives where the URL that goes on at i ends: before white space, quotes
// and brackets no URL has, and without the punctuation of the prose around it.
func urlEnd(text string, i, most int) int {
	start, limit := i, min(len(text), i+most)
	for i < limit {
		c := classes[text[i]]
		if c&classURL != 0 {
			i++
			continue
		}
		if c&classHigh == 0 {
			break
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError || unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			break
		}
		i += n
	}
	return trimProse(text, start, i)
}

func trimProse(text string, start, end int) int {
	for end > start {
		switch c := text[end-1]; c {
		case '.', ',', ';', ':', '!', '?', '\'', '*', '~':
		case ')', ']':
			open := byte('(')
			if c == ']' {
				open = '['
			}
			inside := text[start:end]
			if strings.Count(inside, string(open)) >= strings.Count(inside, string(c)) {
				return end
			}
		default:
			return end
		}
		end--
	}
	return end
}

// findLink reads links that people write without scheme: t.me/handle and
// wa.me/number, whose host is text[start:end].
func (f *Finder) findLink(text string, start, end int) bool {
	if end >= len(text) || text[end] != '/' || end-start > 20 {
		return false
	}
	kind, value, linkEnd, ok := linkAt(text, start, end)
	if ok {
		f.add(text, kind, start, linkEnd, value)
		f.urlEnd = linkEnd
	}
	return ok
}

// maxLink bounds a link to an account, in bytes; longer ones are URLs.
const maxLink = 256

// linkAt reads the link that starts at start and whose path is after i.
func linkAt(text string, start, i int) (kind Kind, value string, end int, ok bool) {
	end = urlEnd(text, i, maxLink)
	kind, value, ok = readLink(text[start:end])
	return kind, value, end, ok && end-i < maxLink
}

// readLink reads addresses that stand for an account rather than for a page.
func readLink(raw string) (Kind, string, bool) {
	if value, err := normalTelegram(raw); err == nil && strings.Contains(raw, "/") {
		return Telegram, value, true
	}
	link := raw
	if _, rest, err := cutScheme(raw); err == nil {
		link = rest
	}
	host, path, _ := strings.Cut(refang(link), "/")
	host = strings.ToLower(host)
	path, query, _ := strings.Cut(path, "?")
	number := ""
	switch {
	case host == "wa.me":
		number = path
	case telegramHost(host) && strings.HasPrefix(path, "+"):
		number = path
	case host == "api.whatsapp.com":
		_, number, _ = strings.Cut("&"+query, "&phone=")
		number, _, _ = strings.Cut(number, "&")
	}
	value, ok := international(strings.Trim(number, "+/"))
	return Phone, value, ok
}
