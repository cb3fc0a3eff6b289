#!/bin/sh
# A private `go get` over HTTPS, end to end: real go, real git, a real server
# with TLS and passwords, and a credential that this program chose.
# shellcheck disable=SC2154 # scratch and gitserver_* are sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/gitserver.sh disable=SC1091
. "$top/tests/lib/gitserver.sh"
bin=${CONDA_GO_BUILD:-$top/build}/bin

private_home
on_exit gitserver_stop
gitserver_start "$scratch/gs"
gitserver_user gopher hunter2-team team
gitserver_user other hunter2-other team
gitserver_user alice hunter2-acme acme
gitserver_publish team/name git.corp.example/team/name.git
gitserver_publish team/greet git.corp.example/team/greet.git \
	git.corp.example/team/name.git
gitserver_publish acme/tool git.corp.example/acme/tool.git
gitserver_client
git config --global credential.helper "$bin/git-credential-conda-go"

config=$XDG_CONFIG_HOME/conda-go/config
mkdir -p "${config%/*}"
events=$scratch/events.json

# get MODULE: a module of our own fetches it, into a cache that is empty.
get() {
	rm -rf "$scratch/app" "$GOMODCACHE"
	mkdir "$scratch/app"
	(cd "$scratch/app" && go mod init example.com/app && go get "$@") 2>&1
}

netrc_file() {
	(umask 077 && cat >"$1")
}

netrc_file "$scratch/team.netrc" <<-EOF
	# two accounts on one host
	machine git.corp.example login other password hunter2-other
	machine git.corp.example login gopher password hunter2-team
	machine git.corp.example login alice password hunter2-acme
EOF

cat >"$config" <<-EOF
	[host "git.corp.example"]
	netrc = $scratch/team.netrc
	account = gopher
EOF

# 1. One module that needs another, by the account that the policy names.
: >"$scratch/gs/log/access"
said=$(GOCONDA_TRACE_EVENT=$events get git.corp.example/team/greet.git@v1.0.0) &&
	status=0 || status=$?
is "$status" 0 "go get of a private module that needs another one"
[ "$status" = 0 ] || diag "$said"
like "$(cat "$scratch/app/go.mod")" 'git.corp.example/team/name.git v1.0.0' \
	"both modules are in go.mod"
users=$(gitserver_requests | awk -F'\t' '$1 == 200 { print $2 }' | sort -u)
is "$users" gopher "the server was asked by the policy's account only"
like "$(cat "$events")" \
	'"credential.answer".*"source":"netrc".*team.netrc:3.*"user":"gopher"' \
	"the trace names file, line and user"
unlike "$(cat "$events")" hunter2 "the trace holds no password"

# 2. Two accounts on one host, by path.
cat >>"$config" <<-EOF
	[host "git.corp.example/acme"]
	account = alice
EOF
for useHttpPath in false true; do
	git config --global credential.useHttpPath $useHttpPath
	: >"$scratch/gs/log/access"
	succeeds "go get from another team's path (useHttpPath=$useHttpPath)" \
		get git.corp.example/acme/tool.git@v1.0.0
	users=$(gitserver_requests | awk -F'\t' '$1 == 200 { print $2 }' | sort -u)
	is "$users" alice "the longest path of the policy chose the account"
done
git config --global --unset credential.useHttpPath

# 3. $NETRC, which git's own libcurl does not read.
: >"$config"
netrc_file "$scratch/env.netrc" <<-EOF
	machine git.corp.example login gopher password hunter2-team
EOF
: >"$scratch/gs/log/access"
NETRC=$scratch/env.netrc
export NETRC
succeeds "go get with a file that only \$NETRC names" \
	get git.corp.example/team/greet.git@v1.0.0
unset NETRC

# 4. A wrong password: said with the line, and nothing is erased. Go drops what
# git says where it looks for a protocol, so under go the trace has to say it.
netrc_file "$HOME/wrong" <<-EOF
	machine git.corp.example login gopher password no-longer
EOF
cp -p "$HOME/wrong" "$HOME/wrong.before"
echo "[default]
netrc = ~/wrong" >"$config"
said=$(GOCONDA_TRACE=1 get git.corp.example/team/greet.git@v1.0.0) &&
	status=0 || status=$?
is "$status" 1 "go get with a wrong password fails"
like "$said" '^conda-go .*say .*refused the credential of ~/wrong:1' \
	"and the trace on go's stderr says which line holds it"
said=$(GIT_TERMINAL_PROMPT=0 git ls-remote "$gitserver_url/team/name" 2>&1) || :
like "$said" '^conda-go: .*refused the credential of ~/wrong:1' \
	"git alone shows it without a trace"
succeeds "the file is as it was" cmp -s "$HOME/wrong" "$HOME/wrong.before"

# 5. No credential at all: where was looked, and what to type.
echo "[default]
netrc = ~/empty" >"$config"
netrc_file "$HOME/empty" <<-EOF
	machine other.example login x password y
EOF
said=$(GOCONDA_TRACE=1 get git.corp.example/team/greet.git@v1.0.0) &&
	status=0 || status=$?
is "$status" 1 "go get without a credential fails"
like "$said" '^conda-go .*say .*no credential for https://git.corp.example.*~/empty has no entry' \
	"and the trace says where was looked"
like "$said" 'conda-go config https://git.corp.example' "and what to type"

# 6. A file that others can read is not believed, and the remedy works.
netrc_file "$HOME/loose" <<-EOF
	machine git.corp.example login gopher password hunter2-team
EOF
chmod 644 "$HOME/loose"
echo "[default]
netrc = ~/loose" >"$config"
said=$(GIT_TERMINAL_PROMPT=0 git ls-remote "$gitserver_url/team/name" 2>&1) &&
	status=0 || status=$?
is "$status" 128 "a netrc that others can read is refused"
remedy=$(printf '%s\n' "$said" | sed -n 's/.*type: \(chmod [^;]*\);.*/\1/p')
is "$remedy" "chmod 600 ~/loose" "the message ends in what mends it"
eval "$remedy"
succeeds "which, typed, mends it" get git.corp.example/team/greet.git@v1.0.0

# 7. The host in ~/.netrc: git's own libcurl answers before any helper.
netrc_file "$HOME/.netrc" <<-EOF
	machine git.corp.example login other password hunter2-other
EOF
: >"$events"
: >"$scratch/gs/log/access"
GOCONDA_TRACE_EVENT=$events
export GOCONDA_TRACE_EVENT
succeeds "go get with the host in ~/.netrc" \
	get git.corp.example/team/greet.git@v1.0.0
unset GOCONDA_TRACE_EVENT
unlike "$(cat "$events")" 'credential.answer' "no helper was asked for it"
like "$("$bin/conda-go" config https://git.corp.example/)" \
	'^# git answers from [~]/.netrc:1 by itself' \
	"conda-go config says so"
rm "$HOME/.netrc"

done_testing
