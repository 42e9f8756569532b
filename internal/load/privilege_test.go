package load_test

import (
	"cmp"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"simsync/internal/load"
)

var grant = regexp.MustCompile(`(?m)^GRANT ([A-Z, ]+) ON (SCHEMA |SEQUENCE |ALL TABLES IN SCHEMA )?([a-z_., ]+) TO simsync_run;`)

// TestNeededPrivilegesAreDocumented holds what is looked for to the grants that the
// documentation has operators make, both ways.
func TestNeededPrivilegesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/permissions.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := []load.Privilege{{Kind: "DATABASE", Privilege: "CONNECT"}, {Kind: "DATABASE", Privilege: "TEMPORARY"}} // in prose
	for _, g := range grant.FindAllStringSubmatch(string(page), -1) {
		kind, names := strings.TrimSpace(g[2]), strings.Split(g[3], ", ")
		switch {
		case g[3] == "fleet.freshness": // a run does not read it
			continue
		case kind == "":
			kind = "TABLE"
		case kind == "ALL TABLES IN SCHEMA" && g[3] == "private":
			kind, names = "TABLE", []string{"private.contact", "private.contact_identity"}
		}
		for _, name := range names {
			for privilege := range strings.SplitSeq(g[1], ", ") {
				documented = append(documented, load.Privilege{Kind: kind, Name: name, Privilege: privilege})
			}
		}
	}
	needed := load.NeededPrivileges()
	for _, all := range [][]load.Privilege{documented, needed} {
		for i := range all {
			all[i].IsForRetention = false
		}
		slices.SortFunc(all, func(a, b load.Privilege) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Privilege, b.Privilege))
		})
	}
	if diff := gocmp.Diff(documented, needed); diff != "" {
		t.Errorf("privileges in docs/permissions.md (-) and looked for (+):\n%s", diff)
	}
}
