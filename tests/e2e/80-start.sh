#!/bin/sh
# How the program starts, what it loads, and what it does in a bad world: bad
# argv, bad records, closed fds, no home, no passwd entry, no reader. And how git
# itself gets along with a helper that only reads (git's t0303, as far as it asks
# that).
#
# shellcheck disable=SC2154 # scratch is sourced

set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${CONDA_GO_BUILD:-$top/build}
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"

conda_go=$build/bin/conda-go
helper=$build/bin/git-credential-conda-go
private_home
cd "$scratch"
cat >"$HOME/.netrc" <<'EOF'
machine git.corp.example login gopher password secret
machine git.corp.example login intern password other
machine empty.example login "" password ""
machine [fd00::ab] login six password six-secret
machine path.example login first password one
machine path.example login second password two
EOF
chmod 600 "$HOME/.netrc"
mkdir "$XDG_CONFIG_HOME/conda-go"
printf '%s\n' '[host "path.example/second"]' 'account = second' \
	>"$XDG_CONFIG_HOME/conda-go/config"
question='protocol=https\nhost=git.corp.example\n'
printf '%b' "$question" >"$scratch/question"
reply='username=gopher
password=secret'

# run COMMAND…: sets out, err and status; stdin is the caller's.
run() {
	status=0
	"$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	out=$(cat "$scratch/out")
	err=$(cat "$scratch/err")
}

# one_line STATUS NAME: that status, nothing on stdout, one line for people.
one_line() {
	is "$status,$out,$(grep -c '^conda-go: .' "$scratch/err"),$(wc -l <"$scratch/err")" \
		"$1,,1,1" "$2: exit $1, one line, nothing on stdout"
}

# --- what is loaded --------------------------------------------------------------

run env LD_DEBUG=files "$helper" get <"$scratch/question"
is "$out" "$reply" 'get answers'
if grep -q __asan_init "$conda_go"; then
	skip 'what is mapped when get has answered' "a sanitizer's build"
else
	is "$(sed -n 's/.*calling init: .*\/\(.*\)/\1/p' "$scratch/err" |
		sed 's/\.so\..*//; s/-.*//' | sort -u | tr '\n' ' ')" \
		'ld libc libinih libjansson libnettle ' \
		'what is mapped when get has answered'
fi

# --- commands and argv -----------------------------------------------------------

commands='credential ssh goauth config configure unconfigure trace version help'
is "$("$conda_go" help --list-commands | tr '\n' ' ')" "$commands " \
	'help --list-commands'
for command in $commands; do
	like "$("$conda_go" help)" "^  $command +" "help has $command"
done
for words in '' --help -h help; do
	# shellcheck disable=SC2086
	is "$("$conda_go" $words | cksum)" "$("$conda_go" help | cksum)" \
		"conda-go $words shows the help"
done
for words in --version version; do
	run "$conda_go" $words
	like "$out" '^conda-go [0-9a-z][^ ]*$' "conda-go $words"
	is "$status$err" 0 "conda-go $words succeeds"
done
for words in nonsense --nonsense 'credential' 'credential get get' 'goauth a b' \
	'configure --nonsense' 'configure --global --local' 'unconfigure x' \
	'trace --nonsense' 'trace --path x' 'version x' 'help x' '--version x' \
	'--help x' 'help --list-commands x'; do
	# shellcheck disable=SC2086
	run "$conda_go" $words </dev/null
	one_line 2 "conda-go $words"
done
run "$helper" </dev/null
one_line 2 'git-credential-conda-go without a verb'
run "$conda_go" "$(printf 'https://u:CANARY@h/\033[2J\nx')" </dev/null
one_line 2 'a URL and control bytes for a command'
unlike "$err" "CANARY|$(printf '\033')" 'they are not repeated'
for words in '-z host true' '-p' '-p 0 host true' '-p 65536 host true' \
	'-p x host true' '-oProxyCommand=x' '-- -oProxyCommand=x true' 'a;b true'; do
	# shellcheck disable=SC2086
	run "$build/bin/conda-go-ssh" $words </dev/null
	one_line 255 "conda-go-ssh $words"
