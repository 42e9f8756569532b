// Package fetch speaks HTTP to the providers: credentials, rate, retry, and the
// walks that read a listing to its proven end.
//
// It hands on what a provider said, in the provider's words: pages of records
// whose members are still raw JSON, and a verdict. It refuses to know SQL, and it
// refuses to know what a canonical ICCID looks like: a record that makes no sense
// is none of its business, a record that was never delivered is.
package fetch
