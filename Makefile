# The one entry for people: `make help`. Continuous integration calls .ci/run, which calls ./test.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# Nothing of a build stays behind as a process, and nothing is told to anybody.
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
export DOTNET_CLI_USE_MSBUILD_SERVER := 0
export MSBUILDDISABLENODEREUSE := 1

ARTIFACTS := $(CURDIR)/artifacts
DOTNET_FLAGS := -c Release --artifacts-path $(ARTIFACTS) -p:UseSharedCompilation=false
RID := linux-$(subst aarch64,arm64,$(subst x86_64,x64,$(shell uname -m)))
PREFIX ?= /usr/local
SOURCES := $(shell find src -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.json' \) -not -path '*/obj/*' -not -path '*/bin/*') \
	Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig global.json
SCRIPTS = $(shell grep -rlIE '^\#!(/usr/bin/env bash|/bin/(ba)?sh)' test demo .ci scripts tests --exclude='*.cs' --exclude='*.md' \
	--exclude-dir=bin --exclude-dir=obj --exclude-dir=artifacts; find scripts tests -name '*.bash')

.PHONY: help
help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## compile everything; any warning is an error
	dotnet build Caisson.slnx $(DOTNET_FLAGS)

.PHONY: publish
publish: out/caisson ## make the static binary out/caisson

# Warnings of the ahead-of-time compiler are errors, as all others; tests/Caisson.Repository.Tests reads the log, too.
# Let through are the linker's about these functions of glibc, which would load the same glibc's modules: .NET's library
# holds them, and Caisson calls none. Another name here deserves a look at what calls it.
KNOWN_TO_LINKER := dlopen|getgrgid_r|getgrouplist|getpwnam_r|getpwuid_r

out/caisson: $(SOURCES)
	@mkdir -p out artifacts
	@echo "publishing out/caisson for $(RID)"
	@if ! dotnet publish src/caisson $(DOTNET_FLAGS) -r $(RID) -o artifacts/publish >artifacts/publish.log 2>&1; then \
		cat artifacts/publish.log >&2; exit 1; fi
	@! grep -vE "warning: Using '($(KNOWN_TO_LINKER))' in statically linked" artifacts/publish.log | grep -iE '\bIL[0-9]{4}:|warning' >&2
	@install -m 755 artifacts/publish/caisson out/caisson.new && mv out/caisson.new out/caisson

.PHONY: test
test: ## run all tests that need no root
	./test --quick

.PHONY: test-root
test-root: ## run all tests, as root; installs what is missing
	./test

.PHONY: test-vm
test-vm: ## run all tests in a virtual machine: cgroup v2, systemd, AppArmor, quotas
	./test Vm

.PHONY: soak
soak: publish ## start 2,000 inner containers in 10 system containers (SOAK=10x200)
	tests/soak $(SOAK)

.PHONY: lint
lint: ## check the form of code, scripts and changelog
	ArtifactsPath=$(ARTIFACTS) dotnet format Caisson.slnx --verify-no-changes
	shellcheck -x -P SCRIPTDIR $(sort $(SCRIPTS))
	./test --quick Repository

.PHONY: fmt
fmt: ## rewrite code in the project's form
	ArtifactsPath=$(ARTIFACTS) dotnet format Caisson.slnx

.PHONY: bench
bench: publish ## measure how long containers take to start (options in BENCH)
	@exec tests/bench $(BENCH)

.PHONY: demo
demo: publish ## show a container engine inside of a container
	./demo

.PHONY: size
size: publish ## tell the size of the binary and of its largest parts
	@stat -c '%n %s bytes' out/caisson
	@size -A -d out/caisson | sort -k2,2nr | head -n 8

.PHONY: install
install: publish ## copy the binary to PREFIX/bin (/usr/local/bin)
	install -D -m 755 out/caisson $(DESTDIR)$(PREFIX)/bin/caisson

.PHONY: uninstall
uninstall: ## remove the binary from PREFIX/bin
	rm -f $(DESTDIR)$(PREFIX)/bin/caisson

.PHONY: clean
clean: ## remove all that was built
	rm -rf artifacts out
