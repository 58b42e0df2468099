package main

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"parcours/internal/demo"
)

// A run that is stopped ends soon, wherever it is, and leaves everything as it was.
func TestAStoppedRunLeavesNothingBehind(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals cannot be sent there")
	}
	tries, orders := 20, int64(300_000)
	switch {
	case testing.Short():
		tries, orders = 4, 50_000
	case os.Getenv("PARCOURS_LONG") != "":
		tries, orders = 100, 2_000_000
	}
	s := newStopped(t, orders)
	var took []time.Duration
	draw := rand.New(rand.NewPCG(4, uint64(tries)))
	for i := range tries {
		args, whole := []string{"build", "--as-of", "2026-09-30"}, s.build
		if i%4 == 3 {
			args, whole = []string{"score"}, s.score
		}
		if i%2 == 1 {
			args = append(args, "--memory", "160MiB")
		}
		signal := []os.Signal{os.Interrupt, syscall.SIGTERM}[i/2%2]
		if d, stopped := s.stop(t, args, signal, time.Duration(draw.Float64()*float64(whole))); stopped {
			took = append(took, d)
		}
	}
	slices.Sort(took)
	if len(took) < tries/4 {
		t.Fatalf("only %d of %d runs were stopped before their end", len(took), tries)
	}
	t.Logf("%d of %d runs were stopped, after %s at most, %s in the middle", len(took), tries, took[len(took)-1], took[len(took)/2])
}

// A second signal ends a run that does not listen, and the exit status says so.
func TestASecondSignalEndsARunAtOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals cannot be sent there")
	}
	s := newStopped(t, 100_000)
	cmd := s.command("build")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // the handler is there
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for range 1000 {
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case err := <-done:
			var exit *exec.ExitError
			if !errors.As(err, &exit) {
				t.Fatalf("it ended with %v", err)
			}
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
	t.Error("it runs on")
}

// stopped is a project with a site, in which runs are stopped.
type stopped struct {
	dir, tmp     string
	before       map[string]string
	build, score time.Duration // of a whole run
}

func newStopped(t *testing.T, orders int64) *stopped {
	t.Helper()
	s := &stopped{dir: filepath.Join(t.TempDir(), "shop"), tmp: t.TempDir()}
	if err := demo.Generate(t.Context(), demo.Options{Dir: s.dir, Orders: orders}); err != nil {
		t.Fatal(err)
	}
	s.build, s.score = s.whole(t, "build"), s.whole(t, "score")
	s.forget(t)
	s.before = s.files(t)
	return s
}

func (s *stopped) command(args ...string) *exec.Cmd {
	cmd := exec.Command("parcours", args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "TMPDIR="+s.tmp)
	return cmd
}

// whole runs a command to its end, without anything kept.
func (s *stopped) whole(t *testing.T, args ...string) time.Duration {
	t.Helper()
	s.forget(t)
	start := time.Now()
	if out, err := s.command(args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return time.Since(start)
}

// forget removes the stored aggregates, so that the next run reads the data.
func (s *stopped) forget(t *testing.T) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(s.dir, ".parcours")); err != nil {
		t.Fatal(err)
	}
}

// files lists the files of the project with their contents; data are only named.
func (s *stopped) files(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(s.dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(s.dir, p)
		out[name] = ""
		if err == nil && !d.IsDir() && !strings.HasPrefix(name, "content") {
			b, err := os.ReadFile(p)
			out[name] = string(b)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// stop starts a run, stops it after a while and looks at what is left. It returns how long the run went on.
func (s *stopped) stop(t *testing.T, args []string, signal os.Signal, after time.Duration) (time.Duration, bool) {
	t.Helper()
	s.forget(t)
	cmd := s.command(args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(30*time.Millisecond + after) // not before the handler is there
	start := time.Now()
	_ = cmd.Process.Signal(signal)
	err := cmd.Wait()
	took := time.Since(start)
	if left, _ := os.ReadDir(s.tmp); len(left) > 0 {
		t.Errorf("%v after %s: %s is left among the temporary files", args, after, left[0].Name())
	}
	s.kept(t, args)
	now := s.files(t)
	if err == nil { // it was done before
		s.before = now
		return 0, false
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || errs.String() != "parcours: stopped; nothing was written\n" {
		t.Errorf("%v after %s: %v: %s", args, after, err, &errs)
	}
	if took > 5*time.Second { // generous: machines of continuous integration are slow and shared
		t.Errorf("%v after %s: it went on for %s", args, after, took)
	}
	if !maps.Equal(now, s.before) {
		for name := range now {
			if _, ok := s.before[name]; !ok {
				t.Errorf("%v after %s: %s is left", args, after, name)
			}
		}
		t.Errorf("%v after %s: the project is another one", args, after)
	}
	return took, true
}

// kept looks at the stored aggregates, which may be there if they are whole, and removes them.
func (s *stopped) kept(t *testing.T, args []string) {
	t.Helper()
	dir := filepath.Join(s.dir, ".parcours")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(dir, e.Name(), "manifest.json")); e.Name() != "aggregates" || err != nil {
			t.Errorf("%v: half a bundle is left: %s", args, e.Name())
		}
	}
	s.forget(t)
}
