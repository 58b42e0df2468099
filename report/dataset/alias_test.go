package dataset

import (
	"fmt"
	"testing"
)

func TestRolesAreFoundInTheExportsOfShops(t *testing.T) {
	for _, test := range []struct {
		table   string
		columns []string
		want    map[string]string
	}{
		{
			"orders",
			[]string{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"},
			map[string]string{"customer": "CustomerID", "order": "InvoiceNo", "time": "InvoiceDate", "amount": "", "quantity": "Quantity", "country": "Country", "product": "StockCode", "channel": ""},
		},
		{"orders", []string{"Invoice", "Customer ID", "InvoiceDate", "Price"}, map[string]string{"customer": "Customer ID", "order": "Invoice", "amount": ""}},
		{
			"orders",
			[]string{"id", "created_at", "processed_at", "customer_id", "email", "total_price", "subtotal_price", "currency", "financial_status", "source_name"},
			map[string]string{"customer": "customer_id", "order": "id", "time": "processed_at", "amount": "total_price", "currency": "currency", "status": "financial_status", "channel": "source_name"},
		},
		{
			"orders",
			[]string{"order_id", "customer_id", "customer_unique_id", "order_purchase_timestamp", "order_status", "payment_value"},
			map[string]string{"customer": "customer_unique_id", "order": "order_id", "time": "order_purchase_timestamp", "status": "order_status", "amount": "payment_value"},
		},
		{
			"orders",
			[]string{"N° commande", "Date de commande", "Id client", "Montant TTC", "Montant HT", "Devise", "Canal", "Statut", "Remise"},
			map[string]string{"customer": "Id client", "order": "N° commande", "time": "Date de commande", "amount": "Montant TTC", "currency": "Devise", "channel": "Canal", "status": "Statut", "discount": "Remise"},
		},
		{
			"orders",
			[]string{"household_id", "basket_id", "quantity", "sales_value", "transaction_timestamp", "week"},
			map[string]string{"customer": "household_id", "order": "basket_id", "time": "transaction_timestamp", "amount": "sales_value"},
		},
		{
			"orders",
			[]string{"customer_id", "date", "number_of_cds", "dollar_value"},
			map[string]string{"customer": "customer_id", "order": "", "time": "date", "amount": "dollar_value", "quantity": "number_of_cds"},
		},
		{"orders", []string{"ORDER_TOTAL", "ORDER_CREATED", "USER_ID"}, map[string]string{"amount": "ORDER_TOTAL", "time": "ORDER_CREATED", "customer": "USER_ID"}},
		{"spend", []string{"date", "source", "campaign", "cost", "impressions"}, map[string]string{"time": "date", "channel": "source", "amount": "cost"}},
		{"tickets", []string{"id", "created_at", "via_channel", "first_reply_at"}, map[string]string{"time": "created_at", "channel": "via_channel", "first_reply": "first_reply_at"}},
		{"customers", []string{"user_id", "date_registered", "country"}, map[string]string{"customer": "user_id", "sign_up": "date_registered", "country": "country"}},
		{"surveys", []string{"respondent", "note", "date_reponse"}, map[string]string{"customer": "respondent", "score": "note", "time": "date_reponse"}},
	} {
		for role, want := range test.want {
			if got, several := FindRole(test.table, role, test.columns); got != want || several != nil {
				t.Errorf("%s %s of %v: %q %v, want %q", test.table, role, test.columns, got, several, want)
			}
		}
	}
}

func TestNamesThatDifferInPunctuationOnlyAreAmbiguous(t *testing.T) {
	got, several := FindRole("orders", "customer", []string{"customer_id", "CustomerID", "email"})
	if got != "" || fmt.Sprint(several) != "[customer_id CustomerID]" {
		t.Error(got, several)
	}
}

func TestAliasesAreInFoldedForm(t *testing.T) {
	for table, roles := range aliases {
		for role, names := range roles {
			if role != foldName(role) {
				t.Errorf("%s: role %q is never found", table, role)
			}
			for _, a := range names {
				if a != foldName(a) {
					t.Errorf("%s %s: %q is never found", table, role, a)
				}
			}
		}
	}
}
