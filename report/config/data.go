package config

import (
	"strconv"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
	"parcours/report/dataset"
)

// percentHint guesses a percentage written as such.
func percentHint(v float64) string {
	if v > 1 && v <= 100 {
		return strconv.FormatFloat(v, 'g', -1, 64) + "% is written " + strconv.FormatFloat(v/100, 'g', 6, 64)
	}
	return ""
}

// data checks [data.*] and binds every table that the file names.
func (c *checker) data() {
	raw, t := c.raw.Data, &c.site.Data
	if c.absent("data.orders") && !c.bad["data"] {
		c.errorf(CodeMissing, "data", "`parcours inspect FILE` prints a [data.orders] to paste", "there is no [data.orders]: a report needs orders")
	}
	if r := raw.Orders; r != nil {
		t.Orders = c.orders(r)
	}
	if r := raw.Customers; r != nil {
		b := c.table("customers", r.Path, r.Where, r.Timezone, r.Optional)
		t.Customers = &dataset.Customers{
			Files: b.files, Customer: b.need("customer", r.Customer), SignUp: b.role("sign_up", r.SignUp),
			Channel: b.role("channel", r.Channel), Country: b.role("country", r.Country),
		}
	}
	if r := raw.Spend; r != nil {
		b := c.table("spend", r.Path, r.Where, r.Timezone, r.Optional)
		t.Spend = &dataset.Spend{
			Files: b.files, Time: b.need("time", r.Time), Channel: b.role("channel", r.Channel),
			Amount: b.need("amount", r.Amount), Currency: b.role("currency", r.Currency), Unit: b.unit(r.Unit),
		}
	}
	if r := raw.Messages; r != nil {
		b := c.table("messages", r.Path, r.Where, r.Timezone, r.Optional)
		t.Messages = &dataset.Messages{
			Files: b.files, Customer: b.need("customer", r.Customer), Time: b.need("time", r.Time),
			Event: b.need("event", r.Event), Channel: b.role("channel", r.Channel), Campaign: b.role("campaign", r.Campaign),
		}
	}
	c.listening()
	if r := raw.Rates; r != nil {
		b := c.table("rates", r.Path, r.Where, r.Timezone, r.Optional)
		t.Rates = &dataset.Rates{
			Files: b.files, Time: b.need("time", r.Time), Currency: b.need("currency", r.Currency),
			Rate: b.need("rate", r.Rate),
		}
	}
	c.crossed()
}

// listening binds what customers say and do outside orders.
func (c *checker) listening() {
	raw, t := c.raw.Data, &c.site.Data
	if r := raw.Surveys; r != nil {
		b := c.table("surveys", r.Path, r.Where, r.Timezone, r.Optional)
		t.Surveys = &dataset.Surveys{
			Files: b.files, Customer: b.role("customer", r.Customer), Time: b.need("time", r.Time),
			Score: b.need("score", r.Score), Metric: b.role("metric", r.Metric), Touchpoint: b.role("touchpoint", r.Touchpoint),
		}
	}
	if r := raw.Tickets; r != nil {
		b := c.table("tickets", r.Path, r.Where, r.Timezone, r.Optional)
		t.Tickets = &dataset.Tickets{
			Files: b.files, Customer: b.role("customer", r.Customer), Time: b.need("time", r.Time),
			FirstReply: b.role("first_reply", r.FirstReply), Channel: b.role("channel", r.Channel),
		}
	}
	if r := raw.Events; r != nil {
		b := c.table("events", r.Path, r.Where, r.Timezone, r.Optional)
		t.Events = &dataset.Events{
			Files: b.files, Customer: b.need("customer", r.Customer), Time: b.need("time", r.Time),
			Touchpoint: b.need("touchpoint", r.Touchpoint),
		}
	}
}

func (c *checker) orders(r *rawOrders) *dataset.Orders {
	b := c.table("orders", r.Path, r.Where, r.Timezone, r.Optional)
	o := &dataset.Orders{
		Files: b.files, Customer: b.need("customer", r.Customer), Order: b.role("order", r.Order), Time: b.need("time", r.Time),
		Amount: b.need("amount", r.Amount), Status: b.role("status", r.Status), Channel: b.role("channel", r.Channel),
		Currency: b.role("currency", r.Currency), Country: b.role("country", r.Country), Product: b.role("product", r.Product),
		Category: b.role("category", r.Category), Quantity: b.role("quantity", r.Quantity), Discount: b.role("discount", r.Discount),
		Refund: b.role("refund", r.Refund), Unit: b.unit(r.Unit),
	}
	o.Negative = dataset.Negative(c.word("data.orders.negative", r.Negative, string(dataset.NegativeRefund),
		[]string{string(dataset.NegativeRefund), string(dataset.NegativeOrder)}))
	for _, i := range c.list("data.orders.refund_status", r.RefundStatus) {
		o.RefundStatus = append(o.RefundStatus, r.RefundStatus[i])
	}
	if len(o.RefundStatus) > 0 && o.Status.Disabled {
		c.errorf(CodeConflict, "data.orders.refund_status", "name the column of the status", `"refund_status" is given, but "status" is switched off`)
	}
	if o.Order.Set() && o.Order.Value == o.Customer.Value {
		c.warnf(CodeSuspect, "data.orders.order", "", `"order" and "customer" read the same column: every customer would have one order`)
	}
	return o
}

