package password

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what one argon2id hash takes.
// Spec: RFC 9106 §3.1.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// DefaultCost is about 23 ms on one core of a current server.
func DefaultCost() Cost { return Cost{Memory: 19 * 1024, Time: 2, Threads: 1} }

// The dearest hash that is still computed. A hash from a backup or an import may
// name any cost, and one login must not be able to take the machine's memory.
const (
	maxMemory  = 128 * 1024 // KiB
	maxTime    = 16
	maxThreads = 8
	maxPasses  = 512 * 1024 // memory × time
	maxPHC     = 256
)

const (
	minSaltBytes, saltBytes, maxSaltBytes       = 8, 16, 64
	minDigestBytes, digestBytes, maxDigestBytes = 16, 32, 64
)

const algorithm = "argon2id"

func (c Cost) bounded() bool {
	return c.Time >= 1 && c.Time <= maxTime && c.Threads >= 1 && c.Threads <= maxThreads &&
		c.Memory >= 8*uint32(c.Threads) && c.Memory <= maxMemory && c.Memory*c.Time <= maxPasses
}

func (c Cost) params() string { return fmt.Sprintf("m=%d,t=%d,p=%d", c.Memory, c.Time, c.Threads) }

// Scheme names algorithm and cost without salt and digest, as it is counted.
func (c Cost) Scheme() string { return algorithm + "," + c.params() }

func parseScheme(scheme string) (Cost, bool) {
	params, ok := strings.CutPrefix(scheme, algorithm+",")
	if !ok {
		return Cost{}, false
	}
	return parseParams(params)
}

func parseParams(params string) (Cost, bool) {
	parts := strings.Split(params, ",")
	if len(parts) != 3 {
		return Cost{}, false
	}
	var values [3]uint64
	for i, name := range []string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(parts[i], name)
		if !ok {
			return Cost{}, false
		}
		value, err := strconv.ParseUint(digits, 10, 24)
		if err != nil || (i == 2 && value > maxThreads) {
			return Cost{}, false
		}
		values[i] = value
	}
	cost := Cost{Memory: uint32(values[0]), Time: uint32(values[1]), Threads: uint8(values[2])}
	return cost, cost.bounded() && cost.params() == params
}

// hashed is a PHC string taken apart.
type hashed struct {
	cost   Cost
	salt   []byte
	digest []byte
}

// parsePHC reads one spelling only and refuses what is out of bounds before any
// work is done for it.
func parsePHC(text string) (hashed, error) {
	if len(text) > maxPHC {
		return hashed{}, ErrHash
	}
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != algorithm || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return hashed{}, ErrHash
	}
	cost, ok := parseParams(parts[3])
	if !ok {
		return hashed{}, ErrHash
	}
	salt, err := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	if err != nil || len(salt) < minSaltBytes || len(salt) > maxSaltBytes {
		return hashed{}, ErrHash
	}
	digest, err := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err != nil || len(digest) < minDigestBytes || len(digest) > maxDigestBytes {
		return hashed{}, ErrHash
	}
	return hashed{cost: cost, salt: salt, digest: digest}, nil
}

func (h hashed) phc() string {
	encode := base64.RawStdEncoding.EncodeToString
	return "$" + algorithm + "$v=" + strconv.Itoa(argon2.Version) + "$" + h.cost.params() + "$" + encode(h.salt) + "$" + encode(h.digest)
}

func (h hashed) matches(digest []byte) bool {
	return subtle.ConstantTimeCompare(h.digest, digest) == 1
}
