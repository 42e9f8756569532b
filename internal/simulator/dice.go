package simulator

// dice decides everything that is made up: the same dice, index and trait always fall the same way, in any order of asking.
type dice uint64

// trait names one throw of a subscriber, so that its throws are independent of each other.
type trait uint64

const (
	traitFate trait = iota + 1 // of a night
	traitWhatChanged
	traitIDHigh
	traitIDLow
	traitOddity
	traitStatus
	traitCustomer
	traitPairs
	traitActivePair
	traitIMEI
	traitDevice
	traitCheckDigit
	traitForm
	traitBad
	traitBadKind
	traitKind
	traitProfiles
	traitAttached
	traitContract
	traitTariff
	traitOperator
	traitNickname
	traitBarred
	traitGroup
	traitUsage
	traitNetwork // of a night
	traitOrder
	traitPIT
	traitDetailForm
	traitDetailBad
	traitLabels
	traitAlias
	traitLocation // of a night
	traitCell     // of a night
	traitSession  // of a night
	traitOffers
	traitContact
	traitCustom
	traitEID
	traitProfile
	traitProfileLife // of a night
	traitCall
	traitRequest
	traitOutcome
)

// roll throws for one index and trait: 64 even bits.
func (d dice) roll(index uint64, t trait) uint64 {
	return mix(uint64(d) ^ mix(index^uint64(t)<<56))
}

// rollNight throws for one index, trait and night.
func (d dice) rollNight(index uint64, t trait, night int) uint64 {
	return mix(d.roll(index, t) + uint64(night)*0x9e3779b97f4a7c15)
}

// oneIn says whether an index is one of the lucky ones, of whom there is one in n.
func (d dice) oneIn(n uint64, index uint64, t trait) bool { return d.roll(index, t)%n == 0 }

// share turns a throw into a number of [0, 1).
func share(roll uint64) float64 { return float64(roll>>11) / (1 << 53) }

// mix is the finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit of the input reaches every bit of the output.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
