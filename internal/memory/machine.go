package memory

import (
	"io/fs"
	"os"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// unlimited is about what cgroups of version 1 say when there is no limit.
const unlimited = 1 << 62

// Allowed is the memory that the process may use at most: that of the machine, or less when its cgroup says so. It is 0
// where the system does not tell, as outside Linux.
func Allowed() int64 { return allowed(os.DirFS("/")) }

func allowed(root fs.FS) int64 {
	n := field(root, "proc/meminfo", "MemTotal:")
	groups, _ := fs.ReadFile(root, "proc/self/cgroup")
	for line := range strings.Lines(string(groups)) {
		// hierarchy:controllers:path; version 2 has no controllers.
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		dir, name := "sys/fs/cgroup", "memory.max"
		switch {
		case parts[1] == "memory":
			dir, name = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		case parts[1] != "":
			continue
		}
		n = least(n, limit(root, dir, parts[2], name))
	}
	return n
}

// limit is the smallest limit of a cgroup and those around it. Inside a container the path may be that of the host, and the
// folder that of the container, so folders that are not there are skipped.
func limit(root fs.FS, dir, group, name string) int64 {
	n := int64(0)
	for group = path.Join("/", group); ; group = path.Dir(group) {
		text, err := fs.ReadFile(root, path.Join(dir, group, name))
		if err == nil {
			if v, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && v < unlimited {
				n = least(n, v)
			}
		}
		if group == "/" {
			return n
		}
	}
}

// least is the smaller of two limits, of which 0 is none.
func least(a, b int64) int64 {
	if a <= 0 || b > 0 && b < a {
		return b
	}
	return a
}

// Peak is the most memory that the process had in use so far, 0 where the system does not tell.
func Peak() int64 { return field(os.DirFS("/"), "proc/self/status", "VmHWM:") }

// field reads a size in kB from a file of the form "Name:   123 kB".
func field(root fs.FS, file, name string) int64 {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
		if err != nil || n > unlimited>>10 {
			return 0
		}
		return n << 10
	}
	return 0
}

// Affordable is the promise that can be made on this machine: no more than asked for, and never more than three quarters of
// what there is, since the system, its file cache and other programs need the rest.
func Affordable(asked int64) int64 {
	if n := Allowed() / 4 * 3; n > 0 {
		return min(asked, n)
	}
	return asked
}

// held guards the settings of the collector, which belong to the whole process: the first of several that run at the same
// time sets them, the last puts back what was there.
var held struct {
	sync.Mutex
	users   int
	limit   int64
	percent int
}

// outside is about what a process takes that the garbage collector does not count: the program itself.
const outside = 28 << 20

// Hold makes the garbage collector work for a promise until the function that it returns is called: it runs when the heap has
// grown by half instead of twofold, and whenever nine tenths of the promise are reached, or what the program leaves of a small
// one. 0 changes nothing.
func Hold(promise int64) (release func()) {
	if promise <= 0 {
		return func() {}
	}
	held.Lock()
	defer held.Unlock()
	if held.users == 0 {
		held.limit = debug.SetMemoryLimit(min(promise/10*9, promise-outside, debug.SetMemoryLimit(-1)))
		held.percent = debug.SetGCPercent(50)
	}
	held.users++
	return sync.OnceFunc(func() {
		held.Lock()
		defer held.Unlock()
		if held.users--; held.users == 0 {
			debug.SetMemoryLimit(held.limit)
			debug.SetGCPercent(held.percent)
		}
	})
}
