package run_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// subscribersSQL reads a source's subscribers as the truth words them. $1 source, $2
// today in UTC.
const subscribersSQL = `
SELECT coalesce(s.subscriber_id, ''), coalesce(s.physical_id, ''), s.kind, coalesce(s.iccid, ''), coalesce(s.eid, ''), coalesce(s.imei, ''),
    coalesce(s.imeisv, ''), coalesce(s.eui, ''), s.status, coalesce(s.provider_status, ''), coalesce(s.customer_id::text, ''),
    coalesce(c.name, ''), coalesce(s.nickname, ''), coalesce(replace(s.extra::text, ' ', ''), ''),
    coalesce((SELECT string_agg(concat(i.imsi, '/', i.msisdn, '/', i.is_last_active::text, ';'), '' ORDER BY i.ordinal)
        FROM fleet.subscriber_imsi i WHERE i.subscriber_key = s.subscriber_key), ''),
    coalesce((SELECT concat_ws('|', coalesce(k.operator_code, ''), coalesce(k.operator_name, ''), coalesce(k.tariff_name, ''),
            k.line_rental_minor, coalesce(to_char(k.connected_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), ''),
            to_char(k.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
            coalesce(to_char(k.terminated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), ''), k.contract_months,
            k.is_active::text, k.is_barred::text, coalesce(k.group_id::text, ''), coalesce(k.data_number, ''), coalesce(k.subscriber_type, ''),
            coalesce(k.smdp_provider, '')) || coalesce(' subscription ' || k.subscription_id, '')
        FROM fleet.contract k WHERE k.subscriber_key = s.subscriber_key), ''),
    coalesce(p.physical_id, ''), coalesce(s.is_enabled_on_parent::text, ''),
    coalesce(concat(n.is_online::text, '/', n.is_transferring::text, '/', n.data_usage_bytes), ''),
    coalesce((SELECT u.data_usage_bytes::text FROM fleet.data_usage u WHERE u.subscriber_key = s.subscriber_key AND u.day = $2::date), ''),
    s.removed_at IS NULL, p.removed_at IS NOT NULL
FROM fleet.subscriber s
LEFT JOIN fleet.customer c ON (c.source, c.customer_id) = (s.source, s.customer_id)
LEFT JOIN fleet.subscriber p ON p.subscriber_key = s.parent_key
LEFT JOIN fleet.network_state n ON n.subscriber_key = s.subscriber_key
WHERE s.source = $1`

// stored is a subscriber as the tables hold it.
type stored struct {
	subscriber
	Live bool
	// orphaned: its parent has been removed.
	orphaned bool
}

func (s stored) key() string {
	if s.PhysicalID != "" {
		return s.PhysicalID
	}
	return s.SubscriberID + " " + s.ICCID
}

