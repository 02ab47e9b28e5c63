package triage

import (
	"context"
	"strings"

	"parley/selector"
)

// iOS's AddressBook.sqlitedb: a row of ABPerson is a person, each row of
// ABMultiValue one number or address of hers, of the kind property tells.

const (
	abPhone = 3
	abEmail = 4
)

func readIOSContacts(ctx context.Context, r *reading, db *database) error {
	numbers := make(map[int64][]selector.Selector)
	var all gathering
	err := db.each(ctx, "ABMultiValue", "record_id property value", func(fact record) error {
		person, value := fact.int("record_id"), fact.text("value")
		if err := all.take(len(value)); err != nil {
			return err
		}
		numbers[person] = appendNew(numbers[person], r.abValue(fact.int("property"), value)...)
		return nil
	})
	return gathered(err, func() error {
		return db.each(ctx, "ABPerson", "First Middle Last Organization Note", func(person record) error {
			name := strings.Join(strings.Fields(person.text("First")+" "+person.text("Middle")+" "+person.text("Last")), " ")
			if name == "" {
				name = person.text("Organization")
			}
			note := clip(person.text("Note"), messageText)
			return r.recorded(Artifact{
				Kind: KindContact, Application: "iOS contacts", Name: name, Text: note,
				Selectors: appendNew(numbers[person.id], r.selectorsIn(note)...),
			}, person)
		})
	})
}

func (r *reading) abValue(property int64, value string) []selector.Selector {
	switch property {
	case abPhone:
		return r.field(selector.Phone, value)
	case abEmail:
		return r.field(selector.Email, value)
	}
	return r.selectorsIn(value)
}
