# "make" alone lists what there is to make. Needs Go (its version is in go.mod), git, and for the race detector a C compiler.
# Nothing is fetched but Go modules, and PostgreSQL where none is installed.

.DEFAULT_GOAL := help
.NOTPARALLEL: # each step uses every core by itself, and its output stays together
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# What git knows of this tree; a tree without git builds as well.
VERSION = $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT = $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

# The tools live in a folder named after what they are built from: a new pin makes a new folder, and a kept .cache costs nothing.
TOOLS := .cache/bin/$(shell { go env GOVERSION; cat tools/go.mod tools/go.sum; } 2>/dev/null | cksum | cut -d ' ' -f 1)

# Packages whose golden files "-update" rewrites. Their tests hold the files current.
GOLDEN := ./migrations ./internal/config ./internal/queries ./internal/transform

# Where else the program has to compile, tests included.
PLATFORMS := linux/arm64 darwin/arm64

# One fuzz target's share of "make fuzz".
FUZZTIME ?= 10s

# Arguments of the demo: make demo ARGS='--subscribers 100000'
ARGS ?=

# A check must never meet the providers or the database of whoever runs it.
ALONE := env -u DATABASE_URL -u FLOLIVE_BASE_URL -u IOTX_BASE_URL -u SIMSYNC_CONFIG

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z\/-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: ## Build the program: bin/simsync
	CGO_ENABLED=0 go build -trimpath -ldflags '-X main.version=$(VERSION) -X main.commit=$(COMMIT)' -o bin/simsync ./cmd/sync

# The image's name. VERSION and COMMIT go into it as they do into the binary.
IMAGE ?= simsync:$(VERSION)

# What builds images here: the first that is installed, or BUILDER=. BUILDFLAGS are its own, such as --isolation chroot where buildah
# may not make namespaces, or --build-arg BUILDER= for a mirror of the image that has Go.
BUILDER ?= $(shell for b in docker podman buildah; do if command -v $$b >/dev/null; then echo $$b; break; fi; done)
BUILDFLAGS ?=

.PHONY: image
image: ## Build the container image with docker, podman or buildah: make image IMAGE=registry.example.com/simsync:v1.0.0
	@test -n '$(BUILDER)' || { echo 'nothing here builds images: install docker, podman or buildah' >&2; exit 1; }
	$(BUILDER) build $(BUILDFLAGS) --build-arg VERSION=$(VERSION) --build-arg COMMIT=$(COMMIT) -f deploy/Dockerfile -t $(IMAGE) .

.PHONY: image/try
image/try: ## Build the image without a registry, and run it as a cluster would (root, buildah)
	deploy/try-image

.PHONY: man
man: build ## Build the manual page: bin/simsync.1
	bin/simsync man > bin/simsync.1

# Go runs the tests of as many packages at once as there are cores. Most of them wait for PostgreSQL or run in virtual time, so
# that is enough.
.PHONY: test
test: prerequisites ## Run every test, shuffled, under the race detector
	$(ALONE) go test -race -shuffle=on -timeout=15m ./...

# Starts a server as the tests will, so that a machine without PostgreSQL hears of it in one line, here.
.PHONY: prerequisites
prerequisites:
	@command -v go >/dev/null || { echo 'Go is not installed: see https://go.dev/doc/install; its version is in go.mod' >&2; exit 1; }
	@command -v "$$(go env CC | cut -d ' ' -f 1)" >/dev/null || { echo 'the race detector needs a C compiler: apt-get install gcc libc6-dev' >&2; exit 1; }
	@$(ALONE) go test -race -run='^TestServerComesAndGoes$$' ./internal/localpg || { echo 'no PostgreSQL can be started here: the reason is above' >&2; exit 1; }

.PHONY: check
check: ## All that has to hold before a change is pushed
	@$(ALONE) $(MAKE) --no-print-directory tidy/check fmt/check lint vet build test manifests demo
	@echo 'check: all of it holds'

.PHONY: manifests
manifests: ## Check what is deployed to Kubernetes against the API's own types
	go -C deploy test ./...

.PHONY: lint
lint: $(TOOLS)/golangci-lint ## Look for faults without running anything
	$(TOOLS)/golangci-lint run ./...
	cd deploy && ../$(TOOLS)/golangci-lint run ./...

.PHONY: fmt
fmt: $(TOOLS)/golangci-lint ## Format the code
	$(TOOLS)/golangci-lint fmt ./...

.PHONY: fmt/check
fmt/check: $(TOOLS)/golangci-lint
	$(TOOLS)/golangci-lint fmt --diff ./...

.PHONY: vet
vet: $(PLATFORMS:%=vet/%)
	go vet ./...
	go -C deploy vet ./...

.PHONY: $(PLATFORMS:%=vet/%)
$(PLATFORMS:%=vet/%): vet/%:
	CGO_ENABLED=0 GOOS=$(*D) GOARCH=$(*F) go vet ./...

.PHONY: tidy/check
tidy/check:
	go mod tidy -diff
	go -C deploy mod tidy -diff
	go -C tools mod tidy -diff
	go mod verify

.PHONY: demo
demo: ## Show two nights of syncs: own PostgreSQL, simulated providers
	go run ./cmd/demo $(ARGS)

# The commit that "make bench" measures beside this tree.
BASE ?= HEAD~1

# One iteration: it has rounds of its own, and prints their medians. See internal/bench for its settings.
.PHONY: bench
bench: ## Measure the main job beside psql's copy, and beside an earlier commit (some minutes)
	rm -rf .cache/base && mkdir -p .cache/base
	git archive $(BASE) | tar -x -C .cache/base
	cd .cache/base && CGO_ENABLED=0 go build -trimpath -o ../base-simsync ./cmd/sync
	rm -rf .cache/base
	SIMSYNC_BENCH_BASE=$(CURDIR)/.cache/base-simsync go test -run='^$$' -bench=. -benchtime=1x -timeout=60m ./internal/bench

.PHONY: schema
schema: ## Write the golden files anew: migrations/schema.sql and others
	go test $(GOLDEN) -update

.PHONY: dictionary
dictionary: ## Write docs/data-dictionary.md anew, from the schema and docs/dictionary
	go test ./migrations -run='^TestDataDictionary$$' -update

.PHONY: fuzz
fuzz: ## Fuzz every target for FUZZTIME (10s)
	@grep -rEo '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' cmd internal migrations | while IFS=: read -r file target; do \
		echo "$${target#func } in $$(dirname "$$file")"; \
		go test -run='^$$' -fuzz="^$${target#func }$$" -fuzztime=$(FUZZTIME) "./$$(dirname "$$file")" </dev/null; \
	done

.PHONY: vuln
vuln: $(TOOLS)/govulncheck ## Look for known vulnerabilities (asks vuln.go.dev)
	$(TOOLS)/govulncheck ./...

.PHONY: clean
clean: ## Remove what was built, tools included
	rm -rf bin dist .cache

$(TOOLS)/golangci-lint: PACKAGE = github.com/golangci/golangci-lint/v2/cmd/golangci-lint
$(TOOLS)/govulncheck: PACKAGE = golang.org/x/vuln/cmd/govulncheck
$(TOOLS)/%:
	@echo 'building $* (once, a minute or two)'
	@CGO_ENABLED=0 go -C tools build -o ../$@ $(PACKAGE)
