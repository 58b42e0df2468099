package parquetscan

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"parcours/report/dataset"
	"parcours/report/dataset/archive"
	"parcours/report/dataset/tally"
)

// mostSegments is the number of segments of a table from which some are made into one.
const mostSegments = 12

// save writes what was read to drafts of segments. Failures are told and cost time at the next run only, but for kept records
// that cannot be read.
func (k *keeper) save() error {
	if k == nil {
		return nil
	}
	for _, t := range k.scan.tables {
		if !t.kept {
			continue
		}
		err := k.saveTable(t)
		var broken *tally.KeptError
		if errors.As(err, &broken) || k.scan.ctx.Err() != nil {
			return cmp.Or(k.scan.ctx.Err(), err)
		}
		if err != nil {
			k.warn(err, "the rows of [data."+t.files.Name+"] cannot be kept: %v")
		}
	}
	return nil
}

func (k *keeper) saveTable(t *table) error {
	var fresh []*source
	for _, src := range t.sources {
		if src.kept == nil {
			fresh = append(fresh, src)
		}
	}
	joined := k.joined(t, fresh)
	if len(fresh) == 0 && len(joined) == 0 {
		return nil
	}
	d, err := k.describe(t, fresh, joined)
	if err != nil || d == nil {
		return err
	}
	also := map[string]bool{}
	var replaces []string
	for _, g := range joined {
		also[g.Name] = true
		replaces = append(replaces, g.Name)
	}
	if d.Kept, err = k.scan.tally.Keep(t.files.Name, also); err != nil {
		return err
	}
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	a, err := archive.Create(k.Dir)
	if err != nil {
		return err
	}
	out := &draft{a, t.files.Name + "-" + digest(string(text))[:24], replaces}
	for kind := range 2 {
		err := a.Section(func(w io.Writer) error { return k.scan.tally.SaveRecords(t.files.Name, kind, also, w) })
		if err != nil {
			a.Discard()
			return err
		}
	}
	if err := a.Describe(text); err != nil {
		a.Discard()
		return err
	}
	k.drafts = append(k.drafts, out)
	return nil
}

// joined returns the segments that are made into one with what was read: when there are too many, all but those that are much
// larger than the rest, so that rows are written again a few times at most, however many files follow.
func (k *keeper) joined(t *table, fresh []*source) []*segment {
	list := slices.Clone(k.used[t.files.Name])
	n := len(list)
	if len(fresh) > 0 {
		n++
	}
	if n <= mostSegments {
		return nil
	}
	rest := int64(0)
	for _, src := range fresh {
		rest += src.file.NumRows()
	}
	slices.SortFunc(list, func(a, b *segment) int { return cmp.Or(cmp.Compare(b.rows(), a.rows()), cmp.Compare(a.Name, b.Name)) })
	for _, g := range list {
		rest += g.rows()
	}
	for len(list) > 2 {
		if rest -= list[0].rows(); list[0].rows() <= 4*rest {
			break
		}
		list = list[1:]
	}
	return list
}

// describe tells what was read of files, and what segments say; nil when a file changed meanwhile.
func (k *keeper) describe(t *table, fresh []*source, joined []*segment) (*description, error) {
	d := &description{Key: k.keys[t.files.Name], Latest: tally.NoDay}
	var sums map[*source]string
	if k.Rehash {
		var err error
		if sums, err = k.sums(fresh); err != nil {
			return nil, err
		}
	}
	late := false
	for _, src := range fresh {
		if now, err := open(src.input); err != nil || now.hash != src.hash {
			return nil, nil
		}
		f, c := k.files[src], k.scan.counts[src]
		f.Sum = sums[src]
		if c != nil {
			f.Read, f.Used, f.Reasons = c.read, c.used, map[dataset.Reason]keptReason{}
			for reason, r := range c.reasons {
				f.Reasons[reason] = keptReason{r.rows, r.examples}
				late = late || reason == dataset.AfterAsOf
			}
			d.Latest = max(d.Latest, c.latest)
		}
		d.Files = append(d.Files, f)
	}
	if asOf := k.scan.req.AsOf; asOf != nil && (late || d.Latest > *asOf) {
		d.AsOf = asOf
	}
	if t.files.Name == "orders" && k.scan.words == 1 {
		d.IDs = slices.Clone(k.scan.bounds)
	}
	for _, g := range joined {
		d.Files = append(d.Files, g.Files...)
		d.Latest = max(d.Latest, g.Latest)
		d.AsOf = cmp.Or(d.AsOf, g.AsOf)
		d.IDs = append(d.IDs, g.IDs...)
	}
	slices.SortFunc(d.Files, func(a, b keptFile) int { return cmp.Compare(a.Name, b.Name) })
	return d, nil
}

// publish puts the drafts in their places and takes away what nobody needs any more. It comes when the answer is complete.
func (k *keeper) publish() {
	if k == nil {
		return
	}
	spare := k.spare
	for _, d := range k.drafts {
		if err := d.Publish(d.name); err != nil {
			k.warn(err, "the rows cannot be kept: %v")
			continue
		}
		spare = append(spare, d.replaces...)
		spare = slices.DeleteFunc(spare, func(name string) bool { return name == archive.Name(d.name) })
	}
	k.drafts = nil
	if err := archive.Remove(k.Dir, spare); err != nil {
		k.warn(err, "kept rows that are of no use any more cannot be deleted: %v")
	}
}
