package report

import "strings"

// flagMeanings are what docs/flags.md says of the flags whose value is in its column; a
// test holds the two together.
var flagMeanings = map[string]string{
	"iccid_luhn":           "the ICCID's last digit is not its check digit",
	"iccid_prefix":         "the ICCID does not begin with 89",
	"iccid_length":         "the ICCID has neither 19 nor 20 digits",
	"imsi_length":          "an IMSI has neither 15 nor 14 digits",
	"imei_luhn":            "the IMEI's 15th digit is not its check digit",
	"imeisv_imei":          "the first 14 digits of the IMEISV are not the IMEI's",
	"eid_check":            "the EID does not leave 1 when divided by 97",
	"subscriber_id_uuid":   "floLIVE's subscriberId is not a UUID",
	"status_unknown":       "no status, or a word that the provider does not document",
	"status_contradiction": "active, though its terminateDate is past",
	"many_active":          "several IMSIs were marked as last active; now none is",
	"pair_repeated":        "an IMSI/MSISDN pair came more than once and is kept once",
	"parent_self":          "the subscriber would be its own parent, at once or in a circle; it has none",
	"location_range":       "a longitude or a latitude is nowhere on Earth; both are in extra, and their columns are null",
	"nul_removed":          "a text held the character NUL, which PostgreSQL cannot store",
}

// flagMeaning words a flag.
func flagMeaning(flag string) string {
	if meaning, ok := flagMeanings[flag]; ok {
		return meaning
	}
	if flag == "msisdn_format" {
		return "the MSISDN was refused: not of its form"
	}
	if member, ok := strings.CutSuffix(flag, "_rejected"); ok {
		return "the value was refused: " + strings.ReplaceAll(named(member), "_", " ")
	}
	return ""
}
