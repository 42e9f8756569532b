package transform

import "testing"

func TestReadPhysicalID(t *testing.T) {
	tests := []struct {
		text string
		want physical
	}{
		{"8944000000000000001", physical{KindCellular, "8944000000000000001", "8944000000000000001", "", ""}},
		{" 8944-0000 0000 0000 001F ", physical{KindCellular, "8944000000000000001", "8944000000000000001", "", ""}},
		{"894400000000000000", physical{KindCellular, "894400000000000000", "894400000000000000", "", ""}},
		{"8044000000000000001", physical{KindUnknown, "8044000000000000001", "", "", ""}},
		{"0080E1150000ABCD", physical{KindNonIP, "0080e1150000abcd", "", "0080e1150000abcd", ""}},
		{"123456789012345F", physical{KindNonIP, "123456789012345f", "", "123456789012345f", ""}},
		{"1234567890123456", physical{KindUnknown, "1234567890123456", "", "", ""}},
		{"354306110218530", physical{KindSatellite, "354306110218530", "", "", "354306110218530"}},
		{"35430611021853", physical{KindUnknown, "35430611021853", "", "", ""}},
		{" Gateway 7 ", physical{KindUnknown, "Gateway 7", "", "", ""}},
		{"1234", physical{KindUnknown, "1234", "", "", ""}},
	}
	for _, tt := range tests {
		if got := readPhysicalID(tt.text); got != tt.want {
			t.Errorf("%q is %+v; want %+v", tt.text, got, tt.want)
		}
	}
}

// TestIdentity holds identities to what is in databases: they may never change.
func TestIdentity(t *testing.T) {
	same := PhysicalIdentity("8944000000000000001")
	for _, spelling := range []string{"8944 0000 0000 0000 001", " 8944000000000000001f\n"} {
		if PhysicalIdentity(spelling) != same {
			t.Errorf("%q is another subscriber", spelling)
		}
	}
	if PhysicalIdentity("0080E1150000ABCD") != PhysicalIdentity("0080e1150000abcd") {
		t.Error("an EUI's case makes another subscriber")
	}
	if PhysicalIdentity("Gateway") == PhysicalIdentity("gateway") {
		t.Error("texts of no known form are told apart by case")
	}
	different := map[Identity]string{}
	for name, id := range map[string]Identity{
		"pair":          FloLIVEIdentity("a", "8935711001000034535"),
		"other ICCID":   FloLIVEIdentity("a", "8935711001000034536"),
		"other ID":      FloLIVEIdentity("b", "8935711001000034535"),
		"moved border":  FloLIVEIdentity("a8", "935711001000034535"),
		"physical ID":   PhysicalIdentity("8935711001000034535"),
		"empty ID":      FloLIVEIdentity("", "8935711001000034535"),
		"physical text": PhysicalIdentity("a"),
	} {
		if other, taken := different[id]; taken {
			t.Errorf("%s and %s are one subscriber", name, other)
		}
		different[id] = name
	}
}
