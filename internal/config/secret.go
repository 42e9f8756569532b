package config

import (
	"fmt"
	"io"
)

// redacted stands where a secret would be printed.
const redacted = "[redacted]"

// Secret is a text that does not print: not by fmt with any verb, not as text, not as JSON, and, because it holds a pointer, not as part
// of a value that fmt can look into but not ask. The zero value is no secret, and prints as nothing.
type Secret struct {
	value *string
}

// NewSecret makes a secret of a text. An empty text makes the zero value.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{value: &text}
}

// Reveal returns the text: the one way to it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero says whether there is no secret.
func (s Secret) IsZero() bool { return s.value == nil }

// Equal says whether two secrets have the same text.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String is "[redacted]", or empty for the zero value.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return s.String() }

// Format prints String, whatever the verb and its flags.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText is String; JSON encoders use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
