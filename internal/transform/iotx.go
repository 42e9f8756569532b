package transform

import (
	"time"

	"simsync/internal/fetch"
	"simsync/internal/fetch/iotx"
)

// IoTX adds what rec became to b: a row for itself and one for each profile nested
// in it. receivedAt is when the provider said it: the observation's time, and the now
// against which terminateDate is past.
func (b *Batch) IoTX(rec fetch.Record[iotx.Subscriber], receivedAt time.Time) {
}
