package parquetscan

import (
	"slices"

	"parcours/report/dataset"
)

// cloneTables copies the tables, so that roles found by their names do not show in the caller's request.
func cloneTables(t dataset.Tables) dataset.Tables {
	return dataset.Tables{
		Orders: clone(t.Orders), Customers: clone(t.Customers), Spend: clone(t.Spend), Messages: clone(t.Messages),
		Surveys: clone(t.Surveys), Tickets: clone(t.Tickets), Events: clone(t.Events), Rates: clone(t.Rates),
	}
}

func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// tablesOf lists the tables that are given, with their roles in the order of the documentation.
func tablesOf(t *dataset.Tables, dimension string) []*table {
	var out []*table
	add := func(f dataset.Files, name string, c func(*worker, *binding) consumer, roles ...role) {
		f.Name = name
		out = append(out, &table{files: f, roles: roles, consumer: c})
	}
	if o := t.Orders; o != nil {
		add(o.Files, "orders", newOrders,
			role{name: "customer", column: &o.Customer, use: useKey, required: true}, role{name: "order", column: &o.Order, use: useKey},
			role{name: "time", column: &o.Time, use: useTime, required: true}, role{name: "amount", column: &o.Amount, use: useNumber, required: true},
			role{name: "status", column: &o.Status, use: useLabel, idle: len(o.RefundStatus) == 0}, role{name: "channel", column: &o.Channel, use: useLabel},
			role{name: "currency", column: &o.Currency, use: useLabel}, role{name: "country", column: &o.Country, use: useLabel, idle: dimension != "country"},
			role{name: "product", column: &o.Product, use: useLabel, idle: true}, role{name: "category", column: &o.Category, use: useLabel, idle: dimension != "category"},
			role{name: "quantity", column: &o.Quantity, use: useNumber}, role{name: "discount", column: &o.Discount, use: useNumber, idle: true},
			role{name: "refund", column: &o.Refund, use: useNumber})
	}
	if c := t.Customers; c != nil {
		add(c.Files, "customers", newCustomers, role{name: "customer", column: &c.Customer, use: useKey, required: true}, role{name: "sign_up", column: &c.SignUp, use: useTime},
			role{name: "channel", column: &c.Channel, use: useLabel}, role{name: "country", column: &c.Country, use: useLabel})
	}
	if s := t.Spend; s != nil {
		add(s.Files, "spend", newSpend, role{name: "time", column: &s.Time, use: useTime, required: true}, role{name: "channel", column: &s.Channel, use: useLabel},
			role{name: "amount", column: &s.Amount, use: useNumber, required: true}, role{name: "currency", column: &s.Currency, use: useLabel})
	}
	if m := t.Messages; m != nil {
		add(m.Files, "messages", newMessages, role{name: "customer", column: &m.Customer, use: useKey, required: true}, role{name: "time", column: &m.Time, use: useTime, required: true},
			role{name: "event", column: &m.Event, use: useMetric, required: true}, role{name: "channel", column: &m.Channel, use: useLabel}, role{name: "campaign", column: &m.Campaign, use: useLabel})
	}
	if s := t.Surveys; s != nil {
		add(s.Files, "surveys", newSurveys, role{name: "customer", column: &s.Customer, use: useKey, idle: true}, role{name: "time", column: &s.Time, use: useTime, required: true},
			role{name: "score", column: &s.Score, use: useNumber, required: true}, role{name: "metric", column: &s.Metric, use: useMetric, required: true}, role{name: "touchpoint", column: &s.Touchpoint, use: useMetric})
	}
	if k := t.Tickets; k != nil {
		add(k.Files, "tickets", newTickets, role{name: "customer", column: &k.Customer, use: useKey, idle: true}, role{name: "time", column: &k.Time, use: useTime, required: true},
			role{name: "first_reply", column: &k.FirstReply, use: useTime}, role{name: "channel", column: &k.Channel, use: useLabel})
	}
	if e := t.Events; e != nil {
		add(e.Files, "events", newEvents, role{name: "customer", column: &e.Customer, use: useKey}, role{name: "time", column: &e.Time, use: useTime, required: true},
			role{name: "touchpoint", column: &e.Touchpoint, use: useMetric, required: true})
	}
	if r := t.Rates; r != nil {
		add(r.Files, "rates", newRates, role{name: "time", column: &r.Time, use: useTime, required: true}, role{name: "currency", column: &r.Currency, use: useMetric, required: true},
			role{name: "rate", column: &r.Rate, use: useNumber, required: true})
	}
	return out
}

// index returns the place of a role in its table, −1 when there is none.
func (t *table) index(name string) int {
	return slices.IndexFunc(t.roles, func(r role) bool { return r.name == name })
}

// has reports whether a role is bound in a file.
func (b *binding) has(name string) bool {
	i := b.table.index(name)
	return i >= 0 && b.roles[i] != nil
}
