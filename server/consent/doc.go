// Package consent keeps what people have agreed to, with which application and at
// which version.
//
// It owns the record and its event. It does not own what is to be agreed to
// (application) or asking for it (flow). A consent never changes: a new version is
// a new consent.
package consent
