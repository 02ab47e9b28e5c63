package assess

import (
	"fmt"
	"strings"
)

// Band is one band of likelihood: its ends in percent and its words.
type Band struct {
	Low, High float64
	Words     [2]string // two rows of synonyms that are not mixed in one product
}

// Bands returns the seven bands of ICD 203 (Analytic Standards, 2015). STIX's "DNI" scale is
// another one and is not used: it calls 57 % likely too, but draws its bands elsewhere.
func Bands() []Band {
	return []Band{
		{1, 5, [2]string{"almost no chance", "remote"}},
		{5, 20, [2]string{"very unlikely", "highly improbable"}},
		{20, 45, [2]string{"unlikely", "improbable"}},
		{45, 55, [2]string{"roughly even chance", "roughly even odds"}},
		{55, 80, [2]string{"likely", "probable"}},
		{80, 95, [2]string{"very likely", "highly probable"}},
		{95, 99, [2]string{"almost certain", "nearly certain"}},
	}
}

// Likelihood writes a pair of percentages in words of the first row, with the figures: "likely
// (55–80 %)", "roughly even chance to likely (45–80 %)". It never says how confident anybody is:
// ICD 203 keeps likelihood and confidence out of one sentence.
func Likelihood(low, high float64) string {
	var words []string
	for _, b := range Bands() {
		touches := low < b.High && high > b.Low || low == high && b.Low <= low && low <= b.High
		if touches && (len(words) == 0 || low != high) {
			words = append(words, b.Words[0])
		}
	}
	figures := fmt.Sprintf("%g–%g %%", low, high)
	if low == high {
		figures = fmt.Sprintf("%g %%", low)
	}
	switch len(words) {
	case 0:
		return figures
	case 1:
		return words[0] + " (" + figures + ")"
	}
	return strings.Join([]string{words[0], words[len(words)-1]}, " to ") + " (" + figures + ")"
}