done
run "$helper" capability </dev/null
is "$out" 'version 0
capability authtype
capability state' 'capability'
is "$status$err" 0 'capability succeeds'
for verb in nonsense GET '' -x; do
	run "$helper" "$verb" </dev/null
	is "$status$out$err" 0 "the unknown verb '$verb' does nothing"
done
ln -s "$conda_go" "$scratch/ssh"
run "$scratch/ssh" version
is "$status" 0 'a link of another name is conda-go'

# --- roles -----------------------------------------------------------------------

run "$conda_go" --role nonsense 3<&-
is "$status$out$err" 127 'a role that is not there, without fd 3'
echo whole >"$scratch/three"
run "$conda_go" --role nonsense 3<>"$scratch/three"
is "$status$out$err" 127 'a role that is not there, with a file as fd 3'
is "$(cat "$scratch/three")" whole 'which stays as it is'
run "$conda_go" --role
is "$status$out$err" 127 'no role'
run "$conda_go" --role x y
is "$status$out$err" 127 'two roles'

# --- records ---------------------------------------------------------------------

fill() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}

# bad_record NAME TEXT: every verb refuses it, and repeats nothing secret of it.
bad_record() {
	printf '%b' "$2" >"$scratch/in"
	for verb in get store erase; do
		run "$helper" $verb <"$scratch/in"
		case $err in
		*CANARY*) err=repeated ;;
		esac
		one_line "1" "$verb, $1"
		[ "$err" != repeated ] || ok 1 "$verb, $1: nothing of it is repeated"
	done
}

rest='\nusername=u\npassword=CANARY\n'
bad_record 'nothing' ''
bad_record 'an empty line alone' '\n'
bad_record 'no host' 'protocol=https'"$rest"
bad_record 'no protocol' 'host=git.corp.example'"$rest"
bad_record 'an empty host' 'protocol=https\nhost='"$rest"
bad_record 'an empty protocol' 'protocol=\nhost=git.corp.example'"$rest"
bad_record 'half a line at the end' "$question"'password=CANARY'
bad_record 'a line without =' "$question"'CANARY\n'
bad_record 'a line without a key' "$question"'=CANARY\n'
bad_record 'a NUL' "$question"'password=CANARY\0000\n'
bad_record 'a NUL in the host' 'protocol=https\nhost=git.corp.example\0000.x'"$rest"
bad_record 'a CR in the host' 'protocol=https\nhost=git.corp.example\rhost=x'"$rest"
bad_record 'a CR in the path' "$question"'path=a\rb'"$rest"
bad_record 'a control byte in the user name' "$question"'username=a\0033[2J\n'
bad_record 'a control byte in the protocol' 'protocol=ht\0001tps\nhost=h'"$rest"
bad_record 'DEL in the host' 'protocol=https\nhost=a\0177'"$rest"
bad_record 'a protocol that is none' 'protocol=ht tps\nhost=h'"$rest"
for host in h:0 h:65536 h:x h:080 h: :443 '[fd00::1' '[x]' '[fd00::1]x' h/x -h \
	'a b' a:1:2 'a]b' u@h '*'; do
	bad_record "the host $host" "protocol=https\\nhost=$host$rest"
done
bad_record 'a line of 65,536 bytes' "$question"'password='"$(fill 65526 C)"'\n'
{
	printf '%b' "$question"
	i=0
	while [ $i -lt 20 ]; do
		printf 'wwwauth[]=%s\n' "$(fill 60000 w)"
		i=$((i + 1))
	done
} >"$scratch/megabyte"
run "$helper" get <"$scratch/megabyte"
one_line 1 'a record of more than 1 MiB'

# good NAME TEXT: it is taken, and answered as always.
good() {
	printf '%b' "$2" >"$scratch/in"
	run "$helper" get <"$scratch/in"
	is "$status$err$out" "0$reply" "$1"
}

good 'any order' 'host=git.corp.example\nprotocol=https\n'
good 'CR LF' 'protocol=https\r\nhost=git.corp.example\r\n\r\n'
good 'unknown keys' 'x=y\n'"$question"'nonsense[]=1\ncapability[]=authtype\n'
good 'what follows an empty line' "$question"'\nhost=other.example\nstray'
good 'the last line of a key counts' 'host=other.example\n'"$question"
good 'a list and its reset' "$question"'wwwauth[]=a\nwwwauth[]=\nstate[]=x\n'
good 'a line of 65,535 bytes' "$question"'password='"$(fill 65525 C)"'\n'
good 'a host in capitals' 'protocol=https\nhost=GIT.corp.EXAMPLE\n'
good 'the default port' 'protocol=https\nhost=git.corp.example:443\n'

