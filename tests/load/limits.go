package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/stand"
)

// alone is what so many cores do when they do nothing but the work.
func alone(cores int, work func()) *drive.Side {
	return &drive.Side{Process: os.Getpid(), Go: func(ctx context.Context, lasts time.Duration) (drive.Round, error) {
		took := make([][]time.Duration, cores)
		var workers sync.WaitGroup
		began := time.Now()
		for i := range cores {
			workers.Go(func() {
				for ctx.Err() == nil && (time.Since(began) < lasts || len(took[i]) == 0) {
					started := time.Now()
					work()
					took[i] = append(took[i], time.Since(started))
				}
			})
		}
		workers.Wait()
		elapsed := time.Since(began)
		var merged []time.Duration
		for _, one := range took {
			merged = append(merged, one...)
		}
		return drive.NewRound(merged, elapsed), ctx.Err()
	}}
}

// hashing is the floor of a login: a hash of the default cost.
func hashing() func() {
	cost, salt := password.DefaultCost(), make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	return func() { argon2.IDKey([]byte(stand.Phrase), salt, cost.Time, cost.Memory, cost.Threads, 32) }
}

// signing is the floor of a token: a signature over as many bytes.
func signing() func() {
	const length = 500
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // no randomness, no machine
	}
	token := make([]byte, length)
	return func() {
		sum := sha256.Sum256(token)
		_, _ = ecdsa.SignASN1(rand.Reader, key, sum[:]) // a key of our own, and a sum of the right length
	}
}
