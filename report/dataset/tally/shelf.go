package tally

import (
	"fmt"
	"io"

	"parcours/report/dataset/partition"
)

// shelf is the records of one width of a table: those that are added, and those of earlier runs, in files of their own. It
// has the methods of a store.
type shelf struct {
	*partition.Store // of what is added
	labels           labelPlace
	dated            bool // records begin with a head of orders
	kept             []*keptRecords
}

// keptRecords are the records of an earlier run.
type keptRecords struct {
	name   string
	store  *partition.Store
	labels []uint32 // number of a label here by that there; nil: the same
}

// labelPlace says where records have labels: in the lower half of a word, and in the upper one too if both.
type labelPlace struct {
	word int // −1: none
	both bool
}

var noLabels = labelPlace{word: -1}

// KeptError says that the records of an earlier run cannot be read.
type KeptError struct {
	Name string // as given to Restore
	Err  error
}

func (e *KeptError) Error() string { return e.Name + ": " + e.Err.Error() }

func (e *KeptError) Unwrap() error { return e.Err }

func newShelf(pool *partition.Pool, width, parts int, labels labelPlace) *shelf {
	return &shelf{Store: partition.NewStore(pool, width, parts), labels: labels}
}

// Records returns the number of records of a partition.
func (s *shelf) Records(part int) int64 {
	n := s.Store.Records(part)
	for _, k := range s.kept {
		for p := part; p < k.store.Parts(); p += s.Parts() {
			n += k.store.Records(p)
		}
	}
	return n
}

// Free gives the memory of a partition back.
func (s *shelf) Free(part int) {
	s.Store.Free(part)
	for _, k := range s.kept {
		for p := part; p < k.store.Parts(); p += s.Parts() {
			k.store.Free(p)
		}
	}
}

// Each calls f as a store does.
func (s *shelf) Each(part int, f func(records []uint64) error) error {
	if err := s.Store.Each(part, f); err != nil {
		return err
	}
	for _, k := range s.kept {
		if err := s.each(k, part, f); err != nil {
			return err
		}
	}
	return nil
}

// each calls f with the records of an earlier run. It may have had more partitions: since their numbers are the low bits of
// a hash, each of them is a part of one here.
func (s *shelf) each(k *keptRecords, part int, f func(records []uint64) error) error {
	var own error // of f
	for p := part; p < k.store.Parts(); p += s.Parts() {
		err := k.store.Each(p, func(records []uint64) error {
			if err := s.relabel(records, k.labels); err != nil {
				return err
			}
			own = f(records)
			return own
		})
		if err != nil && own == nil {
			return &KeptError{k.name, err}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// relabel gives labels the numbers that they have here.
func (s *shelf) relabel(records []uint64, labels []uint32) error {
	if labels == nil || s.labels.word < 0 {
		return nil
	}
	for i := s.labels.word; i < len(records); i += s.Width() {
		low, high := uint32(records[i]), uint32(records[i]>>32)
		if int(low) >= len(labels) || s.labels.both && int(high) >= len(labels) {
			return fmt.Errorf("a record has a label that is not there")
		}
		low = labels[low]
		if s.labels.both {
			high = labels[high]
		}
		records[i] = uint64(high)<<32 | uint64(low)
	}
	return nil
}

// save writes what was added and the records of some earlier runs as one file for partition.Read.
func (s *shelf) save(pool *partition.Pool, w io.Writer, also map[string]bool) error {
	return pool.Save(w, s.Width(), s.Parts(), func(part int, f func(records []uint64) error) error {
		if s.dated { // as they will be wanted
			s.Order(part, func(rec []uint64) uint64 { return rec[0] >> headDay })
		}
		if err := s.Store.Each(part, f); err != nil {
			return err
		}
		for _, k := range s.kept {
			if also[k.name] {
				if err := s.each(k, part, f); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
