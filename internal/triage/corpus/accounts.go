package corpus

import "strings"

// handleOf makes values of a service: links to an account, and names after the
// service's.
func handleOf(host, other, also string, most int, names ...string) func(*source) value {
	return func(s *source) value {
		h := handle(s, also, most)
		link := s.pick(host, other)
		if !strings.HasSuffix(link, "@") {
			link += "/"
		}
		switch s.IntN(4) {
		case 0:
			return value{raw: "https://" + link + h, normal: h}
		case 1:
			return value{raw: link + h, normal: h}
		case 2:
			return value{raw: "https://" + link + strings.ToUpper(h) + "?lang=en", normal: h}
		}
		return value{raw: "@" + h, normal: h, label: s.pick(names...)}
	}
}

func makeTelegramID(s *source) value {
	id := s.pick("5", "6", "1") + s.digits(9)
	return s.oneOf(
		value{raw: "tg://user?id=" + id, normal: id}, value{raw: "https://t.me/c/" + id + "/8", normal: "-100" + id},
		value{raw: id, normal: id, label: s.pick("Telegram ID", "TG id"), field: "telegram_id"})
}

func makeFacebookID(s *source) value {
	id := "10000" + s.digits(10)
	return s.oneOf(
		value{raw: "https://www.facebook.com/profile.php?id=" + id, normal: id}, value{raw: "facebook.com/" + id, normal: id},
		value{raw: id, normal: id, label: s.pick("Facebook ID", "FB id"), field: "facebookId"})
}

func makeVKID(s *source) value {
	id := s.pick("1", "3", "7") + s.digits(7)
	return s.oneOf(
		value{raw: "https://vk.com/id" + id, normal: id}, value{raw: "vk.com/club" + id, normal: "-" + id},
		value{raw: id, normal: id, label: s.pick("VK ID", "ВК id")})
}

func lookID(s *source) string {
	return s.pick("id "+s.digits(5), "user id: "+s.digits(4), "Telegram in "+s.pick("2021", "2022"), "VK has "+s.digits(3)+" items", "order id "+s.digits(9), "Facebook, page "+s.digits(3),
		"tg://settings?x="+s.digits(5), "https://vk.com/feed", "https://www.facebook.com/help/", "t.me/c/x/"+s.digits(2), "id="+s.digits(5), "ID card no. "+s.digits(4))
}

func makeWhatsApp(s *source) value {
	code := s.from(mixed, 22)
	return s.oneOf(
		value{raw: "https://chat.whatsapp.com/" + code, normal: "group/" + code}, value{raw: "chat.whatsapp.com/" + code, normal: "group/" + code},
		value{raw: "https://whatsapp.com/channel/" + code, normal: "channel/" + code})
}

func makeSignal(s *source) value {
	name := handle(s, "_", 12) + "." + s.pick("01", "42", "123")
	code := s.from(mixed+"-_", 63) + "x"
	return s.oneOf(
		value{raw: name, normal: name, label: s.pick("Signal", "Signal username")},
		value{raw: "https://signal.group/#" + code, normal: "group/" + code}, value{raw: "https://signal.me/#eu/" + code, normal: "user/" + code})
}

func lookSignal(s *source) string {
	return s.pick(word(s)+".42", "signal strength 3."+s.digits(2), "Signal 7."+s.digits(1), word(s)+"."+s.digits(3)+".log", "signal.txt", "the signal. 42 ships", "sha256."+s.digits(2))
}

func lookLink(s *source) string {
	return s.pick("https://x.com/", "https://twitter.com/search?q="+word(s), "https://www.instagram.com/explore/", "https://facebook.com/sharer.php?u="+word(s),
		"https://www.tiktok.com/tag/"+word(s), "vk.com/feed", "https://chat.whatsapp.com/"+s.from(mixed, 9), "https://x.com/intent/post?text="+word(s), "x.com", "the X ray",
		"https://www.facebook.com/groups/"+s.digits(9), "https://instagram.com/p/"+s.from(mixed, 11), "https://example.com/"+word(s), "fb.com/events/"+s.digits(5),
		"https://m.facebook.com/login", "https://example.org/twitter.com/"+word(s))
}
