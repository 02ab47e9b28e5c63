package misp

// accounts are accounts of services, and numbers of telephones.
var accounts = map[string]template{
	"phone":             {typ: "phone-number", slots: []slot{{"msisdn", "value", asText}}},
	"phone-number":      {typ: "phone-number", slots: []slot{{"phone-number", "value", asText}}},
	"telegram-account":  phoned(service("telegram", "username", "id", "")),
	"telegram-bot":      service("telegram", "username", "", "name"),
	"twitter-account":   service("twitter", "name", "id", "displayed-name"),
	"facebook-account":  service("facebook", "", "account-id", "account-name"),
	"instagram-account": service("instagram", "account-name", "account-id", ""),
	"reddit-account":    service("reddit", "account-name", "account-id", ""),
	"parler-account":    service("parler", "account-name", "account-id", ""),
	"youtube-channel":   service("youtube", "", "channel-id", "channel-name"),
	"github-user":       service("github", "username", "id", "user-fullname"),
	"gitlab-user":       service("gitlab", "username", "id", "name"),
	"keybase-account":   service("keybase", "username", "id", "full_name"),
	"google-account":    service("google", "e-mail", "account-id", "name"),
	"credential":        {typ: "user-account", slots: []slot{{"username", "account_login", asText}, {"password", "credential", asText}}, needs: []string{"account_login"}},
	"user-account": {typ: "user-account", slots: []slot{
		{"username", "account_login", asText},
		{"user-id", "user_id", asText},
		{"display-name", "display_name", asText},
		{"account-type", "account_type", asText},
		{"password", "credential", asText},
		{"is_service_account", "is_service_account", asFlag},
		{"privileged", "is_privileged", asFlag},
		{"can_escalate_privs", "can_escalate_privs", asFlag},
		{"disabled", "is_disabled", asFlag},
		{"created", "account_created", asTime},
		{"expires", "account_expires", asTime},
		{"password_last_changed", "credential_last_changed", asTime},
		{"first_login", "account_first_login", asTime},
		{"last_login", "account_last_login", asTime},
	}},
}

// service is an account of one service: the relations of its login, its number and its shown name.
func service(name, login, id, shows string) template {
	t := template{typ: "user-account", fixed: []property{{"account_type", name}}}
	for _, s := range []slot{{login, "account_login", asText}, {id, "user_id", asText}, {shows, "display_name", asText}} {
		if s.relation != "" {
			t.slots = append(t.slots, s)
		}
	}
	return t
}

// phoned says that what MISP calls text under phone is a telephone number.
func phoned(t template) template {
	t.as = map[string]string{"phone": "phone-number"}
	return t
}

// money are accounts, cards, wallets and what was paid between them.
var money = map[string]template{
	"bank-account": {typ: "bank-account", slots: []slot{
		{"iban", "iban", asText},
		{"account", "account_number", asText},
		{"swift", "bic", asText},
		{"currency-code", "currency", asText},
	}},
	"credit-card": {typ: "payment-card", slots: []slot{
		{"cc-number", "value", asText},
		{"card-security-code", "security_code", asText},
		{"issued", "start_date", asTime},
		{"expiration", "expiration_date", asTime},
	}, needs: []string{"value"}},
	"coin-address": {typ: "cryptocurrency-wallet", slots: []slot{
		{"address", "value", asText},
		{"address-xmr", "value", asText},
		{"address-crypto", "value", asText},
	}},
	"btc-wallet": {typ: "cryptocurrency-wallet", slots: []slot{{"wallet-address", "value", asText}}},
	"btc-transaction": {
		typ: "cryptocurrency-transaction", fixed: []property{{"symbol", "BTC"}},
		slots: []slot{{"transaction-number", "value", asText}, {"time", "execution_time", asTime}}, needs: []string{"value"},
	},
	"cryptocurrency-transaction": {
		typ:   "cryptocurrency-transaction",
		slots: []slot{{"transaction-number", "value", asText}, {"symbol", "symbol", asText}, {"time", "execution_time", asTime}},
		needs: []string{"value", "symbol"},
	},
}
