package config

import "time"

// setting is one thing that can be set in a T: where it is found, what it may be, why it is there.
type setting[T any] struct {
	key      string  // in the file; a dot leads into a section
	env      string  // variable; for a source without its prefix (FLOLIVE_, IOTX_); empty: none
	api      API     // the API it belongs to; empty: both
	kind     kind[T] // what it may be, and where it goes
	def      string  // default, as the file would have it; empty: none
	unit     string
	required bool
	secret   bool // may also be given as key_file (and env_FILE): the name of a file that holds it
	why      string
}

// envConfig names the file.
const envConfig = "SIMSYNC_CONFIG"

// programSettings are those that are not of a source.
var programSettings = []setting[Config]{
	{
		key: "database_url", env: "DATABASE_URL", secret: true,
		kind: secret(databaseURL, func(c *Config) *Secret { return &c.DatabaseURL }),
		why:  "The PostgreSQL (15 or later) to load into, as libpq understands it.",
	},
	{
		key: "log.level", env: "SIMSYNC_LOG_LEVEL", def: "info",
		kind: word(func(c *Config) *string { return &c.Log.Level }, "trace", "debug", "info", "warn", "error"),
		why:  "The least serious line that is logged. Logs go to stderr.",
	},
	{
		key: "log.format", env: "SIMSYNC_LOG_FORMAT",
		kind: word(func(c *Config) *string { return &c.Log.Format }, "json", "console"),
		why:  "Unset: console at a terminal, else json, which is what log collectors read.",
	},
	{
		key: "pushgateway_url", env: "SIMSYNC_PUSHGATEWAY_URL",
		kind: address(func(c *Config) *string { return &c.PushgatewayURL }),
		why:  "Where a finished run's metrics are pushed: a job that ends cannot be scraped. Unset: nowhere.",
	},
	{
		key: "archive.dir", env: "SIMSYNC_ARCHIVE_DIR",
		kind: path(func(c *Config) *string { return &c.Archive.Dir }),
		why:  "The folder where raw answers are kept, compressed, for backfills. It holds subscriber numbers: guard it. Unset: nowhere.",
	},
	{
		key: "archive.url", env: "SIMSYNC_ARCHIVE_URL",
		kind: bucket(func(c *Config) *string { return &c.Archive.URL }),
		why:  "The same in a bucket that speaks S3, in the place of archive.dir.",
	},
	{
		key: "archive.keep", env: "SIMSYNC_ARCHIVE_KEEP", unit: "duration",
		kind: duration(24*time.Hour, 87600*time.Hour, 0, func(c *Config) *time.Duration { return &c.Archive.Keep }),
		why:  "How long a run stays in the archive; what is older is deleted after a run that was archived. Unset: for ever.",
	},
	{
		key: "archive.endpoint", env: "AWS_ENDPOINT_URL", def: "https://s3.amazonaws.com",
		kind: address(func(c *Config) *string { return &c.Archive.Endpoint }),
		why:  "The server of the bucket.",
	},
	{
		key: "archive.region", env: "AWS_REGION",
		kind: text(func(c *Config) *string { return &c.Archive.Region }),
		why:  "The bucket's region. Unset: the server is asked.",
	},
	{
		key: "archive.access_key", env: "AWS_ACCESS_KEY_ID",
		kind: text(func(c *Config) *string { return &c.Archive.AccessKey }),
		why:  "Who writes to the bucket. Unset: the role of the machine or of the pod.",
	},
	{
		key: "archive.secret_key", env: "AWS_SECRET_ACCESS_KEY", secret: true,
		kind: secret(password, func(c *Config) *Secret { return &c.Archive.SecretKey }),
		why:  "The secret of archive.access_key.",
	},
	{
		key: "archive.session_token", env: "AWS_SESSION_TOKEN", secret: true,
		kind: secret(headerToken, func(c *Config) *Secret { return &c.Archive.SessionToken }),
		why:  "The token that belongs to keys which end.",
	},
	{
		key: "retention.history", def: "400d", unit: "days",
		kind: days(31, func(c *Config) *time.Duration { return &c.Retention.History }),
		why:  "How long a superseded version of a subscriber is kept: a year, with room to compare its ends. fleet.kept tells since when it is whole.",
	},
	{
		key: "retention.usage", def: "400d", unit: "days",
		kind: days(62, func(c *Config) *time.Duration { return &c.Retention.Usage }),
		why:  "How long the daily observations of usage are kept. They go by whole months, each once all of it is older.",
	},
	{
		key: "retention.rejects", def: "90d", unit: "days",
		kind: days(7, func(c *Config) *time.Duration { return &c.Retention.Rejects }),
		why:  "How long refused records are kept. They are whole records, personal data included.",
	},
	{
		key: "retention.runs", def: "90d", unit: "days",
		kind: days(31, func(c *Config) *time.Duration { return &c.Retention.Runs }),
		why:  "How long the ledger is kept. A source's newest complete run stays with all since, and so does a run whose rejects are kept.",
	},
}

// envSource is a source that the environment can describe, active when its base URL is set.
type envSource struct {
	name   string
	api    API
	prefix string
}

var envSources = []envSource{
	{"flolive", FloLIVEv2, "FLOLIVE_"},
	{"iotx", IoTXv4, "IOTX_"},
}

