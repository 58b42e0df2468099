package outdir

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t *testing.T, target string, files map[string][]byte) Result {
	t.Helper()
	r, err := Write(t.Context(), target, files, Manifest{Generator: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWriteReplacesWhole(t *testing.T) {
	target := filepath.Join(t.TempDir(), "public")
	write(t, target, map[string][]byte{"index.html": []byte("1"), "assets/a.css": []byte("a")})
	write(t, target, map[string][]byte{"index.html": []byte("2")})
	got := read(t, target)
	if got["index.html"] != "2" || len(got) != 2 {
		t.Errorf("got %v", got)
	}
	left, _ := os.ReadDir(filepath.Dir(target))
	if len(left) != 1 {
		t.Errorf("leftovers beside the site: %v", left)
	}
}

func TestEqualSiteIsNotTouched(t *testing.T) {
	target := filepath.Join(t.TempDir(), "public")
	files := map[string][]byte{"index.html": []byte("1"), "b.html": []byte("b")}
	write(t, target, files)
	past := time.Now().Add(-time.Hour).Truncate(time.Second)
	for _, n := range []string{"index.html", "b.html"} {
		if err := os.Chtimes(filepath.Join(target, n), past, past); err != nil {
			t.Fatal(err)
		}
	}
	if r := write(t, target, files); !r.Unchanged {
		t.Error("an equal site was written again")
	}
	files["b.html"] = []byte("new")
	write(t, target, files)
	info, err := os.Stat(filepath.Join(target, "index.html"))
	if err != nil || !info.ModTime().Equal(past) {
		t.Errorf("an equal file lost its time: %v %v", info.ModTime(), err)
	}
}

func TestForeignFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "public")
	if err := os.Mkdir(target, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, target, map[string][]byte{"index.html": []byte("1")}) // an empty folder is fine
	if err := os.WriteFile(filepath.Join(target, "CNAME"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	before := read(t, target)
	_, err := Write(t.Context(), target, map[string][]byte{"index.html": []byte("2")}, Manifest{})
	var foreign *ForeignError
	if !errors.As(err, &foreign) || len(foreign.Files) != 1 {
		t.Fatalf("got %v", err)
	}
	if !maps.Equal(before, read(t, target)) {
		t.Error("a refused write changed the folder")
	}
	_, err = Write(t.Context(), dir, map[string][]byte{"index.html": []byte("2")}, Manifest{})
	if !errors.As(err, &foreign) {
		t.Fatalf("a folder without manifest was accepted: %v", err)
	}
}

// A run killed between the two renames leaves the earlier site under its old name; the next run puts it back.
func TestKilledBetweenRenamesIsRepaired(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "public")
	write(t, target, map[string][]byte{"index.html": []byte("1")})
	want := read(t, target)
	if err := os.Rename(target, sibling(target, oldPrefix)+filepath.Base(sibling(target, newPrefix))+"12"); err != nil {
		t.Fatal(err)
	}
	if err := repair(target); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(want, read(t, target)) {
		t.Error("the earlier site did not come back")
	}
}

func TestPathsStayInside(t *testing.T) {
	target := filepath.Join(t.TempDir(), "public")
	for _, name := range []string{"../x", "/x", "a//b", ManifestName} {
		if _, err := Write(t.Context(), target, map[string][]byte{name: nil}, Manifest{}); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a refused write made the folder")
	}
}

// A build that cannot finish its folder takes it away again.
func TestFailureLeavesNothingBeside(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "public")
	if _, err := Write(t.Context(), target, map[string][]byte{"a": nil, "a/b": nil}, Manifest{}); err == nil {
		t.Fatal("a file was taken for a folder")
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// The leftovers of another site with a longer name are none of ours.
func TestSitesSideBySideDoNotRepairEachOther(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "public-fr")
	write(t, other, map[string][]byte{"index.html": []byte("fr")})
	moved := sibling(other, oldPrefix) + filepath.Base(sibling(other, newPrefix)) + "7"
	if err := os.Rename(other, moved); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "public"), map[string][]byte{"index.html": []byte("1")})
	if got := read(t, moved); got["index.html"] != "fr" {
		t.Errorf("the other site's folder holds %v", got)
	}
}

func TestLinkStaysAndItsFolderIsSwapped(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "www"), filepath.Join(dir, "public")
	if err := os.Mkdir(real, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("www", link); err != nil {
		t.Skip("no symbolic links here")
	}
	write(t, link, map[string][]byte{"index.html": []byte("1")})
	write(t, link, map[string][]byte{"index.html": []byte("2")})
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v %v", info, err)
	}
	if got := read(t, real); got["index.html"] != "2" {
		t.Errorf("got %v", got)
	}
	var wrong *NotFolderError
	if err := os.Symlink("nowhere", filepath.Join(dir, "dead")); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{filepath.Join(dir, "dead"), filepath.Join(real, "index.html")} {
		if _, err := Write(t.Context(), p, map[string][]byte{"index.html": nil}, Manifest{}); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", p, err)
		}
	}
}
