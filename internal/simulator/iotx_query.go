package simulator

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What the page sets for the list (IoT-X API 4.0, Subscribers).
const (
	defaultPage = 25
	maxPage     = 100
)

// listQuery is what a list request asks for.
type listQuery struct {
	limit, offset   int
	filter, orderBy string
	conditions      []condition
	order           []orderTerm
}

// condition is one comparison with connectionDate; all must hold.
type condition struct {
	operator string
	date     time.Time
}

// orderTerm is one field of orderBy.
type orderTerm struct {
	key        func(*IoTXSubscriber) sortKey
	descending bool
}

// sortKey is a field's value as it sorts: dates and amounts by number, words by text.
type sortKey struct {
	number int64
	text   string
}

func (k sortKey) compare(other sortKey) int {
	return cmp.Or(cmp.Compare(k.number, other.number), cmp.Compare(k.text, other.text))
}

// orderFields are the five fields that the list can be ordered by.
var orderFields = map[string]func(*IoTXSubscriber) sortKey{
	"connectionDate": func(r *IoTXSubscriber) sortKey { return dateKey(r.ConnectionDate) },
	"expiryDate":     func(r *IoTXSubscriber) sortKey { return dateKey(r.ExpiryDate) },
	"terminateDate":  func(r *IoTXSubscriber) sortKey { return dateKey(r.TerminateDate) },
	"tariff":         func(r *IoTXSubscriber) sortKey { return sortKey{text: r.TariffName} },
	"lineRental":     func(r *IoTXSubscriber) sortKey { return sortKey{number: r.LineRental} },
}

// dateKey sorts null behind every date.
func dateKey(text string) sortKey {
	const never = 1 << 62
	if text == "" {
		return sortKey{number: never}
	}
	t, _ := parseDate(text)
	return sortKey{number: t.Unix(), text: t.Format(".000000000")}
}

// parseListQuery reads the parameters of a list request. Limits above the clamp are cut, not refused.
func parseListQuery(values url.Values, clamp int) (listQuery, error) {
	q := listQuery{filter: values.Get("filter"), orderBy: values.Get("orderBy")}
	var err error
	if q.limit, err = wholeNumber(values, "limit", defaultPage, 1); err != nil {
		return q, err
	}
	if q.offset, err = wholeNumber(values, "offset", 0, 0); err != nil {
		return q, err
	}
	q.limit = min(q.limit, clamp)
	if q.conditions, err = parseFilter(q.filter); err != nil {
		return q, err
	}
	q.order, err = parseOrder(q.orderBy)
	return q, err
}

func wholeNumber(values url.Values, name string, fallback, least int) (int, error) {
	text := values.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		return 0, fmt.Errorf("%s must be a whole number of at least %d", name, least)
	}
	return n, nil
}

var comparison = regexp.MustCompile(`^connectionDate (ge|gt|le|lt|eq) "([^"]*)"$`)

// parseFilter understands comparisons with connectionDate joined by and; the real filter knows every field.
func parseFilter(text string) ([]condition, error) {
	if text == "" {
		return nil, nil
	}
	var list []condition
	for part := range strings.SplitSeq(text, " and ") {
		match := comparison.FindStringSubmatch(strings.TrimSpace(part))
		if match == nil {
			return nil, fmt.Errorf("filter is not understood: %s", part)
		}
		date, ok := parseDate(match[2])
		if !ok {
			return nil, fmt.Errorf("filter has a malformed date: %s", match[2])
		}
		list = append(list, condition{operator: match[1], date: date})
	}
	return list, nil
}

func (c condition) holds(t time.Time) bool {
	order := t.Compare(c.date)
	switch c.operator {
	case "ge":
		return order >= 0
	case "gt":
		return order > 0
	case "le":
		return order <= 0
	case "lt":
		return order < 0
	default: // eq
		return order == 0
	}
}

// parseOrder reads "field ASC, field DESC"; the direction may be left out.
func parseOrder(text string) ([]orderTerm, error) {
	if text == "" {
		return nil, nil
	}
	var terms []orderTerm
	for part := range strings.SplitSeq(text, ",") {
		words := strings.Fields(part)
		if len(words) == 1 {
			words = append(words, "ASC")
		}
		if len(words) != 2 || words[1] != "ASC" && words[1] != "DESC" {
			return nil, fmt.Errorf("orderBy is not understood: %s", part)
		}
		key, known := orderFields[words[0]]
		if !known {
			return nil, fmt.Errorf("orderBy has an unknown field: %s", words[0])
		}
		terms = append(terms, orderTerm{key: key, descending: words[1] == "DESC"})
	}
	return terms, nil
}
