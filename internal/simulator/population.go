package simulator

import (
	"math"
	"time"
)

// population decides who lives: which indexes exist in a night and what has happened to each of them so far.
type population struct {
	dice     dice
	first    int // alive on night 1
	perNight int // born in every later night
	churn    Churn
}

// life is what has become of one subscriber by a night.
type life struct {
	present bool
	version int // how often it changed
	moves   int // how often it moved
}

func newPopulation(d dice, first int, churn Churn) population {
	p := population{dice: d, first: first, churn: churn}
	if !churn.Still && churn.New > 0 && first > 0 {
		p.perNight = int(math.Ceil(float64(first) * churn.New))
	}
	return p
}

// born is the number of indexes that exist by a night, the absent ones included.
func (p population) born(night int) int { return p.first + (night-1)*p.perNight }

// birth is the night in which an index appears.
func (p population) birth(index uint32) int {
	if int(index) < p.first || p.perNight == 0 {
		return 1
	}
	return 2 + (int(index)-p.first)/p.perNight
}

// at follows one subscriber from its birth to a night.
func (p population) at(index uint32, night int) life {
	birth := p.birth(index)
	l := life{present: birth <= night}
	if p.churn.Still {
		return l
	}
	for n := birth + 1; n <= night; n++ {
		fate := share(p.dice.rollNight(uint64(index), traitFate, n))
		switch c := p.churn; {
		case !l.present:
			l.present = fate < c.Returned
		case fate < c.Removed:
			l.present = false
		case fate < c.Removed+c.Changed:
			l.version++
		case fate < c.Removed+c.Changed+c.Moved:
			l.moves++
		}
	}
	return l
}

// live lists the indexes that are present in a night, ascending: 4 bytes a subscriber.
func (p population) live(night int) []uint32 {
	born := p.born(night)
	list := make([]uint32, 0, born)
	for index := range uint32(born) {
		if p.at(index, night).present {
			list = append(list, index)
		}
	}
	return list
}

// nightDate is the day of a night. The first is three days before a billing month ends, so that the fourth resets usage.
func nightDate(night int) time.Time {
	return time.Date(2025, time.March, 28+night, 0, 0, 0, 0, time.UTC)
}