// sourceSettings are those of one source.
var sourceSettings = []setting[Source]{
	{
		key: "name", required: true,
		kind: name(func(s *Source) *string { return &s.Name }),
		why:  "The source as analysts see it in the column source; each once. Without a file: flolive, iotx.",
	},
	{
		key: "api", required: true,
		kind: word(func(s *Source) *API { return &s.API }, FloLIVEv2, IoTXv4),
		why:  "The interface that the provider speaks.",
	},
	{
		key: "base_url", env: "BASE_URL", required: true,
		kind: address(func(s *Source) *string { return &s.BaseURL }),
		why:  "The provider's address, such as https://floportal.flolive.net or https://api.iot-x.com.",
	},
	{
		key: "insecure_http", def: "false",
		kind: boolean(func(s *Source) *bool { return &s.InsecureHTTP }),
		why:  "Allows base_url to be plain http to another machine, which shows the credentials to the network: for a simulator in a cluster.",
	},
	{
		key: "token", env: "TOKEN", secret: true,
		kind: secret(headerToken, func(s *Source) *Secret { return &s.Token }),
		why:  "A ready-made access token. A floLIVE source has this, or username and password.",
	},
	{
		key: "username", env: "USERNAME", api: FloLIVEv2,
		kind: text(func(s *Source) *string { return &s.Username }),
		why:  "Who logs in to floLIVE.",
	},
	{
		key: "password", env: "PASSWORD", api: FloLIVEv2, secret: true,
		kind: secret(password, func(s *Source) *Secret { return &s.Password }),
		why:  "The password of username.",
	},
	{
		key: "customers", env: "CUSTOMERS", api: FloLIVEv2, required: true,
		kind: uuids(func(s *Source) *[]string { return &s.Customers }),
		why:  "The customers to walk, each with its one level of sub-customers. A list, or one text with commas.",
	},
	{
		key: "walks", api: FloLIVEv2, def: "2", unit: "customers",
		kind: integer(1, 16, func(s *Source) *int { return &s.Walks }),
		why:  "Customers walked at once. A session is read strictly in sequence, so only several customers make a walk parallel.",
	},
	{
		key: "chunk_size", api: FloLIVEv2, def: "10000", unit: "records",
		kind: integer(1, 10_000, func(s *Source) *int { return &s.ChunkSize }),
		why:  "Subscribers a chunk; the provider's limit is 10000. Fewer requests mean fewer chances to lose an answer.",
	},
	{
		key: "pit_keep_alive", api: FloLIVEv2, def: "30m", unit: "duration",
		kind: duration(time.Minute, 30*time.Minute, time.Minute, func(s *Source) *time.Duration { return &s.PITKeepAlive }),
		why:  "Budget of a whole PIT session, which the provider does not renew.",
	},
	{
		key: "session_attempts", api: FloLIVEv2, def: "3", unit: "sessions",
		kind: integer(1, 10, func(s *Source) *int { return &s.SessionAttempts }),
		why:  "PIT sessions tried before a walk is incomplete: a lost answer costs the session.",
	},
	{
		key: "details.refresh_after", api: FloLIVEv2, def: "168h", unit: "duration",
		kind: duration(time.Hour, 8760*time.Hour, 0, func(s *Source) *time.Duration { return &s.Details.RefreshAfter }),
		why:  "Age at which a subscriber's details, and an EID's profiles, are asked for again.",
	},
	{
		key: "details.concurrency", api: FloLIVEv2, def: "4", unit: "requests",
		kind: integer(1, 32, func(s *Source) *int { return &s.Details.Concurrency }),
		why:  "Requests for details or profiles at once.",
	},
	{
		key: "details.max_requests", api: FloLIVEv2, def: "20000", unit: "requests",
		kind: integer(0, 10_000_000, func(s *Source) *int { return &s.Details.MaxRequests }),
		why:  "Things asked for in one run, repeats aside: of each, the new, the changed, then the stalest. Profiles first, a quarter at most; then details. 0: neither.",
	},
	{
		key: "contacts", api: FloLIVEv2, def: "drop",
		kind: choice(func(s *Source) *bool { return &s.KeepContacts }, "drop", "keep"),
		why:  "Contacts are personal data (names, birth dates, passport numbers): dropped, or kept in the schema private.",
	},
	{
		key: "profiles.eid_file", api: FloLIVEv2,
		kind: path(func(s *Source) *string { return &s.Profiles.EIDFile }),
		why:  "A file of EIDs, one a line, whose eSIM profiles are asked for: no floLIVE list gives EIDs.",
	},
	{
		key: "profiles.eids_from", api: FloLIVEv2,
		kind: names(func(s *Source) *[]string { return &s.Profiles.EIDsFrom }),
		why:  "IoT-X sources whose reported EIDs are asked for as well.",
	},
	{
		key: "page_size", api: IoTXv4, def: "100", unit: "records",
		kind: integer(1, 100, func(s *Source) *int { return &s.PageSize }),
		why:  "Subscribers a page; the provider's limit is 100.",
	},
	{
		key: "concurrency", api: IoTXv4, def: "4", unit: "requests",
		kind: integer(1, 32, func(s *Source) *int { return &s.Concurrency }),
		why:  "Pages fetched at once.",
	},
	{
		key: "requests_per_second", env: "REQUESTS_PER_SECOND", def: "10", unit: "requests/s",
		kind: number(0, 10_000, func(s *Source) *float64 { return &s.RequestsPerSecond }),
		why:  "Rate towards the provider, who publishes none and answers 500 when calls come too fast. 0: no limit.",
	},
	{
		key: "request_timeout", def: "60s", unit: "duration",
		kind: duration(time.Second, 10*time.Minute, 0, func(s *Source) *time.Duration { return &s.RequestTimeout }),
		why:  "Bound of one request, its answer's body included.",
	},
	{
		key: "removal_limit", def: "0.2", unit: "share",
		kind: number(0, 1, func(s *Source) *float64 { return &s.RemovalLimit }),
		why:  "A run that would remove more than this share of the source's subscribers stops before it does.",
	},
}
