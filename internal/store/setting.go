package store

import (
	"context"
	"encoding/json"
	"errors"
)

// Setting reads one setting; ErrNotFound where it was never set.
func (tx *Tx) Setting(ctx context.Context, name string) ([]byte, error) {
	v, err := one(ctx, tx, func(s scanner) (b []byte, err error) { return b, s.Scan(&b) },
		`SELECT value FROM setting WHERE name = $1`, name)
	return v, naming(err, "read setting %s", name)
}

// SetSetting keeps one setting.
func (tx *Tx) SetSetting(ctx context.Context, name string, value []byte) error {
	_, err := tx.exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return naming(err, "keep setting %s", name)
}

// JSONSetting reads a setting into v; one that was never set leaves v as it is.
func (tx *Tx) JSONSetting(ctx context.Context, name string, v any) error {
	b, err := tx.Setting(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return naming(json.Unmarshal(b, v), "read setting %s", name)
}

// SetJSONSetting keeps v as a setting.
func (tx *Tx) SetJSONSetting(ctx context.Context, name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return naming(err, "keep setting %s", name)
	}
	return tx.SetSetting(ctx, name, b)
}