// binder binds the roles of one table.
type binder struct {
	c     *checker
	path  string // "data.orders"
	files dataset.Files
}

func (c *checker) table(name string, paths tomlpos.Strings, where, zone string, optional bool) binder {
	b := binder{c: c, path: "data." + name}
	b.files = dataset.Files{Name: name, Root: c.site.Root, Pos: c.doc.KeyPos(b.path), Optional: optional}
	b.files.Where = b.text("where", where)
	at := b.path + ".path"
	if c.absent(at) {
		c.errorf(CodeMissing, at, `add path = "…": a file, a folder or a pattern such as "data/`+name+`/*.parquet"`, "[%s] has no path", b.path)
	}
	for _, i := range c.list(at, paths) {
		el := c.element(at, i)
		if c.usable(el, paths[i]) {
			b.files.Paths = append(b.files.Paths, dataset.Text{Value: paths[i], Pos: c.doc.Pos(el)})
		}
	}
	if at := b.path + ".timezone"; c.has(at) && c.location(at, zone) != nil {
		b.files.Zone = zone
	}
	return b
}

// text is an optional setting with its place.
func (b binder) text(name, value string) dataset.Text {
	at := b.path + "." + name
	if !b.c.has(at) || !b.c.text(at, value) {
		return dataset.Text{}
	}
	return dataset.Text{Value: value, Pos: b.c.doc.Pos(at)}
}

// role binds an optional role.
func (b binder) role(name string, r role) dataset.Column {
	at := b.path + "." + name
	if !b.c.has(at) {
		return dataset.Column{}
	}
	if r.boolean {
		if r.value {
			b.c.errorf(CodeRole, at, "leave the line out to look for the column, name it, or write false to do without", "%q is true", name)
		}
		return dataset.Column{Text: dataset.Text{Pos: b.c.doc.Pos(at)}, Disabled: !r.value}
	}
	return dataset.Column{Text: b.text(name, r.text)}
}

// need binds a role that the table cannot do without: it may be left to the search for aliases, but not switched off.
func (b binder) need(name string, r role) dataset.Column {
	col := b.role(name, r)
	if col.Disabled {
		b.c.errorf(CodeRole, b.path+"."+name, "name the column, or leave the line out to look for it", "%q cannot be switched off in [%s]", name, b.path)
		col.Disabled = false
	}
	return col
}

func (b binder) unit(value string) string {
	return b.c.word(b.path+".unit", value, "major", []string{"major", "minor"})
}

// crossed checks what two tables say of each other.
func (c *checker) crossed() {
	t, r := c.site.Data, c.site.Report
	if r.Cohort == dataset.BySignUp {
		switch {
		case c.absent("data.customers"):
			c.errorf(CodeConflict, "report.cohort", "add [data.customers], or write \"first-order\"", `cohorts by sign-up need [data.customers]`)
		case t.Customers != nil && t.Customers.SignUp.Disabled:
			c.errorf(CodeConflict, "data.customers.sign_up", "", `cohorts by sign-up need "sign_up", which is switched off`)
		}
	}
	if t.Rates != nil && t.Orders != nil && t.Orders.Currency.Disabled && (t.Spend == nil || t.Spend.Currency.Disabled) {
		c.warnf(CodeUseless, "data.rates", "", `[data.rates] has no effect, because "currency" is switched off`)
	}
}

// dimension checks that the cut of the cohorts can be read from the orders.
func (c *checker) dimension() {
	o, dim := c.site.Data.Orders, c.site.Report.Dimension
	if o == nil || dim == "" {
		return
	}
	column := map[string]dataset.Column{"channel": o.Channel, "country": o.Country, "category": o.Category}[dim]
	if column.Disabled {
		c.errorf(CodeConflict, "report.dimension", "", `the dimension is %q, but this role is switched off in [data.orders]`, dim)
	}
}

// journey and playbook read where maps and plays are.
func (c *checker) journey() {
	c.site.Maps = c.globs("journey.maps", c.raw.Journey.Maps, defaultMaps)
}

func (c *checker) playbook() {
	raw := c.raw.Playbook
	c.site.Playbooks = c.globs("playbook.files", raw.Files, defaultPlays)
	for _, i := range c.list("playbook.off", raw.Off) {
		c.site.PlaysOff = append(c.site.PlaysOff, raw.Off[i])
	}
}

// OffPos returns the place of an element of PlaysOff.
func (s *Site) OffPos(i int) diag.Position {
	path := "playbook.off[" + strconv.Itoa(i) + "]"
	if s.Doc.Has(path) {
		return s.Doc.Pos(path)
	}
	return s.Doc.Pos("playbook.off")
}
