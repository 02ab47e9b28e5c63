package selector

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// site is a service whose accounts have names of their own.
type site struct {
	kind        Kind
	name        string
	hosts       []string // without www., m. and mobile.
	least, most int      // characters of a name
	also        string   // characters of a name beside letters and digits
	at          bool     // its links have an @ before the name
	reserved    []string // first parts of paths that are no names
	before      []string // parts of paths that a name follows
}

// The sites. They are never written.
var (
	xSite = &site{
		kind: X, name: "X", hosts: []string{"x.com", "twitter.com"}, least: 2, most: 15, also: "_",
		reserved: []string{
			"home", "explore", "search", "hashtag", "intent", "share", "settings", "messages", "notifications", "compose", "login",
			"signup", "tos", "privacy", "about", "jobs", "download", "account", "who_to_follow", "widgets", "oauth",
		},
	}
	instagramSite = &site{
		kind: Instagram, name: "Instagram", hosts: []string{"instagram.com", "instagr.am"}, least: 2, most: 30, also: "_.",
		reserved: []string{"reel", "reels", "explore", "accounts", "tv", "about", "developer", "legal", "direct", "oauth", "web", "graphql", "embed.js"},
		before:   []string{"stories", "_u"},
	}
	facebookSite = &site{
		kind: Facebook, name: "Facebook", hosts: []string{"facebook.com", "fb.com", "web.facebook.com", "m.me"}, least: 5, most: 50, also: ".",
		reserved: []string{
			"groups", "pages", "events", "watch", "photo", "photo.php", "photos", "story.php", "permalink.php", "profile.php", "sharer",
			"sharer.php", "share", "share.php", "login", "login.php", "help", "policies", "marketplace", "gaming", "hashtag", "people",
			"dialog", "plugins", "media", "reel", "stories", "notes", "legal", "privacy", "business", "settings", "home.php", "about", "video.php",
		},
	}
	tiktokSite = &site{
		kind: TikTok, name: "TikTok", hosts: []string{"tiktok.com"}, least: 2, most: 24, also: "_.", at: true,
	}
	vkSite = &site{
		kind: VK, name: "VK", hosts: []string{"vk.com", "vk.ru"}, least: 5, most: 32, also: "_.",
		reserved: []string{
			"friends", "groups", "audio", "audios", "video", "videos", "clips", "photo", "photos", "album", "albums", "topic", "write",
			"away.php", "share.php", "widget_community.php", "login", "search", "market", "settings", "about", "support", "terms", "privacy", "images",
		},
	}
	sites = []*site{xSite, instagramSite, facebookSite, tiktokSite, vkSite}
)

// normal reads a name, with or without @, and links to an account.
func (s *site) normal(raw string) (string, error) {
	link := refang(raw)
	if _, rest, err := cutScheme(link); err == nil {
		link = rest
	}
	if host, path, isLink := strings.Cut(link, "/"); isLink {
		if !slices.Contains(s.hosts, linkHost(host)) {
			return "", fmt.Errorf("it is a link, but not to %s", s.hosts[0])
		}
		return s.inPath(path)
	}
	return s.handle(strings.TrimPrefix(link, "@"))
}

var errNoAccount = errors.New("the link names no account")

// inPath reads the name in the path of a link, and what follows the path.
func (s *site) inPath(path string) (string, error) {
	path = cutAny(path, "?#")
	first, rest, _ := strings.Cut(path, "/")
	if slices.Contains(s.before, first) {
		first, _, _ = strings.Cut(rest, "/")
	}
	name, at := strings.CutPrefix(first, "@")
	if s.at && !at || slices.Contains(s.reserved, strings.ToLower(name)) {
		return "", errNoAccount
	}
	return s.handle(name)
}