# --- the policy and the netrc ----------------------------------------------------

mkdir -p "$scratch/bad/conda-go" "$scratch/env/etc/conda-go"
for text in 'surces = netrc' 'sources = nterc' '[host' '[host "a b"]' 'sources' \
	'netrc = relative'; do
	printf '# a comment\n[default]\n%s\n' "$text" >"$scratch/bad/conda-go/config"
	XDG_CONFIG_HOME=$scratch/bad run "$helper" get <"$scratch/question"
	one_line 1 "the policy $text"
	like "$err" '^conda-go: .*/bad/conda-go/config:3: ' "the policy $text: file and line"
done
printf '[default]\nnetrc = /x\n' >"$scratch/env/etc/conda-go/config"
CONDA_PREFIX=$scratch/env run "$helper" get <"$scratch/question"
one_line 1 "a netrc in an environment's own policy"
like "$err" '/env/etc/conda-go/config:2: ' 'with file and line'

# miss NAME PATTERN: no answer, exit 0, and one line for people that says why.
miss() {
	run "$helper" get <"$scratch/question"
	one_line 0 "$1"
	like "$err" "$2" "$1: it says why"
}

printf 'machine "git.corp.example\n' >"$scratch/netrc"
chmod 600 "$scratch/netrc"
NETRC=$scratch/netrc
export NETRC
miss 'a malformed netrc' 'netrc:1: '
printf 'machine git.corp.example login u password CANARY\n' >"$scratch/netrc"
chmod 644 "$scratch/netrc"
miss 'a netrc that others can read' 'type: chmod 600 '
chmod 620 "$scratch/netrc"
miss 'a netrc that others can write' 'type: chmod 600 '
NETRC=$scratch
miss 'a folder as netrc' 'not a regular file'
mkfifo -m 600 "$scratch/fifo"
NETRC=$scratch/fifo
miss 'a FIFO as netrc' 'not a regular file'
NETRC=$scratch/absent
miss 'no netrc' 'absent: No such file'
unset NETRC

# --- a strange world -------------------------------------------------------------

marks() {
	find "$HOME" -type f -exec cksum {} + | sort
}

before=$(marks)
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
	for trace in '' 1 "$scratch/trace"; do
		name="get $closed, trace '${trace#"$scratch"}'"
		: >"$scratch/trace"
		GOCONDA_TRACE=$trace run sh -c "exec \"\$0\" get $closed" "$helper" \
			<"$scratch/question"
		ok $((status > 1)) "$name: it ends by itself"
		cat "$scratch/trace" "$scratch/err" >"$scratch/seen"
		unlike "$(cat "$scratch/seen")" 'secret|^username=' \
			"$name: the answer is nowhere else"
		unlike "$(cat "$scratch/trace")" '^conda-go: ' \
			"$name: words are not in the trace's file"
	done
done
is "$(marks)" "$before" 'no file has changed'

# A reader that has gone: an error, not a signal.
to_nobody() {
	{
		sleep 0.3
		"$@" <"$scratch/question" 2>"$scratch/err" && echo 0 >"$scratch/gone" ||
			echo $? >"$scratch/gone"
	} | :
	cat "$scratch/gone" "$scratch/err"
}

is "$(to_nobody "$helper" get)" '1
conda-go: write: Broken pipe' 'a reader that has gone: exit 1 and one line'
is "$(to_nobody "$conda_go" help)" '1
conda-go: stdout: Broken pipe' 'also for what is printed'
run sh -c '"$0" help >/dev/full' "$conda_go"
is "$status $err" '1 conda-go: stdout: No space left on device' 'and on a full disk'
run sh -c '"$0" capability >/dev/full' "$helper"
is "$status $err" '1 conda-go: stdout: No space left on device' \
	'capability on a full disk'
