package selector

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// findScheme reads the URL whose scheme ends at the colon at i, and returns where
// to go on: just after the colon, for what stands in a URL is looked at too.
func (f *Finder) findScheme(text string, i int) int {
	if end := f.findColon(text, i); end > 0 {
		return end
	}
	if i > 2 && text[i-1]|0x20 == 'o' && text[i-2]|0x20 == 'e' {
		f.findGeo(text, i)
	}
	if i < f.urlEnd || !strings.HasPrefix(text[i+1:], "//") && !strings.HasPrefix(text[i+1:], "]//") {
		return i + 1
	}
	start := schemeStart(text, i)
	if start < 0 {
		return i + 1
	}
	if kind, value, end, ok := linkAt(text, start, i+1); ok {
		f.add(text, kind, start, end, value, High)
		f.urlEnd = end
		return i + 1
	}
	end := urlEnd(text, i+1, shortURL)
	if end-i >= shortURL-maxProse {
		if !hasHost(text[start:], i-start) {
			return i + 1
		}
		end = urlEnd(text, i+1, maxRaw)
	}
	if value, err := normalURL(text[start:end]); err == nil {
		f.add(text, URL, start, end, value, High)
		f.urlEnd = end
		f.findPlace(text, start, end)
	} else if end-i >= maxRaw {
		f.urlEnd = end // one overlong URL, not a thousand that begin inside it
	}
	return i + 1
}

// shortURL is how far a URL is read before its host is looked at alone. maxProse is
// more than the punctuation that is trimmed from the end of most.
const (
	shortURL = 512
	maxProse = 16
)

// findPlace takes out the place that a link to a map shows.
func (f *Finder) findPlace(text string, start, end int) {
	raw := text[start:end]
	if !strings.Contains(raw, "map") && !strings.Contains(raw, "waze") {
		return
	}
	if value, ok := placeInLink(raw); ok {
		f.add(text, Coordinates, start, end, value, High)
	}
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
