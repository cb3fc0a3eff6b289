#!/bin/sh
# GOAUTH='conda-go goauth': what go reads, and what it must never be given.
# shellcheck disable=SC2154 # scratch and gitserver_* are sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/gitserver.sh disable=SC1091
. "$top/tests/lib/gitserver.sh"
bin=${CONDA_GO_BUILD:-$top/build}/bin
conda_go=$bin/conda-go

private_home
config=$XDG_CONFIG_HOME/conda-go/config
mkdir -p "${config%/*}"
(umask 077 && cat >"$HOME/.netrc") <<-'EOF'
	machine git.corp.example login gopher password hunter2
	machine git.corp.example login alice password hunter3
	machine odd.example login a:b password hunter4
	machine half.example password hunter5
	machine [::1] login v6 password hunter6
	machine tab.example login "a\tb" password hunter7
EOF
cat >"$config" <<-'EOF'
	[host "git.corp.example"]
	account = gopher
	[host "git.corp.example/acme"]
	account = alice
	[host "odd.example"]
	account = a:b
	[host "half.example"]
	[host "tab.example"]
	[host "none.example"]
	account = nobody
EOF

basic() {
	printf %s "$1" | base64
}

# go's first call, without a URL: each whole host that has a credential.
is "$("$conda_go" goauth </dev/null; echo end)" "https://git.corp.example

Authorization: Basic $(basic gopher:hunter2)

end" "without a URL: a block for each host of the policy that has one"

# With the URL of a request that failed: that very URL.
url='https://git.corp.example/acme/tool?go-get=1'
is "$(printf 'HTTP/1.1 401 Unauthorized\n\n' | "$conda_go" goauth "$url"; echo end)" \
	"$url

Authorization: Basic $(basic alice:hunter3)

end" "with a URL: that URL, and the account of the longest path"
is "$("$conda_go" goauth 'https://git.corp.example/other?go-get=1' </dev/null |
	tail -n 2)" "Authorization: Basic $(basic gopher:hunter2)" \
	"another path, another account"
is "$("$conda_go" goauth 'https://[::1]/x?go-get=1' </dev/null | tail -n 2)" \
	"Authorization: Basic $(basic v6:hunter6)" "an IPv6 address"

for url in https://none.example/x http://git.corp.example/x \
	https://odd.example/x https://half.example/x https://tab.example/x \
	https://elsewhere.example/ \
	ssh://git.corp.example/x; do
	is "$("$conda_go" goauth "$url" </dev/null; echo $?)" 0 \
		"nothing at all, and no failure: $url"
done
said=$(GOCONDA_TRACE=1 "$conda_go" goauth https://odd.example/x 2>&1 </dev/null)
like "$said" "goauth.answer .*why=\"a user name with ':' cannot be sent" \
	"the trace says why a credential cannot be sent"
unlike "$said" "hunter|$(basic a:b:hunter4)" "and not what it is"
for bad in 'https://' 'nonsense' "https://h
x"; do
	said=$("$conda_go" goauth "$bad" 2>"$scratch/err" </dev/null) &&
		status=0 || status=$?
	is "$status$said" 1 "a malformed URL is refused, nothing on stdout"
	is "$(wc -l <"$scratch/err")" 1 "in one line"
done
fails "two URLs are refused" "$conda_go" goauth a b

go_minor=$(go env GOVERSION | sed 's/^go1\.\([0-9]*\).*/\1/')
if [ "$go_minor" -lt 24 ]; then
	skip "real go asks us" "GOAUTH needs Go 1.24, this is 1.$go_minor"
	done_testing
fi

# Real go and a module proxy that wants a password: any port will do.
on_exit gitserver_stop
gitserver_start "$scratch/gs"
gitserver_user gopher hunter2 team
rm "$HOME/.netrc"
(umask 077 && cat >"$HOME/go.netrc") <<-EOF
	machine 127.0.0.1 login gopher password hunter2
	machine 127.0.0.1 login alice password hunter3
EOF
printf '[default]\nnetrc = ~/go.netrc\n[host "127.0.0.1"]\naccount = gopher\n' \
	>"$config"
printf '[host "127.0.0.1:%s"]\n' "$gitserver_port" >>"$config"
SSL_CERT_FILE=$gitserver_ca
export SSL_CERT_FILE
mkdir "$scratch/app"
cd "$scratch/app"
go mod init example.com/app 2>/dev/null

proxied() {
	: >"$scratch/gs/log/access"
	GOAUTH=$1 GONOPROXY=none GOPRIVATE='' \
		GOPROXY="https://127.0.0.1:$gitserver_port/team" \
		go get example.com/nothing 2>"$scratch/err" || :
}
proxied "$conda_go goauth"
like "$(gitserver_requests)" '^404	gopher	GET	/team/example.com' \
	"real go asks us before its first request"
unlike "$(gitserver_requests)" '^401' "and is never turned away"
proxied off
like "$(gitserver_requests)" '^401	-	GET	/team/example.com' \
	"without us it is"
gitserver_stop

# An import path without .git: go asks the host where the repository is, with
# the account of the path's own team, and git then fetches it. That is on port
# 443, which not everybody may have.
GITSERVER_PORT=443
export GITSERVER_PORT
if ! gitserver_start "$scratch/gs443" 2>/dev/null; then
	skip "go-import behind a password" "port 443 is not to be had"
	done_testing
fi
gitserver_user gopher hunter2 team
gitserver_user alice hunter3 acme
gitserver_publish team/name 127.0.0.1/team/name
gitserver_publish acme/tool 127.0.0.1/acme/tool 127.0.0.1/team/name
printf '[host "127.0.0.1/acme"]\naccount = alice\n' >>"$config"
git config --global credential.helper "$bin/git-credential-conda-go"
git config --global http.sslCAInfo "$gitserver_ca"
SSL_CERT_FILE=$gitserver_ca GOPRIVATE=127.0.0.1 GIT_ALLOW_PROTOCOL=https
export GOPRIVATE GIT_ALLOW_PROTOCOL
: >"$scratch/gs443/log/access"
said=$(GOAUTH="$conda_go goauth" GOCONDA_TRACE=1 \
	go get 127.0.0.1/acme/tool@v1.0.0 2>&1) && status=0 || status=$?
is "$status" 0 "go get of a module that needs another team's module"
[ "$status" = 0 ] || diag "$said"
like "$said" "goauth.answer url=https://127.0.0.1/acme/tool .*user=alice" \
	"go's question for one path: one account"
like "$said" "goauth.answer url=https://127.0.0.1 .*user=gopher" \
	"for the host: the other"
like "$said" "credential.answer .*user=alice" "git's for the path: the same one"
requests=$(gitserver_requests)
like "$requests" '^200	alice	GET	/acme/tool\?go-get=1' "go-import as alice"
like "$requests" '^200	gopher	GET	/team/name\?go-get=1' "go-import as gopher"
like "$requests" '^200	alice	POST	/acme/tool.git/git-upload-pack' "git as alice"
like "$requests" '^200	gopher	POST	/team/name.git/git-upload-pack' "git as gopher"

done_testing
