package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// widthOf is the number of columns of a terminal, as it is now.
func widthOf(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return 80
}

// every is the least time between two updates of the line, which nobody could read faster.
const every = 100 * time.Millisecond

// progress keeps one line of a terminal up to date: the phase and, while rows are counted, how far it is. A nil progress does
// nothing, as where there is no terminal.
type progress struct {
	out   io.Writer
	width func() int
	now   func() time.Time

	mu          sync.Mutex
	name        string
	began, last time.Time
}

// progress returns the line of this command, nil when there is none.
func (a *app) progress() *progress {
	if !a.interactive || a.quiet || a.format == "json" {
		return nil
	}
	return &progress{out: a.errs, width: func() int { return widthOf(a.errs) }, now: time.Now}
}

// phase begins a phase.
func (p *progress) phase(name string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name, p.began, p.last = name, p.now(), time.Time{}
	p.show(name + " …")
}

// rows tells how far the phase is.
func (p *progress) rows(done, total int64) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.last) < every {
		return
	}
	if p.began.IsZero() {
		p.began = now
	}
	p.last = now
	p.show(pace(p.name, done, total, now.Sub(p.began)))
}

// clear takes the line away.
func (p *progress) clear() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprint(p.out, "\r\x1b[K")
}

// show writes the line, cut to the terminal: a line that wraps could not be taken away.
func (p *progress) show(text string) {
	if most := p.width() - 1; utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:max(most, 0)])
	}
	fmt.Fprint(p.out, "\r\x1b[K"+text)
}

// pace says how far a phase is, how fast it goes and how long it still takes: reading 43 % · 12.4 M rows/s · 1 s left.
func pace(name string, done, total int64, took time.Duration) string {
	parts := []string{name}
	if total > 0 {
		parts[0] += fmt.Sprintf(" %d %%", min(done, total)*100/total)
	}
	rate := float64(done) / took.Seconds()
	if took < every || done == 0 {
		return parts[0] + " …"
	}
	parts = append(parts, speed(rate))
	if total > done {
		parts = append(parts, rough(time.Duration(float64(total-done)/rate*float64(time.Second)))+" left")
	}
	return strings.Join(parts, " · ")
}

func speed(rate float64) string {
	if rate < 1e6 {
		return fmt.Sprintf("%.0f k rows/s", rate/1e3)
	}
	return fmt.Sprintf("%.1f M rows/s", rate/1e6)
}

// rough is a time to wait, in the unit that people wait in.
func rough(d time.Duration) string {
	switch {
	case d < 100*time.Second:
		return fmt.Sprintf("%d s", int64(d.Seconds()+.999))
	case d < 100*time.Minute:
		return fmt.Sprintf("%d min", int64(d.Minutes()+.5))
	}
	return fmt.Sprintf("%.0f h", d.Hours())
}
