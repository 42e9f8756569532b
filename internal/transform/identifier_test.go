package transform

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// identifier is how a test sees every kind of identifier alike.
type identifier struct {
	name string
	// parse gives the normal form and the flags of what stands alone.
	parse func(string) (string, []Flag, error)
	// normal is the pattern of the normal form.
	normal string
	fault  error
}

var identifiers = []identifier{
	{"ICCID", func(s string) (string, []Flag, error) {
		id, err := ParseICCID(s)
		return string(id), id.flags(nil), err
	}, `[0-9]{18,22}`, errICCIDForm},
	{"IMSI", func(s string) (string, []Flag, error) {
		id, err := ParseIMSI(s)
		return string(id), id.flags(nil), err
	}, `[0-9]{6,15}`, errIMSIForm},
	{"MSISDN", func(s string) (string, []Flag, error) {
		id, err := ParseMSISDN(s)
		return string(id), nil, err
	}, `[1-9][0-9]{4,14}`, errMSISDNForm},
	{"IMEI", func(s string) (string, []Flag, error) {
		id, err := ParseIMEI(s)
		return string(id), id.flags(nil), err
	}, `[0-9]{14,15}`, errIMEIForm},
	{"IMEISV", func(s string) (string, []Flag, error) {
		id, err := ParseIMEISV(s)
		return string(id), id.flags(nil, "35430611021852"), err
	}, `[0-9]{16}`, errIMEISVForm},
	{"EID", func(s string) (string, []Flag, error) {
		id, err := ParseEID(s)
		return string(id), id.flags(nil), err
	}, `[0-9]{32}`, errEIDForm},
	{"EUI", func(s string) (string, []Flag, error) {
		id, err := ParseEUI(s)
		return string(id), nil, err
	}, `[0-9a-f]{16}`, errEUIForm},
}

func TestIdentifiers(t *testing.T) {
	type flags = []Flag
	tests := []struct {
		kind, text, normal string // normal is empty where the text is refused
		flags              flags
	}{
		// The providers' own examples, with the checks that they fail.
		{"ICCID", "8935711001000034535", "8935711001000034535", nil},
		{"ICCID", "8935711001000034536", "8935711001000034536", flags{FlagICCIDLuhn}},
		{"ICCID", "8935711001000100255", "8935711001000100255", flags{FlagICCIDLuhn}},
		{"ICCID", "8944000000000000001", "8944000000000000001", nil},
		{"IMEI", "354306110218529", "354306110218529", nil},
		{"IMEI", "354306110218530", "354306110218530", flags{FlagIMEILuhn}},
		{"IMEI", "354306110218531", "354306110218531", flags{FlagIMEILuhn}},
		{"IMEISV", "3543061102185201", "3543061102185201", nil},
		{"IMEISV", "3543061102185301", "3543061102185301", flags{FlagIMEISVIMEI}},
		{"EID", "39049987000001000000004406147560", "39049987000001000000004406147560", flags{FlagEIDCheck}},
		{"IMSI", "222013090961859", "222013090961859", nil},
		{"MSISDN", "134044411258337", "134044411258337", nil},
		{"MSISDN", "447000000001", "447000000001", nil},

		{"ICCID", "8935 7110-0100 0034535", "8935711001000034535", nil},
		{"ICCID", "8935\u00a071100100003\u20134535", "8935711001000034535", nil}, // no-break space, en dash
		{"ICCID", "8935711001000034535F", "8935711001000034535", nil},
		{"ICCID", "8935711001000034535 f", "8935711001000034535", nil},
		{"ICCID", "8935711001000034535FF", "", nil},
		{"ICCID", "F8935711001000034535", "", nil},
		{"ICCID", "893571100100003453", "893571100100003453", flags{FlagICCIDLength}},
		{"ICCID", "8935711001000034535000", "8935711001000034535000", flags{FlagICCIDLuhn, FlagICCIDLength}},
		{"ICCID", "1935711001000034535", "1935711001000034535", flags{FlagICCIDLuhn, FlagICCIDPrefix}},
		{"ICCID", "89357110010000345", "", nil},
		{"ICCID", "89357110010000345350000", "", nil},
		{"ICCID", "893571100100003453x", "", nil},
		{"ICCID", "٨٩٣٥٧١١٠٠١٠٠٠٠٣٤٥٣٥", "", nil},

		{"IMSI", "22201309096185", "22201309096185", nil},
		{"IMSI", "001010", "001010", flags{FlagIMSILength}},
		{"IMSI", "00101", "", nil},
		{"IMSI", "2220130909618590", "", nil},
		{"IMSI", "222013 90961859", "", nil},

		{"MSISDN", "+44 7000 000001", "447000000001", nil},
		{"MSISDN", "0044 7000 000001", "447000000001", nil},
		{"MSISDN", "00 44 7000", "447000", nil},
		{"MSISDN", "+0044700", "", nil},
		{"MSISDN", "07000000001", "", nil},
		{"MSISDN", "1234", "", nil},
		{"MSISDN", "12345", "12345", nil},
		{"MSISDN", "1234567890123456", "", nil},
		{"MSISDN", "44-7000-000001", "", nil},
		{"MSISDN", "+", "", nil},

		{"IMEI", "35430611021852", "35430611021852", nil},
		{"IMEI", "3543061102185", "", nil},
		{"IMEI", "3543061102185201", "", nil},
		{"IMEISV", "354306110218520", "", nil},
		{"EID", "89049032000001000000000000000073", "89049032000001000000000000000073", flags{FlagEIDCheck}},
		{"EID", "8904903200000100000000000000007", "", nil},
		{"EUI", "0080E1150000ABCD", "0080e1150000abcd", nil},
		{"EUI", "0080000004001234", "0080000004001234", nil},
		{"EUI", "00-80-E1-15-00-00-AB", "", nil},
		{"EUI", "0080e1150000abcg", "", nil},
	}
	kinds := map[string]identifier{}
	for _, kind := range identifiers {
		kinds[kind.name] = kind
	}
	for _, tt := range tests {
		t.Run(tt.kind+" "+tt.text, func(t *testing.T) {
			kind := kinds[tt.kind]
			normal, flags, err := kind.parse(tt.text)
			if normal != tt.normal || errors.Is(err, kind.fault) != (tt.normal == "") {
				t.Fatalf("got %q, %v; want %q", normal, err, tt.normal)
			}
			equal(t, "flags", flags, tt.flags)
		})
	}
}

