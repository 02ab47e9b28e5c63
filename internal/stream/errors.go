package stream

import "errors"

var (
	// ErrFault: the counterpart broke the stream's rules. Reset the stream; no
	// later message of it is taken.
	ErrFault = errors.New("the counterpart broke the stream's rules")
	// ErrLate: the message is of a stream that has ended here, and was under way
	// when it did. Nothing is to be done.
	ErrLate = errors.New("the stream has ended")
	// ErrReset: the counterpart ended the stream before its time.
	ErrReset = errors.New("the counterpart ended the stream")
	// ErrRoom: there is no credit for another chunk now.
	ErrRoom = errors.New("no more may be sent before the counterpart has used what it was sent")
	// ErrLimit: a counterpart has as many streams as it may.
	ErrLimit = errors.New("too many streams with this counterpart: end one first")
)
