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
	columns := f.usable()
	has := func(table string, roles ...string) bool {
		for _, r := range roles {
			if c, several := dataset.FindRole(table, r, columns); c == "" && several == nil {
				return false
			}
		}
		return true
	}
	amount := has("orders", "amount") || priceTimesQuantity(columns) != ""
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

// usable lists the columns that roles can use.
func (f File) usable() []string {
	var out []string
	for _, l := range f.opened.leaves {
		if l.typ.Kind != expression.Opaque {
			out = append(out, l.name)
		}
	}
	for _, p := range f.opened.partitions {
		if !slices.Contains(out, p.name) {
			out = append(out, p.name)
		}
	}
	return out
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
		suggest(&b, f, paths)
	}
	return b.String()
}

func suggest(b *strings.Builder, f File, paths []string) {
	table := f.Table
	if table == "" {
		table = "orders"
		fmt.Fprintf(b, "# These columns do not say which table this is; orders is a guess.\n")
	}
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
	columns := f.usable()
	need := required(table)
	for _, r := range dataset.Roles(table) {
		column, several := dataset.FindRole(table, r, columns)
		switch {
		case column != "":
			fmt.Fprintf(b, "%s = %s%s\n", r, quote(column), f.remark(column, r))
		case several != nil:
			fmt.Fprintf(b, "# %s = %s  # or %s\n", r, quote(several[0]), strings.Join(several[1:], ", "))
		case r == "amount" && priceTimesQuantity(columns) != "":
			fmt.Fprintf(b, "amount = %s\n", quote(priceTimesQuantity(columns)))
		case slices.Contains(need, r):
			fmt.Fprintf(b, "# %s = \"…\"  # required: a column or an expression\n", r)
		}
	}
}

// required lists the roles without which a table cannot be read.
func required(name string) []string {
	var out []string
	all := dataset.Tables{
		Orders: &dataset.Orders{}, Customers: &dataset.Customers{}, Spend: &dataset.Spend{}, Messages: &dataset.Messages{},
		Surveys: &dataset.Surveys{}, Tickets: &dataset.Tickets{}, Events: &dataset.Events{}, Rates: &dataset.Rates{},
	}
	for _, t := range tablesOf(&all, "") {
		for _, r := range t.roles {
			if t.files.Name == name && r.required {
				out = append(out, r.name)
			}
		}
	}
	return out
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
