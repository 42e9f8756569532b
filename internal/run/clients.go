package run

import (
	"context"
	"fmt"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
)

// FloLIVE makes the client of a floLIVE source, for what is no walk.
func FloLIVE(source config.Source, version string, log zerolog.Logger) (*flolive.Client, error) {
	client, err := flolive.New(floLIVEOptions(source, clientOptions(source, version, log)))
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", source.Name, err)
	}
	return client, nil
}

// IoTX makes the client of an IoT-X source, for what is no walk.
func IoTX(source config.Source, version string, log zerolog.Logger) (*iotx.Client, error) {
	client, err := iotx.New(iotx.Options{Client: clientOptions(source, version, log)})
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", source.Name, err)
	}
	return client, nil
}

// CheckDetails reads the details of one subscriber of a floLIVE source, by its ICCID:
// a permission of its own. That the provider no longer has the subscriber proves the
// permission as well.
func CheckDetails(ctx context.Context, source config.Source, iccid, version string, log zerolog.Logger) error {
	client, err := FloLIVE(source, version, log)
	if err != nil {
		return err
	}
	defer client.Close()
	_, _, err = client.Details(ctx, iccid)
	if isAny(fetch.KindNotFound, flolive.ErrPartial)(err) {
		return nil
	}
	return err
}

func clientOptions(source config.Source, version string, log zerolog.Logger) fetch.Options {
	return fetch.Options{
		BaseURL: source.BaseURL, Token: source.Token.Reveal(), RequestsPerSecond: source.RequestsPerSecond,
		RequestTimeout: source.RequestTimeout, UserAgent: "simsync/" + version, Log: log,
	}
}

func floLIVEOptions(source config.Source, shared fetch.Options) flolive.Options {
	return flolive.Options{
		Client: shared, Username: source.Username, Password: source.Password.Reveal(),
		ChunkSize: source.ChunkSize, KeepAlive: source.PITKeepAlive, SessionAttempts: source.SessionAttempts,
	}
}
