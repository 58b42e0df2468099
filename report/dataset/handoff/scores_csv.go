package handoff

import (
	"encoding/csv"
	"io"
	"regexp"
	"strconv"
	"strings"

	"parcours/report/dataset"
)

// csvHeading is the first line of scores as CSV, with the names of the columns in Parquet.
const csvHeading = "customer_id,x,t_x_days,age_days,p_alive,expected_orders,expected_value_minor,currency,segment,horizon_months,as_of\r\n"

// csvScores writes rows as RFC 4180 asks: UTF-8, CRLF. A customer that a spreadsheet would run as a formula gets an
// apostrophe in front; Parquet has the text as it is.
type csvScores struct {
	out    *csv.Writer
	record []string
}

func newCSVScores(w io.Writer) *csvScores {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	s := &csvScores{out: out, record: strings.Split(strings.TrimSpace(csvHeading), ",")}
	_ = out.Write(s.record) // an error comes again with Flush
	return s
}

func (s *csvScores) Write(rows []ScoreRow) (int, error) {
	for i, r := range rows {
		s.record = append(s.record[:0], inert(r.Customer), whole(r.X), whole(r.TX), whole(r.Age), decimal(r.Alive), decimal(r.Orders),
			strconv.FormatInt(r.Value, 10), r.Currency, r.Segment, whole(r.Months), dataset.FormatDay(r.AsOf))
		if err := s.out.Write(s.record); err != nil {
			return i, err
		}
	}
	return len(rows), nil
}

func (s *csvScores) Close() error {
	s.out.Flush()
	return s.out.Error()
}

func whole(n int32) string { return strconv.FormatInt(int64(n), 10) }

// decimal has no exponent, which not every reader of CSV knows.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

var numeric = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// inert drops the characters that command a terminal or turn a text around, and disarms those with which spreadsheets
// begin a formula.
func inert(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s)
	if s != "" && !numeric.MatchString(s) && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
