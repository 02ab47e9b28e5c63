package triage

import "context"

// WhatsApp's ChatStorage.sqlite on an iPhone: a row of ZWAMESSAGE is one message
// on Apple's clock, ZCHATSESSION the row of ZWACHATSESSION it was written in.
func readWhatsAppIOS(ctx context.Context, r *reading, db *database) error {
	const columns = "ZISFROMME ZMESSAGEDATE ZTEXT ZFROMJID ZTOJID ZCHATSESSION"
	return db.each(ctx, "ZWAMESSAGE", columns, func(m record) error {
		chat, err := db.find(ctx, "ZWACHATSESSION", m.int("ZCHATSESSION"), "ZCONTACTJID ZPARTNERNAME")
		if err != nil {
			return err
		}
		text, jid := m.text("ZTEXT"), chat.text("ZCONTACTJID")
		a := Artifact{
			Kind: KindMessage, Application: "WhatsApp", Name: chat.text("ZPARTNERNAME"), Time: cocoa(m.real("ZMESSAGEDATE")), Text: text,
			Selectors: appendNew(r.whatsAppJID(jid), r.selectorsIn(text)...),
		}
		if m.int("ZISFROMME") != 0 {
			a.To = m.text("ZTOJID")
			if a.To == "" {
				a.To = jid
			}
		} else if a.From = m.text("ZFROMJID"); a.From == "" {
			a.From = jid
		}
		return r.recorded(a, m)
	})
}
