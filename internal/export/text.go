package export

import (
	"encoding/hex"
	"math"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/load"
)

// appendPlain appends a value as text without quotes, as CSV and JSON both have it.
func appendPlain(b []byte, kind load.Kind, v load.Value) ([]byte, error) {
	switch kind {
	case load.KindInteger:
		return strconv.AppendInt(b, v.Int, 10), nil
	case load.KindBoolean:
		return strconv.AppendBool(b, v.Int != 0), nil
	case load.KindFloat:
		return appendFloat(b, v.Float), nil
	case load.KindUUID:
		return appendUUID(b, v.Bytes), nil
	case load.KindTime:
		return appendTime(b, v.Int, "2006-01-02T15:04:05.999999Z", time.UnixMicro), nil
	case load.KindDate:
		return appendTime(b, v.Int, time.DateOnly, func(days int64) time.Time { return time.Unix(days*24*60*60, 0) }), nil
	case load.KindTexts:
		return appendList(b, v.List)
	case load.KindText, load.KindJSON:
	}
	return append(b, v.Bytes...), nil
}

// appendFloat writes the fewest digits that are this number and no other, and PostgreSQL's
// words for what is none.
func appendFloat(b []byte, f float64) []byte {
	switch {
	case math.IsInf(f, 1):
		return append(b, "Infinity"...)
	case math.IsInf(f, -1):
		return append(b, "-Infinity"...)
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

func appendUUID(b, id []byte) []byte {
	for i, end := range []int{4, 6, 8, 10, 16} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, id[[]int{0, 4, 6, 8, 10}[i]:end])
	}
	return b
}

// appendTime writes a time in UTC. A year that has not four digits is written with as
// many as it has, which RFC 3339 does not know.
func appendTime(b []byte, n int64, layout string, of func(int64) time.Time) []byte {
	switch n {
	case load.Ever:
		return append(b, "infinity"...)
	case load.Never:
		return append(b, "-infinity"...)
	}
	return of(n).UTC().AppendFormat(b, layout)
}

// appendList writes texts as an array of JSON.
func appendList(b []byte, list []load.Value) ([]byte, error) {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if v.IsNull {
			b = append(b, "null"...)
			continue
		}
		var err error
		if b, err = jsontext.AppendQuote(b, v.Bytes); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}
