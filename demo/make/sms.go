package main

import (
	"strconv"
	"time"
)

// smsSchema is the part of Android's mmssms.db that text messages use. The
// tables of picture messages are there and empty, as on a phone that never
// received one.
const smsSchema = `
CREATE TABLE android_metadata (locale TEXT);
CREATE TABLE canonical_addresses (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	address TEXT);
CREATE TABLE threads (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	date INTEGER DEFAULT 0,
	message_count INTEGER DEFAULT 0,
	recipient_ids TEXT,
	snippet TEXT,
	snippet_cs INTEGER DEFAULT 0,
	read INTEGER DEFAULT 1,
	archived INTEGER DEFAULT 0,
	type INTEGER DEFAULT 0,
	error INTEGER DEFAULT 0,
	has_attachment INTEGER DEFAULT 0);
CREATE TABLE sms (
	_id INTEGER PRIMARY KEY,
	thread_id INTEGER,
	address TEXT,
	person INTEGER,
	date INTEGER,
	date_sent INTEGER DEFAULT 0,
	protocol INTEGER,
	read INTEGER DEFAULT 0,
	status INTEGER DEFAULT -1,
	type INTEGER,
	reply_path_present INTEGER,
	subject TEXT,
	body TEXT,
	service_center TEXT,
	locked INTEGER DEFAULT 0,
	sub_id INTEGER DEFAULT -1,
	error_code INTEGER DEFAULT -1,
	creator TEXT,
	seen INTEGER DEFAULT 0);
CREATE TABLE pdu (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	thread_id INTEGER, date INTEGER, msg_box INTEGER, sub TEXT, m_type INTEGER);
CREATE TABLE part (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	mid INTEGER, seq INTEGER DEFAULT 0, ct TEXT, name TEXT, _data TEXT, text TEXT);
CREATE TABLE addr (
	_id INTEGER PRIMARY KEY AUTOINCREMENT,
	msg_id INTEGER, contact_id INTEGER, address TEXT, type INTEGER, charset INTEGER);
CREATE INDEX typeThreadIdIndex ON sms (type, thread_id);
`

// What sms.type says.
const (
	smsIn  int64 = 1
	smsOut int64 = 2
)

// textMessage is one message, at so many hours after the story's start.
type textMessage struct {
	with  string // the other side's number
	box   int64
	hours float64
	body  string
}

