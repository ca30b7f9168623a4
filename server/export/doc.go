// Package export writes down everything that is held about one user, as a job.
//
// It owns the document, its form and its order, who may have one made and how often, and
// the interface with which each room says what it holds; boot names the rooms, beside
// those that erase. It does not own any row, the queue and the result (job), or what
// becomes of an export when its user is erased: that is job's, too.
package export
