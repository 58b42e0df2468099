//go:build race

package demo

// raced says that the race detector is on: it multiplies memory and time, so the million orders prove nothing then.
const raced = true
