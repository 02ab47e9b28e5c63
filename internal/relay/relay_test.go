package relay

import (
	"bytes"
	"context"
	"testing"
	"time"
)

func TestSmoke(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil { t.Fatal(err) }
	s, err := r.Listen(ctx, "127.0.0.1:0", TLSOptions{})
	if err != nil { t.Fatal(err) }
	t.Log(s.Address())
	c, err := NewClient(s.Address(), ClientOptions{})
	if err != nil { t.Fatal(err) }
	var m Mailbox
	m.Read[0]=1
	if err := c.Health(ctx); err != nil { t.Fatal(err) }
	for i := range 10 {
		if err := c.Put(ctx, m, [16]byte{byte(i)}, bytes.Repeat([]byte{byte(i)}, SizeClasses[i%4])); err != nil { t.Fatal(err) }
	}
	got, err := c.Fetch(ctx, m, "", 0)
	t.Log(len(got), err)
	if err := c.Remove(ctx, m, got[0].Cursor); err != nil { t.Fatal(err) }
	got2, err := c.Fetch(ctx, m, "", time.Second)
	t.Log(len(got2), err)
	cancel()
	t.Log(s.Wait())
	t.Log(r.Close())
}
