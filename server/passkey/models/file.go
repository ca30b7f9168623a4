package models

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/lintel-id/lintel/server/platform/jose"
)

const (
	maxFileBytes = 64 << 20
	maxRootBytes = 1 << 20
)

// stamp tells one state of a file from another.
type stamp struct {
	modified, size int64
}

// stamps are of the file and of the roots.
type stamps [2]stamp

// stampOf is zero for what cannot be read.
func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{modified: info.ModTime().UnixNano(), size: info.Size()}
}

func (c Config) stamps() stamps { return stamps{stampOf(c.File), stampOf(c.RootFile)} }

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
