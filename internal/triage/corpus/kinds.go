package corpus

import (
	"fmt"
	"strings"

	"parley/selector"
)

const (
	lower    = "abcdefghijklmnopqrstuvwxyz"
	alphanum = lower + "0123456789"
	mixed    = alphanum + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// kinds are all that a text can hold but somebody's own words and patterns.
var kinds = []kind{
	{selector.Phone, makePhone, lookPhone},
	{selector.Email, makeEmail, lookEmail},
	{selector.Telegram, makeTelegram, lookHandle},
	{selector.URL, makeURL, lookURL},
	{selector.Domain, makeDomain, lookDomain},
	{selector.IPv4, makeIPv4, lookIPv4},
	{selector.IPv6, makeIPv6, lookIPv6},
	{selector.MAC, makeMAC, lookMAC},
	{selector.Onion, makeOnion, lookOnion},
	{selector.TelegramID, makeTelegramID, lookID},
	{selector.WhatsApp, makeWhatsApp, lookLink},
	{selector.Signal, makeSignal, lookSignal},
	{selector.X, handleOf("x.com", "twitter.com", "_", 15, "Twitter", "X"), lookLink},
	{selector.Facebook, handleOf("facebook.com", "www.facebook.com", "", 20, "Facebook", "FB"), lookLink},
	{selector.FacebookID, makeFacebookID, lookID},
	{selector.Instagram, handleOf("instagram.com", "www.instagram.com", "_", 20, "Instagram", "insta", "IG"), lookLink},
	{selector.TikTok, handleOf("tiktok.com/@", "www.tiktok.com/@", "_", 20, "TikTok"), lookLink},
	{selector.VK, handleOf("vk.com", "m.vk.com", "_", 20, "VK", "ВК"), lookLink},
	{selector.VKID, makeVKID, lookID},
	{selector.Bitcoin, makeBitcoin, lookWallet},
	{selector.Ethereum, makeEthereum, lookEthereum},
	{selector.Tron, func(s *source) value { return same(base58Check(0x41, s.bytes(20))) }, lookWallet},
	{selector.Monero, makeMonero, lookMonero},
	{selector.Litecoin, makeLitecoin, lookWallet},
	{selector.IBAN, makeIBAN, lookIBAN},
	{selector.Card, makeCard, lookCard},
	{selector.IMEI, makeIMEI, lookIMEI},
	{selector.IMSI, makeIMSI, lookIMSI},
	{selector.ICCID, makeICCID, lookICCID},
	{selector.Device, makeDevice, lookDevice},
	{selector.Coordinates, makeCoordinates, lookCoordinates},
	{selector.PGP, makePGP, lookHex},
	{selector.MD5, hashOf(32), lookHex},
	{selector.SHA1, hashOf(40), lookHex},
	{selector.SHA256, hashOf(64), lookHex},
	{selector.SHA512, hashOf(128), lookHex},
}

func same(v string) value { return value{raw: v, normal: v} }

// Phone numbers of ranges kept for fiction, or, where a country keeps none, with
// digits drawn.
func makePhone(s *source) value {
	us := func() string {
		return "1" + s.pick("202", "303", "415", "617", "212") + "55501" + s.digits(2)
	}
	national := false
	number := us()
	switch s.IntN(8) {
	case 0:
		number = "447700900" + s.digits(3)
	case 1:
		number = "336399" + s.pick("8") + s.digits(4)
	case 2:
		number = "96477" + s.pick("0", "1", "2") + s.digits(7)
	case 3:
		number = "98912" + s.digits(7)
	case 4:
		number = "9198765" + s.digits(5)
	case 5:
		number = "7916" + s.digits(7)
	case 6, 7:
		national = s.IntN(2) == 0
	}
	sign := s.pick("", " ", "-", " ", ".")
	raw := "+" + number
	switch {
	case national:
		raw = s.pick(
			fmt.Sprintf("(%s) %s-%s", number[1:4], number[4:7], number[7:]), number[1:4]+"-"+number[4:7]+"-"+number[7:],
			number[1:4]+" "+number[4:7]+" "+number[7:], number[1:4]+"."+number[4:7]+"."+number[7:])
	case number[0] == '1':
		raw = s.pick("+1", "+1 ", "001 ", "(+1) ", "+1-") + number[1:4] + sign + number[4:7] + sign + number[7:]
	case s.IntN(3) == 0:
		raw = "+" + inGroups(number, 3, s.pick(" ", "-"))
	case s.IntN(6) == 0:
		raw = "+" + inGroups(number, 1, " ")
	}
	if zero := []rune{'0', '0', '0', '٠', '۰', '०', '０'}[s.IntN(7)]; zero != '0' {
		raw = inScript(raw, zero)
	}
	return value{raw: raw, normal: "+" + number, field: "phone"}
}

func lookPhone(s *source) string {
	return s.pick(
		"order number "+s.digits(10), "order #"+s.digits(8), "2024-0"+s.pick("1", "5", "9")+"-17 12:3"+s.digits(1)+":45", "1704"+s.digits(6), "1704"+s.digits(9),
		"3.1415"+s.digits(7), "$"+s.digits(4)+"."+s.digits(2), "v2."+s.digits(1)+"."+s.digits(4), "ISBN 978-3-16-1484"+s.digits(2)+"-0",
		"SN "+s.digits(9), "a"+s.digits(10), s.digits(10)+"b", "#"+s.digits(9), "-"+s.digits(8), s.digits(3)+","+s.digits(3)+","+s.digits(3),
		"tracking number "+s.digits(12), "0x"+s.digits(8), "заказ "+s.digits(10), "5 × "+s.digits(2)+" × "+s.digits(2), s.digits(40))
}

func word(s *source) string { return s.from(lower, 3+s.IntN(6)) }

func host(s *source) string {
	return word(s) + s.pick("", "-"+word(s), "."+word(s)) + "." + s.pick("example", "example.org", "example.net", "example.com", "test")
}

func makeEmail(s *source) value {
	local, at := word(s)+s.pick("", "."+word(s), "_"+s.digits(2), "+"+word(s)), host(s)
	normal := local + "@" + at
	raw := normal
	switch s.IntN(8) {
	case 0:
		raw = strings.ToUpper(local) + "@" + at
	case 1:
		raw = local + "[@]" + strings.ReplaceAll(at, ".", "[.]")
	case 2:
		raw = local + " (at) " + strings.ReplaceAll(at, ".", " (dot) ")
	case 3:
		raw = local + "[at]" + strings.ReplaceAll(at, ".", "[dot]")
	case 4:
		raw = "x" + strings.ReplaceAll(local, ".", " dot ") + " at " + strings.ReplaceAll(at, ".", " dot ")
		normal = "x" + normal
	case 5:
		raw = "mailto:" + normal
	}
	return value{raw: raw, normal: normal, field: "email"}
}

func lookEmail(s *source) string {
	return s.pick(
		word(s)+"@2x.png", word(s)+"@"+word(s)+".nosuchdomain", "@"+s.digits(3)+"@", "we met at the dot com office", "sold at 5 dot 30",
		"array["+word(s)+"]@"+s.digits(2), "git@"+word(s)+":"+word(s), word(s)+" @ "+s.digits(2)+" km/h", "look at it dot matrix printers do",
		"foo(at)bar", word(s)+"@", "price @ 3.50 each", "@media screen and (at)", "user at host dot nosuchdomain", word(s)+"@localhost")
}

func handle(s *source, also string, most int) string {
	name := s.from(lower, 5+s.IntN(3))
	if also != "" && s.IntN(2) == 0 {
		name += also + s.from(alphanum, 3)
	}
	return name[:min(len(name), most)]
}

func makeTelegram(s *source) value {
	h := handle(s, "_", 20)
	code := s.from(mixed, 16) + "Q"
	switch s.IntN(7) {
	case 0:
		return value{raw: "https://t.me/" + h, normal: h}
	case 1:
		return value{raw: "t.me/" + strings.ToUpper(h), normal: h}
	case 2:
		return value{raw: "t.me/+" + code, normal: "+" + code}
	case 3:
		return value{raw: "https://t.me/joinchat/" + code, normal: "+" + code}
	case 4:
		return value{raw: "tg://resolve?domain=" + h, normal: h}
	case 5:
		return value{raw: "@" + h, normal: h, label: s.pick("Telegram", "TG", "телеграм")}
	}
	return value{raw: "@" + h, normal: h}
}

func lookHandle(s *source) string {
	return s.pick("@"+s.from(lower, 3), "@"+s.digits(6), "@"+s.from(lower, 40), "a@"+word(s), "https://t.me/share/url?text="+word(s),
		"Snapchat: @"+handle(s, "", 12), "YouTube @"+handle(s, "", 12), "/@"+handle(s, "", 9), "@@"+handle(s, "", 9), "t.me/"+s.from(lower, 2))
}

func makeURL(s *source) value {
	scheme, h, path := s.pick("http", "https"), host(s), "/"+s.from(alphanum, 6)+s.pick("", "?q="+word(s), "/"+word(s)+".html", "#top")
	normal, _, _ := strings.Cut(scheme+"://"+h+path, "#")
	raw := scheme + "://" + h + path
	switch s.IntN(5) {
	case 0:
		raw = strings.Replace(scheme, "tt", "xx", 1) + "://" + strings.ReplaceAll(h, ".", "[.]") + path
	case 1:
		raw = strings.Replace(scheme, "tt", "xx", 1) + "[:]//" + h + path
	case 2:
		raw = strings.ToUpper(scheme) + "://" + strings.ToUpper(h) + path
	}
	return value{raw: raw, normal: normal, field: "link"}
}

func lookURL(s *source) string {
	return s.pick("std::"+word(s), "http:/"+word(s), "https://", "ftp://"+host(s)+"/", "file:///"+word(s), "xhttp://"+word(s)+".example", "http//"+word(s),
		"javascript:void(0)", "C:\\"+word(s), "case "+word(s)+": // "+word(s), "urn:isbn:"+s.digits(10))
}

func makeDomain(s *source) value {
	h := host(s)
	switch s.IntN(4) {
	case 0:
		return value{raw: strings.ReplaceAll(h, ".", "[.]"), normal: h}
	case 1:
		return value{raw: strings.ToUpper(h[:1]) + h[1:], normal: h}
	case 2:
		return value{raw: strings.ReplaceAll(h, ".", "(dot)"), normal: h, field: "host"}
	}
	return value{raw: h, normal: h, field: "host"}
}

func lookDomain(s *source) string {
	return s.pick(word(s)+".py", word(s)+".go", "com.example."+word(s), "os."+word(s)+"()", word(s)+"."+word(s)+"zzq", "the end.Then it", "e.g. "+word(s),
		"v"+s.digits(1)+"."+s.digits(2), word(s)+".txt", "self."+word(s)+"zq", word(s)+"_test.go:"+s.digits(2), "README.md", "a/"+word(s)+".example", "x."+s.digits(2))
}
