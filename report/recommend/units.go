package recommend

import "parcours/report/measure"

// goTogether reports whether two units may be compared or added. A difference of two fractions is one of them too.
func goTogether(a, b measure.Unit) bool {
	if a == "" || b == "" || a == b {
		return true
	}
	fraction := func(u measure.Unit) bool { return u == measure.UnitRate || u == measure.UnitPoints }
	return fraction(a) && fraction(b)
}

// rank orders the units without dimension by what a product of two of them is: customers × rate are customers, a
// rate of a rate is a rate. Units with a dimension (money, days, …) have none.
func rank(u measure.Unit) (int, bool) {
	switch u {
	case "":
		return 0, true
	case measure.UnitRatio:
		return 1, true
	case measure.UnitRate, measure.UnitPoints:
		return 2, true
	case measure.UnitCount:
		return 3, true
	}
	return 0, false
}

// combined is the unit of a product, a quotient or a power; "" when the rules cannot tell, which allows everything.
func combined(op string, a, b measure.Unit) measure.Unit {
	ra, pureA := rank(a)
	rb, pureB := rank(b)
	switch op {
	case "*":
		switch {
		case a == measure.UnitCount && b == measure.UnitCount, !pureA && !pureB:
			return ""
		case !pureA, pureB && ra >= rb:
			return a
		}
		return b
	case "/":
		if pureB && a != b {
			return a
		}
	}
	return ""
}

// article is a unit as a user would name it.
func article(u measure.Unit) string {
	switch u {
	case measure.UnitCount:
		return "a count"
	case measure.UnitRate:
		return "a rate"
	case measure.UnitPoints:
		return "a difference of rates"
	case measure.UnitMoney:
		return "an amount of money"
	case measure.UnitDays:
		return "a number of days"
	case measure.UnitYears:
		return "a number of years"
	case measure.UnitMinutes:
		return "a number of minutes"
	case measure.UnitPeriods:
		return "a number of periods"
	case measure.UnitMonths:
		return "a number of months"
	case measure.UnitScore:
		return "a score"
	case measure.UnitRatio:
		return "a ratio"
	}
	return "a number"
}
