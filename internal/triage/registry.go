package triage

import "context"

// The applications whose files are known, one line each: this is the whole list.
// A reader stands in a file of its own; CONTRIBUTING.md shows how to add one.

// databaseReader reads the artifacts in an application's SQLite database. A
// database may be several applications' at once.
type databaseReader struct {
	name string // of what it reads, for faults
	// tables tells the application's database: a table, and columns it must have.
	tables []string
	read   func(context.Context, *reading, *database) error
}

func databases() []databaseReader {
	return []databaseReader{
		{"contacts", []string{"raw_contacts _id", "data raw_contact_id mimetype_id data1", "mimetypes _id mimetype"}, readAndroidContacts},
		{"text messages", []string{"sms _id address date type body"}, readAndroidSMS},
		{"multimedia messages", []string{"pdu _id date msg_box", "part mid ct text", "addr msg_id address type"}, readAndroidMMS},
		{"calls", []string{"calls _id number date duration type"}, readAndroidCalls},
		{"accounts", []string{"accounts _id name type password"}, readAndroidAccounts},
		{"contacts", []string{"ABPerson First Last", "ABMultiValue record_id property value"}, readIOSContacts},
		{"calls", []string{"ZCALLRECORD ZADDRESS ZDATE ZDURATION"}, readIOSCalls},
		{"messages", []string{"message text handle_id is_from_me date", "handle id service"}, readIOSMessages},
		{"accounts", []string{"ZACCOUNT ZUSERNAME ZACCOUNTTYPE", "ZACCOUNTTYPE ZIDENTIFIER"}, readIOSAccounts},
		{"applications", []string{"application_identifier_tab id application_identifier", "kvs application_identifier"}, readIOSApplications},
		{"WhatsApp messages", []string{"messages key_remote_jid key_from_me data timestamp"}, readWhatsAppOld},
		{"WhatsApp messages", []string{"message chat_row_id from_me sender_jid_row_id timestamp text_data", "chat jid_row_id", "jid raw_string"}, readWhatsAppNew},
		{"WhatsApp contacts", []string{"wa_contacts jid display_name"}, readWhatsAppContacts},
		{"WhatsApp messages", []string{"ZWAMESSAGE ZISFROMME ZMESSAGEDATE ZTEXT", "ZWACHATSESSION ZCONTACTJID ZPARTNERNAME"}, readWhatsAppIOS},
		{"history", []string{"urls url title", "visits url visit_time"}, readChromium},
		{"downloads", []string{"downloads target_path start_time tab_url"}, readChromiumDownloads},
		{"history", []string{"moz_places url title", "moz_historyvisits place_id visit_date"}, readFirefox},
		{"history", []string{"history_items url", "history_visits history_item visit_time"}, readSafari},
	}
}

// propertyListReader reads the artifacts in an application's property list.
type propertyListReader struct {
	keys []string // one of these tells it; one that ends in * stands for all that begin so
	read func(*reading, plist) error
}

func propertyLists() []propertyListReader {
	return []propertyListReader{
		{[]string{"List of known networks", "KnownNetworks", ssidKey + "*"}, readNetworksPlist},
		{[]string{"CFBundleIdentifier"}, readInfoPlist},
		{[]string{"softwareVersionBundleId"}, readITunesMetadata},
	}
}

// markupReader reads the artifacts in an application's XML or HTML: what open
// gives is told every token of the file.
type markupReader struct {
	match func(*file) bool
	open  func(*reading, *file) func(*markupToken) error
}

func markups() []markupReader {
	return []markupReader{
		{isWiFiConfig, openWiFiConfig},
		{isPackages, openPackages},
		{isTelegramHTML, openTelegramHTML},
	}
}

// jsons lists the applications whose JSON is known. Each is told all of every
// file, and knows its own by the ways to its values.
func jsons() []func(*reading, Place) jsonApplication {
	return []func(*reading, Place) jsonApplication{
		func(r *reading, place Place) jsonApplication { return &telegramExport{r: r, place: place} },
		func(r *reading, place Place) jsonApplication { return &signalExport{r: r, place: place} },
	}
}
