package pattern

import "strings"

// problemsOfHash looks at the constants with which a hash is said to be equal or not. Algorithms
// whose digests have no fixed number of hexadecimal digits are left alone.
func problemsOfHash(e *Comparison) (problems []string) {
	name := algorithm(e.Path)
	digits := hashDigits[strings.ReplaceAll(strings.ToUpper(name), "-", "")]
	if digits == 0 || e.Operator != Equal && e.Operator != NotEqual && e.Operator != In {
		return nil
	}
	for _, constant := range e.Constants {
		text, isText := constant.(String)
		if !isText || len(text) != digits || strings.Trim(string(text), "0123456789abcdefABCDEF") != "" {
			problems = append(problems, shown(strings.Trim(constant.String(), "'"))+" is no "+name+" hash")
		}
	}
	return problems
}

// algorithm gives the key that follows the property hashes at the end of a path, or "".
func algorithm(p Path) string {
	n := len(p.Steps)
	if n < 2 || p.Steps[n-2].Key != "hashes" {
		return ""
	}
	return p.Steps[n-1].Key
}

// hashDigits are the hexadecimal digits of a digest, by the algorithm's name without hyphens.
var hashDigits = map[string]int{
	"MD5": 32, "RIPEMD160": 40, "WHIRLPOOL": 128,
	"SHA1": 40, "SHA224": 56, "SHA256": 64, "SHA384": 96, "SHA512": 128,
	"SHA3224": 56, "SHA3256": 64, "SHA3384": 96, "SHA3512": 128,
}