# more than stdio's buffer, so that the last flush has nothing left to fail with
mkdir -p "$XDG_STATE_HOME/conda-go"
head -c 100000 /dev/zero >"$XDG_STATE_HOME/conda-go/trace.log"
run sh -c '"$0" trace >/dev/full' "$conda_go"
is "$status $err" '1 conda-go: stdout: not all of it could be written' \
	'trace on a full disk'
rm "$XDG_STATE_HOME/conda-go/trace.log"

# Without /dev/null and without /proc, in a mount namespace.
printf 'protocol=https\nhost=miss.example\n' >"$scratch/miss"
if grep -q __asan_init "$conda_go"; then
	skip 'no /dev, no /proc' "a sanitizer's build"
elif ! unshare -m sh -c 'mount -t tmpfs none /proc' 2>/dev/null; then
	skip 'no /dev, no /proc' 'no mount namespace to be had'
else
	# shellcheck disable=SC2016 # the inner shell's
	run env GOCONDA_TRACE="$scratch/no-null" unshare -m sh -c \
		'mount -t tmpfs none /dev && exec "$0" get <"$1" >&-' \
		"$helper" "$scratch/question"
	is "$status$err$(cat "$scratch/no-null" 2>/dev/null)" 1 \
		'no stdout and no /dev/null: it ends, before a trace is fd 1'
	# shellcheck disable=SC2016
	run unshare -m sh -c 'mount -t tmpfs none /proc && exec "$0" get' \
		"$helper" <"$scratch/miss"
	is "$status$out$err" 0 'a caller that /proc does not show: no word on stderr'
fi

# What is not about a host: a certificate's pass phrase.
for verb in get store erase; do
	printf 'protocol=cert\nhost=\npath=/x/c.pem\nusername=\npassword=p\n' |
		run "$helper" $verb
	is "$(cat "$scratch/out" "$scratch/err")" '' "cert://, $verb: not a word"
done
printf 'protocol=cert\nhost=\npath=/x/c.pem\n' | "$helper" get >/dev/null 2>&1 &&
	status=0 || status=$?
is "$status" 0 'and no error'

# A message says what to type; a URL must not say more than that.
# shellcheck disable=SC2016 # no shell is to run it
printf 'protocol=https\nhost=miss.example\npath=$(touch;x)\n' >"$scratch/odd"
NETRC=$scratch/named run "$helper" get <"$scratch/odd"
like "$err" "; see: conda-go config 'https://miss.example/\\\$\\(touch;x\\)'\$" \
	'a URL that a shell would run stands in quotes'

# A uid that the passwd database does not know.
user=65533
if [ "$(id -u)" -ne 0 ]; then
	skip 'a uid without a passwd entry' 'only root can become one'
elif getent passwd $user >/dev/null; then
	skip 'a uid without a passwd entry' "uid $user has one"
else
	chmod 711 "$scratch"
	mkdir "$scratch/nobody"
	cp "$conda_go" "$HOME/.netrc" "$scratch/nobody/"
	chown -R $user "$scratch/nobody"
	as_user() {
		run env -u XDG_CONFIG_HOME -u XDG_STATE_HOME -u HOME "$@" \
			<"$scratch/question"
	}
	drop="setpriv --reuid $user --regid $user --clear-groups"
	# shellcheck disable=SC2086
	as_user HOME="$scratch/nobody" $drop "$scratch/nobody/conda-go" credential get
	is "$status$err$out" "0$reply" 'no passwd entry, HOME is set: an answer'
	# shellcheck disable=SC2086
	as_user $drop "$scratch/nobody/conda-go" credential get
	one_line 0 'no passwd entry, no HOME'
	like "$err" "HOME is not set and uid $user has no entry" 'it says so'
	# shellcheck disable=SC2086
	as_user NETRC="$scratch/nobody/.netrc" $drop "$scratch/nobody/conda-go" \
		credential get
	is "$status$err$out" "0$reply" 'no passwd entry, no HOME, NETRC: an answer'
	# shellcheck disable=SC2086
	as_user HOME= GOCONDA_TRACE="$scratch/nobody/trace" $drop \
		"$scratch/nobody/conda-go" credential get
	one_line 0 'no passwd entry, an empty HOME'
	# shellcheck disable=SC2086
	as_user $drop "$scratch/nobody/conda-go" trace
	one_line 1 'no passwd entry, no HOME: conda-go trace'
	# shellcheck disable=SC2086
	as_user $drop "$scratch/nobody/conda-go" version
	is "$status$err" 0 'no passwd entry, no HOME: conda-go version'
