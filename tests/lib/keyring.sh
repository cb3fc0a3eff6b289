# shellcheck shell=sh
# A session bus and a gnome-keyring of one's own. To be sourced behind tap.sh;
# contrib/bootstrap has unpacked both. Needs private_home: all that is written
# is in it, and DISPLAY is unset, so that nobody is asked.
#
#	keyring_bus && keyring_start unlocked || keyring_none
#	keyring_items                        # what is in it
#	keyring_add SECRET name=value…
#	keyring_lock; keyring_kill; keyring_start locked
#
# Exports DBUS_SESSION_BUS_ADDRESS. The bus starts nothing by itself. All ends
# with the script, by its pid.
# shellcheck disable=SC2154 # top, scratch, build and ours are the caller's

keyring_deps=${BOOTSTRAP_DEPS:-$top/build/deps}
keyring_tool=${CONDA_GO_BUILD:-$top/build}/lib/secretservice
keyring_pid=
keyring_bus_pid=
keyring_double_pid=

# For at most ten seconds.
keyring_wait_for() {
	keyring_tries=0
	until "$@" >/dev/null 2>&1; do
		keyring_tries=$((keyring_tries + 1))
		[ "$keyring_tries" -lt 200 ] || return 1
		sleep 0.05
	done
}

# Debian 12 has some of them in /lib.
keyring_libs() {
	for keyring_place in "$keyring_deps"/keyring/usr/lib/*-linux-* \
		"$keyring_deps"/keyring/lib/*-linux-*; do
		[ ! -d "$keyring_place" ] || printf '%s:' "$keyring_place"
	done
}

# The unpacked ones have their libraries beside them.
keyring_run() {
	keyring_program=$1
	shift
	for keyring_place in "$keyring_deps/keyring/usr/bin" /usr/bin; do
		[ -x "$keyring_place/$keyring_program" ] || continue
		LD_LIBRARY_PATH=$(keyring_libs)
		LD_LIBRARY_PATH=${LD_LIBRARY_PATH%:}
		export LD_LIBRARY_PATH
		# shellcheck disable=SC2093 # the next place only if not here
		exec "$keyring_place/$keyring_program" "$@"
	done
	exit 127
}

# keyring_bus: a bus, and nobody on it.
keyring_bus() {
	unset DISPLAY WAYLAND_DISPLAY
	cat >"$scratch/bus.conf" <<-EOT
	<busconfig><type>session</type><auth>EXTERNAL</auth>
	<listen>unix:dir=$scratch/run</listen>
	<policy context="default"><allow send_destination="*" eavesdrop="true"/>
	<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
	EOT
	: >"$scratch/bus"
	(keyring_run dbus-daemon --config-file="$scratch/bus.conf" --nofork \
		--nopidfile --print-address=1) >"$scratch/bus" \
		2>"$scratch/bus.log" &
	keyring_bus_pid=$!
	on_exit keyring_stop
	keyring_why="no dbus-daemon: run contrib/bootstrap check"
	keyring_wait_for test -s "$scratch/bus" || return 1
	DBUS_SESSION_BUS_ADDRESS=$(cat "$scratch/bus")
	export DBUS_SESSION_BUS_ADDRESS
}

# keyring_start unlocked: with the collection `login`, unlocked by "password".
# keyring_start locked: nobody has given it a password.
keyring_start() {
	printf password >"$scratch/unlock"
	if [ "$1" = locked ]; then
		: >"$scratch/unlock.none"
		(keyring_run gnome-keyring-daemon --foreground \
			--components=secrets \
			--control-directory="$scratch/run/keyring") \
			<"$scratch/unlock.none" >>"$scratch/keyring.log" 2>&1 &
	else
		(keyring_run gnome-keyring-daemon --foreground --unlock \
			--components=secrets \
			--control-directory="$scratch/run/keyring") \
			<"$scratch/unlock" >>"$scratch/keyring.log" 2>&1 &
	fi
	keyring_pid=$!
	# shellcheck disable=SC2034 # for who skips
	keyring_why="no gnome-keyring-daemon: run contrib/bootstrap check"
	keyring_wait_for "$keyring_tool" list
}

# keyring_none: the script has nothing to ask. That is a failure where one was
# unpacked, and where somebody with a name runs it.
keyring_none() {
	if [ -f "$keyring_deps/keyring/.stamp" ] && id -un >/dev/null 2>&1; then
		diag "unpacked, and did not start: $keyring_why"
		cat "$scratch/bus.log" "$scratch/keyring.log" 2>/dev/null |
			tail -n 5 >&2
		exit 1
	fi
	plan_skip_all "$keyring_why"
}

# keyring_events: from now on our events go to $events, for ask and outcome.
keyring_events() {
	events=$scratch/events
	GOCONDA_TRACE_EVENT=$events
	export GOCONDA_TRACE_EVENT
}

# ask VERB [name=value]…: what $ours answers; what it says is in $scratch/said.
ask() {
	verb=$1
	shift
	: >"$events"
	printf '%s\n' protocol=https "$@" |
		timeout 90 "$ours" "$verb" 2>"$scratch/said"
}

said() {
	cat "$scratch/said"
}

outcome() {
	"$build/lib/events" keyring:outcome <"$events" | sed '$d'
}

keyring_items() {
	"$keyring_tool" list
}

keyring_add() {
	"$keyring_tool" add "$@"
}

keyring_lock() {
	"$keyring_tool" lock
}

# At once, as a crash.
keyring_kill() {
	[ -n "$keyring_pid" ] || return 0
	kill -9 "$keyring_pid" 2>/dev/null || :
	wait "$keyring_pid" 2>/dev/null || :
	keyring_pid=
}

# keyring_double MODE: in its place one that misbehaves; what it was called is
# in $scratch/double.
keyring_double() {
	keyring_double_end
	"${keyring_tool}_double" "$@" >"$scratch/double" 2>&1 &
	keyring_double_pid=$!
	keyring_wait_for grep -q ready "$scratch/double"
}

keyring_double_end() {
	[ -n "$keyring_double_pid" ] || return 0
	kill "$keyring_double_pid" 2>/dev/null || :
	wait "$keyring_double_pid" 2>/dev/null || :
	keyring_double_pid=
}

keyring_stop() {
	keyring_double_end
	keyring_kill
	[ -z "$keyring_bus_pid" ] || {
		kill "$keyring_bus_pid" 2>/dev/null || :
		wait "$keyring_bus_pid" 2>/dev/null || :
		keyring_bus_pid=
	}
}
