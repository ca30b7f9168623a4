package models

import "errors"

// fidoSigner is whose file it is unless somebody else is named.
const fidoSigner = "mds.fidoalliance.org"

// Config says where the metadata is and whom to believe.
type Config struct {
	// File is the BLOB as it was downloaded; empty: there is none.
	File string
	// RootFile holds the certificates, in PEM, of which one has to stand above the signer.
	RootFile string
	// Signer is the DNS name of who signs it.
	Signer string
}

// Default has no metadata.
func Default() Config { return Config{File: "", RootFile: "", Signer: fidoSigner} }

// Validate names the field that is wrong.
func (c Config) Validate() error {
	switch {
	case c.File != "" && c.RootFile == "":
		return errors.New("passkeys.metadata.root_file: must be given with passkeys.metadata.file, which proves nothing without it")
	case c.File == "" && c.RootFile != "":
		return errors.New("passkeys.metadata.file: must be given with passkeys.metadata.root_file")
	case c.File != "" && c.Signer == "":
		return errors.New("passkeys.metadata.signer: must not be empty")
	}
	return nil
}
