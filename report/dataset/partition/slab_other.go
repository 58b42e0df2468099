//go:build !linux

package partition

// backLarge would ask for large pages behind a slab.
func backLarge([]uint64) {}
