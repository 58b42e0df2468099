package demo

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// shopData is the default shop read back, with the simplest code that can be right.
type shopData struct {
	dir    string
	orders []orderRow
	months map[int64][]int // customer → months with an order that was not cancelled, ascending
	from   map[int64]string
}

func readShop(t *testing.T) *shopData {
	t.Helper()
	s := &shopData{dir: generate(t, Options{Dir: t.TempDir(), DataOnly: true}), months: map[int64][]int{}, from: map[int64]string{}}
	for _, f := range orderFilesOf(t, s.dir) {
		s.orders = append(s.orders, rows[orderRow](t, f)...)
	}
	for _, o := range s.orders {
		if o.Status != "paid" || o.Customer == nil {
			continue
		}
		at := time.UnixMicro(o.At).UTC()
		month := at.Year()*12 + int(at.Month()) - 1
		list := s.months[*o.Customer]
		if len(list) == 0 {
			s.from[*o.Customer] = o.Channel
		}
		if len(list) == 0 || list[len(list)-1] != month {
			s.months[*o.Customer] = append(list, month)
		}
	}
	return s
}

func (s *shopData) file(name string) string { return filepath.Join(s.dir, "content", "data", name) }

// back is the share of customers first seen in [from, to] who order in the month after, among those keep accepts.
func (s *shopData) back(from, to int, keep func(customer int64) bool) float64 {
	all, back := 0, 0
	for c, list := range s.months {
		if list[0] < from || list[0] > to || keep != nil && !keep(c) {
			continue
		}
		all++
		if len(list) > 1 && list[1] == list[0]+1 {
			back++
		}
	}
	return float64(back) / float64(all)
}

func month(year int, m time.Month) int { return year*12 + int(m) - 1 }

func between(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if !(got >= low && got <= high) {
		t.Errorf("%s is %.4f, want %.4f to %.4f", what, got, low, high)
	}
}

func TestShopBehavesLikeAShop(t *testing.T) {
	if testing.Short() {
		t.Skip("makes and reads the whole demonstration")
	}
	s := readShop(t)
	t.Run("orders", s.testOrders)
	t.Run("rows", s.testRows)
	t.Run("retention", s.testRetention)
	t.Run("funnel", s.testFunnel)
	t.Run("surveys", s.testSurveys)
	t.Run("tickets", s.testTickets)
	t.Run("messages", s.testMessages)
	t.Run("customers", s.testCustomers)
	t.Run("spend", s.testSpend)
}

func (s *shopData) testOrders(t *testing.T) {
	var paid, refunded, guests, cancelled, orders, friday, sunday float64
	numbers := map[int64]bool{}
	for _, o := range s.orders {
		switch o.Status {
		case "refunded":
			refunded -= float64(o.Amount)
			continue
		case "cancelled":
			cancelled++
		default:
			paid += float64(o.Amount)
		}
		orders++
		numbers[o.Order] = true
		if o.Customer == nil {
			guests++
		}
		switch time.UnixMicro(o.At).UTC().Weekday() {
		case time.Friday:
			friday++
		case time.Sunday:
			sunday++
		}
	}
	between(t, "orders", orders, DefaultOrders*0.95, DefaultOrders*1.05)
	between(t, "distinct order ids", float64(len(numbers)), orders, orders)
	between(t, "average order", paid/100/(orders-cancelled), 60, 72)
	between(t, "refunded share", refunded/paid, 0.035, 0.065)
	between(t, "guest share", guests/orders, 0.012, 0.024)
	between(t, "cancelled share", cancelled/orders, 0.016, 0.027)
	between(t, "Sundays over Fridays", sunday/friday, 1.1, 1.4)
}

func (s *shopData) testRows(t *testing.T) {
	byID := map[int64]orderRow{}
	last := int64(0)
	for _, o := range s.orders {
		if o.At < last {
			t.Fatalf("order %d goes back in time", o.Order)
		}
		last = o.At
		if o.Status != "refunded" {
			byID[o.Order] = o
			if o.Amount <= 0 || o.Items < 1 || o.Discount < 0 || o.Discount >= o.Amount {
				t.Fatalf("implausible order %+v", o)
			}
			continue
		}
		of, ok := byID[o.Order]
		if !ok || of.Status != "paid" || o.Amount >= 0 || -o.Amount > of.Amount || o.At <= of.At {
			t.Fatalf("refund %+v of order %+v", o, of)
		}
		if (o.Customer == nil) != (of.Customer == nil) || o.Customer != nil && *o.Customer != *of.Customer {
			t.Fatalf("refund of order %d goes to someone else", o.Order)
		}
	}
}

