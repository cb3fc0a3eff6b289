# shellcheck shell=sh
# TAP from POSIX sh, and a home of one's own. To be sourced:
#
#	top=$(cd "$(dirname "$0")/../.." && pwd)
#	. "$top/tests/lib/tap.sh"
#	private_home
#	is "$(git config user.name || :)" "" "nobody is configured"
#	done_testing
#
#   TAP_KEEP=1   leave the private folder behind, to look at

tap_count=0
tap_failures=0
tap_planned=
tap_cleanups=

plan() {
	tap_planned=$1
	echo "1..$1"
}

# plan_skip_all WHY: the whole script has nothing to do here.
plan_skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /' >&2
}

# ok STATUS NAME: passes if STATUS is 0.
ok() {
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
		return 0
	fi
	tap_failures=$((tap_failures + 1))
	echo "not ok $tap_count - $2"
	diag "failed: $2"
}

# skip NAME WHY
skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# is GOT WANT NAME
is() {
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		diag "     got: $1"
		diag "expected: $2"
	fi
}

# like GOT PATTERN NAME: a line of GOT matches the extended expression.
like() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		ok 0 "$3"
	else
		ok 1 "$3"
		diag "     got: $1"
		diag "expected: /$2/"
	fi
}

# unlike GOT PATTERN NAME: no line of GOT matches it.
unlike() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		ok 1 "$3"
		diag "       got: $1"
		diag "unexpected: /$2/"
	else
		ok 0 "$3"
	fi
}

# succeeds NAME COMMAND…, fails NAME COMMAND…: what the command said is shown
# where it did otherwise.
succeeds() {
	tap_name=$1
	shift
	tap_said=$("$@" 2>&1) && tap_status=0 || tap_status=$?
	ok "$tap_status" "$tap_name"
	[ "$tap_status" -eq 0 ] || diag "exit $tap_status: $tap_said"
}

fails() {
	tap_name=$1
	shift
	tap_said=$("$@" 2>&1) && tap_status=0 || tap_status=$?
	ok $((tap_status == 0)) "$tap_name"
	[ "$tap_status" -ne 0 ] || diag "it succeeded: $tap_said"
}

# Ends the script: status 1 where a test failed or their number is not the plan.
done_testing() {
	[ -n "$tap_planned" ] || plan "$tap_count"
	if [ "$tap_planned" -ne "$tap_count" ]; then
		diag "planned $tap_planned tests, ran $tap_count"
		exit 1
	fi
	if [ "$tap_failures" -ne 0 ]; then
		diag "$tap_failures of $tap_count tests failed"
		exit 1
	fi
	exit 0
}

# on_exit COMMAND: run however the script ends, the last one first.
on_exit() {
	tap_cleanups="$1
$tap_cleanups"
	trap tap_exit EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 141' PIPE
	trap 'exit 143' TERM
}

tap_exit() {
	tap_status=$?
	trap '' HUP INT PIPE TERM
	set +e
	eval "$tap_cleanups"
	exit $tap_status
}

tap_remove() {
	cd /
	if [ -n "${TAP_KEEP:-}" ]; then
		diag "kept: $scratch"
	else
		chmod -R u+rwX "$scratch"
		rm -rf "$scratch"
	fi
}

# private_home: sets `scratch`, a short private folder that goes when the script
# ends, and moves HOME and all that git, Go, ssh, conda and we read into it.
# Short because a socket's path may have 107 bytes.
private_home() {
	scratch=$(mktemp -d /tmp/cg.XXXXXX)
	on_exit tap_remove
	for tap_var in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
		case $tap_var in
		GOROOT)	;;
		GIT_*|SSH_*|CONDA_*|GOCONDA_*|GO[A-Z]*|XDG_*|DBUS_*|CURL_*|\
		NETRC|SSL_CERT_*|OPENSSL_*|EDITOR|VISUAL|\
		[Hh][Tt][Tt][Pp]_*|[Hh][Tt][Tt][Pp][Ss]_*|[Aa][Ll][Ll]_*|[Nn][Oo]_*)
			unset "$tap_var" ;;
		esac
	done
	HOME=$scratch/home
	XDG_CONFIG_HOME=$HOME/.config
	XDG_DATA_HOME=$HOME/.local/share
	XDG_STATE_HOME=$HOME/.local/state
	XDG_CACHE_HOME=$HOME/.cache
	XDG_RUNTIME_DIR=$scratch/run
	TMPDIR=$scratch/tmp
	GIT_CONFIG_NOSYSTEM=1
	GIT_CONFIG_GLOBAL=$HOME/.gitconfig
	GOPATH=$scratch/go
	GOCACHE=$scratch/go-build
	GOMODCACHE=$scratch/go/pkg/mod
	GOFLAGS=-modcacherw
	GOTOOLCHAIN=local
	GOPROXY=off
	GOSUMDB=off
	mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR"
	mkdir -p "$XDG_CONFIG_HOME"
	export HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME \
		XDG_RUNTIME_DIR TMPDIR GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL \
		GOPATH GOCACHE GOMODCACHE GOFLAGS GOTOOLCHAIN GOPROXY GOSUMDB
}
