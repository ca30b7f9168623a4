// Package plot draws what a run has found, as SVG that reads on light and on dark
// paper.
//
// It owns the drawings: the same file of results gives the same bytes. It does not
// own the figures (report); nothing is computed here that the file does not say.
package plot
