package archive

import (
	"bytes"
	"fmt"
)

// Places are where records stand in the body of an answer, in its order: of each the
// bytes between the one before and it, and its length.
type Places []int

// locate finds records in the body that they were read from.
func locate(body []byte, records [][]byte) (Places, error) {
	places := make(Places, 0, 2*len(records))
	from := 0
	for _, record := range records {
		gap := indexNear(body[from:], record)
		if gap < 0 {
			return nil, fmt.Errorf("a record is not in the answer that brought it, as far as that goes on after %d bytes", from)
		}
		places = append(places, gap, len(record))
		from += gap + len(record)
	}
	return places, nil
}

// indexNear is bytes.Index for a record that stands right behind a comma, as all but
// the first of a page do.
func indexNear(rest, record []byte) int {
	if len(rest) > 0 && bytes.HasPrefix(rest[1:], record) {
		return 1
	}
	return bytes.Index(rest, record)
}

// Records cuts the records out of the body that they stand in, whose memory they share.
func (p Places) Records(body []byte) ([][]byte, error) {
	records := make([][]byte, 0, len(p)/2)
	from := 0
	for i := 0; i+1 < len(p); i += 2 {
		gap, length := p[i], p[i+1]
		if gap < 0 || length < 0 || gap > len(body)-from || length > len(body)-from-gap {
			return nil, fmt.Errorf("%w: a record stands beyond its answer's end", ErrTorn)
		}
		from += gap + length
		records = append(records, body[from-length:from:from])
	}
	return records, nil
}