fi

# --- the path, from the git that asks ----------------------------------------------

# A git-remote-http that costs nothing: what counts is its name and arguments.
cp "$(readlink -f /bin/sh)" "$scratch/git-remote-http"
echo "'$helper' get <'$scratch/pathless'" >"$scratch/ask"
printf 'protocol=https\nhost=path.example\n' >"$scratch/pathless"
while read -r login url; do
	is "$("$scratch/git-remote-http" "$scratch/ask" "$url" | sed -n 's/^username=//p')" \
		"$login" "git-remote-http $url: $login"
done <<'EOF'
second https://path.example/second/x.git
second https://u:p@path.example:443/second
second https://path.example/%73econd/x
second https://PATH.example/second%2Fx%
second https://path.example/%2f%2Fsecond
first https://path.example/%2F
first https://path.example/secondary/x
first https://path.example/second/x%2F..%2F..%2Ffirst
first https://path.example/second/%2e%2E/first
first https://path.example/second%0a/x
first https://path.example/second/%00
first https://path.example
first https://path.example:8443/second/x
first http://path.example/second/x
first https://other.example/second/x
first https://other.example@path.example@x/second/x
EOF

# --- make ------------------------------------------------------------------------

# a build of its own: one object is enough to see what is built again
mkdir "$scratch/other"
make_other() {
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u V make -C "$top" \
		BUILD="$scratch/other" "$@" 2>&1
}
error_o=$scratch/other/obj/helper/base/error.o
main_o=$scratch/other/obj/helper/main.o
make_other "$error_o" "$main_o" >"$scratch/out" || diag "$(cat "$scratch/out")"
is "$(make_other "$error_o" "$main_o" | grep -c CC)" 0 'make builds nothing twice'
is "$(make_other CFLAGS=-O1 "$error_o" | grep -c CC)" 1 \
	'with other CFLAGS it builds again'
is "$(make_other CFLAGS=-O1 VERSION=x "$error_o" "$main_o" | sed -n 's/.*CC *//p')" \
	helper/main.c 'as another version, what says the version'
like "$(make_other BUILD="$scratch/none" PKG_CONFIG=false all)" \
	'false does not find inih jansson nettle: contrib/bootstrap build ' \
	'without a library it names the command that brings it'
for folder in '' / . ..; do
	like "$(make_other -n BUILD="$folder" clean)" ' is no folder for the output' \
		"make clean BUILD='$folder' removes nothing"
done
is "$(env -u MAKEFLAGS BUILD="$scratch/other" make -C "$top" -n clean |
	grep -c "$scratch")" 0 'a BUILD from the environment is not ours'

make_quietly() {
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -C "$top" \
		BUILD="$build" "$@" >"$scratch/out" 2>&1 || {
		diag "$(cat "$scratch/out")"
		return 1
	}
}

make_quietly install DESTDIR="$scratch/dest" PREFIX=/opt/x && status=0 || status=$?
is "$status" 0 'make install'
is "$(cd "$scratch/dest" && find . ! -type d | sort | tr '\n' ' ')" \
	'./opt/x/bin/conda-go ./opt/x/bin/conda-go-ssh ./opt/x/bin/git-credential-conda-go ' \
	'what is installed'
is "$(readlink "$scratch/dest/opt/x/bin/conda-go-ssh") $(readlink \
	"$scratch/dest/opt/x/bin/git-credential-conda-go")" 'conda-go conda-go' \
	'the links are relative'
is "$("$scratch/dest/opt/x/bin/git-credential-conda-go" get <"$scratch/question")" \
	"$reply" 'what is installed runs'
is "$(PATH=$scratch/dest/opt/x/bin:$PATH git -c credential.helper=conda-go \
	credential fill <"$scratch/question" | sed -n 's/^password=//p')" secret \
	'and git finds it by its name'
make_quietly uninstall DESTDIR="$scratch/dest" PREFIX=/opt/x && status=0 || status=$?
is "$status" 0 'make uninstall'
is "$(find "$scratch/dest" ! -type d)" '' 'nothing is left'

