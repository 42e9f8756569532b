package run_test

import (
	"strings"
	"testing"

	"simsync/internal/simulator"
)

// personal is every text of every contact that is told from other texts.
func (w *world) personal() []string {
	var all []string
	for d := range w.sim.FloLIVEDetailTruth() {
		for _, c := range d.Contacts {
			all = append(all, c.ID, c.Email, c.LastName, c.Birthdate, c.Landline, c.Mobile, c.Additional, c.Remarks)
			if len(c.Birthdate) > 0 {
				all = append(all, c.Birthdate[8:]+c.Birthdate[5:7]+c.Birthdate[:4])
			}
			for _, i := range c.Identities {
				all = append(all, i.Number)
			}
		}
	}
	return all
}

// wantNothingPersonal looks through all tables but those of the schema private, and
// the log.
func (w *world) wantNothingPersonal() {
	w.t.Helper()
	var text strings.Builder
	text.WriteString(w.logs.String())
	for _, table := range w.lines(`SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname IN ('fleet', 'sync', 'public') AND c.relkind = 'r'`) {
		for _, row := range w.lines(`SELECT t::text || coalesce(to_jsonb(t) ->> 'record', '') || coalesce(convert_from(decode(substr(to_jsonb(t) ->> 'record_bytes', 3), 'hex'), 'LATIN1'), '') FROM ` + table + ` t`) {
			text.WriteString(row + "\n")
		}
	}
	all := text.String()
	for _, word := range w.personal() {
		if len(word) > 3 && strings.Contains(all, word) {
			w.t.Errorf("%q of a contact is in a table or the log", word)
			return
		}
	}
}

// With drop nothing of a contact is anywhere; with keep it is in private alone, until
// the setting goes back, even with details off.
func TestContactsAreKeptAndDropped(t *testing.T) {
	o := ordinary
	o.BadShare = 0.1
	inEnrichedWorld(t, o, func(w *world) {
		held := func() int {
			return query[int](w, `SELECT (SELECT count(*) FROM private.contact) + (SELECT count(*) FROM private.contact_identity)`)
		}
		spoil := func() {
			w.sim.ClearFaults()
			w.sim.Inject(simulator.Fault{Kind: simulator.BadRecord, On: simulator.Detail, From: 3, Count: 10})
		}
		spoil()
		w.wantOK()
		if n := held(); n != 0 {
			t.Errorf("%d contacts and identities, want none", n)
		}
		w.wantNothingPersonal()
		if n := query[int](w, `SELECT count(*) FROM sync.reject WHERE listing = 'details'`); n < 10 {
			t.Errorf("only %d rejects of details to look through", n)
		}

		w.flolive().KeepContacts = true
		w.exec(`UPDATE sync.detail_request SET asked_at = asked_at - interval '8 days'`)
		spoil()
		w.wantOK()
		w.wantNothingPersonal()
		if n := held(); n < 100 {
			t.Errorf("only %d contacts and identities kept", n)
		}
		w.flolive().KeepContacts, w.flolive().Details.MaxRequests = false, 0
		w.wantOK()
		if n := held(); n != 0 {
			t.Errorf("%d contacts and identities left of a source that keeps none", n)
		}
		w.wantNothingPersonal()
	})
}
