package dataset

import (
	"strings"
	"unicode"

	"parcours/internal/diag"
)

// aliases lists, by table and role, the names under which exports know the column, best first, in the folded form of
// foldName. They come from the exports of Shopify, WooCommerce, Stripe, GA4, Olist, Klaviyo, Zendesk and Gorgias, and
// from French back offices. When a file has several, the earliest wins: processed_at before created_at.
var aliases = map[string]map[string][]string{
	"orders": {
		"customer": {
			"customeruniqueid", "customerid", "clientid", "idclient", "idcustomer", "customer", "client", "numeroclient", "numclient", "nclient", "codeclient",
			"userid", "iduser", "householdid", "memberid", "buyerid", "shopperid", "contactid", "personid", "userpseudoid", "customeremail", "billingemail", "receiptemail", "email", "courriel", "adressemail",
		},
		"order": {
			"orderid", "idorder", "ordernumber", "orderno", "invoiceno", "invoiceid", "invoice", "invoicenumber", "commande", "ncommande", "nocommande", "numerocommande", "numcommande", "idcommande", "commandeid",
			"transactionid", "idtransaction", "chargeid", "basketid", "receiptid", "ticketid", "facture", "numerofacture", "nfacture", "order", "name", "id",
		},
		"time": {
			"orderedat", "processedat", "orderpurchasetimestamp", "orderdate", "orderdatetime", "ordertime", "invoicedate", "purchasedate", "purchasedat", "datecommande", "datedecommande", "commandele", "dateachat",
			"transactiontimestamp", "transactiondate", "transactiontime", "datecreatedgmt", "datecreated", "datepaid", "paidat", "createdat", "creele", "datecreation", "created", "eventtimestamp", "timestamp", "datetime", "date", "eventdate",
		},
		"amount": {
			"amount", "totalprice", "ordertotal", "grandtotal", "orderamount", "totalamount", "total", "totalsales", "montant", "montanttotal", "montantttc", "totalttc", "montantht", "totalht",
			"nettotal", "purchaserevenue", "revenue", "paymentvalue", "salesvalue", "salesamount", "dollarvalue", "ordervalue", "subtotalprice", "subtotal", "chiffredaffaires", "ca", "value", "sales",
		},
		"status":   {"status", "financialstatus", "orderstatus", "statut", "statutcommande", "etat"},
		"channel":  {"channel", "canal", "orderchannel", "saleschannel", "acquisitionchannel", "canalacquisition", "canaldacquisition", "canalvente", "sourcename", "source", "trafficsource", "utmsource", "origin", "origine"},
		"currency": {"currency", "currencycode", "devise", "monnaie"},
		"country":  {"country", "countrycode", "pays", "codepays", "shippingcountry", "billingcountry", "shippingcountrycode", "billingcountrycode", "addresscountry"},
		"product":  {"product", "productid", "sku", "stockcode", "produit", "idproduit", "refproduit", "articleid", "itemid"},
		"category": {"category", "categorie", "productcategory", "producttype", "rayon", "famille", "department"},
		"quantity": {"quantity", "qty", "quantite", "qte", "numberofcds", "items", "itemcount", "units", "nombrearticles", "nbarticles"},
		"discount": {"discount", "totaldiscounts", "discountamount", "discounttotal", "remise", "reduction", "montantremise"},
		"refund":   {"refund", "refundamount", "refundedamount", "amountrefunded", "totalrefunded", "refundvalue", "remboursement", "montantrembourse"},
	},
	"customers": {
		"customer": {"customeruniqueid", "customerid", "clientid", "idclient", "idcustomer", "customer", "client", "numeroclient", "codeclient", "userid", "householdid", "memberid", "personid", "contactid", "id", "email", "courriel"},
		"signup":   {"signedupat", "signupat", "signupdate", "signup", "dateregistered", "registeredat", "registrationdate", "dateinscription", "inscritle", "createdat", "creele", "datecreation", "created"},
		"channel":  {"channel", "canal", "acquisitionchannel", "canalacquisition", "canaldacquisition", "source", "sourcename", "utmsource", "origin", "origine"},
		"country":  {"country", "countrycode", "pays", "codepays", "addresscountry"},
	},
	"spend": {
		"time":     {"date", "day", "jour", "spentat", "spentonat", "week", "month", "mois", "createdat"},
		"channel":  {"channel", "canal", "source", "platform", "plateforme", "utmsource", "medium", "network"},
		"amount":   {"spend", "cost", "amount", "amountspent", "totalspend", "depense", "depenses", "cout", "budget", "montant"},
		"currency": {"currency", "currencycode", "devise", "monnaie"},
	},
	"messages": {
		"customer": {"customeruniqueid", "customerid", "clientid", "idclient", "customer", "client", "personid", "profileid", "userid", "householdid", "contactid", "recipientid", "email", "courriel", "recipient"},
		"time":     {"occurredat", "datetime", "eventtime", "eventtimestamp", "timestamp", "sentat", "eventdate", "date", "createdat", "created"},
		"event":    {"event", "eventtype", "type", "eventname", "action", "state", "evenement", "typeevenement"},
		"channel":  {"channel", "canal", "medium"},
		"campaign": {"campaign", "campaignid", "campaignname", "campagne", "idcampagne", "nomcampagne", "flow", "flowid", "flowmessageid", "subject"},
	},
	"surveys": {
		"customer":   {"customeruniqueid", "customerid", "clientid", "idclient", "customer", "client", "respondentid", "respondent", "userid", "email", "courriel"},
		"time":       {"answeredat", "respondedat", "submittedat", "scoreddatetime", "completedat", "reponduele", "datereponse", "timestamp", "date", "createddatetime", "createdat", "created"},
		"score":      {"score", "rating", "note", "nps", "csat", "ces", "value", "answer", "reponse"},
		"metric":     {"metric", "survey", "surveytype", "kind", "type", "questionnaire", "enquete", "indicateur"},
		"touchpoint": {"touchpoint", "pointdecontact", "touchpointid", "step", "stage", "etape"},
	},
	"tickets": {
		"customer":   {"customeruniqueid", "customerid", "clientid", "idclient", "customer", "client", "requesterid", "userid", "email", "courriel"},
		"time":       {"openedat", "createdat", "createddatetime", "opened", "created", "ouvertle", "dateouverture", "datecreation", "timestamp", "date"},
		"firstreply": {"firstreplyat", "firstreplyedat", "firstrepliedat", "firstresponseat", "firstreply", "firstresponse", "repliedat", "premierereponse", "premierereponsele", "datepremierereponse"},
		"channel":    {"channel", "viachannel", "via", "canal", "source"},
	},
	"events": {
		"customer":   {"customeruniqueid", "customerid", "clientid", "idclient", "customer", "client", "userid", "householdid", "personid", "visitorid", "userpseudoid", "anonymousid", "email", "courriel"},
		"time":       {"occurredat", "eventtimestamp", "eventtime", "timestamp", "datetime", "eventdate", "date", "createdat", "created"},
		"touchpoint": {"touchpoint", "pointdecontact", "touchpointid", "eventname", "event", "step", "etape", "page", "type"},
	},
	"rates": {
		"time":     {"date", "day", "jour", "time", "validfrom"},
		"currency": {"currency", "currencycode", "devise", "monnaie", "from"},
		"rate":     {"rate", "taux", "exchangerate", "value", "valeur"},
	},
}

