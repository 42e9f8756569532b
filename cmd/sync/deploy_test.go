package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/goccy/go-yaml"

	"simsync/internal/config"
	"simsync/internal/run"
)

// A job's pod is tried again after the exit codes that a retry may mend, and given up
// at once after the others: by the program's own table.
func TestManifestsKnowTheExitCodes(t *testing.T) {
	byAction := map[string][]int{}
	for _, exit := range run.ExitsByCode() {
		switch {
		case exit.Retry:
			byAction["Count"] = append(byAction["Count"], exit.Code)
		case exit.Code != 0:
			byAction["FailJob"] = append(byAction["FailJob"], exit.Code)
		}
	}
	for _, file := range []string{"base/cronjob.yaml", "base/migrate.yaml", "overlays/backfill/backfill.yaml"} {
		rules := exitRules(t, filepath.Join("../../deploy/kubernetes", file))
		for action, want := range byAction {
			got, given := rules[action]
			if action == "Count" && !given && file == "base/migrate.yaml" {
				continue // counting is what happens to a code that no rule names
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s at %v, the program says %v", file, action, got, want)
			}
		}
	}
}

// exitRules are a job's exit codes by the action that they lead to.
func exitRules(t *testing.T, path string) map[string][]int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	codes := make(map[string][]int)
	for _, where := range []string{"$.spec", "$.spec.jobTemplate.spec"} { // a Job's, a CronJob's
		at, err := yaml.PathString(where + ".podFailurePolicy.rules")
		if err != nil {
			t.Fatal(err)
		}
		var rules []struct {
			Action      string
			OnExitCodes struct{ Values []int } `yaml:"onExitCodes"`
		}
		if err := at.Read(bytes.NewReader(text), &rules); err != nil && !errors.Is(err, yaml.ErrNotFoundNode) {
			t.Fatal(err)
		}
		for _, rule := range rules {
			if rule.OnExitCodes.Values != nil {
				codes[rule.Action] = rule.OnExitCodes.Values
			}
		}
	}
	return codes
}

// The overlays' settings are settings, once their Secrets are there.
func TestManifestSettings(t *testing.T) {
	for _, path := range glob(t, "../../deploy/kubernetes/overlays/*/simsync.yaml") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		secret := filepath.Join(dir, "secret")
		file := filepath.Join(dir, "simsync.yaml")
		mounted := regexp.MustCompile(`/run/secrets/\S+`).ReplaceAll(text, []byte(secret))
		for name, content := range map[string][]byte{secret: []byte("a-secret\n"), file: mounted} {
			if err := os.WriteFile(name, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		settings, err := config.Load(file, func(string) (string, bool) { return "", false })
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if _, err := settings.Select(nil); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// The image is built by the Go that go.mod names, as make build builds, for nobody's
// number.
func TestImageIsBuiltAsTheProgramIs(t *testing.T) {
	read := func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	dockerfile, makefile := read("../../deploy/Dockerfile"), read("../../Makefile")
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(read("../../go.mod"))[1]
	for _, want := range []string{"golang:" + version + "-", "FROM scratch\n", "USER 65532:65532\n", "CGO_ENABLED=0", "-X main.version=${VERSION} -X main.commit=${COMMIT}"} {
		if !strings.Contains(dockerfile, want) {
			t.Errorf("deploy/Dockerfile lacks %q", want)
		}
	}
	for _, flag := range []string{"CGO_ENABLED=0", "-trimpath"} {
		if !strings.Contains(dockerfile, flag) || !strings.Contains(makefile, flag) {
			t.Errorf("%s is not in both", flag)
		}
	}
}

// dashboard is what of a Grafana dashboard asks for data.
type dashboard struct {
	Templating struct {
		List []struct{ Type, Query string }
	}
	Panels []struct {
		Title   string
		Targets []struct{ RawSQL, Expr string }
	}
}

// The dashboard's queries run as an analyst, with Grafana's macros filled in as it
// fills them in; its expressions are what promtool takes for PromQL.
func TestDashboard(t *testing.T) {
	text, err := os.ReadFile("../../deploy/grafana/fleet.json")
	if err != nil {
		t.Fatal(err)
	}
	var board dashboard
	if err := json.Unmarshal(text, &board, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	var queries, expressions []string
	for _, variable := range board.Templating.List {
		if variable.Type == "query" {
			queries = append(queries, variable.Query)
		}
	}
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			queries, expressions = append(queries, target.RawSQL), append(expressions, target.Expr)
		}
	}
	none := func(text string) bool { return text == "" }
	askAsAnalyst(t, slices.DeleteFunc(queries, none))
	checkPromQL(t, slices.DeleteFunc(expressions, none))
}

// askAsAnalyst runs queries on a synced fleet; each has an answer.
func askAsAnalyst(t *testing.T, queries []string) {
	t.Helper()
	db := twoNights(t)
	conn, err := db.Pool().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), "SET ROLE simsync_analyst"); err != nil {
		t.Fatal(err)
	}
	span := regexp.MustCompile(`\$__timeFilter\((\w+)\)`)
	for _, query := range queries {
		query = strings.ReplaceAll(span.ReplaceAllString(query, "$1 BETWEEN now() - interval '30 days' AND now()"), "${source:sqlstring}", "'flolive','iotx'")
		tag, err := conn.Exec(t.Context(), query)
		if err != nil || tag.RowsAffected() == 0 {
			t.Errorf("%d rows, %v:\n%s", tag.RowsAffected(), err, query)
		}
	}
	if len(queries) < 8 {
		t.Errorf("only %d queries", len(queries))
	}
}

