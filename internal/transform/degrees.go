package transform

import (
	"errors"
	"math"
	"strconv"
)

// The bounds of a coordinate in degrees, either way.
const (
	maxLongitude = 180
	maxLatitude  = 90
)

// parseDegrees reads a coordinate. One past every float is infinite, so that it is
// beyond its bounds and no number that it is not.
func parseDegrees(s string) (float64, error) {
	if _, err := parseDecimal(s); err != nil { // ParseFloat reads more than JSON writes
		return 0, err
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, errNotNumber
	}
	return f, nil
}

// beyond tells whether a coordinate is given and past its bound.
func beyond(degrees *float64, bound float64) bool {
	return degrees != nil && math.Abs(*degrees) > bound
}
