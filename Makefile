# Every file below build/ is made from sources in this repository; targets are real files, verbs are phony.
SHELL := /bin/bash
# Two circuits compile side by side; each uses one core.
MAKEFLAGS += --jobs=2 --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

NODE     := node
JS       := build/js
TOOL     := $(NODE) $(JS)/src/toolchain
CLI      := $(NODE) $(JS)/src/cli/main.js

# circuits.json is the only list of circuits.
NAMES          = $(shell $(NODE) -p "require('./circuits/circuits.json').circuits.filter(($(1))).map(c => c.name).join(' ')")
ALL_CIRCUITS  := $(call NAMES,c => true)
# What tests and demo prove; production shapes take minutes to compile and are only bench's, constraints' and soundness'.
CIRCUITS      := $(call NAMES,c => c.use !== 'production')
# A circuit without parameters has one shape, the tests' and the demo's.
DEMO_CIRCUITS := $(call NAMES,c => c.use === 'demo' || (c.use === 'test' && Object.keys(c.parameters).length === 0))
# What bench times: shapes of an epoch in production and one market table, or those whose names end in a word of BENCH: make bench BENCH="n64-k8-s16 u112-s16".
BENCH         :=
BENCH_CIRCUITS = $(call NAMES,c => '$(BENCH)' ? '$(BENCH)'.split(' ').some(w => ('-' + c.name).endsWith(w[0] === '-' ? w : '-' + w)) : c.use === 'production' && (c.template.startsWith('Solvency') || c.name === 'market-table-u112-s16'))

# The pages' own code is not part of the program: Vite compiles it.
TS_SOURCES       := $(shell find src -path src/web -prune -o -name '*.ts' -print)
WEB_SOURCES      := $(shell find src/web src/risk/stress/sets -type f)
CIRCOM_SOURCES   := $(shell find circuits -name '*.circom')
SOLIDITY_SOURCES := $(shell find contracts -name '*.sol')
NATIVE_SOURCES   := $(shell find native -name target -prune -o -type f -print)
NATIVE           := build/native/clearproof-prover

R1CS = $(foreach c,$(1),build/circuits/$(c)/$(c).r1cs)
ZKEY = $(foreach c,$(1),build/keys/$(c).zkey)

REHEARSAL_CIRCUITS :=

.PHONY: help demo demo-real demo-crosschain hyperlane test fuzz build native circuits keys contracts release-contracts ceremony-rehearsal web lint bench bench-load bench-service bench-page simulate constraints soundness forgery-report chaos clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

demo: $(JS)/.stamp $(NATIVE) build/contracts/.demo build/web/SHA256SUMS ## One epoch end to end on a local chain: prove, publish, verify, audit, challenge, pay, trade through the clearing house, liquidate in a crash, exit, and refuse forgeries; ends with the pages served (five minutes or ten once keys are made)
	$(CLI) demo

demo-real: $(JS)/.stamp $(NATIVE) build/contracts/.demo build/web/SHA256SUMS ## The same on 512 real accounts from ../shared/data
	$(CLI) demo --real ../shared/data

demo-crosschain: $(JS)/.stamp $(NATIVE) build/contracts/.demo build/hyperlane/.made ## One margin on two local chains over Hyperlane's own contracts: an epoch opens a contract on chain 2, collateral there backs a trade on chain 1, and both close when either fails; writes build/report/crosschain.json (some minutes; fetches 110 MB from npm once)
	$(CLI) demo-crosschain

hyperlane: build/hyperlane/.made ## Fetch Hyperlane's contracts from npm (110 MB, once), check their hash and compile them

test: lint $(JS)/.stamp $(NATIVE) build/contracts/.all build/web/SHA256SUMS ## Everything CI runs: lint, types, mocha, forge, cargo
	$(TOOL)/run-tests.js

# make test runs 1,000 inputs a fuzz test and 256 campaigns an invariant.
FUZZ := ci
fuzz: $(JS)/.stamp build/contracts/.all ## Contract tests with 10,000 inputs, or 100,000 with FUZZ=deep, and invariants over 1,024 campaigns of 32 calls, none of which may revert
	FOUNDRY_PROFILE=$(FUZZ) $(TOOL)/forge.js test

