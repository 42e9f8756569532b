// Package deploy checks what simsync is deployed with: the manifests in kubernetes are
// read as the API's own types, strictly. It is a module of its own, so that none of
// these types is a dependency of the program.
package deploy
