package relyingparty

import "slices"

// The signatures that can be verified here. Spec: RFC 9053 §2, RFC 8812 §2, RFC 9864 §2.
const (
	es256   int64 = -7
	edDSA   int64 = -8
	esp256  int64 = -9
	ed25519 int64 = -19
	es384   int64 = -35
	es512   int64 = -36
	ps256   int64 = -37
	ps384   int64 = -38
	ps512   int64 = -39
	esp384  int64 = -51
	esp512  int64 = -52
	rs256   int64 = -257
	rs384   int64 = -258
	rs512   int64 = -259
)

// isAlgorithm takes what can be verified, without SHA-1.
func isAlgorithm(one int64) bool {
	return slices.Contains([]int64{
		es256, edDSA, esp256, ed25519, es384, es512, ps256, ps384, ps512, esp384, esp512, rs256, rs384, rs512,
	}, one)
}
