#!/bin/sh
# A private `go get` over SSH, end to end: real go, real git, sshd and Dropbear.
# shellcheck disable=SC2154 # scratch, config and the like are sourced
# shellcheck disable=SC2119 # ed25519 will do

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/gitserver.sh disable=SC1091
. "$top/tests/lib/gitserver.sh"
# shellcheck source=tests/lib/sshserver.sh disable=SC1091
. "$top/tests/lib/sshserver.sh"
# shellcheck source=tests/lib/sshclient.sh disable=SC1091
. "$top/tests/lib/sshclient.sh"

private_home
on_exit sshserver_stop
sshclient_start

# Its repositories only; no server of its own.
gitserver_dir=$scratch/gs
mkdir "$gitserver_dir" "$gitserver_dir/tmp"
gitserver_publish team/name 127.0.0.1/team/name.git
gitserver_publish team/greet 127.0.0.1/team/greet.git 127.0.0.1/team/name.git
gitserver_publish corp/tool github.com/corp/tool

# The whole of what go needs, for the server that is there now. Go looks for the
# protocol of a `.git` path itself; of github.com it knows it.
reach() {
	reach_base=$sshserver_url$gitserver_dir/repos/
	rm -f "$GIT_CONFIG_GLOBAL"
	for reach_url in https://127.0.0.1/ ssh://127.0.0.1/ https://github.com/ \
		ssh://git@github.com/; do
		git config --global --add "url.$reach_base.insteadOf" "$reach_url"
	done
	sshserver_known_hosts >"$known_hosts"
	sshclient_configure "$@"
}
GOPRIVATE='*'
GIT_ALLOW_PROTOCOL=https:ssh
GIT_SSH_COMMAND="$client -F $config"
export GOPRIVATE GIT_ALLOW_PROTOCOL GIT_SSH_COMMAND

# get MODULE: a module of our own fetches it, into a cache that is empty.
get() {
	rm -rf "$scratch/app" "$GOMODCACHE"
	mkdir "$scratch/app"
	sshserver_forget
	: >"$events"
	(cd "$scratch/app" && go mod init example.com/app &&
		GOCONDA_TRACE_EVENT=$events timeout 60 go get "$@") 2>&1
}

# fetched NAME MODULE: and what the trace says of it.
fetched() {
	said=$(get "$2@v1.0.0") && status=0 || status=$?
	is "$status" 0 "$1"
	[ "$status" = 0 ] || diag "$said"
	diag "$1: $(sshserver_connections) connections"
	ours || return 0
	like "$(cat "$events")" '"ssh.call".*"url":"ssh://[^"]*127\.0\.0\.1' \
		"$1: the trace names the host, though go hides it"
	like "$(cat "$events")" '"ssh.call".*"rail":"ssh".*"why":"[^"]' \
		"$1: and the rail, and why"
	is "$(handed_over)" "" "$1: and nothing is handed over"
}

# --- sshd -------------------------------------------------------------------

reach
fetched "a module that needs another one" 127.0.0.1/team/greet.git
like "$(cat "$scratch/app/go.mod")" '127.0.0.1/team/name.git v1.0.0' \
	"both are in go.mod"
fetched "a module of github.com's, by its name only" github.com/corp/tool
GIT_SSH_VARIANT=ssh fetched "git is told what it runs" 127.0.0.1/team/name.git

said=$(get 127.0.0.1/team/nonesuch.git@v1.0.0) && status=0 || status=$?
is "$status" 1 "a repository that is not there"
said=$(get github.com/corp/nonesuch@v1.0.0) && status=0 || status=$?
like "$said" 'does not appear to be a git repository' \
	"and what the server says of it, in go's own output"

# refused NAME PATTERN: go's own output says why.
refused() {
	said=$(get github.com/corp/tool@v1.0.0) && status=0 || status=$?
	is "$status" 1 "$1: go get fails"
	like "$said" "$2" "$1: and its output says why"
	ours || return 0
	like "$said" '^[[:space:]]*conda-go: .*127\.0\.0\.1' "$1: in our words"
}

ssh-keygen -q -t ed25519 -N '' -f "$scratch/stranger"
sshclient_configure "IdentityFile $scratch/none"
sed "/^IdentityFile .*\/key\$/d" "$config" >"$config.new"
cp "$config.new" "$config"
refused "no key" 'none|denied'
sed "s|^IdentityFile .*|IdentityFile $scratch/stranger|" "$config.new" >"$config"
refused "a key that the server does not know" 'stranger|denied'
reach
: >"$known_hosts"
refused "an unknown host key" '[Hh]ost key'
sshserver_known_hosts | sed "s| AAAA.*| $(cut -d ' ' -f 2 "$scratch/stranger.pub")|" \
	>"$known_hosts"
refused "a changed host key" '[Hh]ost key'
reach "Port $(server_free_port)"
git config --global --remove-section "url.$reach_base"
git config --global "url.ssh://127.0.0.1$gitserver_dir/repos/.insteadOf" \
	https://github.com/
refused "nobody listens" 'refused'

# --- Dropbear ---------------------------------------------------------------

on_exit "sshserver_stop '$sshserver_dir'"
sshserver_start_dropbear "$scratch/db"
sshserver_authorize "$key.pub"
reach
fetched "from Dropbear" 127.0.0.1/team/greet.git

done_testing
