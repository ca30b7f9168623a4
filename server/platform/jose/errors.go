package jose

import "errors"

// Why a token was refused. They are for us: a stranger learns only that the token
// is not valid, in the words of the protocol at hand.
var (
	// ErrMalformed means the token or its JSON cannot be read.
	ErrMalformed = errors.New("jose: token is malformed")
	// ErrTooLarge means the token is over the bound and was not looked at.
	ErrTooLarge = errors.New("jose: token is too large")
	// ErrHeader means the header carries a key, a critical extension or another
	// member that must not decide anything.
	ErrHeader = errors.New("jose: header member is not allowed")
	// ErrAlgorithm means the algorithm is not one the caller allows.
	ErrAlgorithm = errors.New("jose: algorithm is not allowed")
	// ErrUnknownKey means not exactly one key of the set may have signed the token.
	ErrUnknownKey = errors.New("jose: no single key fits the token")
	// ErrSignature means the signature is not by the key.
	ErrSignature = errors.New("jose: signature does not verify")
	// ErrChain means the certificates do not lead from the expected signer to a root.
	ErrChain = errors.New("jose: certificates are not trusted")
	// ErrType means the token is of another kind than expected.
	ErrType = errors.New("jose: token type is not expected")
	// ErrIssuer means somebody else issued the token.
	ErrIssuer = errors.New("jose: issuer is not expected")
	// ErrAudience means the token is meant for somebody else.
	ErrAudience = errors.New("jose: audience is not expected")
	// ErrExpired means the token is over, too old, or says not when it ends.
	ErrExpired = errors.New("jose: token is expired")
	// ErrNotYetValid means the token begins in the future.
	ErrNotYetValid = errors.New("jose: token is not valid yet")
	// ErrNoClaim means the token does not carry the claim that was asked for.
	ErrNoClaim = errors.New("jose: claim is absent")
)

var (
	// ErrKey means a key cannot be read, is too weak, or does not fit its algorithm.
	ErrKey = errors.New("jose: key is not usable")
	// ErrKeySet means a key set cannot be read or holds no usable key.
	ErrKeySet = errors.New("jose: key set is not usable")
	// ErrExpectations means the caller did not say enough for a token to be trusted.
	ErrExpectations = errors.New("jose: expectations are incomplete")
)
