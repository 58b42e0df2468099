package parquetscan

import (
	"fmt"
	"slices"
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
)

// guess returns the table that a file looks like: the first of those whose telling roles all have a column.
func guess(f File) string {
	columns, _ := columnsOf(f.opened, nil)
	has := func(table string, roles ...string) bool {
		for _, r := range rolesOf(table) {
			if !slices.Contains(roles, r.name) {
				continue
			}
			if c, several := lookup(table, r, columns); c == "" && several == nil {
				return false
			}
		}
		return true
	}
	amount := has("orders", "amount") || priceTimesQuantity(f.fitting(useNumber)) != ""
	switch {
	case has("tickets", "time", "first_reply"):
		return "tickets"
	case has("surveys", "time", "score") && (has("surveys", "metric") || !amount):
		return "surveys"
	case has("rates", "time", "currency", "rate") && !has("orders", "customer"):
		return "rates"
	case has("orders", "customer", "time") && amount:
		return "orders"
	case has("spend", "time", "channel", "amount"):
		return "spend"
	case has("messages", "customer", "time", "event", "campaign"):
		return "messages"
	case has("events", "customer", "time", "touchpoint"):
		return "events"
	case has("customers", "customer", "sign_up"):
		return "customers"
	}
	return ""
}

// fitting lists the columns whose type can serve a use.
func (f File) fitting(u use) []string {
	columns, _ := columnsOf(f.opened, nil)
	return names(slices.DeleteFunc(columns, func(c expression.Column) bool { return !suitable(u, c.Type) }))
}

// mapping writes the tables of site.toml that files of one schema make.
func mapping(files []File) string {
	var b strings.Builder
	var done []string
	for i, f := range files {
		key := f.Table + "\x00" + signature(f.opened)
		if slices.Contains(done, key) {
			continue
		}
		done = append(done, key)
		var paths []string
		for _, g := range files[i:] {
			if g.Table+"\x00"+signature(g.opened) == key {
				paths = append(paths, g.Path)
			}
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		suggest(&b, f, paths, len(files) > 1)
	}
	return b.String()
}

func suggest(b *strings.Builder, f File, paths []string, others bool) {
	table := f.Table
	switch {
	case table == "" && others:
		fmt.Fprintf(b, "# The columns of %s do not say which table it is.\n", clean(strings.Join(paths, ", "), 200))
		return
	case table == "":
		table = "orders"
		fmt.Fprintf(b, "# These columns do not say which table this is; orders is a guess.\n")
	}
	columns, _ := columnsOf(f.opened, nil)
	fmt.Fprintf(b, "[data.%s]\n", table)
	if len(paths) == 1 {
		fmt.Fprintf(b, "path = %s\n", quote(paths[0]))
	} else {
		quoted := make([]string, len(paths))
		for i, p := range paths {
			quoted[i] = "  " + quote(p)
		}
		fmt.Fprintf(b, "path = [\n%s,\n]\n", strings.Join(quoted, ",\n"))
	}
	for _, r := range rolesOf(table) {
		column, several := lookup(table, r, columns)
		switch {
		case column != "":
			fmt.Fprintf(b, "%s = %s%s\n", r.name, quote(column), f.remark(column, r.name))
		case several != nil:
			fmt.Fprintf(b, "# %s = %s  # or %s\n", r.name, quote(several[0]), clean(strings.Join(several[1:], ", "), 200))
		case r.name == "amount" && priceTimesQuantity(f.fitting(useNumber)) != "":
			fmt.Fprintf(b, "amount = %s\n", quote(priceTimesQuantity(f.fitting(useNumber))))
		case r.required:
			fmt.Fprintf(b, "# %s = \"…\"  # required: a column or an expression\n", r.name)
		}
	}
}

// rolesOf lists the roles of a table.
func rolesOf(name string) []role {
	all := dataset.Tables{
		Orders: &dataset.Orders{}, Customers: &dataset.Customers{}, Spend: &dataset.Spend{}, Messages: &dataset.Messages{},
		Surveys: &dataset.Surveys{}, Tickets: &dataset.Tickets{}, Events: &dataset.Events{}, Rates: &dataset.Rates{},
	}
	for _, t := range tablesOf(&all, "") {
		if t.files.Name == name {
			return t.roles
		}
	}
	return nil
}

// remark adds what the user should know before pasting a line.
func (f File) remark(column, role string) string {
	for i, l := range f.opened.leaves {
		if l.name != column {
			continue
		}
		switch {
		case role == "time" && l.typ.Kind == expression.Time && !l.typ.UTC:
			return "  # no time zone: UTC unless timezone = \"…\" says otherwise"
		case role == "amount" && l.typ.Kind == expression.Int:
			return "  # integers: add unit = \"minor\" when they are cents"
		case role == "customer" && f.Columns[i].Nulls > 0:
			return fmt.Sprintf("  # %d of %d rows have none", f.Columns[i].Nulls, f.Rows)
		}
	}
	return ""
}

// quote writes a TOML string.
func quote(s string) string {
	if !strings.ContainsAny(s, "'\n\r\t") && strings.ContainsAny(s, `"\`) && clean(s, 1<<20) == s {
		return "'" + s + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
