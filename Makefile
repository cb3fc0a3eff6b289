# conda-go: one Makefile, nothing generated; `make help` lists the targets.
#
#   PREFIX DESTDIR    where `make install` puts things (/usr/local)
#   CC CFLAGS LDFLAGS yours come last
#   BUILD             the output folder (build): several builds live side by side
#   WERROR=1          warnings are errors, as in CI
#   V=1               show every command
#   YES=1             `make demo` and `make check` install without asking

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
BUILD = build
CC ?= cc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
# --git-dir: unpacked inside another repository we do not have its version.
VERSION := $(shell git --git-dir=.git describe --tags --always --dirty \
	2>/dev/null || echo 0.1)
export LC_ALL = C

# `make clean` removes what is in it: so never the root or the checkout, and
# not from the environment, where conda's compilers put a BUILD of their own.
ifeq ($(filter-out / . ./ ..,$(BUILD)),)
$(error BUILD='$(BUILD)' is no folder for the output)
endif

Q = $(if $(V),,@)
say = $(if $(V),@:,@printf '  %-7s %s\n')

# The program needs these three and libc to start; what is larger is loaded by
# the role that needs it (helper/base/role.h).
DEPS = inih jansson nettle
deps = $(shell $(PKG_CONFIG) $(1) $(2))$(if $(filter-out 0,$(.SHELLSTATUS)),$(error \
	$(PKG_CONFIG) does not find $(2): contrib/bootstrap build installs them))
# Loaded when needed and never linked: only their headers, as the system's, whose
# warnings are not ours.
LOADED = libsecret-1 libssh2
loaded = $(patsubst -I%,-isystem%,$(filter -I%,$(call deps,--cflags,$(LOADED))))
DEPS_CFLAGS = $(eval DEPS_CFLAGS := $$(call deps,--cflags,$(DEPS)) $$(loaded))$(DEPS_CFLAGS)
DEPS_LIBS = $(eval DEPS_LIBS := $$(call deps,--libs,$(DEPS)))$(DEPS_LIBS)

WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla \
	-Wformat=2 -Wframe-larger-than=16384 -Wno-missing-field-initializers \
	$(if $(WERROR),-Werror)
