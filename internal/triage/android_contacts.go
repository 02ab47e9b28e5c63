package triage

import (
	"context"
	"strings"

	"parley/selector"
)

// Android's contacts2.db: a raw_contact is a person as one account knows it; each
// row of data is one fact about it, of the type its mimetype names.
// https://developer.android.com/reference/android/provider/ContactsContract.Data

// readAndroidContacts makes one contact of each raw_contact.
func readAndroidContacts(ctx context.Context, r *reading, db *database) error {
	facts, err := contactFacts(ctx, r, db)
	return gathered(err, func() error {
		return db.each(ctx, "raw_contacts", "display_name", func(contact record) error {
			a := Artifact{Kind: KindContact, Application: "Android contacts"}
			if known := facts[contact.id]; known != nil {
				a.Name, a.Text, a.Selectors = known.Name, known.Text, known.Selectors
			}
			if written := contact.text("display_name"); written != "" {
				a.Name = written
			}
			return r.recorded(a, contact)
		})
	})
}

// contactFacts gathers the rows of data by contact, in their order.
func contactFacts(ctx context.Context, r *reading, db *database) (map[int64]*Artifact, error) {
	facts := make(map[int64]*Artifact)
	var all gathering
	err := db.each(ctx, "data", "raw_contact_id mimetype_id data1", func(data record) error {
		value := data.text("data1")
		if value == "" {
			return nil
		}
		id := data.int("raw_contact_id")
		if err := all.take(len(value)); err != nil {
			return err
		}
		if facts[id] == nil {
			facts[id] = &Artifact{}
		}
		kind, err := db.find(ctx, "mimetypes", data.int("mimetype_id"), "mimetype")
		if err == nil {
			r.contactFact(facts[id], kind.text("mimetype"), value)
		}
		return err
	})
	return facts, err
}

func (r *reading) contactFact(a *Artifact, mimetype, value string) {
	_, kind, _ := strings.Cut(mimetype, "/")
	switch kind {
	case "name":
		a.Name = clip(value, messageText)
	case "phone_v2":
		a.Selectors = appendNew(a.Selectors, r.field(selector.Phone, value)...)
	case "email_v2":
		a.Selectors = appendNew(a.Selectors, r.field(selector.Email, value)...)
	default:
		a.Selectors = appendNew(a.Selectors, r.selectorsIn(value)...)
		if kind == "note" {
			a.Text = clip(value, messageText)
		}
	}
}
