package selector

import (
	"net/url"
	"strings"
)

// maxLink bounds a link to an account, in bytes; longer ones are URLs.
const maxLink = 256

// linkReader reads what stands after the host of a link.
type linkReader func(tail string) (Kind, string, bool)

// linkHosts are the hosts whose addresses stand for an account rather than for a
// page. It is never written.
var linkHosts = func() map[string]linkReader {
	hosts := map[string]linkReader{
		"t.me": telegramTail, "telegram.me": telegramTail, "telegram.dog": telegramTail,
		"wa.me": whatsAppTail, "api.whatsapp.com": whatsAppTail, "chat.whatsapp.com": whatsAppGroup, "whatsapp.com": whatsAppTail,
		"signal.me": signalTail, "signal.group": signalGroup,
	}
	for _, s := range sites {
		for _, host := range s.hosts {
			hosts[host] = s.tail
		}
	}
	return hosts
}()

// readLink reads a link to an account, with its scheme or without.
func readLink(raw string) (Kind, string, bool) {
	if rest, ok := cutFold(raw, "tg://"); ok {
		return telegramAction(rest)
	}
	link := raw
	if _, rest, err := cutScheme(raw); err == nil {
		link = rest
	}
	host, tail, ok := strings.Cut(refang(link), "/")
	if !ok || len(host) > len("web.facebook.com")+len("mobile.") {
		return "", "", false
	}
	read, known := linkHosts[linkHost(host)]
	if !known {
		return "", "", false
	}
	return read(tail)
}

// mayLink looks at the host alone, which is cheap, of the address at start whose
// path or scheme's slashes are after i.
func mayLink(text string, start, i int) bool {
	if start < len(text) && text[start]|0x20 == 't' && i > start && text[i-1] == ':' {
		return true // tg:
	}
	from := start
	if i < len(text) && (text[i] == '/' || text[i] == ']') && i > start && (text[i-1] == ':') {
		from = i + strings.IndexByte(text[i:min(len(text), i+4)]+"/", '/') + 2
	}
	if from >= len(text) {
		return false
	}
	host := text[from:min(len(text), from+32)]
	end := strings.IndexByte(host, '/')
	if end < 0 {
		return false
	}
	_, known := linkHosts[linkHost(refang(host[:end]))]
	return known
}

func telegramTail(tail string) (Kind, string, bool) {
	if rest, ok := strings.CutPrefix(tail, "c/"); ok {
		value, err := accountID(cutAny(rest, "/?#"), 5, 13)
		return TelegramID, "-100" + value, err == nil
	}
	if value, err := telegramPath(tail); err == nil {
		return Telegram, value, true
	}
	if strings.HasPrefix(tail, "+") {
		return numberInLink(cutAny(tail, "?#"))
	}
	return "", "", false
}

func telegramAction(rest string) (Kind, string, bool) {
	if value, err := telegramScheme(rest); err == nil {
		return Telegram, value, true
	}
	action, query, _ := strings.Cut(rest, "?")
	values, err := url.ParseQuery(cutAny(query, "#"))
	if err != nil {
		return "", "", false
	}
	number := ""
	switch strings.ToLower(strings.TrimSuffix(action, "/")) {
	case "user":
		number = values.Get("id")
	case "openmessage":
		number = values.Get("user_id")
	case "privatepost":
		value, err := accountID(values.Get("channel"), 5, 13)
		return TelegramID, "-100" + value, err == nil
	}
	value, err := accountID(number, 5, 16)
	return TelegramID, value, err == nil
}

func numberInLink(number string) (Kind, string, bool) {
	value, ok := international(strings.Trim(number, "+/ "))
	return Phone, value, ok
}

func whatsAppTail(tail string) (Kind, string, bool) {
	path, query, _ := strings.Cut(tail, "?")
	if code, ok := strings.CutPrefix(path, "channel/"); ok {
		value, err := whatsAppCode("channel/", cutAny(code, "/#"))
		return WhatsApp, value, err == nil
	}
	if strings.HasPrefix(query, "phone=") || strings.Contains(query, "&phone=") {
		_, number, _ := strings.Cut("&"+query, "&phone=")
		return numberInLink(strings.TrimPrefix(cutAny(number, "&#"), "%2B"))
	}
	return numberInLink(path)
}

func whatsAppGroup(tail string) (Kind, string, bool) {
	tail = strings.TrimPrefix(tail, "invite/")
	value, err := whatsAppCode("group/", cutAny(tail, "/?#"))
	return WhatsApp, value, err == nil
}

func signalTail(tail string) (Kind, string, bool) {
	if number, ok := strings.CutPrefix(tail, "#p/"); ok {
		return numberInLink(number)
	}
	if code, ok := strings.CutPrefix(tail, "#eu/"); ok {
		value, err := signalCode("user/", code)
		return Signal, value, err == nil
	}
	return "", "", false
}

func signalGroup(tail string) (Kind, string, bool) {
	value, err := signalCode("group/", strings.TrimPrefix(tail, "#"))
	return Signal, value, err == nil
}

// tail reads what stands after the host of a site's link.
func (s *site) tail(tail string) (Kind, string, bool) {
	first := cutAny(tail, "/?#")
	switch s {
	case facebookSite:
		number := first
		if strings.EqualFold(first, "profile.php") {
			_, query, _ := strings.Cut(tail, "?")
			_, number, _ = strings.Cut("&"+query, "&id=")
			number = cutAny(number, "&#")
		}
		if value, err := accountID(number, 5, 17); err == nil {
			return FacebookID, value, true
		}
	case vkSite:
		if value, err := vkNumber(first); err == nil {
			return VKID, value, true
		}
	}
	value, err := s.inPath(tail)
	return s.kind, value, err == nil
}

// findLink reads links that people write without scheme: t.me/handle and
// wa.me/number, whose host is text[start:end].
func (f *Finder) findLink(text string, start, end int) bool {
	if end >= len(text) || text[end] != '/' || end-start > 24 || !mayLink(text, start, end) {
		return false
	}
	kind, value, linkEnd, ok := linkAt(text, start, end)
	if ok {
		f.add(text, kind, start, linkEnd, value, High)
		f.urlEnd = linkEnd
	}
	return ok
}

// linkAt reads the link that starts at start and whose path is after i.
func linkAt(text string, start, i int) (kind Kind, value string, end int, ok bool) {
	if !mayLink(text, start, i) {
		return "", "", 0, false
	}
	end = urlEnd(text, i, maxLink)
	kind, value, ok = readLink(text[start:end])
	return kind, value, end, ok && end-i < maxLink
}
