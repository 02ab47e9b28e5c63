package store

import (
	"context"
)

var children = map[string]func(context.Context, string) error{}
