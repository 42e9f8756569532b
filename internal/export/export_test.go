package export_test

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"simsync/internal/export"
	"simsync/internal/load"
)

// column is one of a kind that may be null.
func column(name string, kind load.Kind) load.Column {
	return load.Column{Name: name, Type: "a type", Kind: kind, Comment: "what " + name + " is"}
}

// columns are one of each kind. Their order is not that of their names.
var columns = []load.Column{
	column("text", load.KindText), column("integer", load.KindInteger), column("float", load.KindFloat), column("boolean", load.KindBoolean),
	column("uuid", load.KindUUID), column("time", load.KindTime), column("date", load.KindDate), column(`"name" of it`, load.KindTexts),
	{Name: "json", Type: "jsonb", Kind: load.KindJSON, IsRequired: true},
	{Name: "key", Type: "bigint", Kind: load.KindInteger, IsRequired: true},
	{Name: "labels", Type: "text[]", Kind: load.KindTexts, IsRequired: true},
}

// nasty are texts that readers of one format or another take for something else.
var nasty = []string{
	"", " ", "NULL", "null", `\N`, `\.`, ",", `"`, `""`, `"a","b"`, "a\nb", "a\r\nb", "\r", "\t", "=1+1", "@SUM(A1)", "-1", "{}", "[]", `{"a":1}`,
	"0123", "8935711001000545451", "1e5", "Zo\u00eb", "\u202e", "\u2028", "\ufeff", "\U0001f4f6", "\x01\x1f\x7f", "true", strings.Repeat("x", 5_000),
}

// Times and dates that RFC 3339 knows.
const (
	firstMicro, lastMicro = -62135596800_000_000, 253402300799_999_999
	firstDay, lastDay     = -719162, 2932896
)

func drawText(t *rapid.T) []byte {
	return []byte(rapid.OneOf(rapid.SampledFrom(nasty), rapid.StringMatching(`[ -~\n"é]{0,12}`)).Draw(t, "text"))
}

func drawList(t *rapid.T) []load.Value {
	list := []load.Value{}
	for range rapid.IntRange(0, 4).Draw(t, "elements") {
		if rapid.Bool().Draw(t, "null element") {
			list = append(list, load.Value{IsNull: true})
		} else {
			list = append(list, load.Value{Bytes: drawText(t)})
		}
	}
	return list
}

func draw(t *rapid.T, c load.Column) load.Value {
	if !c.IsRequired && rapid.IntRange(0, 3).Draw(t, "null") == 0 {
		return load.Value{IsNull: true}
	}
	switch c.Kind {
	case load.KindInteger:
		return load.Value{Int: rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 1<<53 + 1, 0})).Draw(t, "integer")}
	case load.KindFloat:
		odd := []float64{math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1), 0.1, 230}
		return load.Value{Float: rapid.OneOf(rapid.Float64(), rapid.SampledFrom(odd)).Draw(t, "float")}
	case load.KindBoolean:
		return load.Value{Int: rapid.Int64Range(0, 1).Draw(t, "boolean")}
	case load.KindUUID:
		return load.Value{Bytes: rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid")}
	case load.KindTime:
		return load.Value{Int: rapid.OneOf(rapid.Int64Range(firstMicro, lastMicro), rapid.SampledFrom([]int64{firstMicro, lastMicro, 0, -1})).Draw(t, "time")}
	case load.KindDate:
		return load.Value{Int: rapid.OneOf(rapid.Int64Range(firstDay, lastDay), rapid.SampledFrom([]int64{firstDay, lastDay, 0, -1})).Draw(t, "date")}
	case load.KindJSON:
		return load.Value{Bytes: []byte(rapid.SampledFrom([]string{`{}`, `null`, `{"a":[1.50,"\"",null]}`, `"text"`, `12345678901234567890.123`}).Draw(t, "json"))}
	case load.KindTexts:
		return load.Value{List: drawList(t)}
	case load.KindText:
	}
	return load.Value{Bytes: drawText(t)}
}

