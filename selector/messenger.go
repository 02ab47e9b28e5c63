package selector

import (
	"errors"
	"strings"
)

// normalTelegramID reads the number of an account; a channel's has -100 before it,
// as Telegram's interface for programs writes it, a group's a minus.
func normalTelegramID(raw string) (string, error) {
	if strings.Contains(raw, "/") {
		kind, value, ok := readLink(raw)
		if !ok || kind != TelegramID {
			return "", errNoAccount
		}
		return value, nil
	}
	if channel, ok := strings.CutPrefix(raw, "-100"); ok && len(channel) >= 5 {
		value, err := accountID(channel, 5, 13)
		return "-100" + value, err
	}
	if group, ok := strings.CutPrefix(raw, "-"); ok {
		value, err := accountID(group, 5, 16)
		return "-" + value, err
	}
	return accountID(raw, 5, 16)
}

// normalWhatsApp reads an invitation to a group or a channel. Accounts of WhatsApp
// are phone numbers.
func normalWhatsApp(raw string) (string, error) {
	for _, what := range [...]string{"group/", "channel/"} {
		if code, ok := strings.CutPrefix(raw, what); ok {
			return whatsAppCode(what, code)
		}
	}
	if kind, value, ok := readLink(raw); ok && kind == WhatsApp {
		return value, nil
	}
	return "", errors.New("it is no invitation to a group or channel; an account of WhatsApp is a phone number")
}

func whatsAppCode(what, code string) (string, error) {
	if len(code) < 20 || len(code) > 32 {
		return "", errors.New("the code of an invitation has 20 to 32 characters")
	}
	for i := range len(code) {
		if classes[code[i]]&classWord == 0 || code[i] == '_' {
			return "", errors.New("the code of an invitation holds letters and digits")
		}
	}
	return what + code, nil
}

// normalSignal reads a username, a nickname with a dot and two digits or more, and
// the codes of links to a person or a group, whose case counts.
func normalSignal(raw string) (string, error) {
	for _, what := range [...]string{"group/", "user/"} {
		if code, ok := strings.CutPrefix(raw, what); ok {
			return signalCode(what, code)
		}
	}
	if kind, value, ok := readLink(raw); ok && kind == Signal {
		return value, nil
	}
	return signalName(strings.TrimPrefix(raw, "@"))
}

var errSignal = errors.New("a Signal username is 3 to 32 letters, digits or underscores, a dot, and 2 to 9 digits")

func signalName(raw string) (string, error) {
	name, number, found := strings.Cut(strings.ToLower(raw), ".")
	if !found || len(name) < 3 || len(name) > 32 || len(number) < 2 || len(number) > 9 || !isDecimal(number) || number == "00" {
		return "", errSignal
	}
	for i := range len(name) {
		if classes[name[i]]&classWord == 0 {
			return "", errSignal
		}
	}
	if classes[name[0]]&classDigit != 0 {
		return "", errSignal
	}
	return name + "." + number, nil
}

func signalCode(what, code string) (string, error) {
	if len(code) < 40 || len(code) > 160 {
		return "", errors.New("the code of a Signal link has 40 to 160 characters")
	}
	for i := range len(code) {
		if classes[code[i]]&classHost == 0 {
			return "", errors.New("the code of a Signal link holds letters, digits, - and _")
		}
	}
	return what + code, nil
}

// findSignal reads the username whose dot is at i after the word Signal, and gives
// its end, or 0.
func (f *Finder) findSignal(text string, i int) int {
	start, end := i, i+1
	for start > 0 && i-start < 33 && classes[text[start-1]]&classWord != 0 {
		start--
	}
	for end < len(text) && end-i < 11 && classes[text[end]]&classDigit != 0 {
		end++
	}
	if wordAt(text, end) || end+1 < len(text) && text[end] == '.' && wordAt(text, end+1) || wordBefore(text, start) {
		return 0
	}
	value, err := signalName(text[start:i] + text[i:end])
	if err != nil || f.labelWithin(text, start, accountReach) != labelSignal {
		return 0
	}
	f.add(text, Signal, start, end, value, High)
	return end
}
