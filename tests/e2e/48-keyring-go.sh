#!/bin/sh
# A private `go get` answered from the keyring; and nothing of a secret where
# others can look: arguments, environments, traces, the bus.
# shellcheck disable=SC2154 # scratch, gitserver_* and keyring_* are sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/gitserver.sh disable=SC1091
. "$top/tests/lib/gitserver.sh"
# shellcheck source=tests/lib/keyring.sh disable=SC1091
. "$top/tests/lib/keyring.sh"
build=${CONDA_GO_BUILD:-$top/build}
ours=$build/bin/git-credential-conda-go

private_home
keyring_bus || keyring_none
keyring_start unlocked || keyring_none
on_exit gitserver_stop
gitserver_start "$scratch/gs"
gitserver_user gopher hunter2-team team
gitserver_publish team/name git.corp.example/team/name.git
gitserver_publish team/greet git.corp.example/team/greet.git \
	git.corp.example/team/name.git
gitserver_client
git config --global credential.helper "$ours"
events=$scratch/events.json
GOCONDA_TRACE_EVENT=$events
export GOCONDA_TRACE_EVENT

get() {
	rm -rf "$scratch/app" "$GOMODCACHE"
	mkdir "$scratch/app"
	(cd "$scratch/app" && go mod init example.com/app && go get "$@") 2>&1
}

users() {
	gitserver_requests | awk -F'\t' '$1 == 200 { print $2 }' | sort -u
}

# 1. As git-credential-libsecret would have stored it.
keyring_add hunter2-team xdg:schema=org.git.Password protocol=https \
	server=git.corp.example "port=$gitserver_port" user=gopher
before=$(keyring_items)
: >"$scratch/gs/log/access"
succeeds "go get of two private modules" \
	get git.corp.example/team/greet.git@v1.0.0
is "$(users)" gopher "with the user that the keyring has"
like "$(cat "$events")" \
	'"credential.answer".*"source":"keyring".*"at":"keyring: added"' \
	"the trace names the item"
unlike "$(cat "$events")" hunter2 "and holds no password"
is "$(keyring_items)" "$before" "the stores of all those gits changed nothing"

# 2. A wrong one: erased, once, and said so in the trace.
keyring_add hunter2-other xdg:schema=org.git.Password protocol=https \
	server=other.example user=gopher
printf 'protocol=https\nhost=%s\nusername=gopher\npassword=wrong\n' \
	"$gitserver_host" | "$ours" store
: >"$events"
fails "go get with a wrong password" get git.corp.example/team/greet.git@v1.0.0
like "$(cat "$events")" '"credential.erased".*"erased":true.*"source":"keyring"' \
	"it was erased"
is "$(keyring_items | cut -f4)" hunter2-other "and nothing else"

# 3. Locked: git alone says what to do.
printf 'protocol=https\nhost=%s\nusername=gopher\npassword=hunter2-team\n' \
	"$gitserver_host" | "$ours" store
keyring_lock
said=$(GIT_TERMINAL_PROMPT=0 git ls-remote "$gitserver_url/team/name" 2>&1) &&
	status=0 || status=$?
is "$status" 128 "a locked keyring gives nothing"
like "$said" '^conda-go: .*the keyring is locked; unlock it' "and git's user reads why"
said=$(GOCONDA_TRACE=1 get git.corp.example/team/greet.git@v1.0.0) || :
like "$said" '^conda-go .*say .*the keyring is locked' "go's user in the trace"
keyring_kill
keyring_start unlocked
is "$(keyring_items | tail -n 1 | cut -f4)" hunter2-team "nothing was erased"

# 4. Where others can look, while it works: the program waits for the service.
printf 'protocol=https\nhost=h\nusername=ann\npassword=hunter2-canary\n' \
	>"$scratch/store"
kill -STOP "$keyring_pid"
: >"$events"
"$build/dumpable/bin/git-credential-conda-go" store <"$scratch/store" \
	2>"$scratch/said" &
store=$!
keyring_wait_for grep -q role_pid "$events"
role=$(sed -n 's/.*"role_pid":\([0-9]*\).*/\1/p' "$events")
sleep 0.3
for pid in $store $role; do
	tr '\0' '\n' <"/proc/$pid/cmdline"
	tr '\0' '\n' <"/proc/$pid/environ"
done >"$scratch/looked"
kill -CONT "$keyring_pid"
wait "$store" || :
like "$(cat "$scratch/looked")" '^keyring$' "the role's arguments were looked at"
like "$(cat "$scratch/looked")" "^HOME=$HOME\$" "and its environment"
unlike "$(cat "$scratch/looked" "$events" "$scratch/said")" hunter2 \
	"no secret is in arguments, environments or the trace"
is "$(keyring_items | grep server=h | cut -f4)" hunter2-canary \
	"and it was stored"

done_testing
