package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// world is what Load sees: variables and files.
type world struct {
	env   map[string]string
	files map[string]string
}

func (w world) load(path string) (*Config, error) {
	lookup := func(name string) (string, bool) { value, ok := w.env[name]; return value, ok }
	read := func(path string) ([]byte, error) {
		content, ok := w.files[path]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		return []byte(content), nil
	}
	return (&loader{lookup: lookup, readFile: read}).load(path)
}

const day = 24 * time.Hour

func TestExampleFile(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	w := world{
		env: map[string]string{"FLOLIVE_USERNAME": "nightly", "IOTX_TOKEN": "t-1", "DATABASE_URL": "postgres://u:p@db/sims"},
		files: map[string]string{
			"/etc/simsync/config.yaml":      string(example),
			"/run/secrets/flolive/password": "p w\n",
		},
	}
	got, err := w.load("/etc/simsync/config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		DatabaseURL: NewSecret("postgres://u:p@db/sims"),
		Log:         Log{Level: "info"},
		Archive:     Archive{Dir: "/etc/simsync/archive", Endpoint: "https://s3.amazonaws.com"},
		Retention:   Retention{History: 400 * day, Usage: 400 * day, Rejects: 90 * day, Runs: 90 * day},
		Sources: []Source{
			{
				Name: "flolive", API: FloLIVEv2, BaseURL: "https://floportal.flolive.net",
				Username: "nightly", Password: NewSecret("p w"),
				Customers: []string{"3bd92beb-0367-4e68-b50d-72c0fb08beab"},
				Walks:     2, ChunkSize: 10000, PITKeepAlive: 30 * time.Minute, SessionAttempts: 3,
				Details:           Details{RefreshAfter: 168 * time.Hour, Concurrency: 4, MaxRequests: 20000},
				Profiles:          Profiles{EIDFile: "/etc/simsync/eids.txt", EIDsFrom: []string{"iotx"}},
				RequestsPerSecond: 10, RequestTimeout: time.Minute, RemovalLimit: 0.2,
			},
			{
				Name: "iotx", API: IoTXv4, BaseURL: "https://api.iot-x.com", Token: NewSecret("t-1"),
				PageSize: 100, Concurrency: 4,
				RequestsPerSecond: 10, RequestTimeout: time.Minute, RemovalLimit: 0.2,
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the example file (-want +got):\n%s", diff)
	}
}

func TestEnvironmentAlone(t *testing.T) {
	t.Parallel()
	w := world{
		env: map[string]string{
			"DATABASE_URL_FILE":  "db",
			"FLOLIVE_BASE_URL":   "http://localhost:8080/",
			"FLOLIVE_TOKEN_FILE": "token",
			"FLOLIVE_CUSTOMERS":  " 3BD92BEB-0367-4E68-B50D-72C0FB08BEAB, 00000000-0000-0000-0000-000000000002,",
			"IOTX_BASE_URL":      "https://api.iot-x.com",
			"IOTX_TOKEN":         "x",
			"IOTX_USERNAME":      "no variable of ours",
			"SIMSYNC_LOG_LEVEL":  "",
			"SIMSYNC_LOG_FORMAT": "json",
		},
		files: map[string]string{"db": "host=db dbname=sims", "token": "t\r\n"},
	}
	got, err := w.load("")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Sources) != 2 {
		t.Fatalf("%d sources", len(got.Sources))
	}
	flolive := got.Sources[0]
	if diff := cmp.Diff([]any{
		"host=db dbname=sims", "info", "json", "flolive", "http://localhost:8080", "t",
		[]string{"3bd92beb-0367-4e68-b50d-72c0fb08beab", "00000000-0000-0000-0000-000000000002"},
		10000, "iotx", 100,
	}, []any{
		got.DatabaseURL.Reveal(), got.Log.Level, got.Log.Format, flolive.Name, flolive.BaseURL, flolive.Token.Reveal(),
		flolive.Customers, flolive.ChunkSize, got.Sources[1].Name, got.Sources[1].PageSize,
	}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	file := strings.Join([]string{
		"database_url: host=file",
		"log: {level: warn}",
		"pushgateway_url: http://file:9091",
	}, "\n")
	tests := []struct {
		name string
		path string
		env  map[string]string
		want []string // database, level, pushgateway
	}{
		{"default", "", nil, []string{"", "info", ""}},
		{"file over default", "c.yaml", nil, []string{"host=file", "warn", "http://file:9091"}},
		{
			"environment over file", "c.yaml",
			map[string]string{"DATABASE_URL": "host=env", "SIMSYNC_LOG_LEVEL": "debug", "SIMSYNC_PUSHGATEWAY_URL": "http://env:9091"},
			[]string{"host=env", "debug", "http://env:9091"},
		},
		{"a variable's file over the settings file", "c.yaml", map[string]string{"DATABASE_URL_FILE": "db"}, []string{"host=secret", "warn", "http://file:9091"}},
		{"an empty variable is unset", "c.yaml", map[string]string{"DATABASE_URL": ""}, []string{"host=file", "warn", "http://file:9091"}},
		{"the file by variable", "", map[string]string{"SIMSYNC_CONFIG": "c.yaml"}, []string{"host=file", "warn", "http://file:9091"}},
		{"the path before the variable", "c.yaml", map[string]string{"SIMSYNC_CONFIG": "nowhere"}, []string{"host=file", "warn", "http://file:9091"}},
		{
			"a source's variables describe nothing beside a file", "c.yaml",
			map[string]string{"IOTX_BASE_URL": "not even a URL"},
			[]string{"host=file", "warn", "http://file:9091"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := world{env: test.env, files: map[string]string{"c.yaml": file, "db": "host=secret\n"}}
			got, err := w.load(test.path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, []string{got.DatabaseURL.Reveal(), got.Log.Level, got.PushgatewayURL}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(got.Sources) != 0 {
				t.Errorf("sources out of nowhere: %v", got.Sources)
			}
		})
	}
}

func TestVariablesInAFile(t *testing.T) {
	t.Parallel()
	w := world{
		env: map[string]string{"HOST": "api.iot-x.com", "SIZE": "50", "T": "tok"},
		files: map[string]string{"c.yaml": `
sources:
- {name: a, api: iotx-v4, base_url: "https://${HOST}/v4", token: 'x-${T}-$${T}-$T', page_size: "${SIZE}"}
`},
	}
	got, err := w.load("c.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := got.Sources[0]
	if s.BaseURL != "https://api.iot-x.com/v4" || s.Token.Reveal() != "x-tok-${T}-$T" || s.PageSize != 50 {
		t.Errorf("base_url %s, token %s, page_size %d", s.BaseURL, s.Token.Reveal(), s.PageSize)
	}
}

func TestRetention(t *testing.T) {
	t.Parallel()
	w := world{
		env:   map[string]string{"KEPT": "36500d"},
		files: map[string]string{"c.yaml": "retention: {history: forever, usage: 62d, rejects: \"${KEPT}\"}\n"},
	}
	got, err := w.load("c.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Retention{History: 0, Usage: 62 * day, Rejects: 36500 * day, Runs: 90 * day}, got.Retention); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlainHTTPOnRequest(t *testing.T) {
	t.Parallel()
	w := world{files: map[string]string{
		"c.yaml": strings.Replace(rightIoTX, "https:", "http:", 1) + "  insecure_http: true\n",
	}}
	got, err := w.load("c.yaml")
	if err != nil || !got.Sources[0].InsecureHTTP || got.Sources[0].BaseURL != "http://api.example" {
		t.Errorf("load: %+v, %v", got, err)
	}
}

func TestLoadReadsRealFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	nothing := func(string) (string, bool) { return "", false }
	write("db", "host=beside\n")
	got, err := Load(write("c.yaml", "database_url_file: db\n"), nothing)
	if err != nil || got.DatabaseURL.Reveal() != "host=beside" {
		t.Errorf("a path beside the settings file: %v", err)
	}
	big := write("big.yaml", strings.Repeat("#", largestFile+1))
	_, err = Load(big, nothing)
	wantProblems(t, err, big+" cannot be read: is larger than 1024 KiB")
	_, err = Load(dir, nothing)
	wantProblems(t, err, dir+" cannot be read: is a directory")
}

func TestSelect(t *testing.T) {
	t.Parallel()
	c := &Config{Sources: []Source{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	for _, test := range []struct{ names, want []string }{
		{nil, []string{"a", "b", "c"}},
		{[]string{"c", "a", "c"}, []string{"a", "c"}},
	} {
		got, err := c.Select(test.names)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range got {
			names = append(names, s.Name)
		}
		if diff := cmp.Diff(test.want, names); diff != "" {
			t.Errorf("Select(%v) (-want +got):\n%s", test.names, diff)
		}
	}
	_, err := c.Select([]string{"x", "a", "y z"})
	wantProblems(t, err, "no source is named x; there are: a, b, c", `no source is named "y z"; there are: a, b, c`)
	_, err = (&Config{}).Select(nil)
	wantProblems(t, err, "no source: set FLOLIVE_BASE_URL or IOTX_BASE_URL, or name a settings file that has sources with --config or SIMSYNC_CONFIG")
	wantProblems(t, c.NeedDatabase(), "no database: set DATABASE_URL or DATABASE_URL_FILE, or database_url in the settings file")
	if err := (&Config{DatabaseURL: NewSecret("host=db")}).NeedDatabase(); err != nil {
		t.Error(err)
	}
}

func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	var problems *Error
	if !errors.As(err, &problems) {
		t.Errorf("want an *Error, got %v", err)
		return
	}
	if diff := cmp.Diff(want, problems.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if err.Error() != strings.Join(want, "\n") {
		t.Errorf("the error is not its problems, a line each:\n%v", err)
	}
}
