package triage

import (
	"context"
	"strings"

	"parley/selector"
)

// WhatsApp's msgstore.db on Android. A JID is the identifier of a person,
// NUMBER@s.whatsapp.net, or of a group, ID@g.us.

// whatsAppMessage is one message in either schema.
type whatsAppMessage struct {
	chat, sender string // JIDs; sender is of who wrote it in a group
	subject      string // of a group
	fromMe       bool
	at           int64 // milliseconds
	text         string
}

// readWhatsAppOld reads the table messages, which WhatsApp had until 2022.
func readWhatsAppOld(ctx context.Context, r *reading, db *database) error {
	const columns = "key_remote_jid key_from_me data timestamp remote_resource media_caption media_name latitude longitude"
	return db.each(ctx, "messages", columns, func(m record) error {
		text := m.text("data")
		if text == "" {
			text = joined(m.text("media_name"), " ", m.text("media_caption"))
		}
		if err := r.whatsAppPosition(m, milliseconds(m.int("timestamp")).IsZero(), text); err != nil {
			return err
		}
		return r.whatsAppMessage(whatsAppMessage{
			chat: m.text("key_remote_jid"), sender: m.text("remote_resource"),
			fromMe: m.int("key_from_me") != 0, at: m.int("timestamp"), text: text,
		}, m)
	})
}

// readWhatsAppNew reads the table message, whose chats and persons are rows of
// other tables, and the positions people sent.
func readWhatsAppNew(ctx context.Context, r *reading, db *database) error {
	jid := func(row int64) (string, error) {
		found, err := db.find(ctx, "jid", row, "raw_string")
		return found.text("raw_string"), err
	}
	err := db.each(ctx, "message", "chat_row_id from_me sender_jid_row_id timestamp text_data", func(m record) error {
		chat, err := db.find(ctx, "chat", m.int("chat_row_id"), "jid_row_id subject")
		if err != nil {
			return err
		}
		message := whatsAppMessage{
			subject: chat.text("subject"), fromMe: m.int("from_me") != 0, at: m.int("timestamp"), text: m.text("text_data"),
		}
		if message.chat, err = jid(chat.int("jid_row_id")); err != nil {
			return err
		}
		if message.sender, err = jid(m.int("sender_jid_row_id")); err != nil {
			return err
		}
		return r.whatsAppMessage(message, m)
	})
	if err != nil {
		return err
	}
	return db.each(ctx, "message_location", "latitude longitude place_name place_address", func(place record) error {
		return r.whatsAppPosition(place, false, joined(place.text("place_name"), ", ", place.text("place_address")))
	})
}

func (r *reading) whatsAppMessage(m whatsAppMessage, from record) error {
	if m.chat == "" && m.sender == "" || m.text == "" && m.at <= 0 {
		return nil // a row of the program's own
	}
	if m.sender == "" {
		m.sender = m.chat
	}
	a := Artifact{
		Kind: KindMessage, Application: "WhatsApp", Name: m.subject, Time: milliseconds(m.at), Text: m.text,
		Selectors: appendNew(r.whatsAppJID(m.sender), r.whatsAppJID(m.chat)...),
	}
	if a.Name == "" {
		a.Name = m.chat
	}
	if m.fromMe {
		a.To = m.chat
	} else {
		a.From = m.sender
	}
	a.Selectors = appendNew(a.Selectors, r.selectorsIn(m.text)...)
	return r.recorded(a, from)
}

func (r *reading) whatsAppPosition(m record, empty bool, text string) error {
	latitude, longitude := m.real("latitude"), m.real("longitude")
	if empty || latitude == 0 && longitude == 0 || !onEarth(latitude, longitude) {
		return nil
	}
	return r.recorded(Artifact{
		Kind: KindPlace, Application: "WhatsApp", Name: text, Time: milliseconds(m.int("timestamp")),
		Position: &Position{Latitude: latitude, Longitude: longitude},
	}, m)
}

func onEarth(latitude, longitude float64) bool {
	return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180
}

// whatsAppJID gives the number that the identifier of a person is made of.
func (r *reading) whatsAppJID(jid string) []selector.Selector {
	number, server, _ := strings.Cut(jid, "@")
	if server != "s.whatsapp.net" && server != "c.us" {
		return nil
	}
	number, _, _ = strings.Cut(number, ":") // of one of her devices
	number, _, _ = strings.Cut(number, ".")
	s, err := selector.Parse(selector.Phone, "+"+number, selector.Options{})
	if err != nil {
		return nil
	}
	return []selector.Selector{s}
}

// readWhatsAppContacts reads wa.db.
func readWhatsAppContacts(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "wa_contacts", "jid display_name wa_name number status", func(c record) error {
		a := Artifact{Kind: KindContact, Application: "WhatsApp", Name: c.text("display_name"), Text: c.text("status"), Selectors: r.whatsAppJID(c.text("jid"))}
		if a.Name == "" {
			a.Name = c.text("wa_name")
		}
		if number := c.text("number"); number != "" {
			a.Selectors = appendNew(a.Selectors, r.field(selector.Phone, number)...)
		}
		a.Selectors = appendNew(a.Selectors, r.selectorsIn(a.Text)...)
		return r.recorded(a, c)
	})
}
