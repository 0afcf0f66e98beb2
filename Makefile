# Every target that a person or CI types. `make help` lists them.

N ?= 5
SWIFT_FORMATTED = Package.swift Sources Tests $(wildcard bench)
SHELL_SCRIPTS = $(shell git ls-files -s | awk '$$1 == 100755 { print $$4 }' | xargs -r grep -lE '^\#!/bin/(ba)?sh') scripts/hosts/lib.sh scripts/decisions.sh bench/lib.sh bench/hosts.sh
RELEASE = -c release --static-swift-stdlib -Xlinker -s

.DEFAULT_GOAL := help
.PHONY: help setup build release test e2e sim demo bench format check proto deb hosts-up hosts-down fuzz mutants torture hooks clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## Install the packages that building and testing need (quick when they are there)
	@scripts/setup

build: setup ## Build everything, with debug information
	swift build

release: setup ## Build small, stripped binaries that carry Swift's runtime
	swift build $(RELEASE)

test: setup ## Run all tests: units first, then real hosts
	@scripts/test

e2e: setup deb ## Run only the tests on real systemd hosts; FILTER=name picks some
	swift test --filter 'EndToEndTests$(if $(FILTER),.*$(FILTER))'

sim: setup ## Run only the simulations; SEED=n replays one, SEEDS=100000 runs so many
	$(if $(SEEDS),scripts/simulate $(SEEDS),$(if $(SEED),FLEET_SEED=$(SEED)) swift test --filter SimulationTests)

demo: setup ## Roll good and bad releases over five hosts under traffic; KEEP=1 leaves them up
	@scripts/demo

bench: setup release deb ## Measure against Ansible, a script and others, in one run; PART="rollout tls" picks some
	@bench/run $(PART)

format: ## Format all Swift code
	swift format --in-place --recursive $(SWIFT_FORMATTED)

check: setup ## Report what is not formatted, or what shellcheck finds; changes nothing
	swift format lint --strict --recursive $(SWIFT_FORMATTED)
	shellcheck --external-sources --source-path=SCRIPTDIR $(SHELL_SCRIPTS)

proto: setup ## Generate the Swift code of Sources/Protocol/proto
	@scripts/proto

deb: setup ## Build the Debian packages into .build/deb
	@packaging/build

hosts-up: setup ## Boot real systemd hosts on this machine; N=5
	@scripts/hosts/up $(N)

hosts-down: ## Remove them again
	@scripts/hosts/down

fuzz: setup ## Feed all decoders with libFuzzer; FUZZ_TARGET=name picks one, FUZZ_TIME=60 seconds
	@scripts/fuzz

mutants: setup ## Plant one bug per invariant and show that each is caught
	@scripts/mutants

torture: setup ## Try every kill point, power cut and many seeds, hours; FILTER=name picks some
	@scripts/torture $(FILTER)

hooks: ## Run make check before every commit (FLEET_NO_HOOKS=1 skips it)
	@scripts/hooks

clean: hosts-down ## Remove everything that was built
	rm -rf .build
