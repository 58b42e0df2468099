package special

// EachNode calls f with every node on [−1, 1] and its weight, of the rule of Integrate: for integrals of several functions
// at once.
func EachNode(f func(node, weight float64)) {
	for _, n := range legendre {
		f(-n[0], n[1])
		f(n[0], n[1])
	}
}
