package main

import (
	"fmt"
	"time"
)

// phone makes the extraction: the files of the telephone under Android's own
// paths, in the order an extraction tool would meet them.
func phone() ([]byte, error) {
	at := func(hours int) time.Time { return storyStart().Add(time.Duration(hours) * time.Hour) }
	parts := []struct {
		path string
		when time.Time
		make func() ([]byte, error)
	}{
		{contactsPath, at(400), contactsDB},
		{smsPath, at(421), smsDB},
		{telegramPath, at(422), telegramJSON},
		{whatsAppPath, at(422), whatsAppText},
		{vcardPath, at(150), vcards},
		{notesPath, at(155), notesDocx},
		{backupPath, at(-400), backupZip},
	}
	var entries []entry
	for _, p := range parts {
		data, err := p.make()
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", p.path, err)
		}
		entries = append(entries, entry{p.path, data, p.when})
	}
	for _, pictures := range []func() ([]entry, error){photos, posters} {
		made, err := pictures()
		if err != nil {
			return nil, err
		}
		entries = append(entries, made...)
	}
	return archive(entries)
}
