# shellcheck shell=sh
# shellcheck disable=SC2034,SC2120,SC2154 # some is the callers', some theirs
# The SSH client that is tried: ours, or the one that SSH_UNDER_TEST names (with
# `ssh` the tests themselves are tried). To be sourced after tap.sh and
# sshserver.sh, and used after private_home.
#
#	sshclient_start
#	run true
#
# The client reads no file but those named here: OpenSSH goes by the home of
# /etc/passwd, not by $HOME. Only what every client of ours knows is in its
# configuration, so that nothing is handed over for the configuration's sake.

# private_home takes what begins with SSH_ away.
client=${SSH_UNDER_TEST:-${CONDA_GO_BUILD:-$top/build}/bin/conda-go-ssh}
if [ -z "${SSH_UNDER_TEST:-}" ]; then
	sshclient_ours=0
else
	sshclient_ours=1
fi

# sshclient_start: a server, a key that may log in, and what the client needs to
# know of both, in $config, $key and $known_hosts.
sshclient_start() {
	[ -x "${CONDA_GO_BUILD:-$top/build}/lib/events" ] || {
		echo 'Bail out! type make test-programs first'
		exit 1
	}
	sshserver_start "$scratch/ss" "$@" || exit 1
	sshclient_prepare
	sshserver_key "$key" -t ed25519
	sshserver_known_hosts >"$known_hosts"
	sshclient_configure
}

sshclient_prepare() {
	config=$scratch/config
	key=$HOME/.ssh/key
	known_hosts=$HOME/.ssh/known_hosts
	events=$scratch/events
	mkdir -p "$HOME/.ssh"
	chmod 700 "$HOME/.ssh"
}

# sshclient_configure [LINE…]: the lines go first, and the first value wins.
sshclient_configure() {
	{
		[ $# -eq 0 ] || printf '%s\n' "$@"
		cat <<-EOT
		Port $sshserver_port
		User $sshserver_user
		IdentityFile $key
		IdentitiesOnly yes
		UserKnownHostsFile $known_hosts
		GlobalKnownHostsFile $scratch/global_known_hosts
		BatchMode yes
		EOT
	} >"$config"
}

# run WORDS…: the client, on the server, within twenty seconds. sshclient_more
# holds options.
run() {
	# shellcheck disable=SC2086
	timeout "${sshclient_seconds:-20}" "$client" -F "$config" \
		${sshclient_more:-} 127.0.0.1 "$@"
}

# status_of COMMAND…: sets status, whatever it is.
status_of() {
	status=0
	"$@" || status=$?
}

# Is the client ours, not one that the tests are tried with?
ours() {
	return $sshclient_ours
}

# What was handed over to OpenSSH since $events was last emptied: a reason a
# line, or nothing. Questions about ssh itself (-G, -V) make no connection.
handed_over() {
	[ ! -s "$events" ] || "${CONDA_GO_BUILD:-$top/build}/lib/events" \
		ssh.handover:why <"$events" |
		sed '$d; /no connection/d' | sort -u
}
