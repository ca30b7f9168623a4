// Package secret holds values that must not be seen: tokens we mint and texts
// that people type.
//
// Both print as a redaction in logs, errors and JSON; the value is reached only
// by an explicit Reveal. Tokens are stored as a digest and compared in constant
// time. Sealing what must be read back is platform/seal's business.
package secret
