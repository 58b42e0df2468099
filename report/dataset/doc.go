// Package dataset holds the question that parcours asks of a shop's data, the aggregates that answer it, and the
// naive reference that says what the right answer is.
//
// The seam is Source: metrics see Aggregates and never a row. Reference (in memory, maps, the simplest code that
// can be right) judges every other Source through datasettest.
//
// # What every Source must mean
//
// Rows. A row is looked at in this order, and counted in QualityRow under the first reason that sets it aside: the
// filter (Filtered); its time (NoTime, BadTime); the end of observation if it is given (AfterAsOf); its amount,
// currency and other needed roles (NoAmount, BadAmount, WrongCurrency, NoValue, BadValue); its customer
// (Unidentified), which customers and messages need; the end of observation if it had to be found. Rows of the
// customers table are late by their sign-up, and a null one is not late. Amounts are rounded once, row by row, half
// away from zero, to minor units. An empty text is a null.
//
// The end of observation is Request.AsOf, else the last day of any row of orders that got so far (a refund or an
// unidentified row counts too), else, when there is none, the last day of the other tables, else day 0. It is the
// same for all tables: later rows of each are set aside.
//
// Sales and refunds. A row of orders with an amount of zero or more is a sale. A negative one is a refund of the
// absolute amount, or with NegativeOrder a sale like any other. A row whose status is one of RefundStatus is a
// refund of the absolute amount, whatever Negative says. The refund column adds a refund, dated like the row, to
// whatever the row is.
//
// Unidentified rows have no customer. Their number and net (sales − refunds) are in Totals and nowhere else.
//
// An order is the sale rows of one customer with the same order id; a sale row without order id is an order of its
// own. Its day, period, channel and value of the dimension are those of its earliest sale row, by day, then
// instant; when several rows tie, the smallest text wins, an empty one only if all are. An id used by two
// customers is two orders; all rows that carry it are counted as ConflictingOrder and kept.
//
// A customer has at least one order. The first order is the earliest, by day, then instant; the value of the
// dimension and the channel of the customer are those of the first order (ties as above). The cohort is the period
// of the first order; with BySignUp it is the period of the earliest sign-up, if there is one and it is not later
// than the first order's. So with BySignUp a cohort may have less than all of its customers active at age 0.
//
// Refunds are counted twice, in two views. In PeriodRow and Totals at their own day. In the value of customers and
// cohorts (CohortRow.Net, Monetary, RFM): a refund that names an order of the same customer lowers that order, and
// so counts in the order's period; any other counts at its own day. Refunds that name no order of the customer are
// orphans when the customer has no order at all, or none in the refund's period or before; no cohort can hold
// them: they are in Totals and PeriodRow (value NoDim of the dimension when there is no order), and in
// Totals.OrphanRefunds. Hence Σ CohortRow.Net = Σ RFMRow.Net = Totals.Net + Totals.OrphanRefunds, Σ PeriodRow.Net =
// Totals.Net, Σ sizes = Totals.Customers, all of them exact.
//
// Windows begin on the day of the first order, whatever the cohort. Gaps, lags and recency are differences of
// days, 0 included; orders of the same day are distinct orders.
//
// Purchases are what models of repeat buying see: the distinct days on which a customer has an order that was not
// cancelled. An order whose sales are more than nothing is cancelled when the refunds that name it, known by the end
// of observation, are at least as much; the refund column of a row without order id names the row. An order worth
// nothing, or less where negative rows are orders, is a purchase. The value of a purchase is that of the orders of the
// day that were not cancelled, less the refunds that name them, at least 0. Refunds that name no order lower no
// purchase. Hence Σ CellRow.Customers = Totals.Customers − Totals.CancelledCustomers and Σ CellRow.Net +
// Totals.CancelledNet = Σ RFMRow.Net. A customer's cohort, scores and value of the dimension are those of their orders,
// cancelled ones included.
//
// Calibration ends on Request.Calibration if that is not before the first order and before the end of observation;
// when it is not, there is none. Unless it is asked for, CalibrationEnd(Manifest.First, Manifest.AsOf) chooses it. The
// tables of calibration see the customers with a purchase by then, and what their orders are worth today. Track follows
// the same customers to the end of observation, or all when there is no calibration.
//
// Resolution. The lengths of histories are given in buckets of Manifest.Resolution days, the first of Resolutions at
// which the rows of Cells with Dim "" and those of Calibration are each at most Request.MaxCells, else the last.
//
// Touchpoints. Events without a customer count as events only. A step From → To is entered in a period by a
// customer with an event at From in it, and passed when an event at To has the same or a later instant than the
// first such event and is at most StepDays days later; a step from a touchpoint to itself needs a later instant.
//
// Tickets. The time to the first reply is in minutes begun: 61 seconds are two. A reply before its ticket makes the
// row a BadValue; one after the end of observation has not come yet.
//
// Surveys. Names of metrics are taken in lower case, scores are rounded to hundredths.
//
// Messages count distinct (customer, channel, campaign) pairs by the states that are in the data: a later state
// implies no earlier one.
//
// Spend is joined to new customers by the name of the channel, to the letter. Only channels with spend have
// AcquisitionRows of their own; the row of channel "" holds all spend and all new customers. Negative spend, such
// as a credit note, is allowed.
package dataset
