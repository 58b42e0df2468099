package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// mix does the work of expand where that gives up: heavy buyers, or nearly equal ones. The flow is a mixture over p of flows
// whose integrals are known:
//
//	∫ e^(−κy) (1+py)^−(r+1) dy from 0 to z = [1 − (1+pz)^−r] / rp                             for κ = 0,
//	                                      [F(κ/p) − e^(−κz) (1+pz)^−r F(κ/p + κz)] / p      with F(x) = eˣ E_{r+1}(x).
func (f flow) mix(at []float64) {
	p, weight := special.BetaNodes(f.a, f.b, f.r+1, at[len(at)-1])
	endless := make([]float64, len(p))
	for i := range p {
		if f.kappa > 0 {
			endless[i] = special.ScaledExpIntegral(f.r+1, f.kappa/p[i])
		}
	}
	for k, v := range at {
		z := math.Expm1(v)
		discount := f.kappa * z
		var sum float64
		for i, p := range p {
			power := f.r * math.Log1p(p*z)
			switch {
			case discount < 1e-8: // nothing, and the difference below would cancel
				sum += weight[i] * -math.Expm1(-power) / (f.r * p)
			case power+discount > settled:
				sum += weight[i] * endless[i] / p
			default:
				after := special.ScaledExpIntegral(f.r+1, f.kappa/p+discount)
				sum += weight[i] * (endless[i] - math.Exp(-power-discount)*after) / p
			}
		}
		at[k] = sum
	}
}
