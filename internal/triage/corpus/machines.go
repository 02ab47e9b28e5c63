package corpus

import (
	"fmt"
	"net/netip"
	"strings"
)

func makeIPv4(s *source) value {
	v := fmt.Sprintf("%s.%d", s.pick("192.0.2", "198.51.100", "203.0.113", "10.20.30", "192.168.7"), s.IntN(255)+1)
	switch s.IntN(5) {
	case 0:
		return value{raw: strings.ReplaceAll(v, ".", "[.]"), normal: v}
	case 1:
		return value{raw: v + ":" + s.pick("80", "443", "8080"), normal: v}
	case 2:
		return value{raw: v + "/24", normal: v}
	case 3:
		return value{raw: v, normal: v, label: s.pick("IP", "server", "from")}
	}
	return value{raw: v, normal: v, field: "ip"}
}

func lookIPv4(s *source) string {
	d := func() string { return fmt.Sprint(s.IntN(9) + 1) }
	return s.pick("version "+d()+"."+d()+"."+d()+"."+d(), "v1.2."+d()+"."+d(), d()+"."+d()+"."+d()+"."+d(), "1.3.6.1.4.1."+s.digits(4), "300.1.2."+d(),
		"lib-"+d()+"."+d()+".10."+d()+".so", "2024.01.17.12", "build 10.0.1904"+d()+".1", "release 12.4."+d()+".0", "192.168.001.00"+d(), "127.0.0.1", "0.0.0.0",
		d()+"."+d()+"."+d(), "1.2.3.4.5", "10.1.2."+d()+"-rc1", "section 4.1.2."+d(), "255.255.255.0")
}

func makeIPv6(s *source) value {
	v := fmt.Sprintf("2001:db8:%s:%s::%s", s.hex(4), s.hex(3), s.hex(2))
	if s.IntN(3) == 0 {
		v = fmt.Sprintf("2001:0DB8:%s:0000:0000:%s:%s:%s", strings.ToUpper(s.hex(4)), s.hex(4), s.hex(4), s.hex(4))
	}
	if s.IntN(4) == 0 {
		v = "fe80::" + s.hex(4) + ":" + s.hex(4) + ":" + s.hex(4)
	}
	address, err := netip.ParseAddr(v)
	if err != nil {
		panic(err)
	}
	return value{raw: s.pick(v, v, "["+v+"]"), normal: address.String(), field: "ipv6"}
}

func lookIPv6(s *source) string {
	return s.pick("12:30:45", "std::vector", "fade::"+word(s), "::1", "::", "2024:01:17 12:30:45", "1::2", "abcd:"+word(s), "a:b:c:d", "dead::beef",
		"2001:db8::xyz", "Genesis 1:1", "10:20:30:40", "2001:db8:1", "12:34:56:78:9a", "key: 3fa2: yes")
}

func makeMAC(s *source) value {
	hex := s.pick("00005e0053", "a4c3f0"+s.hex(4), "3c22fb"+s.hex(4)) + s.hex(2)
	normal := inGroups(hex, 2, ":")
	switch s.IntN(4) {
	case 0:
		return value{raw: strings.ToUpper(inGroups(hex, 2, "-")), normal: normal, field: "bssid"}
	case 1:
		return value{raw: inGroups(hex, 4, "."), normal: normal, field: "mac"}
	case 2:
		return value{raw: strings.ToUpper(normal), normal: normal}
	}
	return value{raw: normal, normal: normal, field: "mac"}
}

func lookMAC(s *source) string {
	return s.pick("12:30:45", inGroups(s.hex(32), 2, ":"), inGroups(s.hex(40), 2, ":"), inGroups(s.hex(10), 2, ":"), "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff",
		"12-03-20-24-12-30", inGroups(s.hex(10), 2, "-")+"-zz", "aa:bb-cc:dd-ee:ff", s.digits(4)+"."+s.digits(4)+"."+s.digits(4), "g0:11:22:33:44:55")
}

func makeOnion(s *source) value {
	v := onion(s.bytes(32))
	switch s.IntN(3) {
	case 0:
		return value{raw: strings.Replace(v, ".", "[.]", 1), normal: v}
	case 1:
		return value{raw: "www." + v, normal: v}
	}
	return value{raw: v, normal: v}
}

func lookOnion(s *source) string {
	v := onion(s.bytes(32))
	return s.pick(s.from(lower+"234567", 56)+".onion", v[:55]+".onion", "b"+v+"x", s.spoilt(v[:56])+".onion", "the red.onion", v[:56]+".onionsoup")
}

func hashOf(n int) func(*source) value {
	return func(s *source) value {
		v := s.hex(n)
		label := s.pick("", "", map[int]string{32: "MD5", 40: "SHA1", 64: "SHA256", 128: "SHA512"}[n])
		return value{raw: s.pick(v, v, strings.ToUpper(v)), normal: v, label: label, field: "hash"}
	}
}

func lookHex(s *source) string {
	uuid := s.hex(8) + "-" + s.hex(4) + "-4" + s.hex(3) + "-a" + s.hex(3) + "-" + s.hex(12)
	return s.pick(s.hex(31), s.hex(33), s.hex(39), s.hex(41), s.hex(63), s.hex(65), s.hex(127), s.hex(129), s.hex(20), s.hex(56), s.hex(96), uuid,
		strings.Repeat("0", 40), strings.Repeat("f", 64), "x"+s.hex(40), s.hex(32)+"_1", s.digits(32), inGroups(s.hex(36), 4, " "), "g"+s.hex(31),
		s.from(mixed, 40)+"Zz", strings.Repeat("ab", 16))
}

func makePGP(s *source) value {
	v := s.hex(40)
	upper := strings.ToUpper(v)
	spaced := inGroups(upper[:20], 4, " ") + s.pick("  ", " ") + inGroups(upper[20:], 4, " ")
	return s.oneOf(value{raw: spaced, normal: v}, value{raw: upper, normal: v, label: s.pick("PGP", "GPG fingerprint", "fpr"), field: "fingerprint"})
}

func (s *source) oneOf(of ...value) value { return of[s.IntN(len(of))] }

func uuid(s *source) string {
	return s.hex(8) + "-" + s.hex(4) + "-4" + s.hex(3) + "-" + s.pick("8", "9", "a", "b") + s.hex(3) + "-" + s.hex(12)
}

func makeDevice(s *source) value {
	v := uuid(s)
	return s.oneOf(
		value{raw: v, normal: v, label: s.pick("IDFA", "GAID", "advertising id", "device id", "adid", "IDFV"), field: "advertisingId"},
		value{raw: strings.ToUpper(v), normal: v, label: s.pick("IDFA", "Device ID"), field: "idfa"},
		func() value {
			a := s.hex(16)
			return value{raw: a, normal: a, label: "android_id", field: "android_id"}
		}())
}

func lookDevice(s *source) string {
	return s.pick(uuid(s), "request "+uuid(s), "advertising id 00000000-0000-0000-0000-000000000000", "device id "+s.hex(15), "device "+s.hex(8)+"-"+s.hex(4),
		"android_id "+s.hex(14), "session "+s.hex(16), "file--"+uuid(s))
}
