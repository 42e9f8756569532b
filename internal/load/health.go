package load

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Health is how the server is, for whoever looks after it.
type Health struct {
	// Version is the server's, as "15.8 (Debian 15.8-0+deb12u1)".
	Version string
	// ClockAhead is how far the server's clock is ahead of this machine's, and Within
	// how exactly that is known: half of the time that the question took.
	ClockAhead, Within time.Duration
	// IsStandby says that the server follows another and takes no writes, IsReadOnly that
	// transactions are read-only unless they say otherwise.
	IsStandby, IsReadOnly bool
	// Role is who this session is.
	Role string
	// Free is how many more connections this role may open.
	Free int
}

// Health asks the server how it is.
func (db *DB) Health(ctx context.Context) (Health, error) {
	conn, err := db.pool.Acquire(ctx) // before the clock is looked at
	if err != nil {
		return Health{}, fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Release()
	var h Health
	var clock time.Time
	asked := time.Now()
	err = conn.QueryRow(ctx, statement("health")).Scan(&h.Version, &clock, &h.IsStandby, &h.IsReadOnly, &h.Role, &h.Free)
	took := time.Since(asked)
	if err != nil {
		return Health{}, fmt.Errorf("ask the server how it is: %w", err)
	}
	h.Within = took / 2
	h.ClockAhead = clock.Sub(asked.Add(h.Within))
	return h, nil
}

// Transport is how the connection to the server is protected.
type Transport struct {
	// Host is the server's name or address; empty where it is this machine.
	Host string
	// IsPlainAllowed says that the settings let the connection do without TLS, IsVerified
	// that with TLS the server has to prove which one it is.
	IsPlainAllowed, IsVerified bool
}

// Transport tells what the database URL allows.
func (db *DB) Transport() Transport { return transportOf(db.pool.Config().ConnConfig) }

func transportOf(config *pgx.ConnConfig) Transport {
	t := Transport{Host: remote(config.Host), IsVerified: isVerified(config.TLSConfig), IsPlainAllowed: config.TLSConfig == nil}
	for _, other := range config.Fallbacks {
		if host := remote(other.Host); t.Host == "" {
			t.Host = host
		}
		if remote(other.Host) != "" && other.TLSConfig == nil {
			t.IsPlainAllowed = true
		}
	}
	return t
}

// isVerified tells whether a certificate is looked at. The driver checks that of
// sslmode=verify-ca in a function of its own.
func isVerified(c *tls.Config) bool {
	return c != nil && (!c.InsecureSkipVerify || c.VerifyPeerCertificate != nil)
}

// remote is host, or empty where that is this machine: a socket's folder, or a loopback
// address.
func remote(host string) string {
	if strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" {
		return ""
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return ""
	}
	return host
}

// Analysts is what the role of the analysts may do.
type Analysts struct {
	// Exists says that there is the role simsync_analyst.
	Exists bool
	// MayEnter says that it may use the schema fleet, MayTrespass that it may use sync or
	// private as well.
	MayEnter, MayTrespass bool
	// Unreadable are the relations of fleet that it may not read.
	Unreadable []string
}

// Analysts looks at the role of the analysts.
func (db *DB) Analysts(ctx context.Context) (Analysts, error) {
	var a Analysts
	err := db.pool.QueryRow(ctx, statement("analysts")).Scan(&a.Exists, &a.MayEnter, &a.MayTrespass, &a.Unreadable)
	if err != nil {
		return Analysts{}, fmt.Errorf("look at the role of the analysts: %w", err)
	}
	return a, nil
}

// SourceFreshness is how fresh a source of the settings is, as fleet.freshness has it,
// also where that knows nothing of it.
type SourceFreshness struct {
	Source string
	// CompleteAsOf is as of when the last complete run left the data; nil: none did.
	CompleteAsOf *time.Time
	// LoadedAsOf is as of when anything was last loaded; nil: nothing ever was.
	LoadedAsOf *time.Time
	// AttemptedAt is when the last run began, AttemptedOutcome how it ended, or running
	// or killed; nil: there was none.
	AttemptedAt      *time.Time
	AttemptedOutcome *string
	// AttemptsSince counts the runs since the last complete one.
	AttemptsSince int64
	// IsHeld says that a run holds the source now.
	IsHeld bool
}

// Freshness tells how fresh sources are, in their order.
func (db *DB) Freshness(ctx context.Context, sources []string) ([]SourceFreshness, error) {
	found, err := collect(ctx, db.pool, pgx.RowToStructByPos[SourceFreshness], "freshness", sources, lockSpace)
	if err != nil {
		return nil, fmt.Errorf("read how fresh the sources are: %w", err)
	}
	return found, nil
}
