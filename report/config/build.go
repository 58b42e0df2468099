package config

import (
	"strconv"

	"parcours/internal/memory"
)

// build checks [build].
func (c *checker) build() {
	c.site.Incremental = c.raw.Build.Incremental
	path, raw := "build.memory", c.raw.Build.Memory
	if !c.has(path) {
		return
	}
	written, n := strconv.Quote(raw.text), raw.bytes
	var err error
	if raw.number {
		written, err = strconv.FormatInt(n, 10), memory.Check(n)
	} else {
		n, err = memory.Promise(raw.text)
	}
	if err != nil {
		c.errorf(CodeRange, path, "", `"memory" is %s; %v`, written, err)
		return
	}
	c.site.Memory = n
}
