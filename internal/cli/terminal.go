package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// progressLine returns a callback that keeps one line up to date, at most ten times a second.
func progressLine(w io.Writer) func(rows, total int64) {
	var mu sync.Mutex
	start := time.Now()
	var last time.Time
	return func(rows, total int64) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		if now.Sub(last) < 100*time.Millisecond {
			return
		}
		last = now
		rate := float64(rows) / max(now.Sub(start).Seconds(), 0.001)
		left := ""
		if total > rows && rate > 0 {
			left = fmt.Sprintf(", %s left", time.Duration(float64(total-rows)/rate*float64(time.Second)).Round(time.Second))
		}
		fmt.Fprintf(w, "\r\x1b[Kparcours: %d of %d rows, %.1f M rows/s%s", rows, total, rate/1e6, left)
	}
}

func clearLine(w io.Writer) { fmt.Fprint(w, "\r\x1b[K") }
