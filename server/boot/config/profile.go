package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/server/schema"
)

const (
	profileSchemaKey = "profile.schema"
	tenantSchemaKey  = "profile_schema"
	maxSchemaBytes   = 1 << 20 // what it may really have is schema's to say
)

// ProfileSchema is a file that says what profiles may hold.
type ProfileSchema struct {
	File     string // relative to the configuration file; empty: none is declared
	Document []byte // what stands in it
}

func profileSettings() []setting {
	return []setting{
		{profileSchemaKey, "A JSON file with what profiles may hold: JSON Schema 2020-12 with x-user-access and x-searchable; " +
			"a path from the configuration file. A change becomes the next version at the start; left out, the newest version stays. " +
			"Default: the claims of OpenID Connect.",
			text(func(c *Config) *string { return &c.ProfileSchema.File })},
	}
}

// readProfileSchemas reads the files that are named, from the folder of the
// configuration file.
func (c *Config) readProfileSchemas(folder string, problems *Problems) {
	c.ProfileSchema.read(profileSchemaKey, folder, problems)
	for i := range c.Tenants {
		c.Tenants[i].read(tenantAt(i)+"."+tenantSchemaKey, folder, problems)
	}
}

func (s *ProfileSchema) read(key, folder string, problems *Problems) {
	if s.File == "" {
		return
	}
	path := s.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	info, err := os.Stat(path)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxSchemaBytes) {
		err = errors.New("must be a regular file of at most 1 MiB")
	}
	if err == nil {
		s.Document, err = os.ReadFile(path)
	}
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("cannot be read: %w", failed.Err) // without the path, which may be anything
	}
	if err != nil {
		problems.Add(key, "%s", err)
	}
}

// validate tells what keeps the document from being a profile schema.
func (s *ProfileSchema) validate(key string, problems *Problems) {
	if s.Document != nil {
		problems.AddError(FromFault(key, schema.Examine(s.Document)))
	}
}

// Key is where a problem with the schema is told: below is the place of a tenant, or
// empty for the default one.
func (s *ProfileSchema) Key(below string) string {
	if below == "" {
		return profileSchemaKey
	}
	return below + tenantSchemaKey
}
