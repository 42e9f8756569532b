package load

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Privilege is something that a role may do with a database object, in the words of
// GRANT.
type Privilege struct {
	Kind      string // TABLE, SEQUENCE, SCHEMA or DATABASE
	Name      string
	Privilege string
	// IsForRetention says that a run does without it: what is no longer kept then stays.
	IsForRetention bool
}

// needed is what the role needs that runs every night. A test holds it to
// docs/permissions.md.
var needed = []struct{ kind, names, privileges string }{
	{"DATABASE", "", "CONNECT TEMPORARY"}, // this database, whatever its name
	{"SCHEMA", "fleet private sync", "USAGE"},
	{"TABLE", "fleet.subscriber fleet.contract fleet.customer fleet.network_state fleet.data_usage", "SELECT INSERT UPDATE"},
	{"TABLE", "fleet.subscriber_imsi fleet.subscriber_detail fleet.subscriber_offer fleet.esim_profile fleet.esim_profile_imsi", "SELECT INSERT UPDATE DELETE"},
	{"TABLE", "fleet.tariff_usage", "SELECT INSERT DELETE"},
	{"TABLE", "private.contact private.contact_identity", "SELECT INSERT UPDATE DELETE"},
	{"TABLE", "fleet.subscriber_history", "SELECT INSERT DELETE"},
	{"SEQUENCE", "fleet.subscriber_key_block", "USAGE"},
	{"TABLE", "sync.schema_version", "SELECT"},
	{"TABLE", "sync.run", "SELECT INSERT UPDATE DELETE"},
	{"TABLE", "sync.walk sync.detail_request sync.profile_request sync.change_request", "SELECT INSERT UPDATE"},
	{"TABLE", "sync.reject", "SELECT INSERT DELETE"},
	{"TABLE", "sync.kept", "SELECT UPDATE"},
}

// NeededPrivileges are those of the role that runs every night; the database, whatever it
// is called, has no name in them.
func NeededPrivileges() []Privilege {
	var all []Privilege
	for _, n := range needed {
		for name := range strings.SplitSeq(n.names, " ") {
			for privilege := range strings.FieldsSeq(n.privileges) {
				all = append(all, Privilege{n.kind, name, privilege, isForRetention(name, privilege)})
			}
		}
	}
	return all
}

// isForRetention tells the rights that docs/permissions.md says one can do without.
func isForRetention(name, privilege string) bool {
	return name == "sync.kept" || privilege == "DELETE" && slices.Contains([]string{"fleet.subscriber_history", "sync.run", "sync.reject"}, name)
}

// MissingPrivileges are the needed ones that this role does not have.
func (db *DB) MissingPrivileges(ctx context.Context) ([]Privilege, error) {
	var kinds, names, privileges []string
	database := db.pool.Config().ConnConfig.Database
	for _, p := range NeededPrivileges() {
		if p.Kind == "DATABASE" {
			p.Name = database
		}
		kinds, names, privileges = append(kinds, p.Kind), append(names, p.Name), append(privileges, p.Privilege)
	}
	missing, err := collect(ctx, db.pool, readPrivilege, "privileges", kinds, names, privileges)
	if err != nil {
		return nil, fmt.Errorf("look at the privileges of the role: %w", err)
	}
	return missing, nil
}

func readPrivilege(row pgx.CollectableRow) (Privilege, error) {
	var p Privilege
	err := row.Scan(&p.Kind, &p.Name, &p.Privilege)
	p.IsForRetention = isForRetention(p.Name, p.Privilege)
	return p, err
}