// textMessages is everything in the message store, in the order of time.
func textMessages() []textMessage {
	return []textMessage{
		{bakery, smsIn, 0.5, "Your order is ready: two loaves and a lemon cake."},
		{bakery, smsOut, 0.75, "Thank you, I come after nine."},
		{samir, smsIn, 5, "Did you find the lamp I asked for?"},
		{samir, smsOut, 5.25, "Yes. It is in the cellar, behind the bicycle."},
		{claire, smsIn, 9, "Bonjour Tobin, tu passes à la répétition jeudi ?"},
		{claire, smsOut, 9.5, "Oui, vers dix-neuf heures. J'apporte les affiches."},
		{bikes, smsIn, 26, "The back wheel is done. Please call +1 202 555 0161 before you come."},
		{bikes, smsOut, 26.5, "I come with Samir on Thursday."},
		{noura, smsIn, 31, "هل وصلت الصور؟ أرسلها على القناة."},
		{noura, smsOut, 31.5, "وصلت. الألوان أجمل من قبل."},
		{"+12025550102", smsIn, 33, "Do not forget Sunday lunch. Bring your umbrella."},
		{"+12025550102", smsOut, 33.5, "I never forget lunch."},
		{arkady, smsIn, 49, "Лампа горит. Напиши Самиру, что мы успеваем."},
		{arkady, smsOut, 49.25, "Хорошо, напишу вечером."},
		{samir, smsIn, 54, "New list: https://files.bicycle.example/plan?id=7 - read it and say nothing."},
		{samir, smsOut, 54.5, "Read. The third page does not open."},
		{samir, smsIn, 54.75, "It opens for me. Ask Claire to print it."},
		{claire, smsOut, 56, "Peux-tu imprimer trois pages pour moi ?"},
		{claire, smsIn, 56.5, "Bien sûr. Envoie-les à claire.fontane@example.com."},
		{post, smsIn, 72, "Parcel 0042 waits at the counter until Saturday."},
		{"+14155550113", smsIn, 74, "The rent for September, please. You can write to rent@house.example.com."},
		{"+14155550113", smsOut, 74.5, "Tomorrow."},
		{noura, smsIn, 98, "الحقيبة الزرقاء جاهزة."},
		{noura, smsOut, 98.25, "نلتقي حيث أصلحنا الدراجة."},
		{"+12125550107", smsIn, 120, "Riverside Gym: your card ends this month. https://gym.example.com/renew"},
		{arkady, smsIn, 145, "Где вы были вчера? Я ждал у мастерской."},
		{arkady, smsOut, 145.5, "Колесо опять сломалось. Встретимся в пятницу."},
		{samir, smsIn, 170, "The blue bag is ready."},
		{samir, smsOut, 170.25, "Good. Who carries it?"},
		{samir, smsIn, 170.5, "The one who fixed the bicycle."},
		{"+12125550105", smsIn, 196, "Are you at the concert on the 18th? I have one ticket too many."},
		{"+12125550105", smsOut, 196.5, "No, and you should not go either. Let us eat fish instead."},
		{claire, smsIn, 240, "Le sac bleu est prêt, m'a dit Samir. C'est pour quoi ?"},
		{claire, smsOut, 241, "Pour les affiches. Ne t'inquiète pas."},
		{"+14155550114", smsIn, 265, "Hello, I write about the evening at the Lindenhalle. Could we talk?"},
		{arkady, smsIn, 290, "Звони завтра после восьми, номер прежний."},
		{noura, smsIn, 313, "رقمي الآخر ٢١٢ ٥٥٥ ٠١٣٤ احفظه عندك."},
		{samir, smsIn, 408, "Meet where we fixed the bicycle."},
		{samir, smsOut, 408.5, "When the lamp is lit."},
		{"+12025550120", smsIn, 420, "Your taxi is here."},
		{"+12025550120", smsOut, 420.1, "Two minutes."},
	}
}

func (m textMessage) at() time.Time {
	return storyStart().Add(time.Duration(m.hours * float64(time.Hour)))
}

// smsDB makes mmssms.db.
func smsDB() ([]byte, error) {
	rows := []row{{`INSERT INTO android_metadata (locale) VALUES (?)`, []any{"en_US"}}}
	threads := map[string]int64{}
	var order []string
	for _, m := range textMessages() {
		if threads[m.with] == 0 {
			order = append(order, m.with)
			threads[m.with] = int64(len(order))
			rows = append(rows, row{`INSERT INTO canonical_addresses (address) VALUES (?)`, []any{m.with}})
		}
		rows = append(rows, messageRow(threads[m.with], m))
	}
	for i, with := range order {
		rows = append(rows, threadRow(int64(i+1), with))
	}
	return database(75, smsSchema, rows)
}

func messageRow(thread int64, m textMessage) row {
	at := m.at().UnixMilli()
	return row{
		`INSERT INTO sms (thread_id, address, date, date_sent, protocol, read, type, body, service_center, creator, seen) VALUES (?, ?, ?, ?, 0, 1, ?, ?, ?, ?, 1)`,
		[]any{thread, m.with, at, at - 2000, m.box, m.body, nil, "com.example.messages"},
	}
}

func threadRow(id int64, with string) row {
	var count, last int64
	var snippet string
	for _, m := range textMessages() {
		if m.with == with {
			count, last, snippet = count+1, m.at().UnixMilli(), m.body
		}
	}
	return row{
		`INSERT INTO threads (_id, date, message_count, recipient_ids, snippet) VALUES (?, ?, ?, ?, ?)`,
		[]any{id, last, count, strconv.FormatInt(id, 10), snippet},
	}
}
