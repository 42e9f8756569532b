package load

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestTransport(t *testing.T) {
	for url, want := range map[string]Transport{
		"postgres://db.example/fleet?sslmode=disable":                 {Host: "db.example", IsPlainAllowed: true},
		"postgres://db.example/fleet?sslmode=allow":                   {Host: "db.example", IsPlainAllowed: true},
		"postgres://db.example/fleet":                                 {Host: "db.example", IsPlainAllowed: true}, // sslmode=prefer
		"postgres://db.example/fleet?sslmode=require":                 {Host: "db.example"},
		"postgres://db.example/fleet?sslmode=verify-full":             {Host: "db.example", IsVerified: true},
		"postgres://192.0.2.7/fleet?sslmode=verify-full":              {Host: "192.0.2.7", IsVerified: true},
		"postgres://127.0.0.1,db.example/fleet?sslmode=disable":       {Host: "db.example", IsPlainAllowed: true},
		"postgres://localhost/fleet?sslmode=disable":                  {IsPlainAllowed: true},
		"postgres://[::1]/fleet?sslmode=disable":                      {IsPlainAllowed: true},
		"postgres:///fleet?host=/var/run/postgresql":                  {IsPlainAllowed: true},
		"postgres://a.example,b.example/fleet?sslmode=verify-full":    {Host: "a.example", IsVerified: true},
		"host=db.example dbname=fleet sslmode=require user=simsync_x": {Host: "db.example"},
	} {
		t.Run(url, func(t *testing.T) {
			config, err := pgx.ParseConfig(url)
			if err != nil {
				t.Fatal(err)
			}
			if got := transportOf(config); got != want {
				t.Errorf("transport is %+v, want %+v", got, want)
			}
		})
	}
}
