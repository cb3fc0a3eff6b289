# shellcheck shell=sh
# What the servers of the tests have in common: programs unpacked by
# contrib/bootstrap, started in the background on a port of their own, and ended
# by their number and nothing else. To be sourced with `top` set to the root of
# the tree. A server has a folder; its log/ gets what it says, its file pids the
# processes that run.

server_die() {
	echo "server: $*" >&2
	return 1
}

# server_program NAME: where it is, unpacked or else installed.
server_program() {
	server_root=${BOOTSTRAP_DEPS:-$top/build/deps}/root
	for server_bin in "$server_root/usr/sbin" "$server_root/usr/bin"; do
		[ -x "$server_bin/$1" ] || continue
		echo "$server_bin/$1"
		return 0
	done
	PATH=$PATH:/usr/sbin:/sbin command -v "$1" ||
		server_die "no $1: run contrib/bootstrap servers"
}

# The libraries unpacked beside the programs, as LD_LIBRARY_PATH has them.
server_libs() {
	server_root=${BOOTSTRAP_DEPS:-$top/build/deps}/root
	server_path=
	for server_lib in "$server_root"/usr/lib/*-linux-*/ \
		"$server_root"/lib/*-linux-*/; do
		[ ! -d "$server_lib" ] ||
			server_path=$server_path${server_path:+:}$server_lib
	done
	echo "$server_path"
}

# Sets server_start_time, by which a process is told from a later one with its
# number; fails where there is none, or only its remains.
server_alive() {
	{ read -r server_stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	# shellcheck disable=SC2086
	set -- ${server_stat##*) }
	server_start_time=${20}
	[ "$1" != Z ] && [ "$1" != X ]
}

# server_run DIR LOG [VARIABLE=VALUE]… PROGRAM ARGUMENT…: in the background, in
# an environment that holds nothing of the caller's; its number is server_pid,
# and noted. PROGRAM has its whole path. Where setpriv can say so, it ends with
# the shell that started it, even if that is killed.
server_run() {
	server_dir=$1
	server_log=$1/log/$2
	shift 2
	server_leash=
	! setpriv --pdeathsig TERM true 2>/dev/null ||
		server_leash='setpriv --pdeathsig TERM'
	# shellcheck disable=SC2086
	$server_leash env -i PATH="$PATH" HOME="$server_dir" \
		TMPDIR="$server_dir/tmp" LC_ALL=C GIT_CONFIG_NOSYSTEM=1 \
		LD_LIBRARY_PATH="$(server_libs)" "$@" \
		</dev/null >>"$server_log" 2>&1 &
	server_pid=$!
	server_alive $server_pid ||
		{ server_die "it did not start: $*"; return 1; }
	echo "$server_pid $server_start_time" >>"$server_dir/pids"
}

# Prints a port below those that the kernel gives to clients, not listened on.
server_free_port() {
	while :; do
		server_port=$(od -An -N2 -tu2 /dev/urandom)
		server_port=$((20000 + server_port % 12000))
		server_hex=$(printf ':%04X' $server_port)
		cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
			awk -v p="$server_hex\$" '$4 == "0A" && $2 ~ p { f = 1 }
				END { exit f }' && break
	done
	echo "$server_port"
}

server_running() {
	while read -r server_pid server_then; do
		server_alive "$server_pid" || continue
		[ "$server_start_time" != "$server_then" ] || return 0
	done <"$1/pids"
	return 1
}

# server_stop DIR: ends what was started there, and only that.
server_stop() {
	[ -f "$1/pids" ] || return 0
	for server_signal in TERM KILL; do
		while read -r server_pid server_then; do
			server_alive "$server_pid" || continue
			[ "$server_start_time" = "$server_then" ] || continue
			kill -$server_signal "$server_pid" 2>/dev/null || :
		done <"$1/pids"
		server_left=100
		while [ $server_left -gt 0 ] && server_running "$1"; do
			server_left=$((server_left - 1))
			sleep 0.02
		done
	done
	while read -r server_pid server_then; do
		wait "$server_pid" 2>/dev/null || :
	done <"$1/pids"
	rm -f "$1/pids"
}
