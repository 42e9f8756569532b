package writeback_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"simsync/internal/writeback"
)

var (
	north = uuid.MustParse("4543dedb-cce7-4bee-89f3-7af1447927e6")
	south = uuid.MustParse("e7fcef24-5c03-41dd-9e33-995b7d6f47e2")
)

func move(line int, kind writeback.SubjectType, value string, target uuid.UUID) writeback.Change {
	return writeback.Change{Line: line, Subject: writeback.Subject{Type: kind, Value: value}, Target: target}
}

// The first is the example of floLIVE API v2, "Bulk Move Subscriber", as a file.
func TestReadMoves(t *testing.T) {
	t.Parallel()
	const header = "type,value,target_customer_id\n"
	for _, test := range []struct {
		name, text string
		want       []writeback.Change
	}{
		{
			"the provider's example", header + "IMSI,222013090961859," + north.String() + "\nICCID,8935711001000034535," + south.String() + "\n",
			[]writeback.Change{move(2, writeback.SubjectIMSI, "222013090961859", north), move(3, writeback.SubjectICCID, "8935711001000034535", south)},
		},
		{
			"as spreadsheets write", "\xEF\xBB\xBF" + strings.ReplaceAll(header+"\n\"iccid\",\"8935 7110 0100 0034 535F\",\""+strings.ToUpper(north.String())+"\"\n", "\n", "\r\n"),
			[]writeback.Change{move(3, writeback.SubjectICCID, "8935711001000034535", north)},
		},
		{
			"in any case and with spaces", " type, value ,target_customer_id\n Msisdn , +44 7000 000001 , " + north.String() + " \n",
			[]writeback.Change{move(2, writeback.SubjectMSISDN, "447000000001", north)},
		},
		{
			"without a last line break", header + "IMEI,35365206016353," + north.String(),
			[]writeback.Change{move(2, writeback.SubjectIMEI, "35365206016353", north)},
		},
		{
			"the same twice", header + "IMEI,35365206016353," + north.String() + "\nimei,35365206016353," + north.String(),
			[]writeback.Change{move(2, writeback.SubjectIMEI, "35365206016353", north), move(3, writeback.SubjectIMEI, "35365206016353", north)},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := writeback.ReadMoves("moves.csv", strings.NewReader(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadMovesTellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	const header = "type,value,target_customer_id\n"
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"nothing at all", "", []string{"moves.csv:1: holds nothing to do; allowed: the header type,value,target_customer_id and a line for each subscriber"}},
		{"a header alone", header, []string{"moves.csv:1: holds nothing to do; allowed: the header type,value,target_customer_id and a line for each subscriber"}},
		{"another header", "value,type,target_customer_id\nx,y,z\n", []string{"moves.csv:1: the header is not type,value,target_customer_id"}},
		{"no header", "IMSI,222013090961859," + north.String(), []string{"moves.csv:1: the header is not type,value,target_customer_id"}},
		{"every field", header + "EID,1,2\nICCID,1,2\n", []string{
			`moves.csv:2:1: type is "EID"; allowed: IMSI, ICCID, MSISDN, IMEI`,
			`moves.csv:2:7: target_customer_id is "2"; allowed: a customer's UUID`,
			`moves.csv:3:7: value is "*", no ICCID; allowed: 18 to 22 digits`,
			`moves.csv:3:9: target_customer_id is "2"; allowed: a customer's UUID`,
		}},
		{"an identifier of another type", header + "IMSI,8935711001000034535," + north.String() + "\n", []string{
			`moves.csv:2:6: value is "8935***********4535", no IMSI; allowed: 6 to 15 digits`,
		}},
		{"two targets", header + "IMSI,222013090961859," + north.String() + "\nIMSI,222013090961859," + south.String() + "\n", []string{
			"moves.csv:3: names the subscriber of line 2 and asks for another target_customer_id",
		}},
		{"a field too many", header + "IMSI,222013090961859," + north.String() + ",\n", []string{
			"moves.csv:2: has 4 fields; allowed: 3 (type,value,target_customer_id)",
		}},
		{"a quote that is left open", header + "IMSI,\"222,x\nIMSI", []string{
			`moves.csv:3:5: cannot be read as CSV: extraneous or missing " in quoted-field`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := writeback.ReadMoves("moves.csv", strings.NewReader(test.text))
			if _, ok := errors.AsType[*writeback.FileError](err); !ok {
				t.Fatalf("error %v, want a FileError", err)
			}
			if diff := cmp.Diff(test.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadMovesBoundsWhatItTells(t *testing.T) {
	t.Parallel()
	text := "type,value,target_customer_id\n" + strings.Repeat("x,1,"+north.String()+"\n", 80)
	_, err := writeback.ReadMoves("moves.csv", strings.NewReader(text))
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 51 || lines[50] != "moves.csv: and 30 problems more" {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

func TestReadMovesRefusesUTF16(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{"\xFF\xFE", "\xFE\xFF"} {
		_, err := writeback.ReadMoves("moves.csv", strings.NewReader(mark+"t\x00y\x00"))
		if err == nil || !strings.Contains(err.Error(), "save it as CSV in UTF-8") {
			t.Errorf("error %v, want one that says what to do", err)
		}
	}
}

func TestReadNicknames(t *testing.T) {
	t.Parallel()
	const header = "physical_id,nickname\n"
	name := func(line int, id, nickname string) writeback.Change {
		return writeback.Change{Line: line, Subject: writeback.Subject{Type: writeback.SubjectPhysicalID, Value: id}, Nickname: nickname}
	}
	long := strings.Repeat("é", 256)
	text := header + "8944000000000000001,Pump 7\n AABBCCDDEEFF0011 ,\"Größe, \"\"links\"\"\"\nx,\ny, e\u0301 \nz," + long + "\n"
	got, err := writeback.ReadNicknames("names.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []writeback.Change{
		name(2, "8944000000000000001", "Pump 7"),
		name(3, "AABBCCDDEEFF0011", `Größe, "links"`),
		name(4, "x", ""),
		name(5, "y", " e\u0301 "), // composed or not, with spaces or not: as it stands
		name(6, "z", long),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}

	text = header + ",a\n..,b\nx," + long + "é\ny,\"a\tb\"\nz,\"\xFF\"\n8944000000000000001,a\n8944000000000000001,b\n"
	_, err = writeback.ReadNicknames("names.csv", strings.NewReader(text))
	if err == nil {
		t.Fatal("no error")
	}
	const names = "0 to 256 characters, none of them a control character"
	wrong := []string{
		"names.csv:2:1: physical_id is empty; allowed: a physicalId as the provider spells it, 1 to 255 bytes",
		`names.csv:3:1: physical_id is "**"; allowed: a physicalId as the provider spells it, 1 to 255 bytes`,
		"names.csv:4:3: nickname is longer; allowed: " + names,
		"names.csv:5:3: nickname holds a control character; allowed: " + names,
		"names.csv:6:3: nickname is not UTF-8; allowed: " + names,
		"names.csv:8: names the subscriber of line 7 and asks for another nickname",
	}
	if diff := cmp.Diff(wrong, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestNewNickname(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ id, nickname, want string }{
		{"8944000000000000001", strings.Repeat("ü", 256), ""},
		{"8944000000000000001", "", ""},
		{"8944000000000000001", strings.Repeat("ü", 257), "the nickname is longer; allowed: 0 to 256 characters, none of them a control character"},
		{"8944000000000000001", "\x7f", "the nickname holds a control character; allowed: 0 to 256 characters, none of them a control character"},
		{" ", "x", `the physical ID is "*"; allowed: a physicalId as the provider spells it, 1 to 255 bytes`},
	} {
		got := ""
		if _, err := writeback.NewNickname(test.id, test.nickname); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("NewNickname(%q, %q): error %q, want %q", test.id, test.nickname, got, test.want)
		}
	}
}

// Whatever a file holds, it is read or refused, and no error tells an identifier whole.
func FuzzReadMoves(f *testing.F) {
	f.Add("type,value,target_customer_id\nIMSI,222013090961859,4543dedb-cce7-4bee-89f3-7af1447927e6\n")
	f.Add("\xEF\xBB\xBFtype,value,target_customer_id\r\nICCID,\"8935 7110\",x\r\n")
	f.Add("type,value,target_customer_id\nICCID,89357110010000345350000,\n")
	valueTold := regexp.MustCompile(`value is "[^*"]{9,}"`)
	f.Fuzz(func(t *testing.T, text string) {
		changes, err := writeback.ReadMoves("moves.csv", strings.NewReader(text))
		if err == nil && len(changes) == 0 {
			t.Error("a good file that asks for nothing")
		}
		if err != nil && valueTold.MatchString(err.Error()) {
			t.Errorf("the error tells an identifier: %v", err)
		}
		for _, c := range changes {
			if err == nil && (c.Line < 2 || c.Value == "" || c.Target == uuid.Nil) {
				t.Errorf("a change that is none: %+v", c)
			}
		}
	})
}
