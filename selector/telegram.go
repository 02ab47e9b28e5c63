package selector

import (
	"errors"
	"net/url"
	"strings"
)

const (
	minHandle = 5
	maxHandle = 32
	maxInvite = 64 // invite codes in use have 16 to 22 characters
	minInvite = 8
)

var errHandle = errors.New("a Telegram handle is 5 to 32 letters, digits or underscores and starts with a letter")

// normalTelegram reads a handle, with or without @, and links to one. The code
// of an invite keeps its case, and its leading +, which no handle has.
func normalTelegram(raw string) (string, error) {
	raw = refang(raw)
	if rest, ok := cutFold(raw, "tg://"); ok {
		return telegramScheme(rest)
	}
	for _, scheme := range [...]string{"https://", "http://", "hxxps://", "hxxp://"} {
		if rest, ok := cutFold(raw, scheme); ok {
			raw = rest
			break
		}
	}
	raw, _ = cutFold(raw, "www.")
	if host, path, ok := strings.Cut(raw, "/"); ok {
		if !telegramHost(host) {
			return "", errors.New("it is a link, but not to t.me or telegram.me")
		}
		return telegramPath(path)
	}
	if strings.HasPrefix(raw, "+") {
		return normalInvite(raw[1:])
	}
	return normalHandle(strings.TrimPrefix(raw, "@"))
}

func telegramHost(host string) bool {
	switch strings.ToLower(host) {
	case "t.me", "telegram.me", "telegram.dog":
		return true
	}
	return false
}

// telegramPath reads what stands after t.me/.
func telegramPath(path string) (string, error) {
	path, _, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	first, rest, _ := strings.Cut(path, "/")
	if code, ok := strings.CutPrefix(first, "+"); ok {
		return normalInvite(code)
	}
	switch strings.ToLower(first) {
	case "joinchat":
		code, _, _ := strings.Cut(rest, "/")
		return normalInvite(code)
	case "s": // the web preview of a channel
		handle, _, _ := strings.Cut(rest, "/")
		return normalHandle(handle)
	case "share", "addstickers", "addemoji", "addtheme", "addlist", "proxy", "socks", "login",
		"setlanguage", "confirmphone", "contact", "boost", "giftcode", "invoice", "iv":
		return "", errors.New("the link names no account")
	}
	return normalHandle(first)
}

// telegramScheme reads what stands after tg://.
func telegramScheme(rest string) (string, error) {
	action, query, _ := strings.Cut(rest, "?")
	query, _, _ = strings.Cut(query, "#")
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", errors.New("the query of the tg link is broken")
	}
	switch strings.ToLower(strings.TrimSuffix(action, "/")) {
	case "resolve":
		return normalHandle(values.Get("domain"))
	case "join":
		return normalInvite(values.Get("invite"))
	}
	return "", errors.New("the tg link names no account")
}

func normalHandle(handle string) (string, error) {
	if len(handle) < minHandle || len(handle) > maxHandle {
		return "", errHandle
	}
	for i := range len(handle) {
		if classes[handle[i]]&classWord == 0 {
			return "", errHandle
		}
	}
	if classes[handle[0]]&classDigit != 0 || handle[0] == '_' {
		return "", errHandle
	}
	return strings.ToLower(handle), nil
}

func normalInvite(code string) (string, error) {
	if len(code) < minInvite || len(code) > maxInvite {
		return "", errors.New("the code of a Telegram invite has 8 to 64 characters")
	}
	digits := 0
	for i := range len(code) {
		if classes[code[i]]&classHost == 0 {
			return "", errors.New("the code of a Telegram invite holds letters, digits, - and _")
		}
		digits += int(classes[code[i]] & classDigit)
	}
	if digits == len(code) {
		return "", errors.New("t.me/+ and only digits is a phone number")
	}
	return "+" + code, nil
}

// findHandle reads the handle after the @ at i and returns where to go on. Whose
// it is says the word before it; without one it is taken for Telegram's.
func (f *Finder) findHandle(text string, i int) int {
	if hostRuneBefore(text, i) > 0 || i > 0 && strings.IndexByte("@./+\\", text[i-1]) >= 0 {
		return i + 1
	}
	if !wordAt(text, i+1) && !(i+1 < len(text) && text[i+1] == '.') {
		return i + 1
	}
	start := i
	read, sure := (*site)(nil), Low
	switch f.labelWithin(text, i, accountReach) {
	case labelTelegram:
		sure = High
	case labelX:
		read = xSite
	case labelInstagram:
		read = instagramSite
	case labelFacebook:
		read = facebookSite
	case labelTikTok:
		read = tiktokSite
	case labelVK:
		read = vkSite
	case labelService, labelSignal:
		return i + 1
	}
	if read != nil {
		return f.findName(text, start, read)
	}
	end := i + 1
	for wordAt(text, end) && end-i <= maxHandle+1 {
		end++
	}
	if !handleEnds(text, end) {
		return i + 1
	}
	if handle, err := normalHandle(text[i+1 : end]); err == nil && (sure == High || !inCode(handle)) {
		f.add(text, Telegram, i, end, handle, sure)
	}
	return end
}

// inCode: what programs and style sheets write after an @.
func inCode(handle string) bool {
	switch handle {
	case "media", "import", "param", "params", "return", "returns", "override", "deprecated", "interface", "property", "charset", "keyframes",
		"supports", "layer", "author", "version", "since", "throws", "inheritdoc", "private", "public", "protected", "static", "typedef",
		"types", "example", "module", "class", "function", "component", "injectable", "input", "output", "autowired", "bean", "entity",
		"table", "column", "nullable", "notnull", "suppresswarnings", "before", "after", "beforeeach", "aftereach", "abstract", "async",
		"await", "callback", "constant", "constructor", "default", "description", "event", "exports", "extends", "field", "filename",
		"generated", "ignore", "implements", "internal", "license", "member", "method", "mixin", "namespace", "package", "print", "readonly",
		"requires", "synthesize", "template", "tsignore", "apply", "include", "extend", "function_name", "property_name", "staticmethod",
		"classmethod", "dataclass", "pytest", "abstractmethod", "brief", "details", "retval", "endcode", "warning", "selector", "implementation":
		return true
	}
	return false
}

// findName reads the name of a site's account after the @ at i.
func (f *Finder) findName(text string, i int, s *site) int {
	end := i + 1
	for end < len(text) && end-i <= s.most && (wordAt(text, end) || strings.IndexByte(s.also, text[end]) >= 0) {
		end++
	}
	for end > i+1 && text[end-1] == '.' {
		end--
	}
	if !handleEnds(text, end) {
		return i + 1
	}
	if name, err := s.handle(text[i+1 : end]); err == nil {
		f.add(text, s.kind, i, end, name, High)
	}
	return end
}

// handleEnds: the handle does not go on as an address or a word.
func handleEnds(text string, end int) bool {
	if n := dotAt(text, end); n > 0 && hostRune(text, end+n) > 0 { // the host of an address
		return false
	}
	return end >= len(text) || text[end] != '@' && text[end] != '-' && text[end] != '/' && hostRune(text, end) == 0
}

// cutFold is strings.CutPrefix without regard to ASCII case.
func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
