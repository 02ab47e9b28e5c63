package psi

import "slices"

// count exchanges the counts of whoever learns: the initiator's query first,
// and each answer before the answerer's own result is known to it.
func (r *run) count() error {
	p, err := NewCountPartyOf(r.Seed, r.source, r.Pad)
	if err != nil {
		return err
	}
	defer p.Zero()
	ask := func() error { return r.write(frameKind(KindCountQuery), p.Query()) }
	hear := func() error { return r.hearCount(p) }
	reply := func() error { return r.replyCount(p) }
	me := r.side()
	if !r.Learn.learns(me) {
		ask, hear = nothing, nothing
	}
	if !r.Learn.learns(me.other()) {
		reply = nothing
	}
	if r.Initiator {
		// The responder answers before it asks.
		return inOrder(r.ctx, ask, hear, reply)
	}
	return inOrder(r.ctx, reply, ask, hear)
}

func nothing() error { return nil }

// hearCount reads the answer to our query.
func (r *run) hearCount(p *CountParty) error {
	_, answer, err := r.read(frameKind(KindCountAnswer))
	if err != nil {
		return err
	}
	if r.result.Count, err = p.Count(answer); err != nil {
		return err
	}
	h, err := Inspect(answer)
	if err != nil {
		return err
	}
	return r.sameSize(h.Tags)
}

// replyCount reads the counterpart's query and answers it.
func (r *run) replyCount(p *CountParty) error {
	_, query, err := r.read(frameKind(KindCountQuery))
	if err != nil {
		return err
	}
	answer, err := p.Answer(query, r.MaxTheirs)
	if err != nil {
		return err
	}
	h, err := Inspect(query)
	if err != nil {
		return err
	}
	if err := r.sameSize(h.Elements); err != nil {
		return err
	}
	return r.write(frameKind(KindCountAnswer), answer)
}

// decide says whether to go on, and hears whether the counterpart does.
func (r *run) decide() error {
	ours := frameGo
	if r.Learn.learns(r.side()) && r.Proceed != nil && !r.Proceed(r.result.Count) {
		ours = frameStop
	}
	theirs := ours
	say := func() error { return r.write(ours, nil) }
	hear := func() (err error) { theirs, _, err = r.read(frameGo, frameStop); return err }
	steps := []func() error{say, hear}
	if !r.Initiator {
		slices.Reverse(steps)
	}
	err := inOrder(r.ctx, steps...)
	r.result.Stopped = ours == frameStop || theirs == frameStop
	return err
}
