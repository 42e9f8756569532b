package transform

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
)

var update = flag.Bool("update", false, "write what the records became over the golden files")

// TestGolden holds what the examples of the providers' own pages become: the answer of
// floLIVE's "Get All Customer Subscribers", mended to be JSON, and the examples of the
// members of IoT-X's SubscriberResponse put together. The hashes in it are those in
// databases: where they change, contentVersion must be raised.
func TestGolden(t *testing.T) {
	t.Run("flolive", func(t *testing.T) {
		golden(t, "flolive", (*Batch).FloLIVE)
	})
	t.Run("iotx", func(t *testing.T) {
		golden(t, "iotx", func(b *Batch, rec fetch.Record[iotx.Subscriber]) { b.IoTX(rec, received) })
	})
}

func golden[R flolive.Subscriber | iotx.Subscriber](t *testing.T, name string, add func(*Batch, fetch.Record[R])) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var elements []jsontext.Value
	if err := json.Unmarshal(text, &elements); err != nil {
		t.Fatal(err)
	}
	var b Batch
	for _, raw := range elements {
		add(&b, record[R](string(raw)))
	}
	got, err := json.Marshal(b, jsontext.Multiline(true), jsontext.WithIndent("  "))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, path, string(append(got, '\n')), string(want))
}
