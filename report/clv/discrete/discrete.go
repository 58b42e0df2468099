// Package discrete holds the models of customers whose chances to buy or to leave come period by period:
// beta-geometric/beta-binomial and shifted-beta-geometric.
package discrete
