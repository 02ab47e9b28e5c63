package corpus

import (
	"strings"
)

func makeBitcoin(s *source) value {
	switch s.IntN(5) {
	case 0:
		return same(base58Check(0x05, s.bytes(20)))
	case 1:
		return same(segwit("bc", 0, s.bytes(20)))
	case 2:
		v := segwit("bc", 0, s.bytes(32))
		return value{raw: strings.ToUpper(v), normal: v}
	case 3:
		return same(segwit("bc", 1, s.bytes(32)))
	}
	v := base58Check(0x00, s.bytes(20))
	return value{raw: s.pick(v, "bitcoin:"+v), normal: v, field: "address"}
}

func makeLitecoin(s *source) value {
	switch s.IntN(3) {
	case 0:
		return same(base58Check(0x32, s.bytes(20)))
	case 1:
		return same(segwit("ltc", 0, s.bytes(20)))
	}
	return same(base58Check(0x30, s.bytes(20)))
}

func lookWallet(s *source) string {
	return s.pick(s.spoilt(base58Check(0x00, s.bytes(20))), s.spoilt(base58Check(0x41, s.bytes(20))), s.spoilt(base58Check(0x30, s.bytes(20))),
		s.spoilt(segwit("bc", 0, s.bytes(20))), s.spoilt(segwit("ltc", 0, s.bytes(20))), "1"+s.from(alphabet58, 33), "T"+s.from(alphabet58, 33), "bc1"+s.from(alphanum, 39),
		base58Check(0x6f, s.bytes(20)), segwit("tb", 0, s.bytes(20)), s.from(mixed, 34), "L"+s.from(alphabet58, 33))
}

func makeEthereum(s *source) value {
	v := s.hex(40)
	return value{raw: "0x" + s.pick(v, eip55(v), strings.ToUpper(v)), normal: "0x" + v}
}

func lookEthereum(s *source) string {
	v := eip55(s.hex(40))
	wrong := strings.Map(func(r rune) rune { // every capital small, and the other way round
		switch {
		case r >= 'a' && r <= 'f':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'F':
			return r - 'A' + 'a'
		}
		return r
	}, v)
	return s.pick("0x"+s.hex(39), "0x"+s.hex(41), "0x"+s.hex(64), "0x"+wrong, "0x"+strings.Repeat("0", 40), "0x"+s.hex(16), "0y"+s.hex(40))
}

func makeMonero(s *source) value {
	switch s.IntN(3) {
	case 0:
		return same(monero(42, s.bytes(64)))
	case 1:
		return same(monero(19, s.bytes(72)))
	}
	return same(monero(18, s.bytes(64)))
}

func lookMonero(s *source) string {
	return s.pick(s.spoilt(monero(18, s.bytes(64))), "4"+s.from(alphabet58, 94), monero(53, s.bytes(64)), monero(18, s.bytes(64))[:94], "8"+s.from(alphabet58, 105), s.from(mixed, 95))
}

// countries with the account's length; those with letters are drawn apart.
var countries = []struct {
	code   string
	digits int
}{{"DE", 18}, {"AT", 16}, {"BE", 12}, {"NO", 11}, {"PL", 24}, {"ES", 20}, {"AE", 19}, {"IL", 19}, {"HU", 24}, {"EE", 16}}

func account(s *source) string {
	switch s.IntN(5) {
	case 0:
		return iban("GB", "NWBK"+s.digits(14))
	case 1:
		return iban("NL", "ABNA"+s.digits(10))
	case 2:
		return iban("LB", s.digits(4)+s.from("0123456789ABC", 20))
	}
	c := countries[s.IntN(len(countries))]
	return iban(c.code, s.digits(c.digits))
}

func makeIBAN(s *source) value {
	v := account(s)
	return value{raw: s.pick(v, inGroups(v, 4, " "), inGroups(v, 4, " "), inGroups(v, 4, "-")), normal: v, label: s.pick("", "", "IBAN"), field: "iban"}
}

