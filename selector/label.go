package selector

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// label is what the word before a value says it is. Numbers without a check digit
// are believed only with one, and numbers that pass by chance are not believed
// against one.
type label uint8

const (
	labelNone label = iota
	labelPhone
	labelCard
	labelIMEI
	labelIMSI
	labelICCID
	labelAddress // of a machine: IP, host
	labelMAC
	labelVersion
	labelOther // an order, an invoice, a serial number: no selector
	labelPGP
	labelHash
	labelDevice
	labelPlace
	labelTelegram
	labelSignal
	labelX
	labelFacebook
	labelInstagram
	labelTikTok
	labelVK
	labelService // of another service
)

// labels are the words, in small letters. It is never written.
var labels = map[string]label{
	"phone": labelPhone, "tel": labelPhone, "telephone": labelPhone, "mobile": labelPhone, "cell": labelPhone, "call": labelPhone,
	"ring": labelPhone, "msisdn": labelPhone, "whatsapp": labelPhone, "тел": labelPhone, "телефон": labelPhone, "звоните": labelPhone,
	"هاتف": labelPhone, "جوال": labelPhone, "تلفن": labelPhone, "موبايل": labelPhone, "फोन": labelPhone, "मोबाइल": labelPhone,

	"card": labelCard, "visa": labelCard, "mastercard": labelCard, "amex": labelCard, "pan": labelCard, "карта": labelCard,
	"карты": labelCard, "карту": labelCard, "بطاقة": labelCard, "کارت": labelCard,

	"imei": labelIMEI, "imsi": labelIMSI, "iccid": labelICCID, "icc": labelICCID, "sim": labelICCID, "simserial": labelICCID,
	"simserialnumber": labelICCID,

	"ip": labelAddress, "ipv4": labelAddress, "ipv6": labelAddress, "addr": labelAddress, "address": labelAddress, "host": labelAddress,
	"server": labelAddress, "dns": labelAddress, "nameserver": labelAddress, "ping": labelAddress, "gateway": labelAddress,
	"from": labelAddress, "client": labelAddress, "адрес": labelAddress,

	"mac": labelMAC, "bssid": labelMAC, "hwaddr": labelMAC, "ether": labelMAC, "bluetooth": labelMAC, "wifi": labelMAC,

	"version": labelVersion, "ver": labelVersion, "v": labelVersion, "release": labelVersion, "build": labelVersion,
	"firmware": labelVersion, "section": labelVersion, "chapter": labelVersion, "clause": labelVersion, "версия": labelVersion,
	"rev": labelVersion, "revision": labelVersion, "upgrade": labelVersion, "upgraded": labelVersion, "oid": labelVersion,
	"الإصدار": labelVersion, "نسخه": labelVersion,

	"order": labelOther, "invoice": labelOther, "tracking": labelOther, "serial": labelOther, "sn": labelOther, "ref": labelOther,
	"reference": labelOther, "ticket": labelOther, "sku": labelOther, "isbn": labelOther, "ean": labelOther, "barcode": labelOther,
	"parcel": labelOther, "shipment": labelOther, "waybill": labelOther, "part": labelOther, "case": labelOther, "policy": labelOther,
	"receipt": labelOther, "transaction": labelOther, "txn": labelOther, "batch": labelOther, "lot": labelOther, "asset": labelOther,
	"item": labelOther, "model": labelOther, "licence": labelOther, "license": labelOther, "timestamp": labelOther,
	"заказ": labelOther, "заказа": labelOther, "накладная": labelOther, "артикул": labelOther, "счёт": labelOther, "счет": labelOther,
	"طلب": labelOther, "الطلب": labelOther, "فاتورة": labelOther, "سفارش": labelOther, "आदेश": labelOther, "ऑर्डर": labelOther,

	"pgp": labelPGP, "gpg": labelPGP, "openpgp": labelPGP, "fingerprint": labelPGP, "fpr": labelPGP, "отпечаток": labelPGP,
	"md5": labelHash, "sha1": labelHash, "sha256": labelHash, "sha512": labelHash, "sha": labelHash, "hash": labelHash, "хеш": labelHash,

	"idfa": labelDevice, "idfv": labelDevice, "gaid": labelDevice, "aaid": labelDevice, "adid": labelDevice, "advertising": labelDevice,
	"device": labelDevice, "android": labelDevice, "udid": labelDevice, "vendor": labelDevice, "maid": labelDevice, "ifa": labelDevice,

	"lat": labelPlace, "latitude": labelPlace, "lon": labelPlace, "lng": labelPlace, "longitude": labelPlace, "gps": labelPlace,
	"coordinates": labelPlace, "coords": labelPlace, "location": labelPlace, "координаты": labelPlace, "إحداثيات": labelPlace,
	"mgrs": labelPlace, "grid": labelPlace, "usng": labelPlace,

	"telegram": labelTelegram, "tg": labelTelegram, "телеграм": labelTelegram, "تيليجرام": labelTelegram, "تلگرام": labelTelegram,
	"signal": labelSignal, "сигнал": labelSignal,
	"twitter": labelX, "x": labelX, "твиттер": labelX, "تويتر": labelX,
	"facebook": labelFacebook, "fb": labelFacebook, "фейсбук": labelFacebook, "فيسبوك": labelFacebook,
	"instagram": labelInstagram, "insta": labelInstagram, "ig": labelInstagram, "инстаграм": labelInstagram,
	"انستقرام": labelInstagram, "اینستاگرام": labelInstagram,
	"tiktok": labelTikTok, "тикток": labelTikTok,
	"vk": labelVK, "вк": labelVK, "вконтакте": labelVK,
	"snapchat": labelService, "snap": labelService, "youtube": labelService, "threads": labelService, "mastodon": labelService,
	"github": labelService, "discord": labelService, "reddit": labelService, "bluesky": labelService, "param": labelService,
}

