package flolive_test

import (
	"strings"
	"testing"
	"time"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

func TestOptions(t *testing.T) {
	for want, change := range map[string]func(*flolive.Options){
		"chunk size is 10001":          func(o *flolive.Options) { o.ChunkSize = 10_001 },
		"chunk size is -1":             func(o *flolive.Options) { o.ChunkSize = -1 },
		"PIT keep-alive is 31m0s":      func(o *flolive.Options) { o.KeepAlive = 31 * time.Minute },
		"PIT keep-alive is 30s":        func(o *flolive.Options) { o.KeepAlive = 30 * time.Second },
		"PIT keep-alive is 1m30s":      func(o *flolive.Options) { o.KeepAlive = 90 * time.Second },
		"session attempts is -1":       func(o *flolive.Options) { o.SessionAttempts = -1 },
		"neither a token nor a user":   func(o *flolive.Options) { o.Password = "" },
		"must be http:// or https://":  func(o *flolive.Options) { o.Client.BaseURL = "" },
		"requests per second is -1":    func(o *flolive.Options) { o.Client.RequestsPerSecond = -1 },
		"request timeout is -1s, must": func(o *flolive.Options) { o.Client.RequestTimeout = -time.Second },
	} {
		o := flolive.Options{Client: fetch.Options{BaseURL: "https://floportal.flolive.net"}, Username: "u", Password: "p"}
		if _, err := flolive.New(o); err != nil {
			t.Fatal(err)
		}
		change(&o)
		if _, err := flolive.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