func lookIBAN(s *source) string {
	v := account(s)
	wrong := v[:2] + s.pick("00", "01", "99") + v[4:]
	return s.pick(wrong, inGroups(wrong, 4, " "), v[:len(v)-1], s.spoilt(v), "XX"+v[2:], "QZ"+s.digits(20), "DE"+s.digits(3), "AB12 CD34 EF56 GH78 IJ90", "NO "+s.digits(13)+"x")
}

func makeCard(s *source) value {
	v := withLuhn(s.pick("4"+s.digits(14), "5"+s.pick("1", "3", "5")+s.digits(13), "2221"+s.digits(11), "6011"+s.digits(11), "62"+s.digits(13), "2200"+s.digits(11), "3530"+s.digits(11)))
	if s.IntN(6) == 0 {
		v = withLuhn("37" + s.digits(12))
		return value{raw: s.pick(v, v[:4]+" "+v[4:10]+" "+v[10:]), normal: v, field: "card"}
	}
	return value{raw: s.pick(v, inGroups(v, 4, " "), inGroups(v, 4, "-")), normal: v, label: s.pick("", "", "card", "Visa"), field: "card"}
}

func lookCard(s *source) string {
	v := withLuhn("4" + s.digits(14))
	bad := s.spoilt(v)
	return s.pick(bad, inGroups(bad, 4, " "), inGroups(bad, 4, "-"), "order "+v, "tracking number "+v, withLuhn("9"+s.digits(14)), withLuhn("1"+s.digits(14)), v+"5", "x"+v,
		"invoice "+v, "1704412800"+s.digits(6), v[:12], strings.Repeat("0", 16), "заказ "+v)
}

func makeIMEI(s *source) value {
	v := withLuhn(s.pick("35", "86", "01") + s.digits(12))
	return value{
		raw: s.pick(v, v, v[:2]+"-"+v[2:8]+"-"+v[8:14]+"-"+v[14:], v[:2]+" "+v[2:8]+" "+v[8:14]+" "+v[14:]), normal: v,
		label: s.pick("", "IMEI", "IMEI"), field: s.pick("imei", "deviceImei"),
	}
}

func lookIMEI(s *source) string {
	v := withLuhn("35" + s.digits(12))
	return s.pick(s.spoilt(v), "IMEI "+s.spoilt(v), "serial "+v, withLuhn("62" + s.digits(12))[:15], v[:14], v+"7", "order "+v, withLuhn("77"+s.digits(12)), "SN: "+v)
}

func makeIMSI(s *source) value {
	v := s.pick("26201", "310150", "23415", "41805", "43211", "40410", "25001")
	v += s.digits(15 - len(v))
	return value{raw: v, normal: v, label: "IMSI", field: s.pick("imsi", "subscriber_imsi")}
}

func lookIMSI(s *source) string {
	return s.pick("26201"+s.digits(10), "order 310150"+s.digits(9), "IMSI "+s.digits(12), "IMSI 00"+s.digits(13), "IMSI catcher, 2"+s.digits(4), "IMSI: "+s.digits(18))
}

func makeICCID(s *source) value {
	v := withLuhn("89" + s.pick("49", "44", "01", "964", "7") + s.digits(16))
	v = withLuhn(v[:18])
	if s.IntN(4) == 0 {
		v = withLuhn(v)
	}
	return value{raw: s.pick(v, v, inGroups(v, 4, " "), v+"F"), normal: v, label: s.pick("", "ICCID", "SIM"), field: s.pick("iccid", "simSerial")}
}

func lookICCID(s *source) string {
	v := withLuhn("8949" + s.digits(14))
	return s.pick(s.spoilt(v), "ICCID "+s.spoilt(v), v[:18], withLuhn("88"+s.digits(16)), "order "+v, v+s.digits(4), "x"+v, s.digits(19)+"z")
}
