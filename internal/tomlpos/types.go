package tomlpos

import (
	"fmt"
	"time"
)

// Date is a calendar day without a zone, as in `as_of = 2026-10-31`. The zero value means absent.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// TOMLKinds implements Shaper.
func (Date) TOMLKinds() []Kind { return []Kind{LocalDate} }

// UnmarshalTOML keeps year, month and day of the decoder's time.
func (d *Date) UnmarshalTOML(v any) error {
	t, ok := v.(time.Time)
	if !ok {
		return fmt.Errorf("expected a date, got %T", v)
	}
	d.Year, d.Month, d.Day = t.Date()
	return nil
}

// IsZero reports whether the date is absent.
func (d Date) IsZero() bool { return d == Date{} }

// Days returns the number of days since 1970-01-01.
func (d Date) Days() int32 {
	return int32(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// String returns 2026-10-31, or "" when absent.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Strings is one text or a list of texts.
type Strings []string

// TOMLKinds implements Shaper. The shape check also looks at the elements of a list.
func (Strings) TOMLKinds() []Kind { return []Kind{String, Array} }

// UnmarshalTOML accepts both forms.
func (s *Strings) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case string:
		*s = Strings{v}
	case []any:
		for _, e := range v {
			text, ok := e.(string)
			if !ok {
				return fmt.Errorf("expected a list of texts")
			}
			*s = append(*s, text)
		}
	default:
		return fmt.Errorf("expected a text or a list of texts")
	}
	return nil
}
