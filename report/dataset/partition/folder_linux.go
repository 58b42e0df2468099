package partition

import (
	"os"
	"syscall"
)

// folder chooses the folder of the temporary file. Where the system's folder is itself memory, as in many distributions, a
// file in it would use up what it is to save: there /var/tmp, for large and lasting files, is better.
func folder(dir string) string {
	if dir != "" {
		return dir
	}
	const large = "/var/tmp"
	dir = os.TempDir()
	if os.Getenv("TMPDIR") == "" && inMemory(dir) && !inMemory(large) {
		if info, err := os.Stat(large); err == nil && info.IsDir() {
			return large
		}
	}
	return dir
}

// inMemory reports whether a folder is known to be of a file system without a disk.
func inMemory(dir string) bool {
	const tmpfs, ramfs = 0x01021994, 0x858458f6
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return false
	}
	t := uint32(s.Type)
	return t == tmpfs || t == ramfs
}
