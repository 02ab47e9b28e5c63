package selector

import (
	"slices"
	"testing"
)

func TestEveryKindKnowsItsSpace(t *testing.T) {
	for _, k := range Kinds() {
		if s := SpaceOf(k); s.Bits == 0 || s.Source == "" {
			t.Errorf("%s: %+v: say how many values it has, and after which source", k, s)
		}
	}
	if s := SpaceOf("heliograph"); !s.Low || s.Cap(500_000) != 1 {
		t.Errorf("a kind that nobody measured may be asked about %d at once", s.Cap(500_000))
	}
}

func TestWhichKindsCanBeListed(t *testing.T) {
	for _, k := range []Kind{Phone, IMEI, IMSI, ICCID, Card, IPv4, MAC, IBAN, TelegramID, FacebookID, VKID, Coordinates, Word, Pattern, Bitcoin, Ethereum, Tron, Litecoin} {
		if !SpaceOf(k).Low {
			t.Errorf("%s can be asked about wholesale, and is not marked so", k)
		}
	}
	if got, want := Unguessable(), []Kind{
		Email, Telegram, URL, SHA256, Domain, IPv6, Onion, WhatsApp, Signal, X, Facebook, Instagram, TikTok, VK,
		Monero, Device, PGP, MD5, SHA1, SHA512,
	}; !slices.Equal(got, want) {
		t.Errorf("not to be listed: %v, want %v", got, want)
	}
}

func TestACapIsAThousandthOfTheSpace(t *testing.T) {
	const most = 500_000
	for k, want := range map[Kind]int{Phone: 131_072, IMEI: 1024, Card: 8192, IMSI: most, Email: most, SHA256: most} {
		if got := SpaceOf(k).Cap(most); got != want {
			t.Errorf("%s: %d at once, want %d", k, got, want)
		}
	}
	if got := SpaceOf(Phone).Cap(50); got != 50 {
		t.Errorf("the caller's own bound of 50 became %d", got)
	}
}