// labelReach is how many bytes before a value are looked at for its label.
const labelReach = 40

// label gives what the nearest word that says something calls the value at start:
// on its line before it, else the name of the field whose text this is.
func (f *Finder) label(text string, start int) label {
	return f.labelWithin(text, start, labelReach)
}

// accountReach is how near the name of a service stands to that of an account.
const accountReach = 20

func (f *Finder) labelWithin(text string, start, reach int) label {
	from := max(0, start-reach)
	if n := strings.LastIndexByte(text[from:start], '\n'); n >= 0 {
		from += n + 1
	} else if from > 0 {
		for from < start && !utf8.RuneStart(text[from]) {
			from++
		}
	}
	if l := nearestLabel(text[from:start]); l != labelNone {
		return l
	}
	if start <= reach && strings.IndexByte(text[:start], '\n') < 0 {
		return f.fieldLabel()
	}
	return labelNone
}

// nearestLabel reads the words of s from its end. Names such as simSerialNumber
// and device_imei are several words.
func nearestLabel(s string) label {
	for end := len(s); end > 0; {
		start := wordStart(s, end)
		if start == end {
			_, n := utf8.DecodeLastRuneInString(s[:end])
			end -= n
			continue
		}
		if l := labelOf(s[start:end]); l != labelNone {
			return l
		}
		end = start
	}
	return labelNone
}

// wordStart gives where the word that ends at end starts.
func wordStart(s string, end int) int {
	for end > 0 {
		c := s[end-1]
		if c < utf8.RuneSelf {
			if classes[c]&classWord == 0 || c == '_' {
				break
			}
			end--
			continue
		}
		r, n := utf8.DecodeLastRuneInString(s[:end])
		if !isWordRune(r) {
			break
		}
		end -= n
	}
	return end
}

// labelOf looks a word up, and then its parts from the last on.
func labelOf(word string) label {
	if classes[word[0]]&classDigit != 0 {
		return labelNone
	}
	var small [labelReach]byte
	parts := false
	for i := range len(word) {
		c := word[i]
		if c >= utf8.RuneSelf || len(word) > labelReach {
			return labels[strings.ToLower(word)]
		}
		if isUpper(c) {
			parts = parts || i > 0
			c |= 0x20
		}
		small[i] = c
	}
	if l, known := labels[string(small[:len(word)])]; known || !parts {
		return l
	}
	for end := len(word); end > 0; {
		part := lastPart(word[:end])
		if l, known := labels[string(small[part:end])]; known {
			return l
		}
		end = part
	}
	return labelNone
}

// lastPart gives where the last part of a word such as simSerial begins.
func lastPart(word string) int {
	for i := len(word) - 1; i > 0; i-- {
		if isUpper(word[i]) != isUpper(word[i-1]) {
			if isUpper(word[i-1]) {
				return i - 1
			}
			return i
		}
	}
	return 0
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }
