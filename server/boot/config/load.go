package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"
)

const maxConfigBytes = 1 << 20

// Load reads the configuration: defaults, then the file (of the given path, or the
// one that LINTEL_CONFIG names), then the environment. A key or a LINTEL_ variable
// that nobody knows is an error, since it is a setting that somebody believes in.
// All that cannot be read is told at once, as Problems, and no value is repeated.
func Load(file string, environ []string) (Config, error) {
	config, problems, _ := read(file, environ)
	return config, problems.OrNil()
}

// LoadValid is Load and Validate in one, so that an operator is told in one go what
// cannot be read and what cannot be used.
func LoadValid(file string, environ []string) (Config, error) {
	config, problems, complete := read(file, environ)
	if complete { // without the file, what is missing means nothing
		var unusable Problems
		unusable.AddError(config.Validate())
		problems = append(problems, unusable.except(problems)...)
	}
	return config, problems.OrNil()
}

// read takes what it can into the defaults; it is incomplete where the file cannot be
// read, and there is no telling what the operator wants.
func read(file string, environ []string) (config Config, problems Problems, complete bool) {
	config = Default()
	known := map[string]setting{}
	for _, s := range settings() {
		known[s.key] = s
	}
	variables := readVariables(environ, known, &problems)
	if file == "" {
		file = variables.file
	}
	layers := koanf.New(".")
	if file != "" {
		if err := loadFile(layers, file); err != nil {
			return config, append(problems, err.Error()), false
		}
	}
	if err := layers.Load(env.Provider(".", variables.options()), nil); err != nil {
		return config, append(problems, "environment: "+err.Error()), false
	}
	config.take(layers.All(), known, variables.keys, &problems)
	config.readProfileSchemas(filepath.Dir(file), &problems)
	return config, problems, true
}

// take puts every value into its place.
func (c *Config) take(values map[string]any, known map[string]setting, fromVariable map[string]string, problems *Problems) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		raw := values[key]
		found, ok := known[key]
		switch {
		case raw == nil || isEmptySection(raw, key, known): // a key without a value says nothing
		case key == applicationsKey:
			c.Applications = readApplications(applicationsKey, raw, problems)
		case key == tenantsKey:
			c.Tenants = readTenants(raw, problems)
		case !ok:
			problems.Add(key, "is not a key of the configuration")
		default:
			if err := found.read(c, raw); err != nil {
				problems.Add(named(key, fromVariable[key]), "%s", err)
			}
		}
	}
}

func named(key, variable string) string {
	if variable == "" {
		return key
	}
	return key + " (" + variable + ")"
}

func isEmptySection(raw any, key string, known map[string]setting) bool {
	section, ok := raw.(map[string]any)
	if !ok || len(section) > 0 {
		return false
	}
	for name := range known {
		if strings.HasPrefix(name, key+".") {
			return true
		}
	}
	return false
}

// variables are what the environment says.
type variables struct {
	file   string
	values map[string]string // by key
	keys   map[string]string // the variable's name by key
}

func readVariables(environ []string, known map[string]setting, problems *Problems) variables {
	byName := map[string]string{}
	for key, s := range known {
		byName[s.variable()] = key
	}
	found := variables{file: "", values: map[string]string{}, keys: map[string]string{}}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, VariablePrefix) || isForeign(name, value) {
			continue
		}
		key, ok := byName[name]
		switch {
		case name == configVariable:
			found.file = value
		case !ok:
			problems.Add(name, "is not a variable of the configuration")
		case strings.TrimSpace(value) != "": // an empty variable says nothing
			found.values[key], found.keys[key] = value, name
		}
	}
	return found
}

// options lets koanf read what was found.
func (v variables) options() env.Opt {
	return env.Opt{EnvironFunc: func() []string {
		var entries []string
		for key, value := range v.values {
			entries = append(entries, key+"="+value)
		}
		return entries
	}}
}

// serviceLink is how Kubernetes tells each pod of the services beside it: one
// called lintel would otherwise keep the server from starting.
var serviceLink = regexp.MustCompile(`_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$`)

// The variables that say to the command line which server to manage, and with which API
// key. They are no settings of a server, and may stand in the shell that starts one.
const (
	ServerVariable = VariablePrefix + "SERVER"
	KeyVariable    = VariablePrefix + "KEY"
)

// isForeign tells variables that begin like ours and are somebody else's: those of
// Kubernetes, of the command line, and of the project's own tests.
func isForeign(name, value string) bool {
	if name == ServerVariable || name == KeyVariable {
		return true
	}
	if strings.HasPrefix(name, VariablePrefix+"TEST_POSTGRES_") || serviceLink.MatchString(name) {
		return true
	}
	scheme, _, ok := strings.Cut(value, "://")
	return ok && strings.HasSuffix(name, "_PORT") && slices.Contains([]string{"tcp", "udp", "sctp"}, scheme)
}

// yamlLine finds where the parser stumbled. Its own words repeat what stands there.
var yamlLine = regexp.MustCompile(`line (\d+)`)

func loadFile(layers *koanf.Koanf, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("configuration file: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxConfigBytes {
		return errors.New("configuration file " + path + ": must be a regular file of at most 1 MiB")
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("configuration file: %w", err)
	}
	if err := layers.Load(contents(content), yaml.Parser()); err != nil {
		where := ""
		if line := yamlLine.FindStringSubmatch(err.Error()); line != nil {
			where = " at line " + line[1]
		}
		return errors.New("configuration file " + path + ": is not YAML" + where + ", or says a key twice")
	}
	return nil
}

// contents lets koanf parse what was read.
type contents []byte

// ReadBytes gives the file.
func (c contents) ReadBytes() ([]byte, error) { return c, nil }

// Read is for providers that need no parser.
func (contents) Read() (map[string]any, error) {
	return nil, errors.New("configuration file: it has to be parsed")
}
