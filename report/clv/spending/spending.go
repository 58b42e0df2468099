// Package spending holds the Gamma-Gamma model of what a repeat purchase is worth.
package spending
