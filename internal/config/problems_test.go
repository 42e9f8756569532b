package config

import (
	"errors"
	"strings"
	"testing"
)

// A source that is right, to be made wrong in one line: it begins in line 2.
const (
	rightFlolive = `sources:
- name: f
  api: flolive-v2
  base_url: https://portal.example
  token: t
  customers: [3bd92beb-0367-4e68-b50d-72c0fb08beab]
`
	rightIoTX = `sources:
- name: x
  api: iotx-v4
  base_url: https://api.example
  token: t
`
)

func TestProblemsOfAFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		file string
		want []string // without "c.yaml:"
	}{
		{"unknown key", "archiv: {}\n", []string{"1: archiv is no setting; allowed: database_url, database_url_file, log, pushgateway_url, archive, retention, sources"}},
		{"unknown key of a section", "log: {colour: red}\n", []string{"1: log.colour is no setting; allowed: level, format"}},
		{"unknown key of a source's section", rightFlolive + "  details: {max: 1}\n", []string{
			"7: sources[0].details.max is no setting; allowed: refresh_after, concurrency, max_requests",
		}},
		{"key given twice", rightIoTX + "  page_size: 1\n  page_size: 2\n", []string{"7: sources[0].page_size is given twice, first in line 6"}},
		{"value and file", rightIoTX + "  token_file: t.txt\n", []string{"6: sources[0].token_file is given beside sources[0].token; keep one of the two"}},
		{"file missing", strings.Replace(rightIoTX, "token: t", "token_file: nowhere", 1), []string{
			"5: sources[0].token_file names the file nowhere that does not exist",
		}},
		{"file empty", "database_url_file: empty\n", []string{"1: database_url_file names the file empty that is empty"}},
		{"variable unset", strings.Replace(rightIoTX, "token: t", "token: a${GONE}${EMPTY}", 1), []string{
			"5: sources[0].token names the variable GONE, which is not set",
			"5: sources[0].token names the variable EMPTY, which is not set",
		}},
		{"variable malformed", "archive: {dir: '${a b}'}\n", []string{"1: archive.dir holds ${ that is no ${NAME}; write $${ for the text ${"}},
		{"integer too large", rightFlolive + "  chunk_size: 20000\n", []string{"7: sources[0].chunk_size is 20000; allowed: 1 to 10000"}},
		{"integer that is none", rightFlolive + "  walks: two\n", []string{"7: sources[0].walks is two; allowed: 1 to 16"}},
		{"what a variable held is not shown", rightFlolive + "  walks: ${OTHER}\n", []string{"7: sources[0].walks is ${OTHER}; allowed: 1 to 16"}},
		{"nor in a list", strings.Replace(rightFlolive, "[3bd92beb-0367-4e68-b50d-72c0fb08beab]", "${OTHER}", 1), []string{
			"6: sources[0].customers is ${OTHER}; allowed: UUIDs",
		}},
		{"number", rightIoTX + "  removal_limit: .nan\n  requests_per_second: -1\n", []string{
			"7: sources[0].requests_per_second is -1; allowed: 0 to 10000",
			"6: sources[0].removal_limit is .nan; allowed: 0 to 1",
		}},
		{"duration", rightFlolive + "  pit_keep_alive: 90s\n  request_timeout: 60\n", []string{
			"7: sources[0].pit_keep_alive is 90s; allowed: 1m to 30m, whole minutes",
			"8: sources[0].request_timeout is 60; allowed: 1s to 10m",
		}},
		{"days", "retention: {history: 9600h, usage: 61d, rejects: 0, runs: -90d}\n", []string{
			"1: retention.history is 9600h; allowed: 31d to 36500d, whole days; forever",
			"1: retention.usage is 61d; allowed: 62d to 36500d, whole days; forever",
			"1: retention.rejects is 0; allowed: 7d to 36500d, whole days; forever",
			"1: retention.runs is -90d; allowed: 31d to 36500d, whole days; forever",
		}},
		{"word", "log: {level: LOUD, format: xml}\n", []string{
			"1: log.level is LOUD; allowed: trace, debug, info, warn, error",
			"1: log.format is xml; allowed: json, console",
		}},
		{"choice", rightFlolive + "  contacts: sell\n", []string{"7: sources[0].contacts is sell; allowed: drop, keep"}},
		{"empty value", rightFlolive + "  contacts:\n", []string{"7: sources[0].contacts is empty"}},
		{"mapping for a value", rightFlolive + "  contacts: {a: b}\n", []string{"7: sources[0].contacts is a mapping"}},
		{"list for a value", rightFlolive + "  contacts: [drop]\n", []string{"7: sources[0].contacts is a list; allowed: drop, keep"}},
		{"value for a section", rightFlolive + "  details: 4\n", []string{"7: sources[0].details is a single value; allowed: key: value"}},
		{"alias", "log: &l {level: info}\narchive: *l\n", []string{
			"1: log is an anchor, alias or tag, which settings do not know; write the value out; allowed: key: value",
			"2: archive is an anchor, alias or tag, which settings do not know; write the value out; allowed: key: value",
		}},
		{"merge", "log:\n  <<: {level: info}\n", []string{"2: log.<< is a merge, which settings do not know; write the keys out"}},
		{"sources no list", "sources: {name: a}\n", []string{"1: sources is a mapping; allowed: a list of sources"}},
		{"source no mapping", "sources: [a]\n", []string{"1: sources[0] is a single value; allowed: key: value"}},
		{"file no mapping", "hello\n", []string{"1: the file is a single value; allowed: key: value"}},
		{"two documents", "log: {}\n---\nlog: {}\n", []string{"3: the file has a second document here; settings are one"}},
		{"not YAML", "log:\n  level: \"info\nx: 'y\n", []string{"2: not YAML: could not find end character of double-quoted text"}},
		{"nothing but a name", "sources:\n- name: a\n", []string{
			"2: sources[0].api is missing; allowed: flolive-v2, iotx-v4",
			"2: sources[0].base_url is missing; allowed: an absolute https:// or http:// URL without user, query and fragment",
		}},
		{"name and api", strings.NewReplacer("name: x", "name: My SIMs", "iotx-v4", "iotx").Replace(rightIoTX), []string{
			`2: sources[0].name is "My SIMs"; allowed: 1 to 63 of a-z, 0-9, _ and -`,
			"3: sources[0].api is iotx; allowed: flolive-v2, iotx-v4",
		}},
		{"name twice", rightIoTX + strings.TrimPrefix(rightIoTX, "sources:\n"), []string{"6: sources[1].name is x, and so is sources[0].name; allowed: each once"}},
		{"settings of the other API", rightIoTX + "  chunk_size: 1\n  password_file: p\n  details: {concurrency: 1}\n", []string{
			"7: sources[0].password_file belongs to api flolive-v2, and this source is iotx-v4",
			"6: sources[0].chunk_size belongs to api flolive-v2, and this source is iotx-v4",
			"8: sources[0].details.concurrency belongs to api flolive-v2, and this source is iotx-v4",
		}},
		{"customers", strings.Replace(rightFlolive, "[3bd92beb-0367-4e68-b50d-72c0fb08beab]", `
  - 3bd92beb-0367-4e68-b50d-72c0fb08beab
  - acme
  - 3BD92BEB-0367-4E68-B50D-72C0FB08BEAB
  - {3bd92beb-0367-4e68-b50d-72c0fb08beab: 1}
  - urn:uuid:3bd92beb-0367-4e68-b50d-72c0fb08beab`, 1), []string{
			"10: sources[0].customers[3] is a mapping",
			"8: sources[0].customers[1] is acme; allowed: UUIDs",
			"9: sources[0].customers[2] is 3BD92BEB-0367-4E68-B50D-72C0FB08BEAB; allowed: each once",
			"11: sources[0].customers[4] is urn:uuid:3bd92beb-0367-4e68-b50d-72c0fb08beab; allowed: UUIDs",
		}},
		{"no customer", strings.Replace(rightFlolive, "[3bd92beb-0367-4e68-b50d-72c0fb08beab]", "[]", 1), []string{"6: sources[0].customers is empty; allowed: UUIDs"}},
		{"no credentials", strings.Replace(rightFlolive, "  token: t\n", "", 1), []string{
			"2: sources[0].token is missing, and so are sources[0].username and sources[0].password; give the one or the other two",
		}},
		{"two credentials", rightFlolive + "  username: u\n", []string{"5: sources[0].token is given beside a username or password; keep one of the two ways"}},
		{"half the credentials", strings.Replace(rightFlolive, "token: t", "username: u", 1), []string{"2: sources[0].password is missing beside sources[0].username"}},
		{"the other half", strings.Replace(rightFlolive, "token: t", "password: u", 1), []string{"2: sources[0].username is missing beside sources[0].password"}},
		{"token", strings.Replace(rightIoTX, "token: t", "token: a b", 1), []string{
			"5: sources[0].token holds a space, a line break or a character outside ASCII; a token is one word",
		}},
		{"token empty", strings.Replace(rightIoTX, "token: t", `token: ""`, 1), []string{"5: sources[0].token is empty"}},
		{"plain http", strings.Replace(rightIoTX, "https", "http", 1), []string{
			"4: sources[0].base_url is plain http to api.example; allowed: https, http to this machine (localhost, 127.0.0.1, ::1), or insecure_http: true beside it",
		}},
		{"username of two lines", strings.Replace(rightFlolive, "token: t", `username: "a\nb"`, 1) + "  password: p\n", []string{
			`5: sources[0].username is "a\nb"; allowed: text without line breaks`,
		}},
		{"path empty", "archive: {dir: ''}\n", []string{`1: archive.dir is ""; allowed: a path`}},
		{"value far too long", "log: {level: " + strings.Repeat("x", 100) + "}\n", []string{
			"1: log.level is " + strings.Repeat("x", 60) + "...; allowed: trace, debug, info, warn, error",
		}},
		{"secret's file as a list", "database_url_file: [a]\n", []string{"1: database_url_file is a list; allowed: a path"}},
		{"secret's file of an unset variable", "database_url_file: ${GONE}\n", []string{"1: database_url_file names the variable GONE, which is not set"}},
		{"EIDs from no IoT-X source", rightFlolive + "  profiles: {eids_from: [f]}\n", []string{"7: sources[0].profiles.eids_from names f; allowed: sources of api iotx-v4"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for i := range test.want {
				test.want[i] = "c.yaml:" + test.want[i]
			}
			w := world{
				env:   map[string]string{"EMPTY": "", "OTHER": "s3cr3t"},
				files: map[string]string{"c.yaml": test.file, "empty": "\n"},
			}
			_, err := w.load("c.yaml")
			wantProblems(t, err, test.want...)
		})
	}
}

