package psi

import (
	"crypto/sha256"
	"fmt"
)

// DefaultChunk is the number of items in a chunk if none is named.
const DefaultChunk = 1024

// MaxChunk is the largest chunk.
const MaxChunk = 1 << 14

// Stage says what a run is doing when it reports its progress.
type Stage string

// The stages: our query is made and committed to, the tags of both sides go
// over, and the chunks of both queries are answered.
const (
	StagePrepare Stage = "prepare"
	StageTags    Stage = "tags"
	StageOverlap Stage = "overlap"
)

// OverlapOptions are what both sides of an overlap agree on, and what is one
// side's own.
type OverlapOptions struct {
	Seed      Seed // this run's secret
	Initiator bool // true on exactly one side: it speaks first

	// Agreed on: a counterpart with others is refused.
	Learn Learn  // who learns the overlap
	Chunk int    // items in a chunk, 1 to MaxChunk; 0 stands for DefaultChunk
	Terms []byte // whatever the two agreed to; its hash is bound into every proof

	// Limits on the counterpart.
	MaxTheirs  int    // its items; 0 stands for MaxItems
	MaxPayload int    // the length of its payloads in bytes, 0 for none
	TheirKey   []byte // its public key if it came with the terms, else nil

	// Our own.
	Pad     int   // pad the set to this many items with decoys; 0 for none
	Payload int   // pad our payloads to this many bytes; 0 gives none
	Spool   Spool // keeps the counterpart's records; nil keeps them in memory

	// Progress is told how many items of a stage are done. May be nil.
	Progress func(stage Stage, done, total int)
}

func (o *OverlapOptions) side() side {
	if o.Initiator {
		return initiator
	}
	return responder
}

func (o *OverlapOptions) report(stage Stage, done, total int) {
	if o.Progress != nil {
		o.Progress(stage, done, total)
	}
}

// complete fills in the defaults and refuses what cannot be.
func (o *OverlapOptions) complete() error {
	if o.Chunk == 0 {
		o.Chunk = DefaultChunk
	}
	if o.MaxTheirs == 0 {
		o.MaxTheirs = MaxItems
	}
	switch {
	case o.Chunk < 1 || o.Chunk > MaxChunk:
		return fmt.Errorf("psi: chunks of %d items: give 1 to %d", o.Chunk, MaxChunk)
	case o.MaxTheirs < 1 || o.MaxTheirs > MaxItems:
		return fmt.Errorf("psi: at most %d items of the counterpart: give 1 to %d", o.MaxTheirs, MaxItems)
	case o.Learn > LearnResponder:
		return fmt.Errorf("psi: nobody learns the overlap: give one of three values, not %d", o.Learn)
	case o.Payload < 0 || o.Payload > MaxPayload || o.MaxPayload < 0 || o.MaxPayload > MaxPayload:
		return fmt.Errorf("psi: payloads of %d bytes, or of %d from the counterpart: give 0 to %d", o.Payload, o.MaxPayload, MaxPayload)
	case o.Pad < 0 || o.Pad > MaxItems:
		return fmt.Errorf("psi: a set padded to %d items: give 0 to %d", o.Pad, MaxItems)
	}
	return nil
}

// MaxMessage is the length in bytes of the longest message that a counterpart
// can send under these options: a bound for whoever reads it.
func (o OverlapOptions) MaxMessage() int {
	if o.complete() != nil {
		return 0
	}
	p := plan{chunk: o.Chunk, payload: [2]int{o.MaxPayload, o.MaxPayload}}
	tags := max(4*o.Chunk*tagSize, p.tagChunk(initiator)*p.recordSize(initiator))
	return headerSize + max(helloSize, tags, 2*o.Chunk*elementSize+proofSize+32)
}

func (o *OverlapOptions) termsHash() [sha256.Size]byte {
	return sha256.Sum256(append([]byte("parley psi v2 terms"), o.Terms...))
}
