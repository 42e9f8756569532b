package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/report"
)

var findings = []report.Finding{
	{Check: "settings", Level: report.LevelOK, Text: "2 sources"},
	{Check: "source", Source: "iotx", Level: report.LevelFail, Text: "credentials refused\nHTTP status 401", Remedy: "Renew the token."},
	{Check: "details", Source: "flolive", Level: report.LevelWarn, Text: "odd: \x1b[2J.", Remedy: "Look."},
}

func TestCheckLine(t *testing.T) {
	for _, test := range []struct {
		name  string
		style report.Style
		want  string
	}{
		{"a line each", report.Style{}, `
ok    settings: 2 sources
FAIL  source iotx: credentials refused; HTTP status 401. Renew the token.
warn  details of flolive: odd: ` + "\uFFFD" + `[2J. Look.
`},
		{"narrow and coloured", report.Style{Width: 40, Color: true}, `
` + "\x1b[32mok\x1b[0m" + `    settings: 2 sources
` + "\x1b[31mFAIL\x1b[0m" + `  source iotx: credentials refused;
      HTTP status 401. Renew the token.
` + "\x1b[33mwarn\x1b[0m" + `  details of flolive: odd: ` + "\uFFFD" + `[2J.
      Look.
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b strings.Builder
			for _, f := range findings {
				if err := report.CheckLine(&b, f, test.style); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), b.String()); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckJSON(t *testing.T) {
	want := `{
  "is_ok": false,
  "findings": [
    {
      "check": "source",
      "source": "iotx",
      "level": "fail",
      "text": "credentials refused\nHTTP status 401",
      "remedy": "Renew the token."
    }
  ]
}
`
	var b strings.Builder
	if err := report.CheckJSON(&b, findings[1:2]); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	b.Reset()
	if err := report.CheckJSON(&b, nil); err != nil || b.String() != "{\n  \"is_ok\": true,\n  \"findings\": []\n}\n" {
		t.Errorf("of nothing: %v\n%s", err, b.String())
	}
}