func (s *site) handle(name string) (string, error) {
	name = strings.ToLower(name)
	if s == facebookSite {
		name = strings.ReplaceAll(name, ".", "") // dots do not count there
	}
	if len(name) < s.least || len(name) > s.most || strings.Trim(name, s.also) == "" {
		return "", fmt.Errorf("a name of %s has %d to %d characters", s.name, s.least, s.most)
	}
	for i := range len(name) {
		if c := classes[name[i]]; (c&classWord == 0 || name[i] == '_') && strings.IndexByte(s.also, name[i]) < 0 {
			return "", fmt.Errorf("a name of %s cannot hold %q", s.name, name[i])
		}
	}
	if name[0] == '.' || name[len(name)-1] == '.' || strings.Contains(name, "..") {
		return "", errors.New("a dot stands between two other characters")
	}
	if s.numbered(name) {
		return "", errors.New("it is a number: the kind is another")
	}
	return name, nil
}

// numbered: names that are the number of an account.
func (s *site) numbered(name string) bool {
	switch s {
	case facebookSite:
		return isDecimal(name)
	case vkSite:
		_, err := vkNumber(name)
		return err == nil
	}
	return false
}

// cutAny gives what stands before the first of some signs.
func cutAny(s, signs string) string {
	if i := strings.IndexAny(s, signs); i >= 0 {
		return s[:i]
	}
	return s
}

// linkHost gives a host in lower case without what means the same page.
func linkHost(host string) string {
	host = strings.ToLower(host)
	for _, prefix := range [...]string{"www.", "m.", "mobile."} {
		if rest, ok := strings.CutPrefix(host, prefix); ok && strings.Contains(rest, ".") {
			return rest
		}
	}
	return host
}

// accountID reads a number that accounts are counted by.
func accountID(digits string, least, most int) (string, error) {
	if len(digits) < least || len(digits) > most || !isDecimal(digits) || digits[0] == '0' {
		return "", fmt.Errorf("the number of an account has %d to %d digits and no 0 first", least, most)
	}
	return digits, nil
}

func normalFacebookID(raw string) (string, error) {
	if strings.Contains(raw, "/") {
		kind, value, ok := readLink(raw)
		if !ok || kind != FacebookID {
			return "", errNoAccount
		}
		return value, nil
	}
	return accountID(raw, 5, 17)
}

// normalVKID reads the number of a person, id123, or of a group, club123, whose
// number VK's own interface writes with a minus.
func normalVKID(raw string) (string, error) {
	if strings.Contains(raw, "/") {
		kind, value, ok := readLink(raw)
		if !ok || kind != VKID {
			return "", errNoAccount
		}
		return value, nil
	}
	if group, ok := strings.CutPrefix(raw, "-"); ok {
		value, err := accountID(group, 1, 10)
		return "-" + value, err
	}
	if value, err := vkNumber(raw); err == nil {
		return value, nil
	}
	return accountID(raw, 1, 10)
}

// vkNumber reads id123, club123, public123 and event123.
func vkNumber(name string) (string, error) {
	name = strings.ToLower(name)
	for _, prefix := range [...]string{"id", "club", "public", "event"} {
		digits, ok := strings.CutPrefix(name, prefix)
		if !ok || !isDecimal(digits) {
			continue
		}
		value, err := accountID(digits, 1, 10)
		if prefix != "id" {
			value = "-" + value
		}
		return value, err
	}
	return "", errNoAccount
}

// labelledID reads the number after "Telegram ID:" and the like; start and end are
// those of the digits. It reports whether it is one.
func (f *Finder) labelledID(text string, start, end int) bool {
	before := strings.TrimRight(text[max(0, start-8):start], " :=#\t\"'")
	before = strings.TrimRight(strings.TrimSuffix(before, " is"), " ")
	if !endsInID(before) && !(before == "" && endsInID(f.name)) {
		return false
	}
	kind := Kind("")
	switch f.label(text, start) {
	case labelTelegram:
		kind = TelegramID
	case labelFacebook:
		kind = FacebookID
	case labelVK:
		kind = VKID
	default:
		return false
	}
	value, err := forms[numberOf(kind)].normal(text[start:end], Options{})
	if err != nil {
		return false
	}
	f.add(text, kind, start, end, value, High)
	return true
}

func endsInID(name string) bool {
	return len(name) >= 2 && strings.EqualFold(name[len(name)-2:], "id")
}
