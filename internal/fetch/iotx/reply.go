package iotx

import (
	"errors"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// readList reads the answer of the list: {"content":[...]}. What else stands in it
// (a pagination object on the wire, which no page describes) is ignored. An answer
// without content is no empty page: it would end the walk.
func readList(body []byte) ([]jsontext.Value, error) {
	envelope, err := fetch.ReadEnvelope(body)
	if err != nil {
		return nil, err
	}
	if envelope.Content == nil {
		return nil, errors.New("content is not an array")
	}
	return envelope.Content, nil
}

// readOne reads the answer for one subscriber: {"content":{...}}.
func readOne(body []byte) (jsontext.Value, error) {
	envelope, err := fetch.ReadEnvelope(body)
	if err != nil {
		return nil, err
	}
	raw := envelope.Members["content"]
	if raw.Kind() != '{' {
		return nil, errors.New("content is not an object")
	}
	return raw, nil
}

// refusal reads the code of {"error":{"code","message"}}. The codes are not
// public, so that the HTTP status tells the kind.
func refusal(body []byte) (code string, kind fetch.Kind) {
	envelope, err := fetch.ReadEnvelope(body)
	if err != nil {
		return "", ""
	}
	var e struct {
		Code jsontext.Value `json:"code"`
	}
	raw := envelope.Members["error"]
	if raw.Kind() != '{' || json.Unmarshal(raw, &e) != nil {
		return "", ""
	}
	if e.Code.Kind() == '"' {
		unquoted, err := jsontext.AppendUnquote(nil, e.Code)
		if err != nil {
			return "", ""
		}
		return string(unquoted), ""
	}
	return string(e.Code), ""
}
