package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestTheLineTellsPhaseShareSpeedAndTimeLeft(t *testing.T) {
	for _, c := range []struct {
		done, total int64
		took        time.Duration
		want        string
	}{
		{0, 100, 0, "reading 0 % …"},
		{8_600_000, 20_000_000, 694 * time.Millisecond, "reading 43 % · 12.4 M rows/s · 1 s left"},
		{1000, 1_000_000, time.Second, "reading 0 % · 1 k rows/s · 17 min left"},
		{20_000_000, 20_000_000, time.Second, "reading 100 % · 20.0 M rows/s"},
		{30, 20, time.Second, "reading 100 % · 0 k rows/s"},
		{1 << 50, 1 << 60, time.Hour, "reading 0 % · 312750.0 M rows/s · 1023 h left"},
		{5_000_000, 0, time.Second, "reading · 5.0 M rows/s"},
	} {
		if got := pace("reading", c.done, c.total, c.took); got != c.want {
			t.Errorf("%d of %d in %s: %q, want %q", c.done, c.total, c.took, got, c.want)
		}
	}
}

// screen is what a terminal of some columns shows of one line.
func screen(t *testing.T, written string, columns int) string {
	t.Helper()
	for line := range strings.SplitSeq(written, "\r\x1b[K") {
		if n := len([]rune(line)); n >= columns || strings.Contains(line, "\n") {
			t.Errorf("%q does not fit %d columns", line, columns)
		}
	}
	return written[strings.LastIndex(written, "\r\x1b[K")+len("\r\x1b[K"):]
}

func TestTheLineIsRewrittenAtMostTenTimesASecondAndTakenAway(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	p := &progress{out: &out, width: func() int { return 24 }, now: func() time.Time { return now }}
	p.phase("reading")
	for i := range int64(1000) {
		now = now.Add(time.Millisecond)
		p.rows(i*1e6, 1e9)
	}
	if n := strings.Count(out.String(), "\r"); n > 12 {
		t.Errorf("%d updates in a second", n)
	}
	if got := screen(t, out.String(), 24); !strings.HasPrefix(got, "reading 90 % · 99") {
		t.Errorf("%q", got)
	}
	p.clear()
	if got := screen(t, out.String(), 24); got != "" {
		t.Errorf("%q is left", got)
	}
}

func TestWhereThereIsNoTerminalThereIsNoLine(t *testing.T) {
	for _, a := range []*app{{}, {interactive: true, quiet: true}, {interactive: true, format: "json"}} {
		p := a.progress()
		if p != nil {
			t.Error("a line is written")
		}
		p.phase("reading")
		p.rows(1, 2)
		p.clear()
	}
	if isTerminal(&bytes.Buffer{}) {
		t.Error("a buffer is no terminal")
	}
}