func (s *shopData) testRetention(t *testing.T) {
	first, last := month(2024, 9), month(2026, 9)
	between(t, "return within a month", s.back(first, last, nil), 0.14, 0.20)
	christmas := s.back(month(2025, 12), month(2025, 12), nil)
	between(t, "return within a month, December 2025", christmas, 0.05, s.back(first, last, nil)-0.03)
	between(t, "return within a month, December 2024", s.back(month(2024, 12), month(2024, 12), nil), 0.05, s.back(first, last, nil)-0.03)
	channel := func(name string) func(int64) bool { return func(c int64) bool { return s.from[c] == name } }
	social := s.back(first, last, channel("Social"))
	for _, better := range []string{"SEO", "E-mail", "Direct"} {
		between(t, "return of "+better+" over Social", s.back(first, last, channel(better))/social, 1.4, 4)
	}
	once, heavy := 0, 0
	perCustomer := map[int64]int{}
	for _, o := range s.orders {
		if o.Status == "paid" && o.Customer != nil {
			perCustomer[*o.Customer]++
		}
	}
	for _, n := range perCustomer {
		if n == 1 {
			once++
		}
		if n >= 12 {
			heavy++
		}
	}
	between(t, "customers with one order", float64(once)/float64(len(perCustomer)), 0.45, 0.65)
	between(t, "customers with twelve orders or more", float64(heavy)/float64(len(perCustomer)), 0.01, 0.05)
}

// The friction put there on purpose: payment loses more than its neighbours, and more on mobile.
func (s *shopData) testFunnel(t *testing.T) {
	reached := map[string]map[int64]bool{}
	for _, e := range rows[eventRow](t, s.file("events.parquet")) {
		for _, key := range []string{e.Touchpoint, e.Touchpoint + " " + e.Device} {
			if reached[key] == nil {
				reached[key] = map[int64]bool{}
			}
			reached[key][e.Visitor] = true
		}
	}
	loss := func(from, to, device string) float64 {
		a, b := reached[from+device], reached[to+device]
		passed := 0
		for v := range a {
			if b[v] {
				passed++
			}
		}
		return 1 - float64(passed)/float64(len(a))
	}
	payment := loss("debut_paiement", "commande_confirmee", "")
	between(t, "loss at payment", payment, 0.16, 0.24)
	between(t, "loss at payment on mobile", loss("debut_paiement", "commande_confirmee", " mobile"), 0.2, 0.3)
	between(t, "loss at payment on desktop", loss("debut_paiement", "commande_confirmee", " desktop"), 0.05, 0.14)
	between(t, "loss at delivery", loss("commande_confirmee", "colis_livre", ""), 0.005, 0.06)
	between(t, "loss on the product page", loss("fiche_produit", "ajout_panier", ""), 0.5, 0.65)
	between(t, "loss on the home page", loss("page_accueil", "fiche_produit", ""), 0.25, 0.36)
	between(t, "loss at the forgotten password", loss("clic_relance", "espace_client", ""), 0.28, 0.4)
}

func (s *shopData) testSurveys(t *testing.T) {
	sum, n, comments := map[string]float64{}, map[string]float64{}, map[string]int{}
	span := map[string][2]int32{"csat": {1, 5}, "ces": {1, 7}, "nps": {0, 10}}
	for _, a := range rows[surveyRow](t, s.file("surveys.parquet")) {
		if r := span[a.Metric]; a.Score < r[0] || a.Score > r[1] {
			t.Fatalf("score %d of %s", a.Score, a.Metric)
		}
		key := a.Metric
		if a.Touchpoint != nil {
			key += " " + *a.Touchpoint
		}
		sum[key] += float64(a.Score)
		n[key]++
		if a.Comment != nil {
			comments[key]++
			if *a.Comment == "" {
				t.Fatal("empty comment")
			}
		}
	}
	mean := func(key string) float64 { return sum[key] / n[key] }
	between(t, "satisfaction at payment", mean("csat paiement"), 1.1, 1.45)
	between(t, "satisfaction with the parcel", mean("csat colis"), 4, 4.25)
	between(t, "satisfaction on the product page", mean("csat fiche"), 2.65, 2.95)
	between(t, "satisfaction with the chat", mean("csat chat"), 2.4, 3.1)
	between(t, "comments per answer at payment", float64(comments["csat paiement"])/n["csat paiement"], 0.3, 0.45)
	if len(n) != 10 {
		t.Errorf("surveys about %d places and metrics, want 10: %v", len(n), n)
	}
}