// checkPromQL has promtool read expressions, as rules.
func checkPromQL(t *testing.T, expressions []string) {
	t.Helper()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Log("promtool is not installed (apt-get install prometheus): the expressions were not read")
		return
	}
	var rules strings.Builder
	rules.WriteString("groups:\n  - name: dashboard\n    rules:\n")
	for i, expression := range expressions {
		fmt.Fprintf(&rules, "      - {record: 'dashboard:%d', expr: %q}\n", i, expression)
	}
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, []byte(rules.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), promtool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("promtool: %v\n%s\n%s", err, out, rules.String())
	}
}

// Each alert fires where it should and nowhere else, and tells a person where to read on.
func TestAlerts(t *testing.T) {
	text, err := os.ReadFile("../../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`- alert: (\w+)`).FindAllStringSubmatch(string(text), -1)
	if len(names) < 6 {
		t.Errorf("%d alerts", len(names))
	}
	for _, name := range names {
		if runbook := "runbook: docs/operate.md#" + strings.ToLower(name[1]) + "\n"; !strings.Contains(string(text), runbook) || !strings.Contains(string(page), "\n### "+name[1]+"\n") {
			t.Errorf("docs/operate.md does not tell what to do about %s", name[1])
		}
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed (apt-get install prometheus): the alerts were not tried")
	}
	if out, err := exec.CommandContext(t.Context(), promtool, "test", "rules", "../../deploy/prometheus/alerts_test.yaml").CombinedOutput(); err != nil {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}

// Names of objects in the commands of the operator's page are those of the manifests.
func TestOperatorsPageNamesWhatThereIs(t *testing.T) {
	page, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range regexp.MustCompile(`deploy/[\w/.-]*\w`).FindAllString(string(page), -1) {
		if _, err := os.Stat(filepath.Join("../..", file)); err != nil {
			t.Errorf("docs/operate.md: %v", err)
		}
	}
	var manifests strings.Builder
	for _, path := range append(glob(t, "../../deploy/kubernetes/base/*.yaml"), glob(t, "../../deploy/kubernetes/overlays/*/*.yaml")...) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		manifests.Write(text)
	}
	made := []string{"simsync-first", "simsync-after-rotation", "simsync-ask"} // by the page itself
	for _, name := range regexp.MustCompile(`(?:job/|job |cronjob/|cronjob |secret generic )(simsync[\w-]*)`).FindAllStringSubmatch(string(page), -1) {
		if !slices.Contains(made, name[1]) && !regexp.MustCompile(`(name|secretName): `+name[1]+`\b`).MatchString(manifests.String()) {
			t.Errorf("docs/operate.md speaks of %s, and no manifest does", name[1])
		}
	}
}
