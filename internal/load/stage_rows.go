package load

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// The columns of the stage's tables, in the order in which the functions below
// give their values.
var (
	stageSubscriberColumns = []string{
		"walk", "stage_row", "subscriber_key", "is_new", "is_top", "subscriber_id", "physical_id", "kind", "iccid", "eid", "imei", "imeisv", "eui",
		"status", "provider_status", "customer_id", "nickname", "flags", "extra", "content_hash",
	}
	stageIMSIColumns     = []string{"walk", "stage_row", "ordinal", "imsi", "msisdn", "is_last_active"}
	stageContractColumns = []string{
		"walk", "stage_row", "operator_code", "operator_name", "tariff_name", "line_rental_minor", "connected_at", "expires_at",
		"terminated_at", "contract_months", "is_active", "is_barred", "group_id", "data_number", "subscription_id", "subscriber_type",
		"smdp_provider",
	}
	stageObservationColumns = []string{"walk", "stage_row", "subscriber_key", "is_online", "is_transferring", "data_usage_bytes", "observed_at"}
	stageLinkColumns        = []string{"subscriber_key", "parent_key", "is_enabled"}
	stageRejectColumns      = []string{"walk", "is_whole", "subject", "field", "reason", "record", "record_bytes", "subscriber_id", "iccid"}
)

func subscriberValues(values []any, walk int16, r stagedRow, key int64, isNew bool) []any {
	row := r.row
	var customer any
	if row.CustomerID.Valid {
		customer = [16]byte(row.CustomerID.UUID)
	}
	return append(values, walk, r.number, key, isNew, row.Top, null(row.SubscriberID), null(row.PhysicalID), string(row.Kind), null(row.ICCID),
		null(row.EID), null(row.IMEI), null(row.IMEISV), null(row.EUI), string(row.Status), null(row.ProviderStatus), customer,
		null(row.Nickname), flagTexts(row.Flags), jsonb(row.Extra), int64(row.Content))
}

func contractValues(values []any, walk int16, stageRow int64, c *transform.Contract) []any {
	return append(values, walk, stageRow, null(c.OperatorCode), null(c.OperatorName), null(c.TariffName), c.LineRentalMinor, c.ConnectedAt,
		c.ExpiresAt, c.TerminatedAt, c.ContractMonths, c.IsActive, c.IsBarred, c.GroupID, null(c.DataNumber), null(c.SubscriptionID),
		null(c.SubscriberType), null(c.SMDPProvider))
}

// rejectValues keeps the record as text where PostgreSQL can hold it as such, and
// else as bytes: whole and exact either way.
func rejectValues(values []any, walk int16, r transform.Reject) []any {
	var text, raw any
	if utf8.Valid(r.Record) && !bytes.ContainsRune(r.Record, 0) {
		text = string(r.Record)
	} else {
		raw = []byte(r.Record)
	}
	subject := strings.ReplaceAll(strings.ToValidUTF8(r.Subject, "\uFFFD"), "\x00", "")
	return append(values, walk, r.Whole, null(subject), null(r.Field), r.Reason, text, raw, null(r.SubscriberID), null(r.ICCID))
}

// stagedPair is a pair of a row on its way to the stage.
type stagedPair struct {
	pair     *transform.Pair
	stageRow int64
	ordinal  int16
}

func pairsOf(rows []stagedRow) []stagedPair {
	pairs := make([]stagedPair, 0, 2*len(rows))
	for _, r := range rows {
		for i := range r.row.Pairs {
			pairs = append(pairs, stagedPair{pair: &r.row.Pairs[i], stageRow: r.number, ordinal: int16(i)})
		}
	}
	return pairs
}

func withContract(rows []stagedRow) []stagedRow {
	var found []stagedRow
	for _, r := range rows {
		if r.row.Contract != nil {
			found = append(found, r)
		}
	}
	return found
}

// null is nil for the empty string, which means null everywhere in a row.
func null[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func jsonb[B ~[]byte](b B) any {
	if b == nil {
		return nil
	}
	return []byte(b)
}

var noFlags = []string{}

func flagTexts(flags []transform.Flag) []string {
	if len(flags) == 0 {
		return noFlags
	}
	texts := make([]string, len(flags))
	for i, f := range flags {
		texts[i] = string(f)
	}
	return texts
}

// copier is a connection, or a transaction on one.
type copier interface {
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
}

// copyRows copies rows to a table, mostly of the stage; encode appends the values of one,
// in the order of the columns. No rows: not a word to the server.
func copyRows[T any](ctx context.Context, to copier, table string, columns []string, rows []T, encode func([]any, T) []any) error {
	if len(rows) == 0 {
		return nil
	}
	var values []any
	source := pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		values = encode(values[:0], rows[i])
		return values, nil
	})
	if _, err := to.CopyFrom(ctx, strings.Split(table, "."), columns, source); err != nil {
		return fmt.Errorf("copy to %s: %w", table, err)
	}
	return nil
}
