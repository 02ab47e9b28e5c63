package channel

import "errors"

// Why [Session.Open] refused a parcel. The session is unchanged after each of them.
var (
	// ErrEarly: the parcel is ours, but others before it are missing. Only its tag has been looked at, so that a
	// relay can put rubbish behind a true tag: keep early parcels by the hash of their bytes, not by their tag.
	ErrEarly = errors.New("the parcel came before its turn; keep it and open it after the ones before it")
	// ErrDuplicate: the parcel's tag has been used; it can be dropped.
	ErrDuplicate = errors.New("the parcel has been opened already; drop it")
	// ErrUnknown: no parcel that this channel could expect has this tag or size.
	ErrUnknown = errors.New("the parcel is none that this channel expects; drop it")
	// ErrForged: the tag is the expected one, but the rest was not sealed by the counterpart.
	ErrForged = errors.New("the parcel was altered or forged; drop it and wait for the genuine one")
	// ErrFault: the counterpart sealed something the protocol forbids. The channel cannot go on.
	ErrFault = errors.New("the counterpart broke the protocol; be introduced anew")
	// ErrRollback: the counterpart has opened parcels that this session does not know it sent, or was told of parcels
	// that this session does not know it opened, so this session's state was restored from an old copy. The channel
	// cannot go on.
	ErrRollback = errors.New("this node was put back to an old copy: its counterpart remembers more of the channel; be introduced anew")
)

// ErrUsed says that an introduction's secrets have made their one session and are gone.
var ErrUsed = errors.New("this introduction has been used; make a new one")
