package pattern_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley/stix/pattern"
)

// thing is an object with a property of every kind there is.
const thing = `{
	"type": "x-thing", "id": "x-thing--1",
	"whole": 5, "negative": -3, "part": 12.658, "even": 12.0, "exponent": 1.2e1, "large": 9007199254740993,
	"yes": true, "no": false, "nothing": null,
	"text": "hello", "empty": "", "lines": "one\ntwo\n", "percent": "50%_off", "greek": "Ωμέγα ένα",
	"russian": "это бомба, да", "composed": "ò", "combined": "o\u0300", "wide": "ălice",
	"name": "alice", "name_hex": "616c696365", "name_bin": "YWxpY2U=", "high_hex": "ff00fe", "bad_hex": "6", "bad_bin": "?",
	"time": "2026-03-01T09:30:00.5Z", "leap": "2016-12-31T23:59:60Z", "fine": "2026-03-01T09:30:00.1234567891Z",
	"ip": "198.51.100.7", "net": "198.51.100.0/24", "host": "198.51.100.9/24", "ip6": "2001:db8::7", "net6": "2001:db8::/32",
	"list": ["a", "b", 7], "numbers": [1, 5, 9], "none": [], "nested": [[1, 2], [3]],
	"map": {"a.b": 1, "c-d": {"e": "f"}}, "hashes": {"MD5": "00"},
	"friend_ref": "x-thing--2", "friend_refs": ["x-thing--2", "x-thing--9", "x-thing--3"], "lost_ref": "x-thing--9", "odd_ref": 7
}`

func thingObservation(t testing.TB) pattern.Observation {
	t.Helper()
	objects := map[string]pattern.Object{}
	for id, text := range map[string]string{
		"x-thing--1": thing,
		"x-thing--2": `{"type": "x-friend", "id": "x-thing--2", "text": "second", "friend_ref": "x-thing--3"}`,
		"x-pair--1":  `{"type": "x-pair", "left": 1, "right": 2}`,
		"x-pair--2":  `{"type": "x-pair", "left": 3, "right": 4}`,
		"x-thing--3": `{"type": "x-other", "id": "x-thing--3", "text": "third", "friend_refs": ["x-thing--1"]}`,
	} {
		var object pattern.Object
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			t.Fatal(err)
		}
		objects[id] = object
	}
	o, err := pattern.NewObservation(time.Unix(0, 0), time.Unix(0, 0), 1, objects)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// verdict matches one observation.
func verdict(t testing.TB, text string, o pattern.Observation) pattern.Result {
	t.Helper()
	result, err := compiled(t, text, pattern.MatchOptions{}).Match([]pattern.Observation{o})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return result
}

