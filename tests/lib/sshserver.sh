# shellcheck shell=sh
# A private SSH server, OpenSSH's or Dropbear, on 127.0.0.1 and a port of its
# own. To be sourced with `top` set to the root of the tree; contrib/bootstrap
# has unpacked the servers. Who runs it, root or not, logs in to it, with a home
# without start-up files. All it writes is in the folder it is given.
#
#	on_exit sshserver_stop
#	sshserver_start "$scratch/ss" ed25519 rsa-2048
#	sshserver_key "$HOME/.ssh/id_ed25519" -t ed25519
#	sshserver_known_hosts >"$HOME/.ssh/known_hosts"
#	ssh -p $sshserver_port "$sshserver_user@127.0.0.1" true
#	sshserver_connections
#
# Set for the caller: sshserver_dir, sshserver_port, sshserver_user,
# sshserver_url (ssh://USER@127.0.0.1:PORT) and sshserver_home, the home of who
# logs in. To be set before: sshserver_options, lines for sshd_config that go
# before ours.

# shellcheck source=tests/lib/server.sh disable=SC1091,SC2154 # top is the caller's
. "$top/tests/lib/server.sh"

sshserver_die() {
	echo "sshserver: $*" >&2
	[ ! -s "$sshserver_dir/log/sshd" ] || tail -n 5 "$sshserver_dir/log/sshd" >&2
	return 1
}

# A private folder, and the library by which who runs the server logs in to it.
sshserver_prepare() {
	mkdir -p "$1"
	sshserver_dir=$(cd "$1" && pwd)
	sshserver_user=$(id -un 2>/dev/null) || sshserver_user=user
	sshserver_home=$sshserver_dir/home
	chmod 700 "$sshserver_dir"
	mkdir -p "$sshserver_dir/log" "$sshserver_dir/tmp" \
		"$sshserver_dir/empty" "$sshserver_home/.ssh"
	chmod 755 "$sshserver_dir/empty"
	chmod 700 "$sshserver_home" "$sshserver_home/.ssh"
	sshserver_authorized=$sshserver_home/.ssh/authorized_keys
	(umask 077 && : >>"$sshserver_authorized")
	sshserver_account=$sshserver_dir/account.so
	# shellcheck disable=SC2086 # CC may hold options, as make has it
	[ -f "$sshserver_account" ] ||
		${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O1 -shared -fPIC \
			-o "$sshserver_account" "$top/tests/lib/preload/account.c" ||
		sshserver_die 'account.c was not compiled'
}

# sshserver_run PROGRAM ARGUMENT…
sshserver_run() {
	server_run "$sshserver_dir" sshd LD_PRELOAD="$sshserver_account" \
		ACCOUNT_NAME="$sshserver_user" ACCOUNT_HOME="$sshserver_home" \
		ACCOUNT_EMPTY="$sshserver_dir/empty" "$@"
}

# What Debian's sshd 10 starts has to be unpacked as well. The first value of an
# option wins. Three of ten may be in the middle of logging in, by default, and
# who comes and fails is let wait: the tests come often, and from one address.
sshserver_configure() {
	sshserver_parts=${sshserver_sshd%/sbin/sshd}/lib/openssh
	{
		printf '%s\n' "${sshserver_options:-}"
		cat <<-EOT
		ListenAddress 127.0.0.1:$sshserver_port
		PidFile none
		AuthorizedKeysFile $sshserver_authorized
		StrictModes no
		UsePAM no
		UseDNS no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		PermitRootLogin yes
		PermitUserRC no
		MaxStartups 100
		LogLevel VERBOSE
		AcceptEnv GIT_PROTOCOL
		SetEnv "PATH=$PATH"
		EOT
		[ ! -x "$sshserver_parts/sshd-session" ] ||
			echo "SshdSessionPath $sshserver_parts/sshd-session"
		[ ! -x "$sshserver_parts/sshd-auth" ] || cat <<-EOT
			SshdAuthPath $sshserver_parts/sshd-auth
			PerSourcePenalties no
		EOT
		for sshserver_file in "$sshserver_dir"/host_*.pub; do
			echo "HostKey ${sshserver_file%.pub}"
		done
	} >"$sshserver_dir/sshd_config"
}

# sshserver_host_key TYPE[-BITS]: as ssh-keygen has them.
sshserver_host_key() {
	sshserver_file=$sshserver_dir/host_$1
	sshserver_bits=
	case $1 in
	*-*)	sshserver_bits="-b ${1##*-}" ;;
	esac
	# shellcheck disable=SC2086
	[ -f "$sshserver_file" ] ||
		ssh-keygen -q -t "${1%%-*}" $sshserver_bits -N '' -C "host $1" \
			-f "$sshserver_file" </dev/null ||
		sshserver_die "no host key of type $1"
}

