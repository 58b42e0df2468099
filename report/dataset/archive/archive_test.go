package archive_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parcours/report/dataset/archive"
)

func write(t testing.TB, dir, name, description string, sections ...string) {
	t.Helper()
	d, err := archive.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Discard()
	for _, s := range sections {
		err := d.Section(func(w io.Writer) error {
			for _, b := range []byte(s) {
				if _, err := w.Write([]byte{b}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(d.Describe([]byte(description)), d.Publish(name)); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, dir, name string) (description string, sections []string) {
	t.Helper()
	s, err := archive.Open(dir, name)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range 3 {
		b, err := io.ReadAll(s.Section(i))
		if err != nil {
			t.Fatal(err)
		}
		sections = append(sections, string(b))
	}
	return string(s.Description), sections
}

func TestASegmentIsReadBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "rows")
	for _, sections := range [][]string{{}, {""}, {"some bytes"}, {"", "b", "ccc"}} {
		write(t, dir, "one", "what it is", sections...)
		description, got := read(t, dir, archive.Name("one"))
		if description != "what it is" {
			t.Errorf("description %q", description)
		}
		for i, s := range append(sections, "", "", "")[:3] {
			if got[i] != s {
				t.Errorf("section %d is %q, want %q", i, got[i], s)
			}
		}
	}
	if names, err := archive.Names(dir); err != nil || len(names) != 1 || names[0] != "one.rows" {
		t.Errorf("names %q, %v", names, err)
	}
}

func TestOnlyTheOwnerCanReadSegments(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "rows")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "one", "")
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "one.rows"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestADraftThatIsDiscardedLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	d, err := archive.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	failed := errors.New("no")
	if err := d.Section(func(io.Writer) error { return failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
	if err := d.Describe(nil); !errors.Is(err, failed) {
		t.Error(err)
	}
	if err := d.Publish("x"); !errors.Is(err, failed) {
		t.Error(err)
	}
	d.Discard()
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("left %v", entries)
	}
}

func TestDamagedDescriptionsAreFound(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "one", "what it is", "ab", "cdefg")
	path := filepath.Join(dir, "one.rows")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const records = 7 // bytes of sections, which their owner checks
	for i := range whole {
		changed := bytes.Clone(whole)
		changed[i] ^= byte(1 + i%255)
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := archive.Open(dir, "one.rows")
		if inside := i >= 16 && i < 16+records; (err == nil) != inside {
			t.Errorf("byte %d changed: %v", i, err)
		}
		if err == nil {
			s.Close()
		}
		if err := os.WriteFile(path, whole[:i], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Open(dir, "one.rows"); !errors.Is(err, archive.ErrDamaged) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
}

func TestRemoveSweepsWhatIsOld(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "one", "")
	write(t, dir, "two", "")
	old, young := filepath.Join(dir, ".tmp-1"), filepath.Join(dir, ".tmp-2")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	if err := archive.Remove(dir, []string{"one.rows", "none.rows"}); err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if len(left) != 2 || left[0] != ".tmp-2" || left[1] != "two.rows" {
		t.Errorf("left %q", left)
	}
	if err := archive.Remove(filepath.Join(dir, "none"), nil); err != nil {
		t.Error(err)
	}
}

func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	write(f, dir, "one", "what it is", "ab", "cdefg")
	whole, err := os.ReadFile(filepath.Join(dir, "one.rows"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "x.rows"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := archive.Open(dir, "x.rows"); err == nil {
			for i := range 20 {
				io.Copy(io.Discard, s.Section(i))
			}
			s.Close()
		}
	})
}
