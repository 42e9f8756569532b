// Package iotx reads IoT-X's API 4.0: the paginated list of an account's
// subscribers, walked with overlapping pages, and one subscriber by its physicalId.
package iotx
