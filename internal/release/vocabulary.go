package release

import (
	"strings"

	"golang.org/x/text/language"
)

// vocabularies lists the words that may be taken over from an original: words of a public standard,
// which say nothing about who chose them. A word outside its list is free text and stays behind.
//
// The lists are STIX 2.1, section 10. relationship-type leaves out authored-by, derived-from and
// duplicate-of, because a link to who or what something was made from betrays the source.
var vocabularies = map[string]map[string]bool{
	"identity-class-ov": words(`individual group system organization class unspecified`),
	"indicator-type-ov": words(`anomalous-activity anonymization benign compromised
		malicious-activity attribution unknown`),
	"industry-sector-ov": words(`agriculture aerospace automotive chemical commercial
		communications construction defense education energy entertainment financial-services
		government emergency-services government-local government-national
		government-public-services government-regional healthcare hospitality-leisure
		infrastructure dams nuclear water insurance manufacturing mining non-profit
		pharmaceuticals retail technology telecommunications transportation utilities`),
	"region-ov": words(`africa eastern-africa middle-africa northern-africa southern-africa
		western-africa americas caribbean central-america latin-america-caribbean
		northern-america south-america asia central-asia eastern-asia southern-asia
		south-eastern-asia western-asia europe eastern-europe northern-europe southern-europe
		western-europe oceania antarctica australia-new-zealand melanesia micronesia polynesia`),
	"relationship-type": words(`analysis-of attributed-to based-on beacons-to
		characterizes communicates-with compromises consists-of controls delivers downloads drops
		dynamic-analysis-of exfiltrates-to exploits has hosts impersonates indicates investigates
		located-at mitigates originates-from owns related-to remediates resolves-to
		static-analysis-of targets uses variant-of`),
	"report-type-ov": words(`attack-pattern campaign identity indicator intrusion-set malware
		observed-data threat-actor threat-report tool vulnerability`),
}

func words(list string) map[string]bool {
	set := make(map[string]bool)
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}

// inVocabulary says whether a word may be taken over. Countries are ISO 3166-1 alpha-2 codes.
func inVocabulary(name, word string) bool {
	if name == "country" {
		return isCountry(word)
	}
	return vocabularies[name][word]
}

func isCountry(code string) bool {
	if len(code) != 2 || strings.ToUpper(code) != code {
		return false
	}
	region, err := language.ParseRegion(code)
	return err == nil && region.IsCountry()
}