build: $(JS)/.stamp ## Compile TypeScript

native: $(NATIVE) ## Build the native prover, where there is cargo 1.89 or newer; without it proofs are snarkjs' and take several times as long

circuits: $(call R1CS,$(CIRCUITS)) ## Compile the circuits of tests and demo

keys: $(call ZKEY,$(CIRCUITS)) ## Make INSECURE development keys for them

contracts: build/contracts/.all ## Generate verifiers and compile the contracts

web: build/web/SHA256SUMS ## Build the verification page and the venue board, and print the one hash over their files that README.md states
	@echo "Verification page SHA-256: $$(sha256sum < $< | cut -d' ' -f1)"

# KEYS: what "clearproof ceremony finalise" wrote. OUT: what "clearproof deploy --contracts" takes.
release-contracts: $(JS)/.stamp ## Generate the verifiers of the keys in KEYS=folder and compile all contracts with them into OUT=folder
	$(TOOL)/release-contracts.js --keys '$(KEYS)' --out '$(OUT)'

# Goes on where it was stopped; a finished one begins anew.
ceremony-rehearsal: $(JS)/.stamp build/contracts/.demo build/web/SHA256SUMS ## Rehearse a whole ceremony over the demo's circuits (INSECURE phase 1, three contributors, beacon, transcript verified), then run the demo on its keys; REHEARSAL_CIRCUITS="account-signer row-mark-s8" for a small one without demo; writes build/report/ceremony.json (an hour or two, most of it initial keys; the small one takes minutes)
	$(TOOL)/ceremony-rehearsal.js $(or $(REHEARSAL_CIRCUITS),--demo $(DEMO_CIRCUITS))

lint: node_modules/.stamp $(JS)/.stamp ## Lint and type check; native/ too, by clippy and rustfmt, where they are
	node_modules/.bin/eslint .
	node_modules/.bin/tsc --noEmit
	node_modules/.bin/tsc -p src/web
	$(TOOL)/native-lint.js

constraints: $(JS)/.stamp $(call R1CS,$(ALL_CIRCUITS)) ## Recount every shape, hold the bars, compare with test/snapshots/constraints.json (about 15 minutes)
	$(TOOL)/constraints.js

bench: $(JS)/.stamp $(NATIVE) $(call ZKEY,$(BENCH_CIRCUITS)) ## Time the native prover, snarkjs and CLEARPROOF_PROVER=program side by side on production shapes and real accounts, or on BENCH="n64-k8-s16 u112-s16"; writes build/report/bench.json (an hour by estimate)
	$(TOOL)/bench.js $(BENCH)

# Of the synthetic venue that bench-service takes through the service.
ACCOUNTS ?= 1000000
bench-service: $(JS)/.stamp $(NATIVE) $(call ZKEY,$(DEMO_CIRCUITS)) ## Take ACCOUNTS=1000000 synthetic accounts through import, plan, tree and receipts, on DATABASE_URL or an embedded database; goes on where it was stopped; writes build/report/service.json
	ACCOUNTS=$(ACCOUNTS) $(TOOL)/bench-service.js

# Without the data an invented crash; the two named days are crashes that the six worst falls below the open leave out.
SIMULATED = $(if $(wildcard ../shared/data/prices-daily),--data ../shared/data/prices-daily --day 2018-11-19 2022-11-08)
simulate: $(JS)/.stamp ## Replay the worst days of ../shared/data over a synthetic venue with keepers, adaptive parameters beside fixed ones; writes build/report/simulation.{html,json} and pictures (ten minutes or more; seconds without the data)
	$(CLI) simulate $(SIMULATED) --out build/report

# Minutes of mixed load after the scenarios.
SOAK := 0
bench-load: $(JS)/.stamp ## Load the prover service's API with 50 to 500 connections, then for SOAK=10 minutes with all of it; DATABASE_URL for a PostgreSQL; writes build/report/load.json (two minutes)
	$(TOOL)/load-service.js --soak $(SOAK)

