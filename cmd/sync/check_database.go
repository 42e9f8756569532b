package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/config"
	"simsync/internal/load"
)

// clockApart is how far this machine's clock and the server's may be apart before it is
// worth a word: the ledger has times of both.
const clockApart = 5 * time.Second

// connectionsBeside are those that a run opens at once, beside one for each source.
const connectionsBeside = 4

// checkDatabase returns the database where its schema is this program's; else nil.
func (f *findings) checkDatabase() *load.DB {
	db, err := connect(f.ctx, f.settings)
	if err != nil {
		f.fail("database", "", err, databaseRemedy(err))
		return nil
	}
	h, err := db.Health(f.ctx)
	if err != nil {
		f.fail("database", "", err, databaseRemedy(err))
		db.Close()
		return nil
	}
	f.checkServer(h)
	f.checkClock(h)
	f.checkConnections(h)
	f.checkTransport(db.Transport())
	if err := checkSchema(f.ctx, db); err != nil {
		f.failSchema(db, h.Role, err)
		db.Close()
		return nil
	}
	f.ok("schema", "", "this program's")
	f.checkPrivileges(db, h.Role)
	f.checkAnalysts(db)
	f.checkFreshness(db, h.Role)
	return db
}

// failSchema tells what is wrong with the schema; of a role that may not even look, what
// it lacks.
func (f *findings) failSchema(db *load.DB, role string, err error) {
	if !load.IsForbidden(err) {
		f.fail("schema", "", err, "")
		return
	}
	f.fail("schema", "", err, "The role "+role+" may not read its version: grant it what the privileges below say, and see docs/permissions.md.")
	f.checkPrivileges(db, role)
}

// checkServer looks at what the server says of itself.
func (f *findings) checkServer(h load.Health) {
	switch {
	case h.IsStandby:
		f.fail("database", "", errors.New("PostgreSQL "+h.Version+" is a standby and takes no writes"), "Have DATABASE_URL name the primary server, or several with target_session_attrs=read-write.")
	case h.IsReadOnly:
		f.fail("database", "", errors.New("transactions are read-only by default (default_transaction_read_only)"), "Take that setting off the role, the database or DATABASE_URL.")
	default:
		f.ok("database", "", "reached, PostgreSQL "+h.Version)
	}
}

// keepTime is what to do about clocks that are apart.
const keepTime = "Have both keep time by NTP: the ledger has times of both."

func (f *findings) checkClock(h load.Health) {
	apart, where := h.ClockAhead, "ahead of"
	if apart < 0 {
		apart, where = -apart, "behind"
	}
	if apart-h.Within < clockApart {
		within := (apart + h.Within).Truncate(time.Second) + time.Second // no finer than anybody needs
		f.ok("clock", "", fmt.Sprintf("the database's and this machine's agree within %s", within))
		return
	}
	f.warn("clock", "", fmt.Sprintf("the database's is %s %s this machine's", apart.Round(time.Second), where), keepTime)
}

func (f *findings) checkConnections(h load.Health) {
	need := connectionsBeside + len(f.sources)
	if h.Free >= need {
		f.ok("connections", "", fmt.Sprintf("%d are free, and a run may open %d", h.Free, need))
		return
	}
	f.warn("connections", "", fmt.Sprintf("%d are free, and a run may open %d", max(h.Free, 0), need),
		"Raise max_connections or the limit of the role or database, or see who holds the others in pg_stat_activity.")
}

func (f *findings) checkTransport(t load.Transport) {
	switch {
	case t.Host == "":
		return // nothing leaves this machine
	case t.IsPlainAllowed:
		f.warn("tls", "", "DATABASE_URL lets the connection to "+t.Host+" do without TLS, and then password and fleet are there for the network to read",
			"Add sslmode=verify-full and sslrootcert to DATABASE_URL, or at least sslmode=require.")
	case !t.IsVerified:
		f.warn("tls", "", "the connection to "+t.Host+" is encrypted, but whose server that is nobody checks", "Add sslmode=verify-full and sslrootcert to DATABASE_URL.")
	default:
		f.ok("tls", "", "the connection to "+t.Host+" is encrypted, and the server proves which one it is")
	}
}

