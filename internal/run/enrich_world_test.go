package run_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/simulator"
)

// inEnrichedWorld is a world whose floLIVE source asks for details.
func inEnrichedWorld(t *testing.T, o simulator.Options, test func(w *world)) {
	t.Helper()
	inWorld(t, o, func(w *world) {
		w.flolive().Details = config.Details{RefreshAfter: 7 * 24 * time.Hour, Concurrency: 4, MaxRequests: 100_000}
		test(w)
	})
}

// detailRequests is how many were made for details since the last time, repeats
// included.
func (w *world) detailRequests() int {
	n := w.sim.Stats().Requests[simulator.Detail]
	w.sim.ResetStats()
	return n
}

// atRequest acts when a run has made so many requests for details or profiles.
func (w *world) atRequest(n int64, act func()) {
	var made atomic.Int64
	transport := &http.Transport{DialContext: w.network.DialContext}
	w.options = w.options.WithClient(func(o *fetch.Options) {
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasPrefix(r.URL.Path, "/api/v2/subscriber/") && made.Add(1) == n {
				act()
			}
			return transport.RoundTrip(r)
		})
	})
}

// calm takes back what atRequest does.
func (w *world) calm() {
	w.options = w.options.WithClient(func(o *fetch.Options) { o.Transport = &http.Transport{DialContext: w.network.DialContext} })
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// CloseIdleConnections lets nothing go: the transport behind is the world's to close.
func (f roundTripper) CloseIdleConnections() {}

// detailsSQL words the details of live subscribers as detailText does, each behind its
// subscriberId and ICCID.
const detailsSQL = `
SELECT s.subscriber_id || ' ' || s.iccid, concat_ws('|', coalesce(d.alias, ''), array_to_string(d.tags, ','), array_to_string(d.system_labels, ','),
    array_to_string(d.user_labels, ','), coalesce(d.longitude::text, ''), coalesce(d.latitude::text, ''), coalesce(d.mcc, ''), coalesce(d.mnc, ''),
    coalesce(d.lac, ''), coalesce(d.cid, ''), coalesce(d.last_rat_type, ''), coalesce(d.last_rat_type_label, ''), coalesce(d.last_data_rat_type, ''),
    coalesce(d.last_data_rat_type_label, ''), coalesce(d.last_apn, ''), d.is_in_data_session::text, ` + momentSQL + `(d.last_data_session_at AT TIME ZONE 'UTC', ` + momentForm + `), ''),
    coalesce(host(d.last_ip), ''), ` + momentSQL + `(d.first_activated_at AT TIME ZONE 'UTC', ` + momentForm + `), ''),
    coalesce((SELECT string_agg(concat(e ->> 'keyName', '=', e ->> 'keyValue'), ',' ORDER BY n) FROM jsonb_array_elements(d.custom_fields) WITH ORDINALITY f (e, n)), ''),
    coalesce(d.extra ->> 'lastDataSessionRecord', ''), coalesce(d.extra -> 'simFormFactor' ->> 'name', ''),
    CASE WHEN d.extra ? 'lastKnownLocation' THEN 'raw' ELSE '' END, array_to_string(d.flags, ','))
    || coalesce((SELECT string_agg(concat_ws('|', E'\noffer', o.offer_id, o.name, coalesce(o.description, ''), ` + momentSQL + `(o.attached_at AT TIME ZONE 'UTC', ` + momentForm + `), ''),
        coalesce(o.renews_on::text, ''), coalesce(o.expires_on::text, ''), o.priority, array_to_string(o.linked_offer_ids, ',')), '' ORDER BY o.ordinal)
        FROM fleet.subscriber_offer o WHERE o.subscriber_key = s.subscriber_key), '')
    || coalesce((SELECT string_agg(concat_ws('|', E'\ncontact', c.contact_id, coalesce(c.email_address, ''), coalesce(c.type, ''), coalesce(c.role, ''), coalesce(c.salutation, ''),
        coalesce(c.first_name, ''), coalesce(c.middle_name, ''), coalesce(c.last_name, ''), coalesce(c.gender, ''), coalesce(c.birthdate::text, ''),
        coalesce(c.landline_phone, ''), coalesce(c.mobile_phone, ''), coalesce(c.additional_phone, ''), coalesce(c.remarks, ''),
        (SELECT string_agg(concat(i.id_type, '=', i.id_number), ',' ORDER BY i.place) FROM private.contact_identity i
            WHERE (i.subscriber_key, i.ordinal) = (c.subscriber_key, c.ordinal))), '' ORDER BY c.ordinal)
        FROM private.contact c WHERE c.subscriber_key = s.subscriber_key), '')
FROM fleet.subscriber s
JOIN fleet.subscriber_detail d ON d.subscriber_key = s.subscriber_key
WHERE s.removed_at IS NULL`

const (
	momentSQL  = `coalesce(to_char`
	momentForm = `'YYYY-MM-DD HH24:MI:SS.US'`
)

// detailText words what the simulator says of a subscriber, contacts only where they
// are kept.
func detailText(d simulator.FloLIVEDetail, contacts bool) string {
	var flags []string
	longitude, latitude := d.Longitude, d.Latitude
	if d.OutOfRange {
		longitude, latitude, flags = "", "", append(flags, "location_range")
	}
	switch d.BadField {
	case simulator.DetailLastIP:
		d.LastIP, flags = "", append(flags, "last_ip_rejected")
	case simulator.DetailFirstActivated:
		d.FirstActivated, flags = "", append(flags, "first_activated_time_rejected")
	case simulator.DetailRenewalDate:
		d.Offers = slices.Clone(d.Offers)
		d.Offers[0].Renews, flags = "", append(flags, "offer_rejected")
	}
	var custom []string
	for _, f := range d.CustomFields {
		custom = append(custom, f.Key+"="+f.Value)
	}
	formFactor := ""
	if d.Extra != "" {
		formFactor = "MFF2"
	}
	slices.Sort(flags)
	text := strings.Join([]string{
		d.Alias, strings.Join(d.Tags, ","), strings.Join(d.SystemLabels, ","), strings.Join(d.UserLabels, ","), longitude, latitude,
		d.MCC, d.MNC, d.LAC, d.CID, d.RATType, d.RATTypeLabel, d.DataRATType, d.DataRATTypeLabel, d.APN, strconv.FormatBool(d.InDataSession),
		d.LastDataSession, d.LastIP, d.FirstActivated, strings.Join(custom, ","), d.LastDataSessionRecord, formFactor, "",
	}, "|")
	if d.OutOfRange {
		text += "raw"
	}
	text += "|" + strings.Join(flags, ",")
	for _, o := range d.Offers {
		text += strings.Join([]string{"\noffer", o.ID, o.Name, o.Description, o.Attached, o.Renews, o.Expires, strconv.Itoa(o.Priority), strings.Join(o.Linked, ",")}, "|")
	}
	if contacts {
		for _, c := range d.Contacts {
			text += contactText(c)
		}
	}
	return text
}

func contactText(c simulator.Contact) string {
	fields := []string{
		"\ncontact", c.ID, c.Email, c.Type, c.Role, c.Salutation, c.FirstName, c.MiddleName, c.LastName, c.Gender, c.Birthdate,
		c.Landline, c.Mobile, c.Additional, c.Remarks,
	}
	var identities []string
	for _, i := range c.Identities {
		identities = append(identities, i.Type+"="+i.Number)
	}
	if identities != nil {
		fields = append(fields, strings.Join(identities, ","))
	}
	return strings.Join(fields, "|")
}

// truthOfDetails is what every subscriber's details are now, by subscriberId and ICCID.
func (w *world) truthOfDetails(contacts bool) map[string]string {
	all := map[string]string{}
	for d := range w.sim.FloLIVEDetailTruth() {
		all[d.SubscriberID+" "+d.ICCID] = detailText(d, contacts)
	}
	return all
}

// storedPairs reads a query of two texts as a map.
func (w *world) storedPairs(sql string) map[string]string {
	w.t.Helper()
	rows, err := w.db.Pool().Query(w.t.Context(), sql)
	if err != nil {
		w.t.Fatal(err)
	}
	all := map[string]string{}
	var key, text string
	if _, err := pgx.ForEachRow(rows, []any{&key, &text}, func() error {
		all[key] = text
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// wantDetails compares what is stored, the first few differences.
func (w *world) wantDetails(want map[string]string) {
	w.t.Helper()
	w.wantSame(want, w.storedPairs(detailsSQL))
}

func (w *world) wantSame(want, got map[string]string) {
	w.t.Helper()
	var found []string
	for key, text := range want {
		if got[key] != text {
			found = append(found, fmt.Sprintf("%s (-want +got):\n%s", key, cmp.Diff(text, got[key])))
		}
	}
	for key := range got {
		if _, known := want[key]; !known {
			found = append(found, key+" is there, and should not be")
		}
	}
	for _, problem := range few(found) {
		w.t.Error(problem)
	}
}

// profilesSQL words every profile as profileText does, behind its EID and id.
const profilesSQL = `
SELECT p.eid || ' ' || p.profile_id, concat_ws('|', p.name, p.is_active::text, p.subscriber_id, p.iccid, coalesce(p.imei, ''), coalesce(p.imeisv, ''),
    coalesce((SELECT string_agg(concat(i.imsi, '/', i.msisdn, '/', i.is_last_active::text, ';'), '' ORDER BY i.ordinal)
        FROM fleet.esim_profile_imsi i WHERE (i.source, i.eid, i.profile_id) = (p.source, p.eid, p.profile_id)), ''))
FROM fleet.esim_profile p
WHERE p.removed_at IS NULL`

func profileText(p simulator.FloLIVEProfile) string {
	return strings.Join([]string{p.Name, strconv.FormatBool(p.IsActive), p.SubscriberID, p.ICCID, p.IMEI, p.IMEISV, pairsText(p.Pairs)}, "|")
}

// truthOfProfiles is what is on the EIDs now.
func (w *world) truthOfProfiles(eids ...string) map[string]string {
	all := map[string]string{}
	for p := range w.sim.ProfileTruth() {
		if slices.Contains(eids, p.EID) {
			all[p.EID+" "+p.ID] = profileText(p)
		}
	}
	return all
}