# sshserver_serve COMMAND…: runs it, with sshserver_port set, until it listens. A
# port that somebody else took in between is left to them.
sshserver_serve() {
	for _ in 1 2 3 4 5; do
		sshserver_port=$(server_free_port)
		# shellcheck disable=SC2034 # the caller's
		sshserver_url=ssh://$sshserver_user@127.0.0.1:$sshserver_port
		"$@" || return 1
		sshserver_pid=$server_pid
		sshserver_left=200
		while server_alive "$sshserver_pid" && [ $sshserver_left -gt 0 ]; do
			sshserver_listens && return 0
			sshserver_left=$((sshserver_left - 1))
			sleep 0.02
		done
	done
	sshserver_die "no server on port $sshserver_port"
}

sshserver_listens() {
	sshserver_hex=$(printf ':%04X' "$sshserver_port")
	awk -v p="$sshserver_hex\$" '$4 == "0A" && $2 ~ p { f = 1 }
		END { exit !f }' /proc/net/tcp
}

sshserver_sshd_run() {
	sshserver_configure
	sshserver_run "$sshserver_sshd" -D -e -f "$sshserver_dir/sshd_config"
}

# sshserver_start DIR [TYPE…]: OpenSSH's, with host keys of these types, ed25519
# by default. DIR is made if need be. Not to be called in a subshell.
sshserver_start() {
	sshserver_prepare "$1" || return 1
	shift
	sshserver_sshd=$(server_program sshd) || return 1
	[ $# -gt 0 ] || set -- ed25519
	for sshserver_type; do
		sshserver_host_key "$sshserver_type" || return 1
	done
	sshserver_serve sshserver_sshd_run
}

# Dropbear writes its keys in a form of its own. It knows no AcceptEnv.
sshserver_dropbear_run() {
	sshserver_run "$sshserver_dropbear" -F -E -s -j -k \
		-P "$sshserver_dir/dropbear.pid" -p "127.0.0.1:$sshserver_port" \
		-r "$sshserver_dir/host"
}

# sshserver_start_dropbear DIR [TYPE]: the same with Dropbear, and one host key.
sshserver_start_dropbear() {
	sshserver_prepare "$1" || return 1
	sshserver_dropbear=$(server_program dropbear) || return 1
	sshserver_keygen=$(server_program dropbearkey) || return 1
	[ -f "$sshserver_dir/host" ] ||
		LD_LIBRARY_PATH=$(server_libs) "$sshserver_keygen" \
			-t "${2:-ed25519}" -f "$sshserver_dir/host" \
			>"$sshserver_dir/log/keygen" 2>&1 || return 1
	LD_LIBRARY_PATH=$(server_libs) "$sshserver_keygen" -y \
		-f "$sshserver_dir/host" | grep '^[a-z].* AAAA' \
		>"$sshserver_dir/host_${2:-ed25519}.pub"
	sshserver_serve sshserver_dropbear_run
}

# sshserver_stop [DIR]: ends what was started there, and only that.
# shellcheck disable=SC2120 # mostly called without
sshserver_stop() {
	server_stop "${1:-${sshserver_dir:-/nonexistent}}"
}

# sshserver_key FILE WORDS…: a new key with ssh-keygen's words, without a
# passphrase unless they say so, that may log in.
sshserver_key() {
	sshserver_file=$1
	shift
	case " $* " in
	*' -N '*)	;;
	*)	set -- "$@" -N '' ;;
	esac
	(umask 077 && mkdir -p "$(dirname "$sshserver_file")")
	ssh-keygen -q -C test "$@" -f "$sshserver_file" </dev/null &&
		sshserver_authorize "$sshserver_file.pub"
}

sshserver_authorize() {
	cat "$1" >>"$sshserver_authorized"
}

# sshserver_known_hosts [NAME]: lines of known_hosts for all its host keys, with
# NAME as the host, [127.0.0.1]:PORT by default.
sshserver_known_hosts() {
	cat "$sshserver_dir"/host_*.pub |
		sed "s|^|${1:-[127.0.0.1]:$sshserver_port} |"
}

# How many have connected since the last sshserver_forget.
sshserver_connections() {
	grep -cE 'Connection from|Child connection from' "$sshserver_dir/log/sshd" || :
}

sshserver_forget() {
	: >"$sshserver_dir/log/sshd"
}

# sshserver_hostile WORDS…: hostile_ssh with these words (see its head); sets
# hostile_port. What was started so before ends.
sshserver_hostile() {
	mkdir -p "${hostile_dir:=$scratch/hostile}/log" "$hostile_dir/tmp"
	server_stop "$hostile_dir"
	: >"$hostile_dir/log/hostile"
	server_run "$hostile_dir" hostile \
		"${CONDA_GO_BUILD:-$top/build}/lib/hostile_ssh" "$@" || return 1
	sshserver_left=200
	# shellcheck disable=SC2034 # the caller's
	until read -r hostile_port _ <"$hostile_dir/log/hostile"; do
		[ $sshserver_left -gt 0 ] || return 1
		sshserver_left=$((sshserver_left - 1))
		sleep 0.01
	done
}

sshserver_hostile_stop() {
	server_stop "${hostile_dir:-/nonexistent}"
}

# How much the last connection through a relay came to, whether it still stands
# or not: bytes of the client's, and of the server's.
sshserver_relayed() {
	sleep 0.3
	tail -n +2 "$hostile_dir/log/hostile" | tail -n 1
}