func TestProblemsOfTheEnvironment(t *testing.T) {
	t.Parallel()
	w := world{env: map[string]string{
		"DATABASE_URL":            "postgres://user:s3cr3t%zz@host/db",
		"SIMSYNC_LOG_LEVEL":       "loud",
		"SIMSYNC_PUSHGATEWAY_URL": "push:9091",
		"FLOLIVE_BASE_URL":        "ftp://portal",
		"FLOLIVE_PASSWORD":        "a\nb",
		"FLOLIVE_PASSWORD_FILE":   "s3cr3t",
		"IOTX_BASE_URL":           "http://api.iot-x.com",
		"IOTX_TOKEN_FILE":         "s3cr3t",
	}}
	_, err := w.load("")
	wantProblems(t, err,
		"DATABASE_URL is not a valid postgres:// URL; percent-encode special characters in its password",
		"SIMSYNC_LOG_LEVEL is loud; allowed: trace, debug, info, warn, error",
		"SIMSYNC_PUSHGATEWAY_URL does not start with https:// or http://; allowed: an absolute https:// or http:// URL without user, query and fragment",
		"FLOLIVE_BASE_URL does not start with https:// or http://; allowed: an absolute https:// or http:// URL without user, query and fragment",
		"FLOLIVE_PASSWORD_FILE is given beside FLOLIVE_PASSWORD; keep one of the two",
		"FLOLIVE_CUSTOMERS is missing; allowed: UUIDs",
		"FLOLIVE_USERNAME is missing beside FLOLIVE_PASSWORD",
		"IOTX_TOKEN_FILE names a file that does not exist",
		"IOTX_BASE_URL is plain http to api.iot-x.com; allowed: https, http to this machine (localhost, 127.0.0.1, ::1), or insecure_http: true beside it",
	)
	_, err = world{}.load("gone.yaml")
	wantProblems(t, err, "gone.yaml does not exist; it is named by --config or SIMSYNC_CONFIG")
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	read := func(text string) (string, error) {
		var got string
		wrong := address(func(s *string) *string { return s }).set(&got, given{place: "base_url", raw: text, text: text})
		return got, errors.Join(wrong...)
	}
	for text, want := range map[string]string{
		"https://floportal.flolive.net": "https://floportal.flolive.net",
		"https://api.iot-x.com/":        "https://api.iot-x.com",
		"http://[::1]:8080/prefix/":     "http://[::1]:8080/prefix",
	} {
		if got, err := read(text); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"":                   "does not start with https:// or http://",
		"api.iot-x.com":      "does not start with https:// or http://",
		"https://":           "has no host",
		"https://:443":       "has no host",
		"https://u:p@host":   "has a user or password",
		"https://host?a=b":   "has a query",
		"https://host?":      "has a query",
		"https://host#":      "has a fragment",
		"https://ho st":      "is not a URL",
		"https://host/%zz":   "is not a URL",
		"https://host/a\nb":  "is not a URL",
		"https://host:port/": "is not a URL",
	} {
		if got, err := read(text); err == nil || !strings.HasPrefix(err.Error(), "base_url "+want+";") {
			t.Errorf("%q: %s, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]bool{
		"https://api": false, "http://localhost": false, "http://LOCALHOST:1": false, "http://127.8.9.1": false, "http://[::1]": false,
		"http://api": true, "http://10.0.0.1": true, "http://localhost.example": true, "http://[fe80::1]:80": true,
	} {
		if _, got := plainToOthers(text); got != want {
			t.Errorf("%s is plain to others: %v", text, got)
		}
	}
}

func TestDatabaseURLs(t *testing.T) {
	t.Parallel()
	for text, right := range map[string]bool{
		"postgres://user:p%40ss@host:5432/db?sslmode=require": true,
		"postgresql:///db?host=/var/run/postgresql":           true,
		"postgres://a:1,b:2/db":                               true,
		"host=db dbname=sims password='a b'":                  true,
		"service=sims":                                        true,
		"db.example":                                          false,
		"mysql://u:p@h/d?x=y":                                 false,
		"postgres://u:p%zz@h/d":                               false,
		"host=db\npassword=x":                                 false,
	} {
		if err := databaseURL(text); (err == nil) != right {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whatever the file: an answer or problems of one line each, never a panic.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{rightFlolive, rightIoTX, "a: &x [*x]", "? {a: b}\n: c", "- ", "{", "sources:\n- <<: *a", "log: !!map {}", "\t", "\"", "%YAML 9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		c, err := world{env: map[string]string{"A": "b"}, files: map[string]string{"c.yaml": file}}.load("c.yaml")
		if (c == nil) == (err == nil) {
			t.Fatalf("config %v and error %v", c, err)
		}
		if err == nil {
			return
		}
		var problems *Error
		if !errors.As(err, &problems) {
			t.Fatalf("an error of another type: %v", err)
		}
		for _, line := range problems.Problems {
			if strings.ContainsAny(line, "\n\r") || !strings.HasPrefix(line, "c.yaml") {
				t.Errorf("not one line that names the file: %q", line)
			}
		}
	})
}