// mustTables reads a source's subscribers, by key.
func (w *world) mustTables(source string) map[string]stored {
	w.t.Helper()
	rows, err := w.db.Pool().Query(w.t.Context(), subscribersSQL, source, time.Now().UTC().Format(time.DateOnly))
	if err != nil {
		w.t.Fatal(err)
	}
	found := map[string]stored{}
	var s stored
	fields := []any{
		&s.SubscriberID, &s.PhysicalID, &s.Kind, &s.ICCID, &s.EID, &s.IMEI, &s.IMEISV, &s.EUI, &s.Status, &s.ProviderStatus, &s.Customer,
		&s.CustomerName, &s.Nickname, &s.Extra, &s.Pairs, &s.Contract, &s.Parent, &s.Enabled, &s.State, &s.Usage, &s.Live, &s.orphaned,
	}
	_, err = pgx.ForEachRow(rows, fields, func() error {
		if s.State == "//" {
			s.State = "" // concat makes text of nulls
		}
		if s.orphaned {
			s.Parent = "" // it is kept in the table for what it was
		}
		found[s.key()] = s
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// wantTruth checks that the tables hold what the provider does, and nothing else that
// is live.
func (w *world) wantTruth(source string) {
	w.t.Helper()
	for _, difference := range differences(w.truth[source].now, w.mustTables(source)) {
		w.t.Errorf("source %s: %s", source, difference)
	}
}

// differences tells how tables differ from a census, the first few ways.
func differences(want census, got map[string]stored) []string {
	var found []string
	for key, all := range want.live {
		s, there := got[key]
		switch {
		case !there:
			found = append(found, key+" is not there")
		case !s.Live:
			found = append(found, key+" is marked removed")
		case !slices.Contains(all, s.subscriber):
			found = append(found, fmt.Sprintf("%s differs (-want +got):\n%s", key, cmp.Diff(all[len(all)-1], s.subscriber)))
		}
	}
	for key, s := range got {
		isDoubted := want.doubted[s.SubscriberID] || want.doubted[s.ICCID] || want.doubted[s.PhysicalID]
		if len(want.live[key]) == 0 && s.Live && !isDoubted {
			found = append(found, key+" is live, and the provider does not have it")
		}
	}
	return few(found)
}

// few are the first of many findings.
func few(found []string) []string {
	const most = 5
	slices.Sort(found)
	if len(found) > most {
		found = append(found[:most], fmt.Sprintf("and %d more", len(found)-most))
	}
	return found
}

// falseRemovals are subscribers that the provider has and that the run marked removed.
func (w *world) falseRemovals(source string, after map[string]stored) []string {
	var found []string
	for key, was := range w.before[source] {
		if was.Live && !after[key].Live && len(w.truth[source].now.live[key]) > 0 {
			found = append(found, key+" was marked removed, and the provider has it")
		}
	}
	return few(found)
}

// strangers are rows that no version of their subscriber ever was: invented, or half
// of one version and half of another.
func (w *world) strangers(source string, after map[string]stored) []string {
	var found []string
	for key, s := range after {
		if !w.truth[source].ever[key][s.content()] {
			found = append(found, fmt.Sprintf("%s is as it never was: %+v", key, s.content()))
		}
	}
	return few(found)
}

// historySQL finds breaks in the chain of a source's versions, and versions that say
// nothing new. Where the history is kept for a time, the chain reaches back so far. $1
// source.
const historySQL = `
WITH version AS (
    SELECT subscriber_key, valid_from, valid_to,
        to_jsonb(h) - '{valid_from,valid_to,run_id}'::text[] AS whole
    FROM fleet.subscriber_history h WHERE source = $1
    UNION ALL
    SELECT s.subscriber_key, s.changed_at, NULL,
        to_jsonb(s) - '{first_seen_at,changed_at,content_hash}'::text[] || jsonb_build_object(
            'imsi_pairs', coalesce((SELECT jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active)
                ORDER BY i.ordinal) FROM fleet.subscriber_imsi i WHERE i.subscriber_key = s.subscriber_key), '[]'),
            'contract', (SELECT to_jsonb(k) - 'subscriber_key' FROM fleet.contract k WHERE k.subscriber_key = s.subscriber_key))
    FROM fleet.subscriber s WHERE source = $1
), chain AS (
    SELECT *, lead(valid_from) OVER w AS next_from, lead(whole) OVER w AS next_whole, first_value(valid_from) OVER w AS first_from
    FROM version WINDOW w AS (PARTITION BY subscriber_key ORDER BY valid_from)
)
SELECT format('the versions of %s break off at %s', subscriber_key, valid_to) FROM chain WHERE valid_to IS DISTINCT FROM next_from
UNION ALL
SELECT format('two versions of %s are the same: %s', subscriber_key, whole) FROM chain WHERE whole = next_whole
UNION ALL
SELECT format('the first version of %s begins at %s', subscriber_key, first_from)
FROM chain c JOIN fleet.subscriber s USING (subscriber_key)
WHERE c.first_from <> s.first_seen_at
  AND c.first_from > coalesce((SELECT since FROM fleet.kept WHERE what = 'history'), '-infinity')`

// ledgerSQL finds runs that are not closed, and such as do not agree with their walks
// and rejects. $1 source, $2 whether the answer to a COMMIT may have been lost: such a
// run has failed for all it knows, and its counts tell that it has not.
const ledgerSQL = `
SELECT format('run %s is %s: %s', r.run_id, coalesce(r.outcome, 'open'), to_jsonb(r))
FROM sync.run r
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE is_whole) AS whole, count(*) FILTER (WHERE NOT is_whole) AS parts
    FROM sync.reject j WHERE (j.run_id, j.source) = (r.run_id, r.source) AND j.listing NOT IN ('details', 'profiles')) j ON true
LEFT JOIN LATERAL (SELECT sum(v.declared) AS declared, count(*) AS walks, count(v.declared) AS told, sum(v.requests) AS requests
    FROM sync.walk v WHERE (v.run_id, v.source) = (r.run_id, r.source) AND v.listing <> 'details') v ON true
WHERE r.source = $1
  AND NOT coalesce(
        r.finished_at >= r.started_at
        AND (r.exit_code = 0) = (r.error IS NULL)
        AND ((r.outcome = 'ok') = (r.exit_code = 0) OR r.error LIKE 'enrichment: %')
        AND (r.load_outcome IS NULL) = (r.records IS NULL)
        AND (r.load_outcome = r.outcome OR r.outcome IN ('failed', 'interrupted') OR r.load_outcome IS NULL)
        AND (r.load_outcome = 'ok' OR r.removed = 0 OR r.load_outcome IS NULL)
        AND r.requests >= coalesce(v.requests, 0)
        AND ((r.records IS NULL AND r.outcome IN ('failed', 'interrupted') AND j.whole = 0 AND j.parts = 0)
            OR (r.records = r.inserted + r.updated + r.unchanged + r.repeated + r.rejected AND r.rejected = j.whole
                AND r.rejected_parts = j.parts AND r.removed >= 0 AND v.walks > 0
                AND ($2 OR r.outcome NOT IN ('failed', 'interrupted') OR r.outcome = 'interrupted' AND r.details_asked IS NOT NULL)
                AND ($2 OR r.removed = 0 OR r.outcome = 'ok' OR r.outcome = 'interrupted' AND r.details_asked IS NOT NULL)
                AND r.declared IS NOT DISTINCT FROM CASE WHEN v.told = v.walks THEN v.declared END)), false)`

// lines reads a query's one column of text.
func (w *world) lines(sql string, args ...any) []string {
	w.t.Helper()
	rows, err := w.db.Pool().Query(w.t.Context(), sql, args...)
	if err != nil {
		w.t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		w.t.Fatal(err)
	}
	return lines
}

// checkLogs looks for identifiers and secrets in the log and in the ledger's errors.
func (w *world) checkLogs() {
	w.t.Helper()
	text := w.logs.String()
	words := map[string]bool{}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isWord(r) }) {
		words[word] = true
	}
	for _, secret := range []string{"correct horse", "ready-made", "login-"} {
		if strings.Contains(text, secret) {
			w.t.Errorf("the log tells a secret that begins with %q", secret)
		}
	}
	for source, t := range w.truth {
		for id := range t.told {
			if words[id] || strings.Contains(id, " ") && strings.Contains(text, id) {
				w.t.Errorf("the log of source %s tells %q", source, id)
			}
		}
	}
}

// isWord tells whether a character may stand in an identifier.
func isWord(r rune) bool {
	return r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
