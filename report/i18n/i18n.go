// Package i18n holds the catalogues and writes numbers, money and dates the way a language does.
package i18n