func (s *shopData) testTickets(t *testing.T) {
	var evening, evenings, day, days float64
	paris, _ := time.LoadLocation("Europe/Paris")
	for _, k := range rows[ticketRow](t, s.file("tickets.parquet")) {
		if k.FirstReply != nil && *k.FirstReply <= k.Created || k.Resolved != nil && (k.FirstReply == nil || *k.Resolved < *k.FirstReply) {
			t.Fatalf("times of a ticket out of order: %+v", k)
		}
		if k.Channel != "chat" || k.FirstReply == nil {
			continue
		}
		hour := time.UnixMicro(k.Created).In(paris).Hour()
		fast := 0.0
		if *k.FirstReply-k.Created <= 5*60*micros {
			fast = 1
		}
		if hour >= 18 {
			evening, evenings = evening+fast, evenings+1
		} else if hour >= 9 {
			day, days = day+fast, days+1
		}
	}
	between(t, "chats of the day answered in five minutes", day/days, 0.9, 1)
	between(t, "chats of the evening answered in five minutes", evening/evenings, 0, 0.1)
}

func (s *shopData) testMessages(t *testing.T) {
	n := map[string]float64{}
	for _, m := range rows[messageRow](t, s.file("messages.parquet")) {
		n[m.Channel+" "+m.Event]++
	}
	between(t, "delivered share", n["email delivered"]/n["email sent"], 0.97, 0.995)
	between(t, "opened share", n["email opened"]/n["email delivered"], 0.3, 0.45)
	between(t, "clicked share", n["email clicked"]/n["email delivered"], 0.03, 0.08)
	between(t, "converted share", n["email converted"]/n["email delivered"], 0.005, 0.03)
	between(t, "opened SMS", n["sms opened"], 0, 0)
}

func (s *shopData) testCustomers(t *testing.T) {
	first := map[int64]int64{}
	for _, o := range s.orders {
		if o.Customer != nil && first[*o.Customer] == 0 {
			first[*o.Customer] = o.At
		}
	}
	accounts, ordered := 0.0, 0.0
	seen := map[int64]bool{}
	for _, c := range rows[customerRow](t, s.file("customers.parquet")) {
		if seen[c.Customer] {
			t.Fatalf("customer %d is there twice", c.Customer)
		}
		seen[c.Customer] = true
		accounts++
		if at, ok := first[c.Customer]; ok {
			ordered++
			if c.Created >= at && time.UnixMicro(at).UTC().Format("2006-01-02") != "2024-09-01" && time.UnixMicro(at).UTC().Format("2006-01-02") != "2024-08-31" {
				t.Errorf("customer %d signed up after the first order", c.Customer)
			}
		}
	}
	between(t, "customers with an order", ordered, DefaultCustomers, DefaultCustomers)
	between(t, "accounts without an order", accounts-ordered, DefaultCustomers/15-1, DefaultCustomers/15+1)
}

func (s *shopData) testSpend(t *testing.T) {
	cost, born := map[string]float64{}, map[string]float64{}
	for _, r := range rows[spendRow](t, s.file("spend.parquet")) {
		cost[r.Channel] += float64(r.Cost) / 100
	}
	for _, channel := range s.from {
		born[channel]++
	}
	for channel, euros := range map[string]float64{"SEA": 52, "Social": 62, "SEO": 12} {
		between(t, "cost of a customer of "+channel, cost[channel]/born[channel], euros*0.8, euros*1.35)
	}
	if _, ok := cost["Direct"]; ok {
		t.Error("direct visits cost something")
	}
}

// What a run keeps in memory follows the customers who will come back and the bounded tables, not the orders.
func TestMemoryStaysBounded(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("makes a million orders")
	}
	peak := uint64(0)
	o := Options{Dir: t.TempDir(), Orders: 1_000_000, Customers: 150_000, DataOnly: true}
	o.Progress = func(int64, int64) { peak = max(peak, heap()) }
	generate(t, o)
	if peak > 250<<20 {
		t.Errorf("the heap grew to %s MB", strconv.FormatUint(peak>>20, 10))
	}
}
