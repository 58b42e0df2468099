package clv

import "parcours/report/clv/btyd"

// Models lists the names that Settings.Model may have, "" apart.
func Models() []string {
	return []string{
		ModelAuto, ModelNone, string(btyd.BGNBD), string(btyd.MBGNBD), string(btyd.ParetoNBD), string(btyd.NBD),
		string(btyd.BGCNBD), string(btyd.MBGCNBD), ModelBGBB, ModelSBG,
	}
}
