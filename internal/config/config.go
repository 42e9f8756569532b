// Package config reads the program's settings: from a YAML file, from the environment, or from both. Every setting is named once, in the
// tables of settings.go, with its default, its range, its unit and its reason; what the file may hold, what the environment may hold, what
// an error says and what the reference page says all come from there.
//
// A flag stands above the environment, the environment above the file, the file above the default. The variables of a source (FLOLIVE_...,
// IOTX_...) are another matter: they describe one source of each kind where there is no file. With a file they describe nothing, and
// reach a source only where the file says ${FLOLIVE_TOKEN}.
//
// All that is wrong is reported at once, a line each, and no line holds a secret.
//
// The package refuses to know what a setting does: it opens no connection, asks no provider and knows no command line. Flags override
// the [Config] that it returns.
package config

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// API is a provider's interface, as a settings file names it.
type API string

// The interfaces that a source can speak.
const (
	FloLIVEv2 API = "flolive-v2" // floLIVE API v2
	IoTXv4    API = "iotx-v4"    // IoT-X API 4.0
)

// Config is every setting of the program, checked. Relative paths of a file are relative to that file's folder.
type Config struct {
	// DatabaseURL is the PostgreSQL to load into, as libpq understands it. It is unset where neither file nor environment has it: see
	// NeedDatabase.
	DatabaseURL Secret
	// Sources are in the order of the file. There may be none: see Select.
	Sources []Source
	Log     Log
	// PushgatewayURL is where a finished run's metrics go; empty: nowhere.
	PushgatewayURL string
	Archive        Archive
	Retention      Retention
	// Warnings are what may be a slip in the settings, and is no error.
	Warnings []Warning
}

// Log says how the program speaks on stderr.
type Log struct {
	Level  string // trace, debug, info, warn or error
	Format string // json, console, or empty: console at a terminal, else json
}

// Archive says where raw answers are kept: in Dir, at URL, or nowhere.
type Archive struct {
	Dir  string        // a folder
	URL  string        // s3://bucket/prefix
	Keep time.Duration // how long; 0: for ever

	// What a bucket needs.
	Endpoint                string
	Region                  string // empty: the server is asked
	AccessKey               string // empty: the role of the machine or of the pod
	SecretKey, SessionToken Secret
}

// Retention says how long what the program gathers is kept. 0: for ever.
type Retention struct {
	History time.Duration // superseded versions of subscribers, from when they were superseded
	Usage   time.Duration // the last observation of each day
	Rejects time.Duration // refused records, from when their run began
	Runs    time.Duration // lines of the ledger with their walks, from when the run began
}

// Source is one provider's account. Settings of the other API are zero.
type Source struct {
	Name    string
	API     API
	BaseURL string // without a slash at its end

	Token    Secret // ready-made; for floLIVE in place of Username and Password
	Username string
	Password Secret

	// floLIVE only.
	Customers       []string      // UUIDs in lower case, each once
	Walks           int           // customers walked at once
	ChunkSize       int           // records a chunk
	PITKeepAlive    time.Duration // budget of a whole session, in whole minutes
	SessionAttempts int           // sessions tried before a walk is incomplete
	Details         Details
	KeepContacts    bool
	Profiles        Profiles

	// IoT-X only.
	PageSize    int // records a page
	Concurrency int // pages fetched at once

	RequestsPerSecond float64 // 0: no limit
	RequestTimeout    time.Duration
	RemovalLimit      float64 // share of a source's live rows that a run may remove, 0 to 1
	InsecureHTTP      bool    // BaseURL may be plain http to another machine
}

// Details bounds the enrichment with subscriber details.
type Details struct {
	RefreshAfter time.Duration // details older than this are asked for again
	Concurrency  int           // requests at once
	MaxRequests  int           // a run; 0: no details
}

// Profiles says whose eSIM profiles are asked for.
type Profiles struct {
	EIDFile  string   // a file of EIDs, one a line; empty: none
	EIDsFrom []string // names of IoT-X sources whose reported EIDs are used
}

// Load reads the settings. The file is path, else the one that SIMSYNC_CONFIG names, else there is none. Lookup is os.LookupEnv or stands
// for it; an empty variable counts as unset. Any error is an *Error.
func Load(path string, lookup func(string) (string, bool)) (*Config, error) {
	return (&loader{lookup: lookup, readFile: readFile}).load(path)
}

// Select returns the sources of these names, or all of them for none. No source at all is an error that says how to get one, and so is a
// name that no source has; both are an *Error.
func (c *Config) Select(names []string) ([]Source, error) {
	if len(c.Sources) == 0 {
		return nil, problem("no source: set FLOLIVE_BASE_URL or IOTX_BASE_URL, or name a settings file that has sources with --config or %s", envConfig)
	}
	if len(names) == 0 {
		return slices.Clone(c.Sources), nil
	}
	known := make([]string, len(c.Sources))
	for i, s := range c.Sources {
		known[i] = s.Name
	}
	var wrong []string
	for _, name := range names {
		if !slices.Contains(known, name) {
			wrong = append(wrong, fmt.Sprintf("no source is named %s; there are: %s", show(name), strings.Join(known, ", ")))
		}
	}
	if wrong != nil {
		return nil, &Error{Problems: wrong}
	}
	return slices.DeleteFunc(slices.Clone(c.Sources), func(s Source) bool { return !slices.Contains(names, s.Name) }), nil
}

// NeedDatabase is an *Error when no database is set.
func (c *Config) NeedDatabase() error {
	if c.DatabaseURL.IsZero() {
		return problem("no database: set DATABASE_URL or DATABASE_URL_FILE, or database_url in the settings file")
	}
	return nil
}
