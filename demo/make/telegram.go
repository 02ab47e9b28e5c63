package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// The shapes below are those of Telegram Desktop's machine-readable export
// of a whole account, with the properties in its order.

type telegramExport struct {
	About    string           `json:"about"`
	Owner    telegramOwner    `json:"personal_information"`
	Contacts telegramContacts `json:"contacts"`
	Chats    telegramChats    `json:"chats"`
}

type telegramOwner struct {
	UserID    int64  `json:"user_id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Phone     string `json:"phone_number"`
	Username  string `json:"username"`
	Bio       string `json:"bio"`
}

type telegramContacts struct {
	About string            `json:"about"`
	List  []telegramContact `json:"list"`
}

type telegramContact struct {
	UserID    int64  `json:"user_id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Phone     string `json:"phone_number"`
	Date      string `json:"date"`
	Unix      string `json:"date_unixtime"`
}

type telegramChats struct {
	About string         `json:"about"`
	List  []telegramChat `json:"list"`
}

type telegramChat struct {
	Name     string            `json:"name"`
	Type     string            `json:"type"`
	ID       int64             `json:"id"`
	Messages []telegramMessage `json:"messages"`
}

// telegramMessage is a message or a service line. Text is one string where
// the message is plain, and a list of strings and entities where it is not;
// text_entities is always the full list.
type telegramMessage struct {
	ID       int              `json:"id"`
	Type     string           `json:"type"`
	Date     string           `json:"date"`
	Unix     string           `json:"date_unixtime"`
	Actor    string           `json:"actor,omitempty"`
	ActorID  string           `json:"actor_id,omitempty"`
	Action   string           `json:"action,omitempty"`
	Title    string           `json:"title,omitempty"`
	Members  []string         `json:"members,omitempty"`
	From     string           `json:"from,omitempty"`
	FromID   string           `json:"from_id,omitempty"`
	Forward  string           `json:"forwarded_from,omitempty"`
	ReplyTo  int              `json:"reply_to_message_id,omitempty"`
	Photo    string           `json:"photo,omitempty"`
	Width    int              `json:"width,omitempty"`
	Height   int              `json:"height,omitempty"`
	Text     any              `json:"text"`
	Entities []telegramEntity `json:"text_entities"`
}

type telegramEntity struct {
	Type string `json:"type"`
	Text string `json:"text"`
	Href string `json:"href,omitempty"`
}

// telegramJSON makes result.json.
func telegramJSON() ([]byte, error) {
	export := telegramExport{
		About: "Data of an invented account, in the form of an export.",
		Owner: telegramOwner{ownerID, ownerGiven, ownerFamily, "+1 202 555 0101", "@" + ownerHandle, "lamps and bicycles"},
		Contacts: telegramContacts{"People this account knows.", []telegramContact{
			knownOn(7000000002, "Samir", "Halloran", "+1 202 555 0147", 0),
			knownOn(7000000004, "Аркадий", "Велль", "+1 303 555 0126", 3),
			knownOn(7000000005, "Hana", "Vermeulen-Ito", "+1 303 555 0108", 7),
		}},
		Chats: telegramChats{"Conversations of this account.", telegramChatList()},
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(export); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func knownOn(id int64, given, family, phone string, day int) telegramContact {
	at := storyStart().AddDate(0, -6, day)
	return telegramContact{id, given, family, phone, localTime(at), strconv.FormatInt(at.Unix(), 10)}
}

// localTime is the export's reading of a moment: the clock on the owner's
// wall, two hours ahead of UTC, without saying so.
func localTime(at time.Time) string {
	return at.Add(2 * time.Hour).Format("2006-01-02T15:04:05")
}

// said builds one message: parts are strings for plain text and entities for
// the rest. Times are minutes after the story's start.
func said(id, minutes int, from string, fromID int64, parts ...any) telegramMessage {
	at := storyStart().Add(time.Duration(minutes) * time.Minute)
	m := telegramMessage{
		ID: id, Type: "message", Date: localTime(at), Unix: strconv.FormatInt(at.Unix(), 10),
		From: from, FromID: "user" + strconv.FormatInt(fromID, 10), Text: parts,
		Entities: []telegramEntity{},
	}
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			m.Entities = append(m.Entities, telegramEntity{Type: "plain", Text: p})
		case telegramEntity:
			m.Entities = append(m.Entities, p)
		}
	}
	if len(parts) == 1 {
		if plain, ok := parts[0].(string); ok {
			m.Text = plain
		}
	}
	return m
}

// did builds a service line.
func did(id, minutes int, actor string, actorID int64, action, title string, members ...string) telegramMessage {
	m := said(id, minutes, "", 0)
	m.Type, m.From, m.FromID, m.Text = "service", "", "", ""
	m.Actor, m.ActorID = actor, "user"+strconv.FormatInt(actorID, 10)
	m.Action, m.Title, m.Members = action, title, members
	return m
}
