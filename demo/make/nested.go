package main

import "time"

// backupZip makes what the owner copied from his laptop to the telephone: an
// archive of a folder, in which an older archive lies, in which there is a
// text and a small database. Whoever looks only at the top sees nothing.
func backupZip() ([]byte, error) {
	old := time.Date(2026, time.July, 2, 11, 30, 0, 0, time.UTC)
	db, err := database(1, ledgerSchema, ledgerRows(old))
	if err != nil {
		return nil, err
	}
	inner, err := archive([]entry{
		{"laptop/old/list.txt", []byte(listText), old},
		{"laptop/old/calls.db", db, old},
	})
	if err != nil {
		return nil, err
	}
	packed := old.AddDate(0, 1, 3)
	return archive([]entry{
		{"laptop/README.txt", []byte("Copy of the laptop, before the repair.\n"), packed},
		{"laptop/old.zip", inner, packed},
	})
}

const listText = `People with bicycles
--------------------
Quentin   q.asare@example.net     two wheels, one bell
Nikos     +1 617-555-0115         wants a lamp
Workshop  workshop@example.com    Thursdays
Channel   t.me/linden_walks_demo_21
Old shop  https://shop.example.com/bells?colour=blue
`

// ledgerSchema is no program's own: the owner kept his calls in a table.
const ledgerSchema = `
CREATE TABLE calls (
	id INTEGER PRIMARY KEY,
	who TEXT NOT NULL,
	number TEXT NOT NULL,
	called INTEGER NOT NULL, -- seconds since 1970
	remark TEXT);
`

func ledgerRows(start time.Time) []row {
	calls := []struct{ who, number, remark string }{
		{"driver", held("+12125550186").north, "has the blue car"},
		{"Nikos", "+1 617-555-0115", ""},
		{"workshop", "+1 202 555 0161", "wheel"},
		{"driver", held("+12125550186").north, "no answer"},
		{"aunt", "+1 202 555 0102", "lunch"},
	}
	var rows []row
	for i, c := range calls {
		called := start.Add(-time.Duration(100-17*i) * time.Hour).Unix()
		rows = append(rows, row{
			`INSERT INTO calls (who, number, called, remark) VALUES (?, ?, ?, ?)`,
			[]any{c.who, c.number, called, c.remark},
		})
	}
	return rows
}
