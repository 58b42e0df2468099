package parquetscan

// WithBudget makes Customers read the files in more passes.
func (s *Source) WithBudget(bytes int64) *Source {
	s.budget = bytes
	return s
}
