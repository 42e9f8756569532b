package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/rs/zerolog"
	"pgregory.net/rapid"
)

// printouts is a value in every form that ends up in a log by accident.
func printouts(t rapid.TB, value any) string {
	var b strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%40.3v"} {
		fmt.Fprintf(&b, verb+"\n", value)
	}
	// fmt does not ask a value in an unexported field how it wants to be printed.
	fmt.Fprintf(&b, "%+v %#v\n", struct{ hidden any }{value}, struct{ hidden any }{value})
	v1, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	v2, err := jsonv2.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	logger := zerolog.New(&log)
	logger.Info().Any("value", value).Send()
	b.Write(slices.Concat(v1, v2, log.Bytes()))
	return b.String()
}

func TestSecretDoesNotPrint(t *testing.T) {
	t.Parallel()
	s := NewSecret("hunter2")
	type holder struct{ secret Secret }
	if out := printouts(t, s) + s.GoString() + fmt.Sprintf("%v %+v %#v", holder{s}, holder{s}, []holder{{s}}); strings.Contains(out, "hunter2") {
		t.Errorf("the secret is printed:\n%s", out)
	}
	if fmt.Sprint(s) != "[redacted]" || fmt.Sprint(Secret{}) != "" {
		t.Errorf("prints as %v, and none as %v", s, Secret{})
	}
	if !s.Equal(NewSecret("hunter2")) || s.Equal(Secret{}) || !NewSecret("").IsZero() || s.Reveal() != "hunter2" {
		t.Error("a secret is its text")
	}
}

// Whatever the settings are and whatever is wrong with them, no secret of theirs is in the error or in a printout of what was loaded.
func TestNoSecretGetsOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// The head keeps secrets apart from other text; the tail is what makes parsers stumble.
		draw := func(label string) string {
			return "s3cr3t" + rapid.StringMatching(`[A-Za-z0-9 :#"'{}\[\],&*!|>%@\\$\n\t/?=-]{0,12}`).Draw(t, label)
		}
		var file strings.Builder
		w := world{env: map[string]string{}, files: map[string]string{}}
		line := func(key, value string) {
			form := rapid.SampledFrom([]string{"bare", "quoted", "variable", "file", "list"}).Draw(t, key+" as")
			switch form {
			case "bare":
				fmt.Fprintf(&file, "%s: %s\n", key, value)
			case "quoted":
				fmt.Fprintf(&file, "%s: %q\n", key, value)
			case "variable":
				w.env["V"+fmt.Sprint(len(w.env))] = value
				fmt.Fprintf(&file, "%s: ${V%d}\n", key, len(w.env)-1)
			case "list":
				fmt.Fprintf(&file, "%s: [%q]\n", key, value)
			default:
				w.files["f"+fmt.Sprint(len(w.files))] = value
				fmt.Fprintf(&file, "%s_file: f%d\n", key, len(w.files)-1)
			}
		}
		line("database_url", draw("database"))
		file.WriteString("sources:\n- name: a\n  base_url: https://u:" + "s3cr3t" + "@host\n")
		file.WriteString("  api: " + rapid.SampledFrom([]string{"flolive-v2", "iotx-v4", "other"}).Draw(t, "api") + "\n")
		for _, key := range []string{"token", "password"} {
			line("  "+key, draw(key))
		}
		if rapid.Bool().Draw(t, "environment") {
			w.env["DATABASE_URL"] = rapid.SampledFrom([]string{"postgres://u:s3cr3t%zz@h/d", "s3cr3t", "host=h password=s3cr3t"}).Draw(t, "DATABASE_URL")
			w.env["SIMSYNC_PUSHGATEWAY_URL"] = "http://u:s3cr3t@push"
		}
		w.files["c.yaml"] = file.String()
		c, err := w.load("c.yaml")
		out := fmt.Sprintf("%v %+v %#v", err, err, err)
		if err == nil {
			out += printouts(t, c)
		}
		if strings.Contains(out, "s3cr3t") {
			t.Errorf("a secret is printed:\n%s\nof the file:\n%s", out, file.String())
		}
	})
}
