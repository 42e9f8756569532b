package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/queries"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// example is a fenced block of a page.
type example struct{ page, language, text string }

var fence = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// fencedIn are the blocks of one language in README.md and docs.
func fencedIn(t *testing.T, language string) []example {
	t.Helper()
	var found []example
	for _, page := range append(glob(t, "../../docs/*.md"), "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range fence.FindAllStringSubmatch(string(text), -1) {
			if block[1] == language {
				found = append(found, example{filepath.Base(page), language, block[2]})
			}
		}
	}
	if len(found) == 0 {
		t.Fatalf("no page has an example in %s", language)
	}
	return found
}

// TestDocumentedQueries runs every query of the documentation on a fleet synced on two
// nights, and takes back what it did.
func TestDocumentedQueries(t *testing.T) {
	db := twoNights(t)
	askEveryQuestion(t, db)
	for _, e := range fencedIn(t, "sql") {
		tx, err := db.Pool().Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), e.text); err != nil {
			t.Errorf("%s: %v\n%s", e.page, err, e.text)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// askEveryQuestion runs docs/queries as an analyst. What is answered right is tested where
// the answers are known.
func askEveryQuestion(t *testing.T, db *load.DB) {
	t.Helper()
	all, err := queries.Read(os.DirFS("../../docs/queries"))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range all {
		err := pgx.BeginTxFunc(t.Context(), db.Pool(), pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `SET LOCAL ROLE simsync_analyst`); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), q.Text)
			return err
		})
		if err != nil {
			t.Errorf("docs/queries/%s.sql: %v", q.Name, err)
		}
	}
}

// TestDocumentedCommands runs every command of the documentation, with the addresses
// and credentials of simulated providers in the place of the examples'.
func TestDocumentedCommands(t *testing.T) {
	for _, e := range fencedIn(t, "sh") {
		t.Run(e.page, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(simulator.Options{FloLIVE: 200, IoTX: 50})
			environment := environmentOf(t, sim, localpg.NewDatabase(t, migrate))
			// The page's own exports are examples; the settings are the test's.
			script := regexp.MustCompile(`(?m)^export .*\n`).ReplaceAllString(e.text, "")
			runShell(t, environment, strings.ReplaceAll(strings.ReplaceAll(script, "make build\n", ""), "bin/simsync", "simsync"))
		})
	}
}

// TestDocumentedSettings reads every settings file of the documentation.
func TestDocumentedSettings(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("a-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, e := range fencedIn(t, "yaml") {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.yaml", i))
		text := regexp.MustCompile(`/run/secrets/\S+`).ReplaceAllString(e.text, secret)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		settings, err := config.Load(file, func(name string) (string, bool) {
			return "a-value", strings.HasPrefix(name, "FLOLIVE_") || strings.HasPrefix(name, "IOTX_")
		})
		if err != nil {
			t.Errorf("%s: %v", e.page, err)
			continue
		}
		if _, err := settings.Select(nil); err != nil {
			t.Errorf("%s: %v", e.page, err)
		}
	}
}

// TestDocumentedExitCodes holds the README's table to the program's.
func TestDocumentedExitCodes(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, exit := range run.ExitsByCode() {
		retry := "no"
		if exit.Retry {
			retry = "yes"
		}
		if exit.Code == 0 {
			retry = ""
		}
		if row := fmt.Sprintf("| %d | %s | %s |\n", exit.Code, exit.Meaning, retry); !strings.Contains(string(page), row) {
			t.Errorf("README.md lacks the row\n%s", row)
		}
	}
}

// twoNights is a database that was synced on two nights of simulated providers.
func twoNights(t *testing.T) *load.DB {
	t.Helper()
	url := localpg.NewDatabase(t, migrate)
	sim := simulator.New(simulator.Options{FloLIVE: 200, IoTX: 50})
	environment := environmentOf(t, sim, url)
	runShell(t, environment, "simsync run")
	sim.NextNight()
	runShell(t, environment, "simsync run")
	db, err := load.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// environmentOf are the variables by which the program finds a database and the
// simulated providers, which end with the test.
func environmentOf(t *testing.T, sim *simulator.Simulator, url string) []string {
	t.Helper()
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	return append(os.Environ(), "DATABASE_URL="+url,
		"FLOLIVE_BASE_URL="+server.URL, "FLOLIVE_USERNAME="+simulator.DefaultUsername, "FLOLIVE_PASSWORD="+simulator.DefaultPassword,
		"FLOLIVE_CUSTOMERS="+strings.Join(sim.CustomerIDs(), ","), "IOTX_BASE_URL="+server.URL, "IOTX_TOKEN="+simulator.DefaultIoTXToken,
		"FLOLIVE_REQUESTS_PER_SECOND=0", "IOTX_REQUESTS_PER_SECOND=0")
}

func runShell(t *testing.T, environment []string, script string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", script)
	cmd.Env, cmd.Dir = environment, t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, script, out)
	}
}
