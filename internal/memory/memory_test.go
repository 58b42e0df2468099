package memory

import (
	"math"
	"runtime/debug"
	"testing"
	"testing/fstest"
)

func TestSizesAreReadInBinaryAndDecimalUnits(t *testing.T) {
	for text, want := range map[string]int64{
		"512MiB": 512 << 20, "1GiB": 1 << 30, "1.5GiB": 3 << 29, "2GB": 2e9, "800MB": 8e8, "134217728": 128 << 20, " 1 gib ": 1 << 30,
		"640 KiB": 640 << 10, "0": 0, "7b": 7, "0.5TB": 5e11, "1500kB": 1500000,
	} {
		if got, err := Parse(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestWhatIsNoSizeIsRefused(t *testing.T) {
	for _, text := range []string{"", "MiB", "512m", "1g", "-1GiB", "1,5GiB", "1.5", "1.2.3GB", "half", "1e9", "NaN", "0x10", "9999999TiB", "1 GiB 2", "∞"} {
		if got, err := Parse(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
	if _, err := Promise("127MiB"); err == nil || err.Error() != "expected at least 128 MiB" {
		t.Error(err)
	}
	if n, err := Promise("128MiB"); err != nil || n != Least {
		t.Error(n, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("1.5GiB")
	f.Add("9223372036854775807")
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := Parse(text); err == nil && n < 0 {
			t.Errorf("%q is %d", text, n)
		}
	})
}

func TestSizesAreWrittenForPeople(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 bytes", 1000: "1000 bytes", 128 << 20: "128 MiB", 3 << 29: "1.5 GiB", 1<<30 - 1: "1 GiB", 8e8: "762.9 MiB", math.MaxInt64: "8 EiB",
	} {
		if got := Format(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestTheSmallestLimitCounts(t *testing.T) {
	const meminfo = "MemTotal:       24684096 kB\nMemFree: 1 kB\n"
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  int64
	}{
		"no such files": {fstest.MapFS{}, 0},
		"a machine":     {fstest.MapFS{"proc/meminfo": file(meminfo)}, 24684096 << 10},
		"version 2": {fstest.MapFS{
			"proc/meminfo": file(meminfo), "proc/self/cgroup": file("0::/ci/job\n"),
			"sys/fs/cgroup/ci/job/memory.max": file("max\n"), "sys/fs/cgroup/ci/memory.max": file("2147483648\n"),
		}, 2 << 30},
		"version 2 in a container": {fstest.MapFS{
			"proc/meminfo": file(meminfo), "proc/self/cgroup": file("0::/host/path\n"), "sys/fs/cgroup/memory.max": file("536870912\n"),
		}, 512 << 20},
		"version 1": {fstest.MapFS{
			"proc/meminfo": file(meminfo), "proc/self/cgroup": file("5:cpu:/\n4:memory:/job\n0::/\n"),
			"sys/fs/cgroup/memory/job/memory.limit_in_bytes": file("1073741824\n"),
		}, 1 << 30},
		"version 1 without limit": {fstest.MapFS{
			"proc/meminfo": file(meminfo), "proc/self/cgroup": file("4:memory:/job\n"),
			"sys/fs/cgroup/memory/job/memory.limit_in_bytes": file("9223372036854771712\n"),
		}, 24684096 << 10},
		"nonsense": {fstest.MapFS{"proc/meminfo": file("MemTotal: lots\n"), "proc/self/cgroup": file("::\nx\n")}, 0},
	} {
		if got := allowed(c.files); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestNoMoreIsPromisedThanAskedForOrThanThereIs(t *testing.T) {
	if got := Affordable(Least); got > Least || got <= 0 {
		t.Errorf("%d", got)
	}
	if all := Allowed(); all > 0 && Affordable(math.MaxInt64) > all/4*3 {
		t.Errorf("%d of %d", Affordable(math.MaxInt64), all)
	}
}

func TestTheCollectorIsAsItWasAfterwards(t *testing.T) {
	before, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
	debug.SetGCPercent(percent)
	one := Hold(1 << 30)
	two := Hold(512 << 20)
	if now := debug.SetMemoryLimit(-1); now != (1<<30)/10*9 {
		t.Errorf("the limit is %d", now)
	}
	one()
	one()
	two()
	Hold(0)()
	now := debug.SetGCPercent(percent)
	if debug.SetMemoryLimit(-1) != before || now != percent {
		t.Errorf("limit %d, percent %d; before %d, %d", debug.SetMemoryLimit(-1), now, before, percent)
	}
}