// checkPrivileges looks for what a run does to the tables.
func (f *findings) checkPrivileges(db *load.DB, role string) {
	missing, err := db.MissingPrivileges(f.ctx)
	if err != nil {
		f.fail("privileges", "", err, "")
		return
	}
	needed := slices.DeleteFunc(slices.Clone(missing), func(p load.Privilege) bool { return p.IsForRetention })
	switch {
	case len(needed) > 0:
		f.fail("privileges", "", fmt.Errorf("the role %s lacks %s", role, counted(len(missing), "privilege")), asOwner+grants(missing, role))
	case len(missing) > 0:
		f.warn("privileges", "", "the role "+role+" may not delete what is no longer kept, so all is kept", asOwner+grants(missing, role))
	default:
		f.ok("privileges", "", "the role "+role+" has all that a run needs")
	}
}

// asOwner is who may make grants.
const asOwner = "As the owner of the schema: "

// grants are the statements that give a role privileges, one for all objects that lack
// the same. Those of one object come together, as load has them.
func grants(missing []load.Privilege, role string) string {
	var statements []string
	var lacks, of string // of the statement that is being made
	var names []string
	flush := func() {
		if names != nil {
			statements = append(statements, fmt.Sprintf("GRANT %s ON %s%s TO %s;", lacks, of, strings.Join(names, ", "), pgx.Identifier{role}.Sanitize()))
		}
	}
	for i := 0; i < len(missing); {
		p := missing[i]
		var words []string
		for ; i < len(missing) && missing[i].Kind == p.Kind && missing[i].Name == p.Name; i++ {
			words = append(words, missing[i].Privilege)
		}
		kind := strings.TrimPrefix(p.Kind+" ", "TABLE ")
		if all := strings.Join(words, ", "); all != lacks || kind != of {
			flush()
			lacks, of, names = all, kind, nil
		}
		if p.Kind == "DATABASE" { // the one name that is not ours
			p.Name = pgx.Identifier{p.Name}.Sanitize()
		}
		names = append(names, p.Name)
	}
	flush()
	return strings.Join(statements, " ")
}

// The statements that make the role of the analysts what it should be.
const (
	makeAnalysts  = "CREATE ROLE simsync_analyst NOLOGIN;"
	grantAnalysts = "GRANT USAGE ON SCHEMA fleet TO simsync_analyst; GRANT SELECT ON ALL TABLES IN SCHEMA fleet TO simsync_analyst; " +
		"ALTER DEFAULT PRIVILEGES IN SCHEMA fleet GRANT SELECT ON TABLES TO simsync_analyst;"
)

func (f *findings) checkAnalysts(db *load.DB) {
	a, err := db.Analysts(f.ctx)
	if err != nil {
		f.fail("analysts", "", err, "")
		return
	}
	f.addAnalysts(a)
}

func (f *findings) addAnalysts(a load.Analysts) {
	switch {
	case !a.Exists:
		f.warn("analysts", "", "there is no role simsync_analyst, so nobody may read the fleet but its owner", "As a superuser: "+makeAnalysts+" Then as the owner of the schema: "+grantAnalysts)
	case a.MayTrespass:
		f.warn("analysts", "", "the role simsync_analyst may enter the schema sync or private, which are not for analysts", asOwner+"REVOKE USAGE ON SCHEMA sync, private FROM simsync_analyst;")
	case !a.MayEnter, len(a.Unreadable) > 0:
		f.warn("analysts", "", "the role simsync_analyst may not read all of the fleet"+listed(a.Unreadable), asOwner+grantAnalysts)
	default:
		f.ok("analysts", "", "the role simsync_analyst reads the fleet and nothing else")
	}
}

func listed(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, ", ")
}

func databaseRemedy(err error) string {
	var settings *config.Error
	switch {
	case err == nil, errors.As(err, &settings), errors.Is(err, load.ErrTooOld): // the text says it
		return ""
	case load.IsCredentialsRefused(err):
		return "Correct the user or password of DATABASE_URL."
	case load.IsNoDatabase(err):
		return "Create the database, with CREATE DATABASE or createdb, or have DATABASE_URL name the one that is there; then run simsync migrate up."
	case load.IsForbidden(err):
		return "As the owner of the database: GRANT CONNECT ON DATABASE to the role of DATABASE_URL, as docs/permissions.md says."
	}
	return "Check that PostgreSQL runs where DATABASE_URL says, and that this machine may reach it."
}