// TestComparisons lists comparisons of one object that are true and, after a blank line, false.
func TestComparisons(t *testing.T) {
	for name, list := range map[string]string{
		"numbers": `
			x-thing:whole = 5
			x-thing:whole = 5.0
			x-thing:whole != 6
			x-thing:whole NOT = 6
			x-thing:whole > 4.9
			x-thing:whole >= 5
			x-thing:whole < 5.1
			x-thing:whole <= 5
			x-thing:negative < -2
			x-thing:negative = -3
			x-thing:part = 12.658
			x-thing:part > 12.65799
			x-thing:even = 12
			x-thing:exponent = 12
			x-thing:whole IN (1, 5)
			x-thing:whole IN (1.5, 5.0)
			x-thing:whole NOT IN (1, 2)
			x-thing:part != 12

			x-thing:whole = 4
			x-thing:whole != 5
			x-thing:whole NOT = 5
			x-thing:whole > 5
			x-thing:whole < 5
			x-thing:whole NOT > 4
			x-thing:part = 12
			x-thing:part = 13
			x-thing:whole IN ()
			x-thing:whole NOT IN (5)`,
		"types that do not fit": `
			x-thing:whole != 'five'
			x-thing:whole NOT = 'five'
			x-thing:whole != true
			x-thing:yes != 1
			x-thing:text != 5
			x-thing:nothing != 'hello'
			x-thing:nothing NOT IN ('hello')
			x-thing:list != 'a'
			x-thing:map != 'a'
			x-thing:whole NOT LIKE '5'
			x-thing:whole NOT MATCHES '5'
			x-thing:whole NOT ISSUBSET '198.51.100.0/24'
			x-thing:text NOT > 5

			x-thing:whole = '5'
			x-thing:whole < '6'
			x-thing:yes = 1
			x-thing:no = 0
			x-thing:yes = 'true'
			x-thing:text = 5
			x-thing:text > 5
			x-thing:nothing = 'hello'
			x-thing:nothing > 0
			x-thing:nothing LIKE '%'
			x-thing:list = 'a'
			x-thing:whole LIKE '5'
			x-thing:whole MATCHES '5'
			x-thing:whole IN ('5')`,
		"booleans": `
			x-thing:yes = true
			x-thing:no = false
			x-thing:yes != false
			x-thing:yes IN (false, true)

			x-thing:yes = false
			x-thing:no != false
			x-thing:no IN (true)`,
		"strings": `
			x-thing:text = 'hello'
			x-thing:text > 'hell'
			x-thing:text > 'Hello'
			x-thing:text < 'hello!'
			x-thing:empty = ''
			x-thing:empty < 'a'
			x-thing:text IN ('x', 'hello')
			x-thing:combined != 'ò'
			x-thing:composed > 'z'
			x-thing:combined < 'z'
			x-thing:combined > 'oz'

			x-thing:text = 'Hello'
			x-thing:text = 'hello '
			x-thing:combined = 'ò'
			x-thing:combined IN ('ò')
			x-thing:text NOT IN ('hello')`,
		"LIKE": `
			x-thing:text LIKE 'hello'
			x-thing:text LIKE 'h%'
			x-thing:text LIKE '%'
			x-thing:text LIKE '%%l%%o'
			x-thing:text LIKE 'h_ll_'
			x-thing:text LIKE '_____'
			x-thing:empty LIKE ''
			x-thing:empty LIKE '%'
			x-thing:lines LIKE 'one%'
			x-thing:lines LIKE 'one_two_'
			x-thing:greek LIKE 'Ωμέγ_ %'
			x-thing:percent LIKE '50%\\_off' OR x-thing:percent LIKE '50%_off'
			x-thing:combined LIKE 'ò'
			x-thing:combined LIKE '_'
			x-thing:text NOT LIKE 'H%'
			x-thing:name_bin LIKE 'al%'
			x-thing:name_hex LIKE 'ali_e'
			x-thing:high_hex LIKE 'ÿ_þ'

			x-thing:text LIKE 'hell'
			x-thing:text LIKE 'ello'
			x-thing:text LIKE 'H%'
			x-thing:text LIKE '______'
			x-thing:text LIKE ''
			x-thing:empty LIKE '_'
			x-thing:text LIKE 'h.*'
			x-thing:name_bin LIKE 'YWxpY2U='`,
		"MATCHES": `
			x-thing:text MATCHES 'l+'
			x-thing:text MATCHES '^h.*o$'
			x-thing:text MATCHES ''
			x-thing:text MATCHES '(?i)HELLO'
			x-thing:lines MATCHES 'one.two'
			x-thing:lines MATCHES 'two$'
			x-thing:lines MATCHES '(?m)^two$'
			x-thing:lines MATCHES 'two\\n\\z'
			x-thing:greek MATCHES '^\\w+\\s\\w+$'
			x-thing:russian MATCHES '\\bбомба\\b'
			x-thing:russian MATCHES '(?i)БОМБА'
			x-thing:combined MATCHES '^ò$'
			x-thing:combined MATCHES '^.$'
			x-thing:text NOT MATCHES 'z'
			x-thing:name_hex MATCHES '\\x61li[c\\x01]e'
			x-thing:high_hex MATCHES '^\\xff\\x00'
			x-thing:high_hex MATCHES '^.{3}$'
			x-thing:high_hex MATCHES '\\W'
			x-thing:high_hex MATCHES '[\\x80-\\xff]$'
			x-thing:high_hex MATCHES '^ÿ'
			x-thing:high_hex MATCHES '(?i)þ$'
			x-thing:name_bin NOT MATCHES 'ălice'
			x-thing:wide MATCHES 'ălice'

			x-thing:text MATCHES '^l'
			x-thing:lines MATCHES 'two\\z'
			x-thing:lines MATCHES 'one$'
			x-thing:russian MATCHES '\\bбомб\\b'
			x-thing:name_bin MATCHES 'ălice'
			x-thing:high_hex MATCHES '(?i)Þ'
			x-thing:high_hex MATCHES '\\w'`,
		"octets": `
			x-thing:name = h'616c696365'
			x-thing:name = b'YWxpY2U='
			x-thing:name_hex = 'alice'
			x-thing:name_hex = b'YWxpY2U='
			x-thing:name_bin = h'616C696365'
			x-thing:name_bin IN ('bob', 'alice')
			x-thing:name_bin > 'aardvark'
			x-thing:high_hex > h'7fffffff'
			x-thing:high_hex = 'ÿ` + "\x00" + `þ'
			x-thing:high_hex < h'ff00fe00'
			x-thing:name_hex != 'ălice'
			x-thing:wide != h'616c696365'
			x-thing:name_hex NOT < 'ălice'

			x-thing:name_hex = '616c696365'
			x-thing:name_bin = 'YWxpY2U='
			x-thing:name_hex = 'ălice'
			x-thing:name_hex < 'ălice'
			x-thing:name_hex > 'ălice'
			x-thing:wide = h'616c696365'
			x-thing:whole = h'05'`,
		"timestamps": `
			x-thing:time = t'2026-03-01T09:30:00.5Z'
			x-thing:time = t'2026-03-01T09:30:00.500Z'
			x-thing:time > t'2026-03-01T09:30:00Z'
			x-thing:time < t'2026-03-01T09:30:01Z'
			x-thing:leap = t'2017-01-01T00:00:00Z'
			x-thing:time IN (t'2026-03-01T09:30:00.50Z')
			x-thing:fine > t'2026-03-01T09:30:00.123456789Z'
			x-thing:fine = t'2026-03-01T09:30:00.12345678910Z'
			x-thing:time = '2026-03-01T09:30:00.5Z'

			x-thing:time != t'2026-03-01T09:30:00.5Z'
			x-thing:time = '2026-03-01T09:30:00.50Z'
			x-thing:fine = t'2026-03-01T09:30:00.123456789Z'`,
		"addresses": `
			x-thing:ip ISSUBSET '198.51.100.0/24'
			x-thing:ip ISSUBSET '198.51.100.7'
			x-thing:ip ISSUBSET '0.0.0.0/0'
			x-thing:net ISSUBSET '198.51.0.0/16'
			x-thing:net ISSUBSET '198.51.100.200/24'
			x-thing:host ISSUBSET '198.51.100.0/24'
			x-thing:net ISSUPERSET '198.51.100.7'
			x-thing:net ISSUPERSET '198.51.100.128/25'
			x-thing:net ISSUPERSET '198.51.100.0/24'
			x-thing:ip6 ISSUBSET '2001:0db8::/32'
			x-thing:net6 ISSUPERSET '2001:db8:1::/48'
			x-thing:ip NOT ISSUBSET '192.0.2.0/24'
			x-thing:text NOT ISSUBSET '192.0.2.0/24'
			x-thing:ip NOT ISSUBSET '::/0'

			x-thing:ip ISSUBSET '198.51.101.0/24'
			x-thing:net ISSUBSET '198.51.100.0/25'
			x-thing:net ISSUPERSET '198.51.0.0/16'
			x-thing:ip ISSUBSET '::/0'
			x-thing:text ISSUBSET '192.0.2.0/24'
			x-thing:net NOT ISSUPERSET '198.51.100.7'`,
		"paths": `
			x-thing:list[0] = 'a'
			x-thing:list[*] = 'b'
			x-thing:list[*] = 7
			x-thing:list[*] != 'a'
			x-thing:numbers[*] > 8
			x-thing:nested[*][*] = 3
			x-thing:nested[0][1] = 2
			x-thing:map.'a.b' = 1
			x-thing:map.'c-d'.e = 'f'
			x-thing:hashes.MD5 = '00'
			x-thing:friend_ref.text = 'second'
			x-thing:friend_ref.friend_ref.text = 'third'
			x-thing:friend_ref.friend_ref.friend_refs[0].text = 'hello'
			x-thing:friend_ref.type = 'x-friend'
			x-thing:friend_refs[*].text = 'third'
			x-thing:friend_refs[2].text = 'third'
			x-thing:friend_ref = 'x-thing--2'
			x-thing:friend_refs[*] = 'x-thing--9'
			x-other:friend_refs[0].whole = 5

			x-thing:list[3] = 'a'
			x-thing:list[-1] = 7
			x-thing:list = 'a'
			x-thing:none[*] != 'a'
			x-thing:numbers[*] > 9
			x-thing:missing = 1
			x-thing:missing != 1
			x-thing:missing NOT = 1
			x-thing:missing NOT IN (1)
			x-thing:text.length = 5
			x-thing:text[0] = 'h'
			x-thing:map[0] = 1
			x-thing:lost_ref.text != 'x'
			x-thing:odd_ref.text != 'x'
			x-thing:friend_refs[1].text != 'x'
			x-thing:friend_refs.text = 'second'
			x-thing:text.text = 'second'
			x-missing:text = 'hello'`,
		"EXISTS": `
			EXISTS x-thing:text
			EXISTS x-thing:nothing
			EXISTS x-thing:none
			EXISTS x-thing:map.'c-d'.e
			EXISTS x-thing:friend_ref
			EXISTS x-thing:lost_ref
			EXISTS x-thing:friend_ref.text
			NOT EXISTS x-thing:missing
			NOT EXISTS x-thing:lost_ref.text
			NOT EXISTS x-other:whole

			EXISTS x-thing:missing
			EXISTS x-thing:none[*]
			EXISTS x-thing:list[3]
			EXISTS x-thing:lost_ref.text
			EXISTS x-missing:text
			NOT EXISTS x-missing:text
			NOT EXISTS x-other:text`,
		"boolean operators": `
			x-thing:text = 'hello' AND x-thing:whole = 5
			x-thing:text = 'x' OR x-thing:whole = 5
			x-thing:whole = 5 OR x-thing:text = 'x' AND x-thing:text = 'y'
			x-thing:list[*] = 'a' AND x-thing:list[*] = 'b'
			x-pair:left = 3 AND x-pair:right = 4
			x-pair:left = 1 AND (x-pair:right = 4 OR x-pair:right = 2)
			x-thing:text = 'no' OR x-other:text = 'third'
			(x-friend:text = 'second' AND x-friend:friend_ref.text = 'third') OR x-thing:whole = 6

			x-thing:text = 'hello' AND x-thing:whole = 6
			(x-thing:whole = 5 OR x-thing:text = 'x') AND x-thing:text = 'y'
			x-pair:left = 1 AND x-pair:right = 4
			x-thing:whole = 5 AND x-friend:text = 'second'
			x-thing:whole = 5 AND x-other:text = 'third'`,
	} {
		t.Run(name, func(t *testing.T) {
			o := thingObservation(t)
			yes, no, ok := strings.Cut(list, "\n\n")
			if !ok {
				t.Fatal("the list has no blank line")
			}
			for want, lines := range map[bool]string{true: yes, false: no} {
				for line := range strings.Lines(lines) {
					if line = strings.TrimSpace(line); line == "" {
						continue
					}
					if result := verdict(t, "["+line+"]", o); result.Matched != want {
						t.Errorf("%s is %v", line, result.Matched)
					}
				}
			}
		})
	}
}

