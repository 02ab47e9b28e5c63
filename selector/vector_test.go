package selector

import (
	"math"
	"strings"
	"testing"
)

// vectors are those that the standards and the projects themselves have published.
func TestPublishedVectors(t *testing.T) {
	for _, c := range []struct {
		kind  Kind
		from  string
		good  []string
		wrong []string
	}{
		{
			Bitcoin, "BIP-173 and BIP-350, test vectors",
			[]string{
				"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
				"BC1SW50QGDZ25J", "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
			},
			[]string{
				"tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
				"BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
				"bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
				"bc1pw5dgrnzv", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
				"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", "bc1gmk9yu", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
				"bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du", "bc1rw5uspcuh", "BC1QW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
			},
		},
		{
			Bitcoin, "BIP-13, and the Bitcoin wiki's account of how an address is made",
			[]string{"3P14159f73E4gFr7JterCCQh9QjiTjiZrG", "1PMycacnJaSqwwJqjawXBErnLsZ7RkXUAs"},
			[]string{"3P14159f73E4gFr7JterCCQh9QjiTjiZrH", "1PMycacnJaSqwwJqjawXBErnLsZ7RkXUAS", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"},
		},
		{
			Ethereum, "EIP-55, test cases",
			[]string{
				"0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D", "0xde709f2102306220921060314715629080e2fb77",
				"0x27b1fdb04752bbc536007a920d24acb045561c26", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
				"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
			},
			[]string{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "0xFb6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe"},
		},
		{
			Monero, "the Monero documentation: standard, integrated, and the project's donation subaddress",
			[]string{
				"4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rge",
				"4LL9oSLmtpccfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2bYXZKKQePHES9khPK",
				"888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H",
			},
			[]string{
				"4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rgf",
				"888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3",
			},
		},
		{
			Onion, "rend-spec-v3, section 1.2",
			[]string{
				"pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion", "sp3k262uwy4r2k3ycr5awluarykdpag6a7y33jxop4cs2lu5uz5sseqd.onion",
				"xa4r2iadxm55fbnqgwwi5mymqdcofiu3w6rpbtqn7b2dyn7mgwj64jyd.onion",
			},
			[]string{"pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscrye.onion", "expyuzz4wqqyqhjn.onion"},
		},
		{
			IBAN, "the IBAN registry, examples of the countries",
			[]string{
				"AD1200012030200359100100", "AE070331234567890123456", "AL47212110090000000235698741", "AT611904300234573201", "AZ21NABZ00000000137010001944",
				"BA391290079401028494", "BE68539007547034", "BG80BNBG96611020345678", "BH67BMAG00001299123456", "BI4210000100010000332045181",
				"BR1800360305000010009795493C1", "BY13NBRB3600900000002Z00AB00", "CH9300762011623852957", "CR05015202001026284066", "CY17002001280000001200527600",
				"CZ6508000000192000145399", "DE89370400440532013000", "DJ2100010000000154000100186", "DK5000400440116243", "DO28BAGR00000001212453611324",
				"EE382200221020145685", "EG380019000500000000263180002", "ES9121000418450200051332", "FI2112345600000785", "FK88SC123456789012",
				"FO6264600001631634", "FR1420041010050500013M02606", "GB29NWBK60161331926819", "GE29NB0000000101904917", "GI75NWBK000000007099453",
				"GL8964710001000206", "GR1601101250000000012300695", "GT82TRAJ01020000001210029690", "HR1210010051863000160", "HU42117730161111101800000000",
				"IE29AIBK93115212345678", "IL620108000000099999999", "IQ98NBIQ850123456789012", "IS140159260076545510730339", "IT60X0542811101000000123456",
				"JO94CBJO0010000000000131000302", "KW81CBKU0000000000001234560101", "KZ86125KZT5004100100", "LB62099900000001001901229114", "LC55HEMM000100010012001200023015",
				"LI21088100002324013AA", "LT121000011101001000", "LU280019400644750000", "LV80BANK0000435195001", "LY83002048000020100120361", "MC5811222000010123456789030",
				"MD24AG000225100013104168", "ME25505000012345678951", "MK07250120000058984", "MN121234123456789123", "MR1300020001010000123456753", "MT84MALT011000012345MTLCAST001S",
				"MU17BOMM0101101030300200000MUR", "NI45BAPR00000013000003558124", "NL91ABNA0417164300", "NO9386011117947", "OM810180000001299123456",
				"PK36SCBL0000001123456702", "PL61109010140000071219812874", "PS92PALS000000000400123456702", "PT50000201231234567890154", "QA58DOHB00001234567890ABCDEFG",
				"RO49AAAA1B31007593840000", "RS35260005601001611379", "SA0380000000608010167519", "SC18SSCB11010000000000001497USD", "SD2129010501234001",
				"SE4550000000058398257466", "SI56263300012039086", "SK3112000000198742637541", "SM86U0322509800000000270100", "SO211000001001000100141",
				"ST23000100010051845310146", "SV62CENR00000000000000700025", "TL380080012345678910157", "TN5910006035183598478831", "TR330006100519786457841326",
				"UA213223130000026007233566001", "VA59001123000012345678", "VG96VPVG0000012345678901", "XK051212012345678906", "YE15CBYE0001018861234567891234",
			},
			[]string{"DE88370400440532013000", "DE8937040044053201300", "GB29NWBK6016133192681A", "XX89370400440532013000", "NO9386011117948"},
		},
		{
			Card, "numbers that the schemes publish for tests",
			[]string{"4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "3530111333300000", "30569309025904", "2223003122003222"},
			[]string{"4111111111111112", "5555555555554445", "1234567812345670"},
		},
	} {
		for _, raw := range c.good {
			s, err := Parse(c.kind, raw, Options{})
			if err != nil {
				t.Errorf("%s: %v", c.from, err)
			} else if again, err := Parse(c.kind, s.Value, Options{}); err != nil || again != s {
				t.Errorf("%s: %s reads back as %v, %v", c.from, s.Value, again, err)
			}
			if len(raw) < tokenStep {
				continue // no wallet is so short; prose is not searched for it
			}
			if hits := Find("see "+raw+" there", Options{}); len(hits) != 1 || hits[0].Selector != s {
				t.Errorf("%s: in prose %q gives %v", c.from, raw, hits)
			}
		}
		for _, raw := range c.wrong {
			if s, err := Parse(c.kind, raw, Options{}); err == nil {
				t.Errorf("%s: %q was read as %s", c.from, raw, s)
			}
		}
	}
}

// Places that the National Geospatial-Intelligence Agency's own library tests, and
// one of the Geodesy Function Library.
func TestGridReferences(t *testing.T) {
	for raw, want := range map[string][2]float64{
		"35VPL0115697387":    {63.98863, 29.06757},
		"39PYP7290672069":    {12.40, 53.51},
		"4QFJ1234056781":     {21.309444, -157.916861},
		"04Q FJ 12340 56781": {21.309444, -157.916861},
		"33PYJ6132198972":    {8.1258235, 17.3714337},
		"33XVG7459743593":    {77.8654908, 13.9173973},
		"31U DQ 48251 11932": {48.8582, 2.2945},
		"42SUF1230045600":    {36.537387, 66.903222},
		"11SPA7234911844":    {36.236123, -115.082098},
	} {
		lat, lon, err := readMGRS(raw)
		if err != nil || math.Abs(lat-want[0]) > 2e-5*2 || math.Abs(lon-want[1]) > 2e-5*3 {
			t.Errorf("%s: %.6f %.6f, %v; want %v", raw, lat, lon, err, want)
		}
	}
	for _, raw := range []string{"61VPL0115697387", "35VPL011569738", "35IPL0115697387", "35VIL0115697387", "35VPL", "35VAL0115697387", "35CPL0115697387x"} {
		if lat, lon, err := readMGRS(raw); err == nil {
			t.Errorf("%s: %f %f", raw, lat, lon)
		}
	}
}

// ISO 7064 mod 97-10 and Luhn find every wrong digit and every swap of neighbours
// but 09 and 90.
func TestCheckDigitsSeeMistakes(t *testing.T) {
	for _, c := range []struct {
		valid string
		check func(string) bool
	}{{"378282246310005", luhn}, {"DE89370400440532013000", checkIBAN}} {
		if !c.check(c.valid) {
			t.Fatal(c.valid)
		}
		for i := range c.valid {
			for _, digit := range "0123456789" {
				wrong := c.valid[:i] + string(digit) + c.valid[i+1:]
				if wrong != c.valid && strings.IndexByte("0123456789", c.valid[i]) >= 0 && c.check(wrong) {
					t.Errorf("%s passes for %s", wrong, c.valid)
				}
			}
		}
	}
}
