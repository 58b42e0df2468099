//go:build !unix

package partition

import "io/fs"

// ours is true where folders of temporary files are each user's own.
func ours(fs.FileInfo) bool { return true }
