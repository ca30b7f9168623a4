// Package job does what takes longer than a request may.
//
// It owns the queue, who works on which job until when, how far it is, and the result,
// which is kept sealed under the tenant's key in parts until it expires. It does not own
// what is done: each type of job is a Work of the capability that it belongs to, given
// to it in boot. A node that dies loses its lease, and another begins the job anew; what
// the first had written is not part of the result.
package job