# --- git -------------------------------------------------------------------------

cat >"$scratch/askpass" <<EOF
#!/bin/sh
echo asked >>"$scratch/asked"
case \$1 in
Username*) echo askpass-username ;;
*) echo askpass-password ;;
esac
EOF
chmod +x "$scratch/askpass"
GIT_ASKPASS=$scratch/askpass
export GIT_ASKPASS
git config --global credential.helper "$helper"

# git_says VERB INPUT WANTED NAME: what git prints, and no word on stderr.
git_says() {
	printf '%b' "$2" >"$scratch/in"
	rm -f "$scratch/asked"
	run git credential "$1" <"$scratch/in"
	is "$status,$out,$err" "0,$3," "git credential $1: $4"
}
asked='username=askpass-username
password=askpass-password'
https='protocol=https
host'

git_says fill 'protocol=https\nhost=other.example\n' "$https=other.example
$asked" 'no data, so askpass'
git_says fill "$question" "$https=git.corp.example
$reply" 'the first login'
is "$(cat "$scratch/asked" 2>/dev/null)" '' 'askpass was not called'
git_says fill 'protocol=http\nhost=git.corp.example\n' "protocol=http
host=git.corp.example
$asked" 'never without TLS'
git_says fill 'protocol=https\nhost=it.corp.example\n' "$https=it.corp.example
$asked" 'another host'
git_says fill 'protocol=https\nhost=git.corp.example.org\n' \
	"$https=git.corp.example.org
$asked" 'a longer host'
git_says fill "${question}username=intern\n" "$https=git.corp.example
username=intern
password=other" 'the login that is asked for'
git_says fill "${question}username=stranger\n" "$https=git.corp.example
username=stranger
password=askpass-password" 'a login that is not there'
git_says fill 'protocol=https\nhost=[fd00::ab]\n' "$https=[fd00::ab]
username=six
password=six-secret" 'an IPv6 address'
git_says fill 'protocol=https\nhost=[fd00::cd]\n' "$https=[fd00::cd]
$asked" 'another IPv6 address'
git_says fill 'protocol=https\nhost=empty.example\n' "$https=empty.example
username=
password=" 'an empty login and password'
git config --global credential.useHttpPath true
git_says fill 'url=https://path.example/second/x.git\n' "$https=path.example
path=second/x.git
username=second
password=two" 'by path'
git_says fill 'url=https://path.example/secondary/x.git\n' "$https=path.example
path=secondary/x.git
username=first
password=one" 'a path that only begins so'
git config --global --unset credential.useHttpPath
long=$(fill 65000 w)
git_says fill "${question}wwwauth[]=$long\n" \
	"$(if [ "$(printf '%b' "${question}wwwauth[]=x\n" | git credential fill |
		grep -c wwwauth)" -gt 0 ]; then
		printf '%b' "${question}$reply\nwwwauth[]=$long"
	else
		printf '%b' "$question$reply"
	fi)" 'a header of 65,000 bytes'
run "$helper" get <<EOF
protocol=https
host=git.corp.example
wwwauth[]=$long
wwwauth[]=host=victim.example
EOF
is "$status$err$out" "0$reply" 'the same from git, and one that looks like a host'

before=$(marks)
for verb in approve reject; do
	git_says $verb "${question}username=gopher\npassword=secret\n" '' 'what is there'
	git_says $verb "${question}username=gopher\npassword=changed\n" '' \
		'another password'
	git_says $verb "${question}username=new\npassword=new\n" '' 'another user'
	git_says $verb 'protocol=https\nhost=other.example\nusername=a\npassword=b\n' '' \
		'another host'
done
git_says reject "$question" '' 'every user of a host'
git_says approve "${question}username=gopher\npassword=secret\npassword_expiry_utc=9999999999\noauth_refresh_token=x\n" \
	'' 'with an expiry and a refresh token'
is "$(marks)" "$before" 'none of it has changed a file'
git_says fill "$question" "$https=git.corp.example
$reply" 'the answer is as before'
git_says fill "${question}username=gopher\n" "$https=git.corp.example
$reply" 'also for the user that was rejected'
done_testing
