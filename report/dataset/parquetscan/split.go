package parquetscan

import "io"

// place is where the reading of a column begins: at a page other than the first.
type place struct{}

// reader opens a column at the first row of the task.
func (t *task) reader(l leaf, key bool, r io.ReaderAt) (*reader, error) {
	return newReader(l, key, r, &t.source.file.Metadata().RowGroups[t.group])
}
