package load

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// DropContacts deletes every contact that the database holds of the source, and
// returns how many there were: for a source that is no longer to keep them.
func (s *Session) DropContacts(ctx context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tag, err := s.conn.Exec(ctx, statement("contact_drop"), s.source)
	if err != nil {
		return 0, fmt.Errorf("delete the contacts of source %s: %w", s.source, err)
	}
	return tag.RowsAffected(), nil
}

// The columns of the stage of contacts, in the order in which the functions below
// give their values.
var (
	stageContactColumns = []string{
		"subscriber_key", "ordinal", "contact_id", "email_address", "type", "role", "salutation", "first_name", "middle_name", "last_name",
		"gender", "birthdate", "landline_phone", "mobile_phone", "additional_phone", "picture", "remarks", "extra",
	}
	stageContactIdentityColumns = []string{"subscriber_key", "ordinal", "place", "id_type", "id_number"}
)

// stagedContact is a contact of a subscriber on its way to the stage.
type stagedContact struct {
	key     int64
	ordinal int16
	contact *transform.Contact
}

// stagedIdentity is an identity of a contact on its way to the stage.
type stagedIdentity struct {
	key            int64
	ordinal, place int16
	transform.ContactIdentity
}

// stageContacts copies the contacts of what was found.
func stageContacts(ctx context.Context, tx pgx.Tx, found []detailAnswer) error {
	var contacts []stagedContact
	var identities []stagedIdentity
	for _, a := range found {
		for i := range a.detail.Contacts {
			c := &a.detail.Contacts[i]
			contacts = append(contacts, stagedContact{a.key, int16(i), c})
			for j, identity := range c.Identities {
				identities = append(identities, stagedIdentity{a.key, int16(i), int16(j), identity})
			}
		}
	}
	if err := copyRows(ctx, tx, "stage_contact", stageContactColumns, contacts, contactValues); err != nil {
		return err
	}
	return copyRows(ctx, tx, "stage_contact_identity", stageContactIdentityColumns, identities, func(values []any, i stagedIdentity) []any {
		return append(values, i.key, i.ordinal, i.place, null(i.IDType), null(i.IDNumber))
	})
}

func contactValues(values []any, s stagedContact) []any {
	c := s.contact
	return append(values, s.key, s.ordinal, nullID(c.ContactID), null(c.EmailAddress), null(c.Type), null(c.Role), null(c.Salutation),
		null(c.FirstName), null(c.MiddleName), null(c.LastName), null(c.Gender), c.Birthdate, null(c.LandlinePhone), null(c.MobilePhone),
		null(c.AdditionalPhone), null(c.Picture), null(c.Remarks), jsonb(c.Extra))
}

// contacts brings the staged contacts in, in place of those that their subscribers
// had.
func (m *merger) contacts() {
	m.do("contact_delete")
	m.do("contact_upsert")
	m.do("contact_identity_delete")
	m.do("contact_identity_upsert")
}
