// Package report is what one run has found: figures over rounds, what they are set
// against, and on which machine.
//
// It owns the statistics, the file of results and the order in which they are told:
// ratios first, since they say something on a busy machine too. It does not own how
// a figure is taken (drive, open) or how it is drawn (plot).
package report
