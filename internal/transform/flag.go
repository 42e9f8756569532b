package transform

import "slices"

// Flag says what is odd about a row that was loaded all the same. What is absent is
// not odd.
type Flag string

// A check failed, or a value had to be changed; it is in its column.
const (
	FlagICCIDLuhn   Flag = "iccid_luhn"   // the last digit is not the check digit
	FlagICCIDPrefix Flag = "iccid_prefix" // does not begin with 89 (telecommunications)
	FlagICCIDLength Flag = "iccid_length" // neither 19 nor 20 digits
	FlagIMSILength  Flag = "imsi_length"  // neither 15 nor 14 digits
	FlagIMEILuhn    Flag = "imei_luhn"    // the 15th digit is not the check digit
	FlagIMEISVIMEI  Flag = "imeisv_imei"  // its first 14 digits are not the IMEI's
	FlagEIDCheck    Flag = "eid_check"    // does not leave 1 when divided by 97
	// FlagSubscriberIDUUID: floLIVE's subscriberId is not a UUID.
	FlagSubscriberIDUUID Flag = "subscriber_id_uuid"
	// FlagStatusUnknown: no status, or a word that the provider's page does not name.
	FlagStatusUnknown Flag = "status_unknown"
	// FlagStatusContradiction: active, though its terminateDate is past.
	FlagStatusContradiction Flag = "status_contradiction"
	// FlagManyActive: more than one pair was marked as last active; now none is.
	FlagManyActive Flag = "many_active"
	// FlagPairRepeated: a pair came more than once and is kept once.
	FlagPairRepeated Flag = "pair_repeated"
	// FlagParentSelf: the subscriber would be its own parent, at once or in a circle,
	// so it has none.
	FlagParentSelf Flag = "parent_self"
	// FlagLocationRange: a coordinate is nowhere on Earth; both are in extra, and the
	// columns are null.
	FlagLocationRange Flag = "location_range"
	// FlagNULRemoved: a text held the character NUL, which PostgreSQL cannot store.
	FlagNULRemoved Flag = "nul_removed"
)

// A member was refused, so its column is null; the record is among the rejects.
// Named after the provider's member. The members of an observation have none, since
// a flag makes a version of the subscriber and an observation must not.
const (
	// FlagMSISDNFormat: what should be an MSISDN is not of its form. IoT-X's
	// subscriberId keeps it as text.
	FlagMSISDNFormat           Flag = "msisdn_format"
	FlagIMSIRejected           Flag = "imsi_rejected" // a pair without a readable IMSI, or the pairs as such
	FlagIsLastActiveRejected   Flag = "is_last_active_rejected"
	FlagIMEIRejected           Flag = "imei_rejected"
	FlagIMEISVRejected         Flag = "imeisv_rejected"
	FlagEIDRejected            Flag = "eid_rejected"
	FlagStatusRejected         Flag = "status_rejected"
	FlagCustomerIDRejected     Flag = "customer_id_rejected"
	FlagCustomerNameRejected   Flag = "customer_name_rejected"
	FlagSubscriberIDRejected   Flag = "subscriber_id_rejected"
	FlagNicknameRejected       Flag = "nickname_rejected"
	FlagOperatorCodeRejected   Flag = "operator_code_rejected"
	FlagOperatorNameRejected   Flag = "operator_name_rejected"
	FlagTariffNameRejected     Flag = "tariff_name_rejected"
	FlagLineRentalRejected     Flag = "line_rental_rejected"
	FlagConnectionDateRejected Flag = "connection_date_rejected"
	FlagExpiryDateRejected     Flag = "expiry_date_rejected"
	FlagTerminateDateRejected  Flag = "terminate_date_rejected"
	FlagContractLengthRejected Flag = "contract_length_rejected"
	FlagIsActiveRejected       Flag = "is_active_rejected"
	FlagIsBarredRejected       Flag = "is_barred_rejected"
	FlagGroupIDRejected        Flag = "group_id_rejected"
	FlagDataNumberRejected     Flag = "data_number_rejected"
	FlagSubscriberTypeRejected Flag = "subscriber_type_rejected"
	FlagSMDPProviderRejected   Flag = "smdp_provider_rejected"
	FlagIsEnabledRejected      Flag = "is_enabled_rejected" // isEnabled or isEnabledOnParent
	FlagRelatedRejected        Flag = "related_rejected"    // related, its parent or its profiles
)

// A member of details or of a profile was refused. Those that the listing has too have
// the listing's flags; a member within another has the outer one's.
const (
	FlagTagsRejected                 Flag = "tags_rejected"
	FlagSystemLabelsRejected         Flag = "system_labels_rejected"
	FlagUserLabelsRejected           Flag = "user_labels_rejected"
	FlagAliasRejected                Flag = "alias_rejected"
	FlagLastKnownLocationRejected    Flag = "last_known_location_rejected"
	FlagLastConnectedNetworkRejected Flag = "last_connected_network_rejected"
	FlagLastRATTypeRejected          Flag = "last_rat_type_rejected"      // lastRatType or lastRatTypeLabel
	FlagLastDataRATTypeRejected      Flag = "last_data_rat_type_rejected" // lastDataRatType or lastDataRatTypeLabel
	FlagLastAPNRejected              Flag = "last_apn_rejected"
	FlagIsInDataSessionRejected      Flag = "is_in_data_session_rejected"
	FlagLastDataSessionRejected      Flag = "last_data_session_rejected"
	FlagLastIPRejected               Flag = "last_ip_rejected"
	FlagFirstActivatedTimeRejected   Flag = "first_activated_time_rejected"
	FlagOfferRejected                Flag = "offer_rejected" // an offer, or a member of one
	FlagCustomFieldsRejected         Flag = "custom_fields_rejected"
	// FlagContactRejected: a contact, or a member of one. Its reject keeps no record.
	FlagContactRejected               Flag = "contact_rejected"
	FlagNameRejected                  Flag = "name_rejected"  // a profile's
	FlagICCIDRejected                 Flag = "iccid_rejected" // a profile's; elsewhere it costs the record
	FlagSubscriberIdentifiersRejected Flag = "subscriber_identifiers_rejected"
)

// tidied sorts flags and drops the repeated ones, in place.
func tidied(flags []Flag) []Flag {
	slices.Sort(flags)
	return slices.Compact(flags)
}