// TestEIDCheckDigits makes the check digits of a number as SGP.29 says, and finds them
// right.
func TestEIDCheckDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[0-9]{30}`).Draw(t, "number")
		rest := 0
		for _, c := range number + "00" {
			rest = (rest*10 + int(c-'0')) % 97
		}
		check := 98 - rest
		eid := EID(number + string(rune('0'+check/10)) + string(rune('0'+check%10)))
		if flags := eid.flags(nil); flags != nil {
			t.Fatalf("%s has flags %v", eid, flags)
		}
	})
}

func TestLuhnFindsAnyWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[0-9]{1,21}`).Draw(t, "number")
		right := 0
		for c := range 10 {
			if luhn(number + string(rune('0'+c))) {
				right++
			}
		}
		if right != 1 {
			t.Fatalf("%d check digits pass for %s; want one", right, number)
		}
	})
}

// TestNormalFormStays: reading a normal form changes nothing.
func TestNormalFormStays(t *testing.T) {
	for _, kind := range identifiers {
		t.Run(kind.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				want := rapid.StringMatching(kind.normal).Draw(t, "identifier")
				got, _, err := kind.parse(want)
				if err != nil || got != want {
					t.Fatalf("got %q, %v; want it as it was", got, err)
				}
			})
		})
	}
}

// TestSpellingsAgree: however an ICCID is printed, it is the same one.
func TestSpellingsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.StringMatching(`[0-9]{18,22}`).Draw(t, "digits")
		var b strings.Builder
		for _, digit := range want {
			b.WriteString(rapid.SampledFrom([]string{"", "", "", " ", "-"}).Draw(t, "separator"))
			b.WriteRune(digit)
		}
		spelt := b.String() + rapid.SampledFrom([]string{"", "F", "f", " F"}).Draw(t, "filler")
		got, err := ParseICCID(spelt)
		if err != nil || string(got) != want {
			t.Fatalf("%q is %q, %v; want %q", spelt, got, err, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "8935711001000034535F", "+44 7000 000001", "0080E1150000ABCD", "\x00", "\xff", "00", "+00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, kind := range identifiers {
			normal, _, err := kind.parse(s)
			if err != nil {
				if normal != "" || !errors.Is(err, kind.fault) {
					t.Errorf("%s: %q with error %v", kind.name, normal, err)
				}
				continue
			}
			if again, _, err := kind.parse(normal); err != nil || again != normal {
				t.Errorf("%s: %q reads as %q, which reads as %q, %v", kind.name, s, normal, again, err)
			}
		}
		if a, b := PhysicalIdentity(s), PhysicalIdentity(readPhysicalID(s).canonical); a != b {
			t.Errorf("%q and its canonical form have two identities", s)
		}
	})
}

func TestMasked(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{ICCID("8935711001000034535").Masked(), "8935***********4535"},
		{IMSI("222013090961859").Masked(), "222*********859"},
		{IMSI("001010").Masked(), "******"},
		{MSISDN("12345").Masked(), "*****"},
		{MSISDN("447000000001").Masked(), "447******001"},
		{IMEI("35430611021852").Masked(), "354********852"},
		{IMEISV("3543061102185201").Masked(), "3543********5201"},
		{EID("39049987000001000000004406147560").Masked(), "3904************************7560"},
		{EUI("0080e1150000abcd").Masked(), "0080********abcd"},
		{ICCID("").Masked(), ""},
		{Mask("ümläut-näme"), "üm*******me"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s; want %s", tt.got, tt.want)
		}
	}
}

// TestMaskHidesHalf: at least half of any identifier is hidden, and its length is kept.
func TestMaskHidesHalf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-9A-F]{0,40}`).Draw(t, "identifier")
		masked := Mask(s)
		if hidden := strings.Count(masked, "*"); len(masked) != len(s) || 2*hidden < len(s) {
			t.Fatalf("%s is masked as %s", s, masked)
		}
	})
}
