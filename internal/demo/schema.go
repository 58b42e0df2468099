package demo

// The rows of the exported files. Times are microseconds UTC, money is euros with two decimals stored as cents.
// Identifiers of orders and visits run with time, so delta encoding all but removes them; customer ids do not.

type orderRow struct {
	Order    int64  `parquet:"order_id,delta"`
	Customer *int64 `parquet:"customer_id,optional"` // null: bought without signing in
	At       int64  `parquet:"ordered_at,timestamp(microsecond),delta"`
	Amount   int64  `parquet:"amount,decimal(2:12)"`
	Status   string `parquet:"status,dict"`
	Channel  string `parquet:"channel,dict"`
	Country  string `parquet:"country,dict"`
	Category string `parquet:"category,dict"`
	Items    int32  `parquet:"items,dict"`
	Discount int64  `parquet:"discount,decimal(2:12),dict"`
	Currency string `parquet:"currency,dict"`
}

type customerRow struct {
	Customer int64  `parquet:"customer_id,delta"`
	Created  int64  `parquet:"created_at,timestamp(microsecond)"`
	Channel  string `parquet:"channel,dict"`
	Country  string `parquet:"country,dict"`
}

type spendRow struct {
	Date    int32  `parquet:"date,date,dict"`
	Channel string `parquet:"channel,dict"`
	Cost    int64  `parquet:"cost,decimal(2:12)"`
}

type messageRow struct {
	Customer int64  `parquet:"customer_id"`
	At       int64  `parquet:"sent_at,timestamp(microsecond),delta"`
	Event    string `parquet:"event,dict"`
	Channel  string `parquet:"channel,dict"`
	Campaign string `parquet:"campaign,dict"`
}

type surveyRow struct {
	Customer   int64   `parquet:"customer_id"`
	At         int64   `parquet:"answered_at,timestamp(microsecond),delta"`
	Metric     string  `parquet:"metric,dict"`
	Score      int32   `parquet:"score,dict"`
	Touchpoint *string `parquet:"touchpoint,optional,dict"` // null: about the shop as a whole
	Comment    *string `parquet:"comment,optional,dict"`
}

type ticketRow struct {
	Customer   int64  `parquet:"customer_id"`
	Created    int64  `parquet:"created_at,timestamp(microsecond),delta"`
	FirstReply *int64 `parquet:"first_reply_at,optional,timestamp(microsecond)"`
	Resolved   *int64 `parquet:"resolved_at,optional,timestamp(microsecond)"`
	Channel    string `parquet:"channel,dict"`
	Topic      string `parquet:"topic,dict"`
}

type eventRow struct {
	Visitor    int64  `parquet:"visitor_id,delta"`
	At         int64  `parquet:"at,timestamp(microsecond),delta"`
	Touchpoint string `parquet:"touchpoint,dict"`
	Device     string `parquet:"device,dict"`
}

const micros = 1_000_000

// customerID leaves one number in sixteen to accounts that never ordered.
func customerID(index uint32) int64 { return 10_001 + int64(index) + int64(index)/15 }
