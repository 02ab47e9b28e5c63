package triage

import (
	"context"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"parley/selector"
)

// Android's contacts2.db: a raw_contact is a person as one account knows it; each
// row of data is one fact about it, of the type its mimetype names.
// https://developer.android.com/reference/android/provider/ContactsContract.Data

func isContacts(db *database) bool {
	_, contacts := db.table("raw_contacts", "_id")
	_, data := db.table("data", "raw_contact_id", "mimetype_id", "data1")
	_, types := db.table("mimetypes", "_id", "mimetype")
	return contacts && data && types
}

// readContacts makes one contact of each raw_contact.
func readContacts(ctx context.Context, r *reading, db *database) error {
	facts, err := contactFacts(ctx, r, db)
	if err != nil {
		return err
	}
	name := "NULL"
	if t, _ := db.table("raw_contacts"); t.has("display_name") {
		name = "display_name"
	}
	return db.rows(ctx, "SELECT _id, "+name+" FROM raw_contacts NOT INDEXED", func(row *sqlite3.Stmt) error {
		id := row.ColumnInt64(0)
		a := Artifact{Kind: KindContact, Place: db.place.row("raw_contacts", id), Application: "Android contacts"}
		if known := facts[id]; known != nil {
			a.Name, a.Text, a.Selectors = known.Name, known.Text, known.Selectors
		}
		if written := row.ColumnText(1); written != "" {
			a.Name = written
		}
		return r.artifact(a)
	})
}

// contactFacts gathers the rows of data by contact, in their order.
func contactFacts(ctx context.Context, r *reading, db *database) (map[int64]*Artifact, error) {
	types := make(map[int64]string)
	err := db.rows(ctx, "SELECT _id, mimetype FROM mimetypes NOT INDEXED", func(row *sqlite3.Stmt) error {
		types[row.ColumnInt64(0)] = row.ColumnText(1)
		return nil
	})
	if err != nil {
		return nil, err
	}
	facts := make(map[int64]*Artifact)
	err = db.rows(ctx, "SELECT raw_contact_id, mimetype_id, data1 FROM data NOT INDEXED", func(row *sqlite3.Stmt) error {
		if row.ColumnType(2) == sqlite3.NULL {
			return nil
		}
		id := row.ColumnInt64(0)
		if facts[id] == nil {
			facts[id] = &Artifact{}
		}
		r.contactFact(facts[id], types[row.ColumnInt64(1)], row.ColumnText(2))
		return nil
	})
	return facts, err
}

func (r *reading) contactFact(a *Artifact, mimetype, value string) {
	_, kind, _ := strings.Cut(mimetype, "/")
	switch kind {
	case "name":
		a.Name = value
	case "phone_v2":
		a.Selectors = appendNew(a.Selectors, r.field(selector.Phone, value)...)
	case "email_v2":
		a.Selectors = appendNew(a.Selectors, r.field(selector.Email, value)...)
	default:
		a.Selectors = appendNew(a.Selectors, r.selectorsIn(value)...)
		if kind == "note" {
			a.Text = value
		}
	}
}
