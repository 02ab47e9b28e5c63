package triage

import (
	"context"

	"parley/selector"
)

// Android's mmssms.db: one row of sms is one text message. date is in milliseconds
// since 1970; type 1 was received, every other type was written on this phone.
// https://developer.android.com/reference/android/provider/Telephony.TextBasedSmsColumns

const smsReceived = 1

func readAndroidSMS(ctx context.Context, r *reading, db *database) error {
	return db.each(ctx, "sms", "address date type body", func(sms record) error {
		address, body := sms.text("address"), sms.text("body")
		a := Artifact{
			Kind: KindMessage, Application: "SMS", Time: milliseconds(sms.int("date")), Text: body,
			Selectors: appendNew(r.field(selector.Phone, address), r.selectorsIn(body)...),
		}
		if sms.int("type") == smsReceived {
			a.From = address
		} else {
			a.To = address
		}
		return r.recorded(a, sms)
	})
}

// In the same database a row of pdu is one multimedia message, dated in seconds.
// Its text is in rows of part, its addresses in rows of addr, where type 137 is
// the sender's and 151 a recipient's (OMA MMS encapsulation, section 7.3).
// https://developer.android.com/reference/android/provider/Telephony.Mms

const (
	mmsFrom = 137
	mmsTo   = 151
	// What Android writes for its own owner's address.
	mmsOwner = "insert-address-token"
)

func readAndroidMMS(ctx context.Context, r *reading, db *database) error {
	messages := &mmsMessages{byID: make(map[int64]*Artifact)}
	err := r.mmsTexts(ctx, db, messages)
	return gathered(err, func() error {
		err := r.mmsAddresses(ctx, db, messages)
		return gathered(err, func() error {
			return db.each(ctx, "pdu", "date sub", func(pdu record) error {
				a := Artifact{}
				if known := messages.byID[pdu.id]; known != nil {
					a = *known
				}
				a.Kind, a.Application, a.Name, a.Time = KindMessage, "MMS", pdu.text("sub"), seconds(pdu.int("date"))
				return r.recorded(a, pdu)
			})
		})
	})
}

// mmsMessages gathers what other tables say of messages.
type mmsMessages struct {
	byID map[int64]*Artifact
	all  gathering
}

// message gives the message that some bytes more belong to.
func (m *mmsMessages) message(id int64, bytes int) (*Artifact, error) {
	if err := m.all.take(bytes); err != nil {
		return nil, err
	}
	if m.byID[id] == nil {
		m.byID[id] = &Artifact{}
	}
	return m.byID[id], nil
}

func (r *reading) mmsTexts(ctx context.Context, db *database, messages *mmsMessages) error {
	return db.each(ctx, "part", "mid ct text", func(part record) error {
		text := part.text("text")
		if part.text("ct") != "text/plain" || text == "" {
			return nil
		}
		a, err := messages.message(part.int("mid"), len(text))
		if err != nil {
			return err
		}
		a.Text = joined(a.Text, "\n", text)
		a.Selectors = appendNew(a.Selectors, r.selectorsIn(clip(text, messageText))...)
		return nil
	})
}

func (r *reading) mmsAddresses(ctx context.Context, db *database, messages *mmsMessages) error {
	return db.each(ctx, "addr", "msg_id address type", func(addr record) error {
		address := addr.text("address")
		if address == "" || address == mmsOwner {
			return nil
		}
		a, err := messages.message(addr.int("msg_id"), len(address))
		if err != nil {
			return err
		}
		switch addr.int("type") {
		case mmsFrom:
			a.From = clip(address, messageText)
		case mmsTo:
			a.To = joined(a.To, ", ", address)
		}
		a.Selectors = appendNew(a.Selectors, r.field(selector.Phone, address)...)
		return nil
	})
}
