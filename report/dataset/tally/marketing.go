package tally

import (
	"cmp"
	"slices"
	"strings"

	"parcours/report/dataset"
)

type spendKey struct {
	day     dataset.Day
	channel uint32
}

// AddSpend adds rows of marketing spend.
func (t *Tally) AddSpend(r *SpendRows) {
	for i, day := range r.Day {
		t.seen(spendTable, day)
		t.spent(r.Amount[i])
		t.spend[spendKey{day, t.channels.of(at(r.Channel, i))}] += r.Amount[i]
	}
}

// acquisitionRows joins spend and new customers by the name of the channel. Only channels that money was spent on
// have rows of their own; the row of all channels counts everybody.
func (t *Tally) acquisitionRows(f *fold, asOf dataset.Day) []dataset.AcquisitionRow {
	rows := counter[acquiredKey, dataset.AcquisitionRow]{}
	paid := map[uint32]bool{}
	for k, amount := range t.spend {
		if k.day > asOf {
			continue
		}
		p := f.period(k.day)
		rows.at(acquiredKey{0, p}).Spend += amount
		if k.channel != 0 {
			paid[k.channel] = true
			rows.at(acquiredKey{k.channel, p}).Spend += amount
		}
	}
	for k, n := range f.tables.acquired {
		rows.at(acquiredKey{0, k.period}).NewCustomers += *n
		if paid[k.channel] {
			rows.at(k).NewCustomers += *n
		}
	}
	out := make([]dataset.AcquisitionRow, 0, len(rows))
	for k, v := range rows {
		v.Channel, v.Period = t.channels.text[k.channel], k.period
		out = append(out, *v)
	}
	slices.SortFunc(out, func(a, b dataset.AcquisitionRow) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), cmp.Compare(a.Period, b.Period))
	})
	return out
}

// stateCount is the number of states of a message.
const stateCount = int(Converted) + 1

type pairKey struct {
	customer          Key
	channel, campaign uint32
}

// AddMessages adds message events.
func (t *Tally) AddMessages(r *MessageRows) {
	for i, day := range r.Day {
		if r.Customer[i].Null() && (t.req.AsOf == nil || day <= *t.req.AsOf) {
			t.nobody[messagesTable]++
			continue
		}
		if int(r.State[i]) >= stateCount {
			continue
		}
		t.seen(messagesTable, day)
		k := pairKey{r.Customer[i], t.texts.of(at(r.Channel, i)), t.texts.of(at(r.Campaign, i))}
		states := t.pairs[k]
		if states == nil {
			states = &[stateCount]dataset.Day{NoDay, NoDay, NoDay, NoDay, NoDay}
			t.pairs[k] = states
		}
		if s := &states[r.State[i]]; *s == NoDay || day < *s {
			*s = day
		}
	}
}

type messageKey struct {
	channel, campaign uint32
	period            int32
}

// messageRows counts each pair once, in the period of its first sending or, without one, of its earliest state.
func (t *Tally) messageRows(f *fold, asOf dataset.Day) []dataset.MessageRow {
	rows := counter[messageKey, dataset.MessageRow]{}
	for k, states := range t.pairs {
		day := NoDay
		var reached [stateCount]int64
		for s, d := range states {
			if d == NoDay || d > asOf {
				continue
			}
			reached[s] = 1
			if day == NoDay || d < day && reached[Sent] == 0 {
				day = d
			}
		}
		if day == NoDay {
			continue
		}
		row := rows.at(messageKey{k.channel, k.campaign, f.period(day)})
		row.Sent += reached[Sent]
		row.Delivered += reached[Delivered]
		row.Opened += reached[Opened]
		row.Clicked += reached[Clicked]
		row.Converted += reached[Converted]
	}
	out := make([]dataset.MessageRow, 0, len(rows))
	for k, v := range rows {
		v.Channel, v.Campaign, v.Period = t.texts.text[k.channel], t.texts.text[k.campaign], k.period
		out = append(out, *v)
	}
	slices.SortFunc(out, func(a, b dataset.MessageRow) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), strings.Compare(a.Campaign, b.Campaign), cmp.Compare(a.Period, b.Period))
	})
	return out
}
