package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/sync/errgroup"
)

// Bodies of members are kept in packs: those that were added together are alike, and compressed
// together take a fraction of the room, and of the work of encrypting it. A pack is, for each of its
// bodies, the length as an unsigned varint and the bytes; all of it compressed with zstd (RFC 8878).
const (
	packBytes   = 64 << 10 // a pack ends with the body that passes this
	packMembers = 64

	// MaxBody is how many bytes a member's body may have.
	MaxBody = 16 << 20
)

// codec compresses packs. Both of its parts may be used by many at once.
type codec struct {
	in  *zstd.Decoder
	out *zstd.Encoder
}

func newCodec() (*codec, error) {
	out, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(packBytes*2))
	if err != nil {
		return nil, fmt.Errorf("start compression: %w", err)
	}
	in, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(MaxBody+2*packBytes))
	if err != nil {
		return nil, fmt.Errorf("start compression: %w", err)
	}
	return &codec{in, out}, nil
}

// pack writes the bodies of members that were just added, and notes where each stands.
func (tx *Tx) pack(ctx context.Context, collection int64, members []Member) error {
	var bodies []byte
	start := 0
	for i := range members {
		m := &members[i]
		if len(m.Body) > MaxBody {
			return fmt.Errorf("a body of %d bytes: at most %d are kept", len(m.Body), MaxBody)
		}
		m.Collection, m.Size, m.pack, m.place = collection, len(m.Body), micros(members[start].Added), i-start
		bodies = binary.AppendUvarint(bodies, uint64(len(m.Body)))
		bodies = append(bodies, m.Body...)
		if len(bodies) < packBytes && i-start < packMembers-1 && i < len(members)-1 {
			continue
		}
		if err := tx.writePack(ctx, collection, m.pack, bodies); err != nil {
			return err
		}
		bodies, start = bodies[:0], i+1
	}
	return nil
}

func (tx *Tx) writePack(ctx context.Context, collection, pack int64, bodies []byte) error {
	data := tx.codec.out.EncodeAll(bodies, nil)
	for start := 0; start < len(data); start += pieceSize {
		piece := data[start:min(start+pieceSize, len(data))]
		_, err := tx.exec(ctx, `INSERT INTO pack (collection, pack, start, data) VALUES ($1, $2, $3, $4)`, collection, pack, start, piece)
		if err != nil {
			return err
		}
	}
	return nil
}

// packData reads a pack as it is kept.
func (tx *Tx) packData(ctx context.Context, collection, pack int64) ([]byte, error) {
	pieces, err := list(ctx, tx, func(s scanner) (b []byte, err error) { return b, s.Scan(&b) },
		`SELECT data FROM pack WHERE collection = $1 AND pack = $2 ORDER BY start`, collection, pack)
	if len(pieces) == 1 {
		return pieces[0], err
	}
	return slices.Concat(pieces...), err
}

// unpack gives the bodies of a pack in their order.
func (c *codec) unpack(pack int64, data []byte) ([][]byte, error) {
	text, err := c.in.DecodeAll(data, nil)
	if err != nil {
		return nil, fmt.Errorf("pack %d: %w (%w)", pack, ErrDamaged, err)
	}
	bodies := make([][]byte, 0, packMembers)
	for len(text) > 0 {
		size, n := binary.Uvarint(text)
		if n <= 0 || size > uint64(len(text)-n) {
			return nil, fmt.Errorf("pack %d: %w", pack, ErrDamaged)
		}
		end := n + int(size)
		bodies = append(bodies, text[n:end:end])
		text = text[end:]
	}
	return bodies, nil
}

// Bodies fills in the bodies of members. Several may share memory: read only. While one pack is
// read, those before it are unpacked.
func (tx *Tx) Bodies(ctx context.Context, members []Member) error {
	var g errgroup.Group
	g.SetLimit(packsAtOnce)
	for some := range together(members) {
		collection, pack := some[0].Collection, some[0].pack
		data, err := tx.packData(ctx, collection, pack)
		if err != nil {
			return errors.Join(naming(err, "read members of collection %d", collection), g.Wait())
		}
		g.Go(func() error {
			bodies, err := tx.codec.unpack(pack, data)
			if err == nil {
				err = embody(some, bodies)
			}
			return naming(err, "read members of collection %d", collection)
		})
	}
	return g.Wait()
}

// packsAtOnce is how many packs are unpacked at the same time: reading them keeps one core busy.
const packsAtOnce = 3

// together cuts members where the next is in another pack.
func together(members []Member) iter.Seq[[]Member] {
	return func(yield func([]Member) bool) {
		for start, i := 0, 0; i < len(members); start = i {
			for i++; i < len(members) && members[i].pack == members[start].pack && members[i].Collection == members[start].Collection; i++ {
			}
			if !yield(members[start:i]) {
				return
			}
		}
	}
}

// embody gives members of one pack their bodies.
func embody(members []Member, bodies [][]byte) error {
	for i := range members {
		m := &members[i]
		if m.place >= len(bodies) || len(bodies[m.place]) != m.Size {
			return fmt.Errorf("pack %d: %w", m.pack, ErrDamaged)
		}
		m.Body = bodies[m.place]
	}
	return nil
}

// unpackOut takes the body of one member out of its pack. The others keep their places.
func (tx *Tx) unpackOut(ctx context.Context, m Member) error {
	data, err := tx.packData(ctx, m.Collection, m.pack)
	if err != nil {
		return err
	}
	bodies, err := tx.codec.unpack(m.pack, data)
	if err != nil {
		return err
	}
	if m.place >= len(bodies) {
		return fmt.Errorf("pack %d: %w", m.pack, ErrDamaged)
	}
	bodies[m.place] = nil
	var text []byte
	left := 0
	for _, b := range bodies {
		text = binary.AppendUvarint(text, uint64(len(b)))
		text, left = append(text, b...), left+len(b)
	}
	if _, err := tx.exec(ctx, `DELETE FROM pack WHERE collection = $1 AND pack = $2`, m.Collection, m.pack); err != nil || left == 0 {
		return err
	}
	return tx.writePack(ctx, m.Collection, m.pack, text)
}
