package migrations

import (
	command "os/exec"
	"regexp"
	"strings"
	"testing"

	"simsync/internal/localpg"
)

// Every command of psql that docs/analysts.md shows answers an analyst, and with words.
func TestAnalystsFindTheirWay(t *testing.T) {
	t.Parallel()
	psql, err := command.LookPath("psql")
	if err != nil {
		t.Skip("psql is not installed")
	}
	commands := regexp.MustCompile(`(?m)^fleet=> (.*)$`).FindAllStringSubmatch(string(readFile(t, "../docs/analysts.md")), -1)
	if len(commands) == 0 {
		t.Fatal("docs/analysts.md shows no command of psql")
	}
	args := []string{"--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname=" + localpg.NewDatabase(t, up), "--command=SET ROLE simsync_analyst"}
	for _, shown := range commands {
		args = append(args, `--command=\echo `+strings.ReplaceAll(shown[1], `\`, `\\`), "--command="+shown[1])
	}
	out, err := command.CommandContext(t.Context(), psql, args...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "Did not find") {
		t.Errorf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"The fleet as the providers tell it", "One row per live subscriber", "The fleet as it was known at a moment", "Our key, the same for ever",
		"There are five: active", "Finds subscribers by ICCID", "CROSS JOIN LATERAL", "FROM fleet.subscriber_version v",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("nothing says %q:\n%s", want, out)
		}
	}
}
