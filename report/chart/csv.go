package chart

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
)

var numeric = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// CSV returns the table as RFC 4180 asks: UTF-8 without a byte order mark, CRLF, one heading line with the columns'
// keys, then rows and foot with raw values. A heading cell without a raw value gives its text. A text that a
// spreadsheet would run as a formula gets an apostrophe in front; numbers stay as they are.
func CSV(t Table) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	keys := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		keys[i] = inert(c.Key)
	}
	write(w, keys)
	for _, rows := range [][]Row{t.Rows, t.Foot} {
		for _, r := range rows {
			write(w, record(r, len(t.Columns)))
		}
	}
	w.Flush()
	return b.Bytes()
}

func record(r Row, columns int) []string {
	out := make([]string, columns)
	for i, c := range r.Cells {
		if i >= columns {
			break
		}
		out[i] = inert(c.Raw)
		if c.Raw == "" && i == 0 {
			out[i] = inert(c.Text)
		}
	}
	return out
}

// write ignores the error: a bytes.Buffer never fails, and the writer's only other mistake is a bad delimiter.
func write(w *csv.Writer, record []string) { _ = w.Write(record) }

// inert disarms the characters with which spreadsheets begin a formula, and drops those that command a terminal or
// turn the text around.
func inert(s string) string {
	s = strings.Map(visible, s)
	if s == "" || numeric.MatchString(s) {
		return s
	}
	if strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

func visible(r rune) rune {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return r
	case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return -1
	}
	return r
}
