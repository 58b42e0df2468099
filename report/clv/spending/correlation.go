package spending

import "math"

// Correlation is that of ln x and ln mean value over the customers, with Fisher's 95 % interval. The model needs it to be
// near 0. All sums are exact but Σ ln² z, to which each bin adds the variance of a log-normal law with its moments.
// Where it has no meaning, with fewer than four customers or when all are alike, it is 0 between −1 and 1.
func Correlation(bins []Bin) (r, low, high float64) {
	var m moments
	for _, b := range bins {
		if !b.valid() {
			continue
		}
		u, within := math.Log(float64(b.X)), math.Log1p(b.scatter())
		v := b.LogSum/b.N - u
		m.add(b.N, u, v, within)
	}
	return m.correlation()
}

// PlainCorrelation is that of x and mean value themselves, as the literature prints it; exact.
func PlainCorrelation(bins []Bin) (r, low, high float64) {
	var m moments
	for _, b := range bins {
		if b.valid() {
			x := float64(b.X)
			v := b.mean() / x
			m.add(b.N, x, v, b.scatter()*v*v)
		}
	}
	return m.correlation()
}

// moments are weighted sums of pairs (u, v), updated as West 1979 does so that close values keep their differences.
type moments struct{ n, u, v, uu, uv, vv float64 }

// add adds n pairs with the same u and values v of a mean and a variance.
func (m *moments) add(n, u, v, variance float64) {
	m.n += n
	du, dv := u-m.u, v-m.v
	m.u += du * n / m.n
	m.v += dv * n / m.n
	m.uu += n * du * (u - m.u)
	m.uv += n * du * (v - m.v)
	m.vv += n * (dv*(v-m.v) + variance)
}

// correlation is Pearson's, with the interval of Fisher's z, ±1.96/√(n−3).
func (m moments) correlation() (r, low, high float64) {
	if m.n < 4 || m.uu <= 0 || m.vv <= 0 {
		return 0, -1, 1
	}
	r = math.Min(math.Max(m.uv/math.Sqrt(m.uu)/math.Sqrt(m.vv), -1), 1)
	half := z95 / math.Sqrt(m.n-3)
	if z := math.Atanh(r); !math.IsInf(z, 0) {
		return r, math.Tanh(z - half), math.Tanh(z + half)
	}
	return r, r, r
}

// z95 is the quantile of the normal law for 95 % between both bounds.
const z95 = 1.959963984540054
