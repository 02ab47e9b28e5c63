package misp

// usualTypes are MISP's types of attributes by the category that each stands under if nothing else is said
// (misp-rfc, core format, "category"). MISP refuses a type under a category that is not its own.
var usualTypes = map[string][]string{
	"Artifacts dropped": {
		"gene", "kusto-query", "mime-type", "mutex", "named pipe", "pdb", "process-state", "windows-scheduled-task",
		"windows-service-displayname", "windows-service-name",
	},
	"Attribution": {
		"campaign-id", "campaign-name", "dns-soa-email", "threat-actor", "whois-creation-date",
		"whois-registrant-email", "whois-registrant-name", "whois-registrant-org", "whois-registrant-phone",
		"whois-registrar",
	},
	"External analysis": {
		"attachment", "cortex", "cpe", "link", "vulnerability", "weakness",
	},
	"Financial fraud": {
		"aba-rtn", "bank-account-nr", "bic", "bin", "btc", "cc-number", "dash", "iban", "prtn", "xmr",
	},
	"Internal reference": {
		"git-commit-id",
	},
	"Network activity": {
		"AS", "bro", "community-id", "cookie", "dkim", "dkim-signature", "dom-hash", "domain", "domain|ip",
		"email-dst", "eppn", "favicon-mmh3", "hassh-md5", "hasshserver-md5", "hostname", "hostname|port",
		"http-method", "ip-dst", "ip-dst|port", "ip-src", "ip-src|port", "ja3-fingerprint-md5", "jarm-fingerprint",
		"mac-address", "mac-eui-64", "onion-address", "pattern-in-traffic", "port", "snort", "ssh-fingerprint",
		"suricata", "uri", "url", "user-agent", "x509-fingerprint-md5", "x509-fingerprint-sha1",
		"x509-fingerprint-sha256", "zeek",
	},
	"Payload delivery": {
		"authentihash", "azure-application-id", "cdhash", "chrome-extension-id", "edge-extension-id",
		"email-attachment", "email-body", "email-dst-display-name", "email-header", "email-message-id",
		"email-mime-boundary", "email-reply-to", "email-src", "email-src-display-name", "email-subject",
		"email-thread-index", "email-x-mailer", "filename", "filename|authentihash", "filename|impfuzzy",
		"filename|imphash", "filename|md5", "filename|pehash", "filename|sha1", "filename|sha224", "filename|sha256",
		"filename|sha3-224", "filename|sha3-256", "filename|sha3-384", "filename|sha3-512", "filename|sha384",
		"filename|sha512", "filename|sha512/224", "filename|sha512/256", "filename|ssdeep", "filename|tlsh",
		"filename|vhash", "impfuzzy", "imphash", "malware-sample", "malware-type", "md5", "mobile-application-id",
		"pehash", "sha1", "sha224", "sha256", "sha3-224", "sha3-256", "sha3-384", "sha3-512", "sha384", "sha512",
		"sha512/224", "sha512/256", "ssdeep", "telfhash", "tlsh", "vhash",
	},
	"Payload installation": {
		"filename-pattern", "pattern-in-file", "pattern-in-memory", "sigma", "stix2-pattern", "yara",
	},
	"Persistence mechanism": {
		"regkey", "regkey|value",
	},
	"Person": {
		"country-of-residence", "date-of-birth", "first-name", "frequent-flyer-number", "full-name", "gender",
		"identity-card-number", "issue-date-of-the-visa", "last-name", "middle-name", "nationality",
		"passenger-name-record-locator-number", "passport-country", "passport-expiration", "passport-number",
		"payment-details", "pgp-private-key", "pgp-public-key", "phone-number", "place-of-birth",
		"place-port-of-clearance", "place-port-of-onward-foreign-destination", "place-port-of-original-embarkation",
		"primary-residence", "redress-number", "special-service-request", "travel-details", "visa-number",
	},
	"Social network": {
		"email", "github-organisation", "github-repository", "github-username", "jabber-id", "twitter-id",
	},
	"Targeting data": {
		"target-email", "target-external", "target-location", "target-machine", "target-org", "target-user",
	},
}

var usualCategories = categoriesByType()

func categoriesByType() map[string]string {
	all := map[string]string{}
	for category, types := range usualTypes {
		for _, typ := range types {
			all[typ] = category
		}
	}
	return all
}

// usualCategory gives the category of a type where nothing else is said: for a type that MISP may know and
// we do not, the one that most are allowed under.
func usualCategory(typ string) string {
	if category, ok := usualCategories[typ]; ok {
		return category
	}
	return "Other"
}
