/*
 * Delivery of payloads from one node to another, in Promela. delivery.md says
 * what each part stands for, what is left out, and how to check it.
 *
 * An atomic block is a transaction, or one act of the relay. Between two of
 * them a node may be killed; what it held in memory is gone then, and what is
 * on its disk stays. Each fault happens at most so often as its bound says:
 * "in the end" means after the last of them.
 */

#ifndef PAYLOADS
#define PAYLOADS 2
#endif
#ifndef KILLS
#define KILLS 1   /* of each node */
#endif
#ifndef LOSSES
#define LOSSES 1  /* of parcels and of acknowledgements, together */
#endif
#ifndef DOUBLES
#define DOUBLES 1 /* a parcel that lies at the relay twice */
#endif
#ifndef SWAPS
#define SWAPS 1   /* two parcels that change places */
#endif
#define ROOM PAYLOADS /* parcels that lie at the relay at once */
#define NONE 255

chan out  = [ROOM] of { byte, byte }; /* a parcel: its number, the payload in it */
chan back = [1] of { byte };          /* an acknowledgement: all below are applied */

/* On the sender's disk. */
bool gone[PAYLOADS];     /* payloads that left the outbox: they were sealed */
byte sealed = 0;         /* parcels sealed, and so the number of the next */
byte contents[PAYLOADS]; /* the payload in each of them */
byte acked = 0;          /* parcels that the receiver has said it applied */

/* On the receiver's disk. */
byte opened = 0;         /* parcels opened, and so the number of the next */
byte kept[PAYLOADS];     /* what came before its turn: the payload, and one more */
bool owed = false;       /* the sender waits to hear how far we are */

/* What the properties speak of. */
bool done[PAYLOADS];     /* payloads whose effect is there */
byte applied = 0;        /* how many */

/* apply has the effect of the payload in parcel n. */
inline apply(n, p) {
	assert(!done[p]);          /* once */
	assert(n == applied);      /* in order */
	assert(n < sealed);        /* and nothing that was not sent */
	assert(p == contents[n]);  /* under its number */
	done[p] = true;
	applied++
}

/* pick takes any payload that waits: an urgent one may overtake another, until one of them is sealed. */
inline pick(p) {
	if
	:: !gone[0] -> p = 0
	:: PAYLOADS > 1 && !gone[1 % PAYLOADS] -> p = 1 % PAYLOADS
	:: PAYLOADS > 2 && !gone[2 % PAYLOADS] -> p = 2 % PAYLOADS
	fi
}

/* put gives the relay a parcel. It keeps one of each number; a full one is tried again in the next round. */
inline put(n, p) {
	if
	:: nfull(out) && !out??[eval(n),_] -> out!n,p
	:: else
	fi
}

/* may_die kills a node, or not: all that it has in memory is gone, and it begins again. */
#define may_die if :: kills > 0 -> kills--; n = 0; p = 0; goto start :: true fi

active proctype Sender() {
	byte kills = KILLS;
	byte n, p;
start:
	do
	:: acked == PAYLOADS -> break
	:: else ->
		/* seal the next payload: the parcel and the number are kept together */
#ifdef MUTANT_RESEAL
		/* wrong: the parcel is on its way before the disk knows of it */
		atomic {
			if
			:: sealed < PAYLOADS -> pick(p); put(sealed, p); may_die
			:: else -> p = NONE
			fi
		}
		atomic {
			if
			:: p != NONE -> gone[p] = true; contents[sealed] = p; sealed++
			:: else
			fi;
			p = 0; n = acked
		}
#else
		atomic {
			if
			:: sealed < PAYLOADS -> pick(p); gone[p] = true; contents[sealed] = p; sealed++
			:: else
			fi;
			may_die;
			p = 0; n = acked
		}
#endif
		/* put what is not acknowledged, from the first on */
		do
		:: atomic { n < sealed ->
			put(n, contents[n]); n++;
#ifdef MUTANT_DROP
			if :: n > acked -> acked = n :: else fi; /* wrong: what the relay has is forgotten */
#endif
			may_die }
		:: atomic { else -> n = 0; break }
		od;
		/* take an acknowledgement, and forget what it speaks of */
		atomic {
			if
			:: back?n -> may_die
			:: empty(back)
			fi
		}
		atomic {
			if :: n > acked -> acked = n :: else fi;
			n = 0
		}
	od
}

/* keep puts a parcel by that came before its turn. */
inline keep(n, p) { if :: kept[n] == 0 -> kept[n] = p + 1 :: else fi }

active proctype Receiver() {
	byte kills = KILLS;
	byte n, p;
start:
end:	do
	:: atomic { nempty(out) ->
			/* look at the first parcel; it stays at the relay */
			out?<n,p>;
			may_die
		}
		atomic {
			/* open it, apply it, take those kept for later, note that an answer is owed */
			if
			:: n == opened -> apply(n, p); opened++; owed = true
			:: n < opened ->
#ifdef MUTANT_TWICE
				apply(n, p); /* wrong: it was opened before */
#endif
				owed = true
			:: n > opened ->
#ifdef MUTANT_OVERTAKE
				apply(n, p) /* wrong: others before it are missing */
#else
				keep(n, p)
#endif
			fi;
			do
			:: opened < PAYLOADS && kept[opened % PAYLOADS] != 0 ->
				p = kept[opened] - 1; kept[opened] = 0; apply(opened, p); opened++; owed = true
			:: else -> break
			od;
			may_die
		}
		atomic {
			/* only then let the relay forget it */
			if
			:: out??[eval(n),_] -> out??eval(n),_
			:: else
			fi;
			n = 0; p = 0
		}
		atomic {
			/* an acknowledgement may be lost: a parcel that comes again asks for another */
			if
			:: owed && nfull(back) -> back!opened; owed = false
			:: else
			fi
		}
	:: atomic { empty(out) && owed && nfull(back) -> back!opened; owed = false }
	od
}

/* The relay's operator, and the lines to it. */
active proctype Relay() {
	byte losses = LOSSES, doubles = DOUBLES, swaps = SWAPS;
	byte n, p;
end:	do
	:: atomic { losses > 0 && nempty(out) -> out?_,_; losses-- }
	:: atomic { losses > 0 && nempty(back) -> back?_; losses-- }
	:: atomic { doubles > 0 && nempty(out) && nfull(out) -> out?<n,p>; out!n,p; doubles--; n = 0; p = 0 }
	:: atomic { swaps > 0 && len(out) > 1 -> out?n,p; out!n,p; swaps--; n = 0; p = 0 }
	od
}

ltl delivered    { <> (applied == PAYLOADS) }
ltl acknowledged { <> (acked == PAYLOADS && applied == PAYLOADS) }
