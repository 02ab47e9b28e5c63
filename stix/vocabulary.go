package stix

import (
	"slices"
	"strings"

	"parley/stix/internal/scan"
)

// Vocabulary gives the words of an open vocabulary of section 10, such as "indicator-type-ov", in the
// order of the standard, or nil if there is none of that name. Other words are allowed; [Recommended]
// finds them.
func Vocabulary(name string) []string { return slices.Clone(vocabularies[name]) }

// open is a text that should be a word of an open vocabulary (section 2.14).
func open(vocabulary string) kind {
	return func(c *checker, value []byte) {
		text(c, value)
		if s, ok := scan.Text(value); ok && c.mode == Recommended && !slices.Contains(vocabularies[vocabulary], s) {
			c.advise("is %s, which is no word of %s", shown(s), vocabulary)
		}
	}
}

// hyphenated is a text that should be in small letters with hyphens between words (section 2.11).
func hyphenated(c *checker, value []byte) {
	text(c, value)
	if s, ok := scan.Text(value); ok && (s != strings.ToLower(s) || strings.ContainsAny(s, " _")) {
		c.advise("is %s and should be in small letters with hyphens between words", shown(s))
	}
}

func words(text string) []string { return strings.Fields(text) }

// vocabularies are the open vocabularies of section 10.
var vocabularies = map[string][]string{
	"account-type-ov": words(`facebook ldap nis openid radius skype tacacs twitter unix windows-local windows-domain`),
	"attack-motivation-ov": words(`accidental coercion dominance ideology notoriety organizational-gain personal-gain
		personal-satisfaction revenge unpredictable`),
	"attack-resource-level-ov": words(`club contest team organization government`),
	"grouping-context-ov":      words(`suspicious-activity malware-analysis unspecified`),
	"hash-algorithm-ov":        words(`MD5 SHA-1 SHA-256 SHA-512 SHA3-256 SHA3-512 SSDEEP TLSH`),
	"identity-class-ov":        words(`individual group system organization class unknown`),
	"implementation-language-ov": words(`applescript bash c c++ c# go java javascript lua objective-c perl php powershell python ruby rust
		scala swift typescript visual-basic x86-32 x86-64`),
	"indicator-type-ov": words(`anomalous-activity anonymization benign compromised malicious-activity attribution unknown`),
	"industry-sector-ov": words(`agriculture aerospace automotive chemical commercial communications construction defense education
		energy entertainment financial-services government emergency-services government-local
		government-national government-public-services government-regional healthcare hospitality-leisure
		infrastructure dams nuclear water insurance legal manufacturing mining non-profit pharmaceuticals
		retail technology telecommunications transportation utilities`),
	"infrastructure-type-ov": words(`amplification anonymization botnet command-and-control control-system exfiltration firewall
		hosting-malware hosting-target-lists phishing reconnaissance routers-switches staging workstation
		unknown`),
	"malware-capabilities-ov": words(`accesses-remote-machines anti-debugging anti-disassembly anti-emulation anti-memory-forensics
		anti-sandbox anti-vm captures-input-peripherals captures-output-peripherals
		captures-system-state-data cleans-traces-of-infection commits-fraud communicates-with-c2
		compromises-data-availability compromises-data-integrity compromises-system-availability
		controls-local-machine degrades-security-software degrades-system-updates determines-c2-server
		emails-spam escalates-privileges evades-av exfiltrates-data fingerprints-host hides-artifacts
		hides-executing-code infects-files infects-remote-machines installs-other-components
		persists-after-system-reboot prevents-artifact-access prevents-artifact-deletion
		probes-network-environment self-modifies steals-authentication-credentials
		violates-system-operational-integrity`),
	"malware-result-ov": words(`malicious suspicious benign unknown`),
	"malware-type-ov": words(`adware backdoor bot bootkit ddos downloader dropper exploit-kit keylogger ransomware
		remote-access-trojan resource-exploitation rogue-security-software rootkit screen-capture spyware
		trojan unknown virus webshell wiper worm`),
	"pattern-type-ov":           words(`stix pcre sigma snort suricata yara`),
	"processor-architecture-ov": words(`alpha arm ia-64 mips powerpc sparc x86 x86-64`),
	"region-ov": words(`africa eastern-africa middle-africa northern-africa southern-africa western-africa americas
		caribbean central-america latin-america-caribbean northern-america south-america asia central-asia
		eastern-asia southern-asia south-eastern-asia western-asia europe eastern-europe northern-europe
		southern-europe western-europe oceania antarctica australia-new-zealand melanesia micronesia
		polynesia`),
	"report-type-ov": words(`attack-pattern campaign identity incident indicator intrusion-set malware observed-data threat-actor
		threat-report tool vulnerability`),
	"threat-actor-type-ov": words(`activist competitor crime-syndicate criminal hacker insider-accidental insider-disgruntled
		nation-state private-sector sensationalist spy terrorist unknown`),
	"threat-actor-role-ov":           words(`agent director independent infrastructure-architect infrastructure-operator malware-author sponsor`),
	"threat-actor-sophistication-ov": words(`none minimal intermediate advanced expert innovator strategic`),
	"tool-type-ov": words(`denial-of-service exploitation information-gathering network-capture credential-exploitation
		remote-access vulnerability-scanning unknown`),
	"windows-pebinary-type-ov": words(`dll exe sys`),
}
