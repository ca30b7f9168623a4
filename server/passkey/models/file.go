package models

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/lintel-id/lintel/server/platform/jose"
)

const (
	maxFileBytes = 64 << 20
	maxRootBytes = 1 << 20
)

// stamps are of the file and of the roots; nil is what is not there.
type stamps [2]fs.FileInfo

func (c Config) stamps() (taken stamps) {
	for i, path := range []string{c.File, c.RootFile} {
		if info, err := os.Stat(path); err == nil {
			taken[i] = info
		}
	}
	return taken
}

// same tells whether nothing has changed. Two files may be of one time, by the coarse clocks
// of file systems, and are still two where one was put in place of the other.
func (s stamps) same(as stamps) bool {
	for i, one := range s {
		other := as[i]
		if one == nil || other == nil || !os.SameFile(one, other) || one.Size() != other.Size() || !one.ModTime().Equal(other.ModTime()) {
			return false
		}
	}
	return true
}

// read reads the BLOB and believes it or not.
// Spec: FIDO Metadata Service v3.1.1 §3.2.
func (c Config) read(now time.Time) (*blob, error) {
	roots, err := readRoots(c.RootFile)
	if err != nil {
		return nil, err
	}
	data, err := readBounded(c.File, maxFileBytes)
	if err != nil {
		return nil, err
	}
	payload, err := jose.VerifyChained(bytes.TrimSpace(data), roots, c.Signer, now, jose.RS256, jose.ES256)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	found, err := parse(payload)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return found, nil
}

func readRoots(path string) (*x509.CertPool, error) {
	data, err := readBounded(path, maxRootBytes)
	if err != nil {
		return nil, err
	}
	roots, some := x509.NewCertPool(), false
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil || block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("%s: holds something else than certificates", path)
		}
		roots.AddCert(root)
		some = true
	}
	if !some {
		return nil, fmt.Errorf("%s: holds no certificate in PEM", path)
	}
	return roots, nil
}

// readBounded reads a file that is one, and not larger than it may be.
func readBounded(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New(path + ": not a regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it is for reading only
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("%s: over %d MiB", path, most>>20)
	}
	return data, nil
}
