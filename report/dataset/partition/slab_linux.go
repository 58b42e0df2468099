package partition

import (
	"os"
	"syscall"
	"unsafe"
)

// backLarge asks for large pages behind a slab: the processor then looks up fewer of them while records are scattered, and the
// kernel clears them in one go. It is a wish that may be refused.
func backLarge(slab []uint64) {
	const madvHugepage = 14
	b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(slab))), len(slab)*wordBytes)
	page := os.Getpagesize()
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(slab)))) & (page - 1)
	if skip < len(b) {
		_ = syscall.Madvise(b[skip:skip+(len(b)-skip)&^(page-1)], madvHugepage)
	}
}