bench-page: build/web/SHA256SUMS $(call ZKEY,$(call NAMES,c => c.use === 'test')) ## Time the verification page in Chromium on a receipt of production shape; writes build/report/page.json (one minute)
	$(NODE) --import tsx test/web/bench-page.ts

# Of fewer seeds each kind of store takes half.
SEEDS := 50
chaos: $(JS)/.stamp build/contracts/.all ## Kill the service 50 times over at seeded moments of an epoch, on both stores (SEEDS=n for other numbers); writes build/report/chaos.json (about 30 minutes)
	SEEDS=$(SEEDS) $(NODE) --import tsx test/chaos/chaos.ts

# Production systems of half a million constraints need the memory.
soundness: node_modules/.stamp ## Attack the circuits of tests and the smallest production circuits (8 minutes with SOUNDNESS_CIRCUITS=none); SOUNDNESS_CIRCUITS=all for every one, SOUNDNESS_MUTANTS=all for every mutant; goes on where it was stopped; writes build/report/soundness.json
	$(NODE) --max-old-space-size=12288 --import tsx test/soundness/soundness.ts

forgery-report: $(JS)/.stamp build/contracts/.all ## Try to forge with every key of build/keys, on snarkjs and on verifiers on a local chain, beside controls that must succeed; writes build/report/forgery.json (a minute)
	$(TOOL)/forgery-report.js

clean: ## Remove build/ (keys are cached there)
	rm -rf build

# ---- files ----

node_modules/.stamp: package.json package-lock.json
	npm ci --ignore-scripts
	@touch $@

$(JS)/.stamp: node_modules/.stamp tsconfig.json tsconfig.build.json $(TS_SOURCES)
	node_modules/.bin/tsc -p tsconfig.build.json
	@touch $@

# Without cargo nothing is made, and make goes on.
$(NATIVE): $(NATIVE_SOURCES) | $(JS)/.stamp
	$(TOOL)/native.js

build/web/SHA256SUMS: $(WEB_SOURCES) $(JS)/.stamp circuits/circuits.json
	$(TOOL)/web.js

# Not in this repository and no dependency: fetched by the verbs that need it, and refused unless its hash is the one that is written down.
build/hyperlane/.made: src/toolchain/hyperlane.ts | $(JS)/.stamp
	$(TOOL)/hyperlane.js
	@touch $@

define circuit_rules
build/circuits/$(1)/$(1).r1cs: $(CIRCOM_SOURCES) circuits/circuits.json | $(JS)/.stamp
	$(TOOL)/circuits.js $(1)

build/keys/$(1).zkey: build/circuits/$(1)/$(1).r1cs | build/keys/.manifest-2
	$(TOOL)/keys.js $(1)
	@touch $$@
endef
$(foreach c,$(ALL_CIRCUITS),$(eval $(call circuit_rules,$(c))))

# A manifest of version 1 is written again; the keys it names stay.
build/keys/.manifest-2: | $(JS)/.stamp
	$(TOOL)/keys.js --upgrade
	@mkdir -p $(@D); touch $@

# The demo needs the verifiers of its own circuits, the tests those of all.
build/contracts/.demo: $(SOLIDITY_SOURCES) $(call ZKEY,$(DEMO_CIRCUITS)) | $(JS)/.stamp
	$(TOOL)/verifiers.js $(DEMO_CIRCUITS)
	$(TOOL)/contracts.js
	$(TOOL)/verifier-code.js
	@touch $@

# All contain the demo's: the demo has nothing to make after it. Asked for both at once, they must not write at once.
build/contracts/.all: $(SOLIDITY_SOURCES) $(call ZKEY,$(CIRCUITS)) | $(JS)/.stamp $(if $(filter demo%,$(MAKECMDGOALS)),build/contracts/.demo)
	$(TOOL)/verifiers.js $(CIRCUITS)
	$(TOOL)/contracts.js
	$(TOOL)/verifier-code.js
	@touch build/contracts/.demo $@