HARDEN = -fstack-protector-strong -fstack-clash-protection -fPIE \
	$(if $(findstring -O,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
HARDEN_LD = -pie -Wl,-z,relro,-z,now -Wl,--as-needed

our_CFLAGS = -std=gnu11 -D_GNU_SOURCE -I. -ffile-prefix-map=$(CURDIR)=. \
	$(WARN) $(HARDEN) $(DEPS_CFLAGS) $(CPPFLAGS) $(CFLAGS)
our_LDFLAGS = $(HARDEN_LD) $(CFLAGS) $(LDFLAGS)
# dlopen(3) is in libdl before glibc 2.34.
DEPS_LIBS += -ldl

SRCS := $(sort $(wildcard helper/*.c helper/*/*.c transport/*.c netrc/*.c))
HDRS := $(sort $(wildcard helper/*.h helper/*/*.h transport/*.h netrc/*.h))
OBJS := $(SRCS:%.c=$(BUILD)/obj/%.o)
LIB_OBJS := $(filter-out $(BUILD)/obj/helper/main.o,$(OBJS))
LINKS := git-credential-conda-go conda-go-ssh
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
TOOLS := $(patsubst tests/%.c,$(BUILD)/%,$(wildcard tests/lib/*.c tests/diff/*.c))
E2E := $(sort $(wildcard tests/e2e/[0-9]*.sh))
DIFF := $(sort $(wildcard tests/diff/[0-9]*.sh))

.PHONY: all help format install uninstall clean check check-long demo bench lint \
	fuzz fuzz-programs coverage check-unit check-e2e check-diff check-fuzz check-layers \
	check-headers check-run test-programs FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/bin/conda-go $(LINKS:%=$(BUILD)/bin/%)

# What was built with other flags, or as another version, is built again. Not by
# `make install`: root may run it without the flags of who built.
stamp = $(Q)printf '%s\n' '$(subst ','\'',$(1))' >$@.new; \
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
FRESH := $(if $(filter install,$(MAKECMDGOALS)),,FORCE)
$(BUILD)/flags: $(FRESH)
	$(Q)mkdir -p $(@D)
	$(call stamp,$(CC) $(our_CFLAGS) $(our_LDFLAGS) $(DEPS_LIBS))
$(BUILD)/version: $(FRESH)
	$(Q)mkdir -p $(@D)
	$(call stamp,$(VERSION))
FORCE:

$(BUILD)/obj/helper/main.o: private our_CFLAGS += -DCONDA_GO_VERSION='"$(VERSION)"'
$(BUILD)/obj/helper/main.o: $(BUILD)/version

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	$(say) CC $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(our_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libconda-go.a: $(LIB_OBJS)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/bin/conda-go: $(BUILD)/obj/helper/main.o $(BUILD)/libconda-go.a
	$(say) LD $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(our_LDFLAGS) -o $@ $^ $(DEPS_LIBS)

$(LINKS:%=$(BUILD)/bin/%): $(BUILD)/bin/conda-go
	$(Q)ln -sf conda-go $@

install: all
	install -d $(DESTDIR)$(BINDIR)
	install -m 755 $(BUILD)/bin/conda-go $(DESTDIR)$(BINDIR)/conda-go
	for l in $(LINKS); do ln -sf conda-go $(DESTDIR)$(BINDIR)/$$l; done

uninstall:
	for f in conda-go $(LINKS); do rm -f $(DESTDIR)$(BINDIR)/$$f; done

# Only what was built: build/deps holds downloads, `rm -r build` takes all.
clean:
	rm -rf $(filter-out build/deps,$(wildcard $(BUILD)/*))

# --- tests ------------------------------------------------------------------

$(BUILD)/obj/tests/%.o: tests/%.c $(BUILD)/flags
	$(say) CC $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(our_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/libconda-go.a
	$(say) LD $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(our_LDFLAGS) -o $@ $^ -lcmocka $(DEPS_LIBS)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/replay.o \
		$(BUILD)/libconda-go.a
	$(say) LD $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(our_LDFLAGS) -o $@ $^ $(DEPS_LIBS)

# Those that speak D-Bus themselves are linked with what we only load.
DBUS_TOOLS = $(BUILD)/lib/secretservice $(BUILD)/lib/secretservice_double
$(DBUS_TOOLS): private DEPS_LIBS += $(shell $(PKG_CONFIG) --libs $(LOADED))

# What the end-to-end tests run beside the program: a pty, a refusing kernel.
$(TOOLS): $(BUILD)/%: $(BUILD)/obj/tests/%.o $(BUILD)/libconda-go.a
	$(say) LD $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(our_LDFLAGS) -o $@ $^ $(DEPS_LIBS)

-include $(OBJS:.o=.d) $(wildcard $(BUILD)/obj/tests/*/*.d)

test-programs: $(UNIT) $(FUZZ) $(TOOLS)

# The one command: it installs what it needs, builds, and runs everything.
check:
	$(Q)contrib/bootstrap check
	$(Q)$(MAKE) --no-print-directory check-run

# Secrets are looked for in a build whose memory and core can be looked at.
check-run: all test-programs check-layers check-headers
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/dumpable \
		CPPFLAGS='$(CPPFLAGS) -DTEST_DUMPABLE' all
	$(Q)$(PROVE) $(UNIT) $(FUZZ) $(DIFF) $(E2E)

PROVE = CONDA_GO_BUILD=$(abspath $(BUILD)) CC='$(CC)' prove --exec ''
check-unit: $(UNIT)
	$(Q)$(PROVE) $(UNIT)
check-fuzz: $(FUZZ)
	$(Q)$(PROVE) $(FUZZ)
check-e2e: all
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/dumpable \
		CPPFLAGS='$(CPPFLAGS) -DTEST_DUMPABLE' all
	$(Q)$(PROVE) $(E2E)
check-diff: all test-programs
	$(Q)$(PROVE) $(DIFF)

# Includes run one way (base <- netrc, policy <- source <- transport <- cmd <-
# main.c) and foo.c exports only foo_*.
check-layers: $(OBJS)
	$(Q)contrib/check-layers $(SRCS) $(HDRS)
	$(Q)contrib/check-layers --exports $(LIB_OBJS)

check-headers:
	$(say) ALONE "$(words $(HDRS)) headers"
	$(Q)for h in $(HDRS); do \
		$(CC) $(our_CFLAGS) -fsyntax-only -Werror -x c $$h || exit 1; \
	done

# Hours rather than minutes: what is run before an issue is resolved.
check-long: check lint
	$(Q)$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=600

# Each clang-format lays out a little otherwise: one of them has the word.
FORMAT_MAJOR = 14
FORMATTED = $(SRCS) $(HDRS) $(wildcard tests/*/*.[ch] tests/lib/*/*.[ch])
format:
	clang-format -i $(FORMATTED)

lint:
	$(Q)contrib/bootstrap lint
	$(Q)if clang-format --version | grep -q ' version $(FORMAT_MAJOR)\.'; then \
		clang-format --dry-run -Werror $(FORMATTED); \
	else echo '  FORMAT  not looked at: this is no clang-format $(FORMAT_MAJOR)'; fi
	$(say) TIDY
	$(Q)printf '%s\n' $(SRCS) | xargs -P 2 -n 4 sh -c \
		'said=$$(clang-tidy --quiet "$$@" -- -std=gnu11 -D_GNU_SOURCE \
		-I. $(DEPS_CFLAGS) 2>&1) || { echo "$$said"; exit 1; }' sh
	$(say) CPPCHECK
	$(Q)cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability \
		--suppress=normalCheckLevelMaxBranches -I. -D_GNU_SOURCE \
		helper netrc transport
	$(say) SHELL
	$(Q)shellcheck -x -s sh $(SCRIPTS)

SCRIPTS = contrib/bootstrap contrib/demo contrib/check-layers \
	.ci/run tests/bench/run $(wildcard tests/*/*.sh)

# With clang's libFuzzer; without it check-fuzz replays the corpora.
FUZZ_SECONDS ?= 60
fuzz:
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzzing CC=clang \
		CFLAGS='-O1 -g -fsanitize=address,undefined,fuzzer-no-link' \
		fuzz-programs
	$(Q)for f in $(notdir $(FUZZ)); do \
		mkdir -p $(BUILD)/fuzzing/new/$$f; \
		$(BUILD)/fuzzing/libfuzzer/$$f -max_total_time=$(FUZZ_SECONDS) \
			-verbosity=0 -print_final_stats=1 -timeout=5 \
			-artifact_prefix=$(BUILD)/fuzzing/ \
			$(BUILD)/fuzzing/new/$$f \
			tests/fuzz/corpus/$${f#fuzz_} || exit 1; \
	done

fuzz-programs: $(FUZZ:$(BUILD)/fuzz/%=$(BUILD)/libfuzzer/%)
$(BUILD)/libfuzzer/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/libconda-go.a
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(our_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(DEPS_LIBS)

# Lines of helper/, netrc/ and transport/ that `make check` runs.
coverage:
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage \
		CFLAGS='-O0 -g --coverage -fprofile-update=atomic' check-run
	$(Q)cd $(BUILD)/coverage && lcov --quiet --capture --directory obj \
		--output-file all.info && lcov --summary all.info

demo:
	$(Q)contrib/bootstrap demo
	$(Q)$(MAKE) --no-print-directory all $(BUILD)/lib/secretservice
	$(Q)contrib/demo

bench:
	$(Q)contrib/bootstrap bench
	$(Q)$(MAKE) --no-print-directory all $(DBUS_TOOLS)
	$(Q)CONDA_GO_BUILD=$(abspath $(BUILD)) tests/bench/run

help:
	@echo 'make            build $(BUILD)/bin/conda-go and its links'
	@echo 'make demo       a private go get, shown from start to end'
	@echo 'make check      every test; installs what it needs'
	@echo 'make check-long the same, with lint and ten minutes of fuzzing a target'
	@echo 'make lint bench fuzz coverage install uninstall clean'
