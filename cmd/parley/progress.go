package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"parley/internal/node"
)

// quickly is how long work may take before its progress is shown.
const quickly = 2 * time.Second

// progress shows on standard error how far long work has come, with bytes and,
// where their number is known, the time left. Work that is quick shows nothing;
// so does all work when asked, for JSON, and where nobody watches.
type progress struct {
	out   io.Writer // nil: nothing is shown
	pause time.Duration
	bar   *progressbar.ProgressBar
	phase string
}

func (a *app) progress() *progress {
	if a.quiet || a.asJSON || !a.atTerminal() {
		return &progress{}
	}
	return &progress{out: &late{out: a.err, now: time.Now, after: time.Now().Add(quickly)}, pause: 500 * time.Millisecond}
}

// show says how many bytes of a phase are done, of how many (-1: nobody knows).
// Each phase has a bar of its own, since they go at different speeds.
func (p *progress) show(phase, what string, done, total int64) {
	if p.out == nil {
		return
	}
	if p.bar == nil || p.phase != phase {
		p.begin(phase, total, true)
	}
	p.bar.Describe(what)
	_ = p.bar.Set64(done) // a bar that cannot be drawn must not stop the work
}

// wait says what is waited for.
func (p *progress) wait(what string) {
	if p.out == nil {
		return
	}
	if p.bar == nil {
		p.begin("", -1, false)
	}
	p.bar.Describe(what)
}

func (p *progress) begin(phase string, total int64, bytes bool) {
	p.end()
	p.phase = phase
	options := []progressbar.Option{
		progressbar.OptionSetWriter(p.out), progressbar.OptionThrottle(p.pause), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(total >= 0), progressbar.OptionSetWidth(20),
	}
	if bytes {
		options = append(options, progressbar.OptionShowBytes(true), progressbar.OptionShowCount())
	}
	p.bar = progressbar.NewOptions64(total, options...)
}

// importing shows how an import goes on.
func (p *progress) importing(i node.ImportProgress) {
	p.show(i.Source+i.Phase, fmt.Sprintf("%s: %s", cut(plain(i.Source), 40), i.Phase), i.Done, i.Total)
}

// end takes the bar off the screen.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}

// late writes nothing before a time.
type late struct {
	out   io.Writer
	now   func() time.Time
	after time.Time
}

func (l *late) Write(p []byte) (int, error) {
	if l.now().Before(l.after) {
		return len(p), nil
	}
	return l.out.Write(p)
}
