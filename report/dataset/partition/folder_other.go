//go:build !linux

package partition

import "os"

// folder chooses the folder of the temporary file.
func folder(dir string) string {
	if dir != "" {
		return dir
	}
	return os.TempDir()
}