// each hands out rows as the database does: the values of one are overwritten by the
// next.
func each(all [][]load.Value) iter.Seq2[[]load.Value, error] {
	return func(yield func([]load.Value, error) bool) {
		for _, row := range all {
			lent := make([]load.Value, len(row))
			for i, v := range row {
				v.Bytes = bytes.Clone(v.Bytes)
				lent[i] = v
			}
			more := yield(lent, nil)
			for _, v := range lent {
				for i := range v.Bytes {
					v.Bytes[i] = '?'
				}
			}
			if !more {
				return
			}
		}
	}
}

// lend hands out rows as they are.
func lend(all [][]load.Value) iter.Seq2[[]load.Value, error] {
	return func(yield func([]load.Value, error) bool) {
		for _, row := range all {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// What is in the database is in the file, in each format, and reads back the same.
func TestEveryFormatReadsBackTheSame(t *testing.T) {
	t.Parallel()
	readers := map[export.Format]func(string, []load.Column) ([][]any, error){
		export.CSV: readCSV, export.NDJSON: readNDJSON, export.Parquet: readParquet,
	}
	rapid.Check(t, func(t *rapid.T) {
		var rows [][]load.Value
		var want [][]any
		for range rapid.IntRange(0, 8).Draw(t, "rows") {
			var row []load.Value
			var expected []any
			for _, c := range columns {
				v := draw(t, c)
				row, expected = append(row, v), append(expected, plain(c.Kind, v))
			}
			rows, want = append(rows, row), append(want, expected)
		}
		for format, read := range readers {
			var b bytes.Buffer
			n, err := export.Write(&b, format, load.Relation{Name: "odd", Columns: columns}, each(rows))
			if err != nil || n != int64(len(rows)) {
				t.Fatalf("%s: %d rows written of %d: %v", format, n, len(rows), err)
			}
			got, err := read(b.String(), columns)
			if err != nil {
				t.Fatalf("%s: %v\n%q", format, err, b.String())
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", format, diff)
			}
		}
	})
}

// What a reader sees of one row, to the letter.
func TestWording(t *testing.T) {
	t.Parallel()
	some := []load.Column{
		column("text", load.KindText), column("empty", load.KindText), column("null", load.KindText), column("n", load.KindInteger),
		column("f", load.KindFloat), column("inf", load.KindFloat), column("yes", load.KindBoolean), column("id", load.KindUUID), column("at", load.KindTime),
		column("on", load.KindDate), column("ever", load.KindTime), column("never", load.KindDate), column("bc", load.KindDate), column("tags", load.KindTexts),
		column("extra", load.KindJSON),
	}
	row := []load.Value{
		{Bytes: []byte("=a,\"b\"\n")},
		{Bytes: []byte{}},
		{IsNull: true},
		{Int: math.MinInt64},
		{Float: 0.1},
		{Float: math.Inf(-1)},
		{Int: 1},
		{Bytes: []byte("0123456789abcdef")},
		{Int: 1_700_000_000_000_001},
		{Int: 19_700},
		{Int: load.Ever},
		{Int: load.Never},
		{Int: -800_000},
		{List: []load.Value{{Bytes: []byte(`a"`)}, {IsNull: true}, {Bytes: []byte("b,c")}}},
		{Bytes: []byte(`{"a": 1}`)},
	}
	for format, want := range map[export.Format]string{
		export.CSV: `text,empty,null,n,f,inf,yes,id,at,on,ever,never,bc,tags,extra
"=a,""b""
","",,-9223372036854775808,0.1,-Infinity,true,30313233-3435-3637-3839-616263646566,2023-11-14T22:13:20.000001Z,2023-12-09,infinity,-infinity,-0221-09-04,"[""a\"""",null,""b,c""]","{""a"": 1}"
`,
		export.NDJSON: `{"text":"=a,\"b\"\n","empty":"","null":null,"n":-9223372036854775808,"f":0.1,"inf":"-Infinity","yes":true,` +
			`"id":"30313233-3435-3637-3839-616263646566","at":"2023-11-14T22:13:20.000001Z","on":"2023-12-09","ever":"infinity","never":"-infinity",` +
			`"bc":"-0221-09-04","tags":["a\"",null,"b,c"],"extra":{"a": 1}}` + "\n",
	} {
		var b bytes.Buffer
		if _, err := export.Write(&b, format, load.Relation{Name: "odd", Columns: some}, each([][]load.Value{row})); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
	if _, err := export.Write(io.Discard, export.Parquet, load.Relation{Name: "odd", Columns: some}, each([][]load.Value{row})); err == nil {
		t.Error("parquet took an infinite time, which it has no value for")
	}
}

// A file of Parquet says what its columns are, and its row groups are bounded by rows and
// by bytes.
func TestParquetDescribesItself(t *testing.T) {
	t.Parallel()
	relation := load.Relation{Name: "sim", Comment: "One row per SIM.", Columns: columns[:1]}
	fat, thin := slices.Repeat([][]load.Value{{{Bytes: bytes.Repeat([]byte("x"), 32<<10)}}}, 2_100), slices.Repeat([][]load.Value{{{Bytes: []byte("x")}}}, 200_000)
	for name, c := range map[string]struct {
		rows [][]load.Value
		want int
	}{"fat rows": {fat, 2}, "many rows": {thin, 2}, "none": {nil, 0}} {
		var b bytes.Buffer
		if _, err := export.Write(&b, export.Parquet, relation, lend(c.rows)); err != nil {
			t.Fatal(err)
		}
		file := open(t, b.Bytes())
		if got := len(file.RowGroups()); got != c.want {
			t.Errorf("%s: %d row groups, want %d", name, got, c.want)
		}
		for key, want := range map[string]string{
			"relation": "fleet.sim", "comment": "One row per SIM.", "comment.text": "what text is", "type.text": "a type",
		} {
			if got, _ := file.Lookup(key); got != want {
				t.Errorf("%s: %s is %q, want %q", name, key, got, want)
			}
		}
	}
}

var errBroken = errors.New("broken")

// quota is a disk with so many bytes left.
type quota int

func (q *quota) Write(p []byte) (int, error) {
	if len(p) > int(*q) {
		n := int(*q)
		*q = 0
		return n, errBroken
	}
	*q -= quota(len(p))
	return len(p), nil
}

// An export that could not be read or written to its end is none, wherever it broke off.
func TestAnExportThatBreaksOffIsNoSuccess(t *testing.T) {
	t.Parallel()
	relation := load.Relation{Name: "sim", Columns: columns[:1]}
	row := []load.Value{{Bytes: bytes.Repeat([]byte("x"), 1000)}}
	for _, format := range export.Formats {
		var whole bytes.Buffer
		rows := slices.Repeat([][]load.Value{row}, 300)
		if _, err := export.Write(&whole, format, relation, each(rows)); err != nil {
			t.Fatal(err)
		}
		for _, left := range []int{0, 1, whole.Len() / 2, whole.Len() - 1} {
			disk := quota(left)
			if _, err := export.Write(&disk, format, relation, each(rows)); !errors.Is(err, errBroken) {
				t.Errorf("%s on a disk with %d bytes of %d: %v, want %v", format, left, whole.Len(), err, errBroken)
			}
		}
		breaks := func(yield func([]load.Value, error) bool) { _ = yield(row, nil) && yield(nil, errBroken) }
		if _, err := export.Write(io.Discard, format, relation, breaks); !errors.Is(err, errBroken) {
			t.Errorf("%s of rows that break off: %v, want %v", format, err, errBroken)
		}
	}
	if _, err := export.Write(io.Discard, "xlsx", relation, each(nil)); err == nil {
		t.Error("a format that there is not was written")
	}
}
