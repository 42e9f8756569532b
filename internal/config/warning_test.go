package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWarnings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secrets := map[string]os.FileMode{"open": 0o644, "group": 0o640, "closed": 0o600}
	for name, mode := range secrets {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("t-1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil { // whatever the umask says
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "simsync.yaml")
	text := "sources: [{name: iotx, api: iotx-v4, base_url: '${IOTX_BASE_URL}', token_file: open}]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		file string
		env  map[string]string
		want []string
	}{
		{"all that is set is used", "", map[string]string{"IOTX_BASE_URL": "https://a", "IOTX_TOKEN_FILE": filepath.Join(dir, "closed")}, nil},
		{"the group may read", "", map[string]string{"IOTX_BASE_URL": "https://a", "IOTX_TOKEN_FILE": filepath.Join(dir, "group")}, nil},
		{
			"everybody may read", "",
			map[string]string{"IOTX_BASE_URL": "https://a", "IOTX_TOKEN_FILE": filepath.Join(dir, "open")},
			[]string{"IOTX_TOKEN_FILE names a secret's file that every user of this machine may read"},
		},
		{
			"no source", "",
			map[string]string{"FLOLIVE_TOKEN": "t-1", "FLOLIVE_PASSWORD_FILE": "none", "IOTX_TOKEN": ""},
			[]string{"FLOLIVE_PASSWORD_FILE is set and describes nothing", "FLOLIVE_TOKEN is set and describes nothing"},
		},
		{
			"beside a file", file,
			map[string]string{"IOTX_BASE_URL": "https://a", "IOTX_TOKEN": "t-1", "FLOLIVE_BASE_URL": "https://b"},
			[]string{
				file + ":1: sources[0].token_file names a secret's file that every user of this machine may read",
				"FLOLIVE_BASE_URL is set, and the settings file does not use it",
				"IOTX_TOKEN is set, and the settings file does not use it",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			settings, err := Load(test.file, func(name string) (string, bool) { value, ok := test.env[name]; return value, ok })
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range settings.Warnings {
				got = append(got, w.Text)
				if w.Remedy == "" {
					t.Errorf("%s: and what to do?", w.Text)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}
