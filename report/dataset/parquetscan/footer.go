package parquetscan

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// What a footer may claim. Its decoder takes memory by what the footer claims: an array of all steps of all paths, whose
// number grows with the square of the depth of the columns, one of as many chunks as there are columns times row groups, and
// a few hundred bytes for a chunk of three.
const (
	maxDepth  = 64
	maxNames  = 16 << 20 // bytes of the dotted names of all columns
	maxChunks = 1 << 20
)

// footerShape is what checkShape has counted.
type footerShape struct {
	leaves int
	chunks int
}

// checkShape refuses a footer that would take much more memory than it has bytes. The bytes were walked by skimStruct
// already.
func checkShape(footer []byte) error {
	var s footerShape
	return fieldsOf(footer, func(id int, kind byte, value []byte) error {
		switch {
		case id == 2 && kind == thriftList:
			return s.schema(value)
		case id == 4 && kind == thriftList:
			return elementsOf(value, s.rowGroup)
		}
		return nil
	})
}

// schema walks the flattened tree of columns.
func (s *footerShape) schema(list []byte) error {
	type open struct{ children, name int } // of groups that are not complete
	var path []open
	names, root := 0, true
	return elementsOf(list, func(element []byte) error {
		leaf, children, name := false, 0, 0
		err := fieldsOf(element, func(id int, kind byte, value []byte) error {
			switch {
			case id == 1 && kind == thriftI32:
				leaf = true
			case id == 4 && kind == thriftBinary:
				n, _ := binary.Uvarint(value)
				name = int(n)
			case id == 5 && kind == thriftI32:
				n, _ := binary.Varint(value)
				children = int(max(n, 0))
			}
			return nil
		})
		if err != nil {
			return err
		}
		if leaf {
			s.leaves++
		}
		if !root {
			prefix := 0
			if n := len(path); n > 0 {
				prefix = path[n-1].name
			}
			name += prefix + 1
			names += name
		}
		switch {
		case len(path) > maxDepth:
			return fmt.Errorf("its columns are nested more than %d deep", maxDepth)
		case names > maxNames:
			return fmt.Errorf("the names of its columns take more than %s", size(maxNames))
		}
		if root {
			name, root = 0, false
		}
		if children > 0 {
			path = append(path, open{children, name})
			return nil
		}
		for n := len(path) - 1; n >= 0; n-- { // the last child closes its group
			if path[n].children--; path[n].children > 0 {
				break
			}
			path = path[:n]
		}
		return nil
	})
}

// rowGroup counts the columns of a row group, without looking at them.
func (s *footerShape) rowGroup(group []byte) error {
	columns := 0
	err := fieldsOf(group, func(id int, kind byte, value []byte) error {
		if id == 1 && kind == thriftList {
			columns, _, _ = listHeader(value)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if columns != s.leaves {
		return fmt.Errorf("a row group has %d columns, but the schema has %d", columns, s.leaves)
	}
	if s.chunks += columns; s.chunks > maxChunks {
		return fmt.Errorf("it has more than %d columns times row groups: write it with larger row groups, or fewer columns", maxChunks)
	}
	return nil
}

// fieldsOf calls f with the number, the type and the first byte on of every field of a structure.
func fieldsOf(b []byte, f func(id int, kind byte, value []byte) error) error {
	id := 0
	for at := 0; ; {
		if at >= len(b) {
			return errShort
		}
		head := b[at]
		at++
		if head == 0 {
			return nil
		}
		if step := int(head >> 4); step > 0 {
			id += step
		} else {
			n, size := binary.Varint(b[at:])
			if size <= 0 {
				return errThrift
			}
			id, at = int(n), at+size
		}
		if err := f(id, head&15, b[at:]); err != nil {
			return err
		}
		n, err := skimValue(b[at:], int(head&15), true, 0)
		if err != nil {
			return err
		}
		at += n
	}
}

// elementsOf calls f with the first byte on of every structure of a list.
func elementsOf(list []byte, f func(element []byte) error) error {
	n, kind, at := listHeader(list)
	if kind != thriftStruct {
		if n == 0 {
			return nil
		}
		return errors.New("a list has elements of another type")
	}
	for range n {
		if err := f(list[at:]); err != nil {
			return err
		}
		size, err := skimStruct(list[at:], 0)
		if err != nil {
			return err
		}
		at += size
	}
	return nil
}

// listHeader reads the number and the type of the elements of a list that was walked before.
func listHeader(b []byte) (n int, kind byte, size int) {
	if len(b) == 0 {
		return 0, 0, 0
	}
	if n := int(b[0] >> 4); n < 15 {
		return n, b[0] & 15, 1
	}
	long, m := binary.Uvarint(b[1:])
	return int(long), b[0] & 15, 1 + max(m, 0)
}