// TestDoubts shows values that are not what the pattern takes them for.
func TestDoubts(t *testing.T) {
	o := thingObservation(t)
	for _, row := range []struct {
		text    string
		matched bool
		doubt   string
	}{
		{"[x-thing:text = t'2026-03-01T09:30:00Z']", false, `text: "hello" is compared with a timestamp and is none`},
		{"[x-thing:text != t'2026-03-01T09:30:00Z']", true, `text: "hello" is compared with a timestamp and is none`},
		{"[x-thing:bad_hex = h'06']", false, `bad_hex: "6" is not encoded as the name of its property says`},
		{"[x-thing:bad_bin LIKE '%']", false, `bad_bin: "?" is not encoded as the name of its property says`},
		{"[x-thing:whole = t'2026-03-01T09:30:00Z']", false, ""},
		{"[x-thing:wide = h'00']", false, ""},
	} {
		result := verdict(t, row.text, o)
		doubts := []string{}
		for _, d := range result.Doubts {
			doubts = append(doubts, d.Property+": "+d.Problem)
		}
		if result.Matched != row.matched || strings.Join(doubts, "; ") != row.doubt {
			t.Errorf("%s: matched is %v, doubts are %q", row.text, result.Matched, doubts)
		}
	}
}

// TestNumbersOfGo compares what other decoders give for numbers.
func TestNumbersOfGo(t *testing.T) {
	for _, row := range []struct {
		value any
		test  string
		want  bool
	}{
		{json.Number("9007199254740993"), "= 9007199254740993", true},
		{json.Number("9007199254740993"), "= 9007199254740992", false},
		{json.Number("9007199254740993"), "> 9007199254740992.0", true},
		{json.Number("1e400"), "!= 1", true},
		{json.Number("2.50"), "= 2.5", true},
		{int(7), "= 7", true},
		{int64(7), "< 7.5", true},
		{uint8(7), "= 7.0", true},
		{uint64(1 << 63), "!= 1", true},
		{float32(0.5), "= 0.5", true},
	} {
		o, err := pattern.NewObservation(time.Unix(0, 0), time.Unix(0, 0), 1, map[string]pattern.Object{"0": {"type": "x", "n": row.value}})
		if err != nil {
			t.Fatal(err)
		}
		if result := verdict(t, "[x:n "+row.test+"]", o); result.Matched != row.want {
			t.Errorf("%v %s is %v", row.value, row.test, result.Matched)
		}
	}
}