// prefixes may stand before an alias: order_created_at is a created_at.
var prefixes = []string{"order", "customer", "transaction", "invoice", "commande"}

// foldName is the form in which the names of columns are compared with aliases: lower case, letters and digits only,
// no accents.
func foldName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, diag.Fold(name))
}

// FindRole looks for the column of a role by its aliases: an exact alias first, then one behind a prefix such as
// "order_". It returns the column, or "" when there is none; candidates holds the columns between which it cannot
// choose, since their names differ in letter case or punctuation only. Role names are those of site.toml.
func FindRole(table, role string, columns []string) (column string, candidates []string) {
	names := aliases[table][foldName(role)]
	folded := make([]string, len(columns))
	for i, c := range columns {
		folded[i] = foldName(c)
	}
	for _, alias := range names {
		if column, candidates = matching(alias, columns, folded); column != "" || candidates != nil {
			return column, candidates
		}
	}
	for _, alias := range names {
		for _, p := range prefixes {
			if len(alias) < 3 || alias == "name" { // order_id is an alias of its own, order_name is not the order
				continue
			}
			if column, candidates = matching(p+alias, columns, folded); column != "" || candidates != nil {
				return column, candidates
			}
		}
	}
	return "", nil
}

func matching(alias string, columns, folded []string) (string, []string) {
	var found []string
	for i, f := range folded {
		if f == alias {
			found = append(found, columns[i])
		}
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0], nil
	}
	return "", found
}
