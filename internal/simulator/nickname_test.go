package simulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"simsync/internal/simulator"
)

func (c *client) rename(physicalID, body string) (status int, nickname string) {
	c.t.Helper()
	got := c.send(http.MethodPatch, "/subscribers/"+physicalID, body)
	var one struct {
		Content iotxRecord `json:"content"`
	}
	if got.Err == nil && got.Status == http.StatusOK {
		read(c.t, []byte(got.Body), &one)
	}
	return got.Status, one.Content.Nickname
}

func TestNicknameKeepsItsContract(t *testing.T) {
	contract := loadContract(t)
	s := simulator.New(simulator.Options{Seed: 8, IoTX: 1})
	known := ""
	for r := range s.IoTXTruth() {
		known = r.PhysicalID
	}
	for _, tt := range []struct {
		name, id, body string
		status         int
	}{
		{"a name", known, `{"nickname":"Pump"}`, 200},
		{"no characters", known, `{"nickname":""}`, 200},
		{"256 characters", known, `{"nickname":"` + strings.Repeat("é", 256) + `"}`, 200},
		{"256 characters outside the BMP", known, `{"nickname":"` + strings.Repeat("😀", 256) + `"}`, 200},
		{"257 characters", known, `{"nickname":"` + strings.Repeat("x", 257) + `"}`, 400},
		{"a number", known, `{"nickname":7}`, 400},
		{"null", known, `{"nickname":null}`, 400},
		{"none", known, `{}`, 400},
		{"half", known, `{"nickname":`, 400},
		{"no body", known, ``, 400},
		{"nobody", "z", `{"nickname":"Pump"}`, 404},
	} {
		if status, err := contract.checkNickname(s, tt.id, tt.body, tt.status == 400); err != nil || status != tt.status {
			t.Errorf("%s: got %d, want %d: %v", tt.name, status, tt.status, err)
		}
	}
}

func TestNicknamesShowAtOnceAndLast(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 6, IoTX: 60})
	c := newClient(t, s)
	want := map[string]string{}
	for r := range s.IoTXTruth() { // nested ones too
		want[r.PhysicalID] = "Zähler " + r.PhysicalID
		body, err := json.Marshal(map[string]string{"nickname": want[r.PhysicalID]})
		if err != nil {
			t.Fatal(err)
		}
		if status, got := c.rename(r.PhysicalID, string(body)); status != 200 || got != want[r.PhysicalID] {
			t.Errorf("%s: %d %q", r.PhysicalID, status, got)
		}
	}
	for range 3 {
		for r := range s.IoTXTruth() {
			if name, set := want[r.PhysicalID]; set && r.Nickname != name {
				t.Errorf("night %d: the truth calls %s %q", s.Night(), r.PhysicalID, r.Nickname)
			}
		}
		nested := 0
		for _, r := range c.list("limit=100" + byConnection).Content {
			for _, one := range append(slices.Clone(r.Related.Profiles), r) {
				if name, set := want[one.PhysicalID]; set && one.Nickname != name {
					t.Errorf("night %d: the list calls %s %q", s.Night(), one.PhysicalID, one.Nickname)
				}
			}
			nested += len(r.Related.Profiles)
		}
		if nested == 0 {
			t.Error("no profile in the list")
		}
		s.NextNight()
	}
	s.SetIoTX([]simulator.IoTXSubscriber{{PhysicalID: "a", Nickname: "given"}})
	if got := c.list("").Content[0].Nickname; got != "given" {
		t.Errorf("an explicit fleet has the nickname %q", got)
	}
}

// TestNicknamesAreCountedInCharacters tries every length around the limit, in letters of one to four bytes.
func TestNicknamesAreCountedInCharacters(t *testing.T) {
	c := newClient(t, letters(1))
	rapid.Check(t, func(t *rapid.T) {
		name := strings.Repeat(string(rapid.SampledFrom([]rune{'x', 'é', '温', '😀'}).Draw(t, "letter")), rapid.IntRange(250, 260).Draw(t, "length"))
		want := http.StatusOK
		if len([]rune(name)) > 256 {
			want = http.StatusBadRequest
		}
		if status, got := c.rename("a", fmt.Sprintf(`{"nickname":%q}`, name)); status != want || status == 200 && got != name {
			t.Errorf("%d characters: %d, want %d", len([]rune(name)), status, want)
		}
	})
}

func TestNicknameIsAPatch(t *testing.T) {
	c := newClient(t, letters(1))
	for _, method := range []string{http.MethodPut, http.MethodPost, http.MethodDelete} {
		if got := c.send(method, "/subscribers/a", `{"nickname":"x"}`); got.Status != 404 {
			t.Errorf("%s got %d, want 404", method, got.Status)
		}
	}
	if got := c.send(http.MethodPatch, "/subscribers", `{"nickname":"x"}`); got.Status != 404 {
		t.Errorf("a PATCH of the list got %d, want 404", got.Status)
	}
	if got := c.send(http.MethodPatch, "/subscribers/a", `{"nickname":"x"}`, "Authorization", "Bearer nobody"); got.Status != 401 {
		t.Errorf("a foreign token got %d, want 401", got.Status)
	}
}
