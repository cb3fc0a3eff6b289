#!/bin/sh
# No secret leaves by a way that is not its own. Several secrets, each with the
# word CANARY in it, go through every verb and every error with each kind of
# trace; then they are looked for in all that was written, in what children were
# given, in cores and in memory. Each hunt first finds a secret that was planted
# where it looks.
#
# shellcheck disable=SC2154 # scratch is sourced

set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${CONDA_GO_BUILD:-$top/build}
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"

lib=$build/lib
conda_go=$build/bin/conda-go
helper=$build/bin/git-credential-conda-go
open_helper=$build/dumpable/bin/git-credential-conda-go
private_home
cd "$scratch"
chmod 711 "$scratch"
seen=$scratch/seen
log=$XDG_STATE_HOME/conda-go/trace.log
mkdir "$seen" "$scratch/netrcs" "$scratch/policies"

odd=$(printf 'CANARY-odd\\"\047$\303\251\377`%%')
cat >"$scratch/netrcs/good" <<EOF
machine other.example login other password CANARY-other
machine git.corp.example login gopher password CANARY-asked account CANARY-account
machine odd.example login odd password "$(printf '%s' "$odd" | sed 's/[\\"]/\\&/g')"
macdef CANARY-macro
	CANARY-macro-body

machine last.example login last password CANARY-last
EOF
# twice the same token, a blank in a password, stray words
cat >"$scratch/netrcs/warnings" <<EOF
machine other.example login other password CANARY-other password CANARY-twice
machine git.corp.example login gopher password CANARY-asked CANARY-blank CANARY#x
machine login last password CANARY-last
default login any password CANARY-default
EOF
printf 'machine git.corp.example login gopher password CANARY-asked\n%s\n' \
	'machine x login y password "CANARY-unended' >"$scratch/netrcs/bad"
printf 'machine git.corp.example\nlogin gopher\npassword "CANARY-unended\n' \
	>"$scratch/netrcs/worse"
cp "$scratch/netrcs/good" "$scratch/netrcs/loose"
{
	cat "$scratch/netrcs/good"
	i=0
	while [ $i -lt 4000 ]; do
		echo "machine m$i.example login u$i password CANARY-large-$i"
		i=$((i + 1))
	done
} >"$scratch/netrcs/large"
chmod 600 "$scratch/netrcs"/*
chmod 644 "$scratch/netrcs/loose"

policy() {
	mkdir -p "$scratch/policies/$1/conda-go"
	cat >"$scratch/policies/$1/conda-go/config"
}
policy good <<EOF
[host "git.corp.example"]
account = gopher
EOF
policy warn <<EOF
[default]
netrc-permissions = warn
netrc-default = on
EOF
policy token <<EOF
[default]
account = CANARY-account-0123456789
EOF
echo 'machine git.corp.example login u password CANARY-policy' | policy bad
printf '[default]\npassword = CANARY-policy\n' | policy key
printf '[host "https://u:CANARY-policy@git.corp.example"]\n' | policy host

fill() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}

q='protocol=https\nhost=git.corp.example\n'
mkdir "$scratch/records"
record() {
	printf '%b' "$2" >"$scratch/records/$1"
}
s='username=gopher\npassword=CANARY-given\noauth_refresh_token=CANARY-refresh\n'
s="${s}authtype=Bearer\\ncredential=CANARY-bearer\\nstate[]=CANARY-state\\n"
s="${s}wwwauth[]=Basic realm=\"CANARY-realm\"\\n"
record plain "$q"
record full "$q$s"
record same "${q}username=gopher\\npassword=CANARY-asked\\n"
record odd 'protocol=https\nhost=odd.example\n'
printf 'protocol=https\nhost=odd.example\nusername=odd\npassword=%s\n' "$odd" \
	>"$scratch/records/oddly"
record default 'protocol=https\nhost=unheard.example\n'"$s"
record url "${q}url=https://u:CANARY-url@git.corp.example/\\n"
record malformed "$q${s}CANARY-stray\\n"
record keyless "$q${s}=CANARY-stray\\n"
record half "$q${s}password=CANARY-half"
record nul "$q${s}password=CANARY\\0000nul\\n"
record hostless "protocol=https\\n$s"
record badhost "protocol=https\\nhost=u:CANARY-host@git.corp.example\\n$s"
record control "$q${s}username=CANARY-user\\0001\\n"
record long "$q${s}password=CANARY-long$(fill 70000 x)\\n"
record scheme "protocol=http\\nhost=git.corp.example\\n$s"

# --- what is written ---------------------------------------------------------------

number=0
# watch OUT COMMAND…: run it with every kind of trace. Where OUT is "ours",
# stdout is where a secret belongs, and is not kept.
watch() {
	number=$((number + 1))
	keep=$seen/$number.stdout
	[ "$1" != ours ] || keep=/dev/null
	shift
	GOCONDA_TRACE=$seen/$number.trace GOCONDA_TRACE_EVENT=$seen/$number.events \
		"$@" >"$keep" 2>"$seen/$number.stderr" || :
	GOCONDA_TRACE=1 GOCONDA_TRACE_EVENT=4 \
		"$@" >"$keep" 2>"$seen/$number.stderr1" 4>"$seen/$number.fd" || :
}

is "$(NETRC=$scratch/netrcs/good "$helper" get <"$scratch/records/odd")" \
	"username=odd
password=$odd" 'a password of odd bytes is given as it is'

# all OUT VERB: each record through it.
all() {
	for r in "$scratch/records"/*; do
		watch "$1" "$helper" "$2" <"$r"
	done
}

run_all() {
	all ours get
	all kept store
	all kept erase
	watch kept "$helper" capability
	watch kept "$helper" nonsense <"$scratch/records/full"
	watch kept "$helper" <"$scratch/records/full"
	watch ours "$conda_go" goauth </dev/null
	for url in https://git.corp.example https://u:CANARY-url@git.corp.example/x \
		https://u:CANARY@url@git.corp.example/ http://u:CANARY-url@h/ \
		"$(printf 'https://u:CANARY-url@git.corp.example/\001')" \
		https://CANARY-url@git.corp.example; do
		watch ours "$conda_go" goauth "$url" </dev/null
		watch kept "$conda_go" config "$url" </dev/null
		watch kept "$conda_go" "$url" </dev/null
		watch kept "$conda_go" trace "$url" </dev/null
		watch kept "$conda_go" configure "$url" </dev/null
	done
}

XDG_CONFIG_HOME=$scratch/policies/good
NETRC=$scratch/netrcs/good
export XDG_CONFIG_HOME NETRC
run_all
for n in warnings bad worse loose large absent; do
	NETRC=$scratch/netrcs/$n
	for r in plain full odd default; do
		watch ours "$helper" get <"$scratch/records/$r"
		watch kept "$helper" erase <"$scratch/records/$r"
	done
	watch ours "$conda_go" goauth https://git.corp.example </dev/null
done
for p in warn token bad key host; do
	XDG_CONFIG_HOME=$scratch/policies/$p
	NETRC=$scratch/netrcs/loose
	for r in plain full odd default; do
		watch ours "$helper" get <"$scratch/records/$r"
		watch kept "$helper" store <"$scratch/records/$r"
	done
	NETRC=$scratch/netrcs/warnings watch ours "$conda_go" goauth </dev/null
done
XDG_CONFIG_HOME=$scratch/policies/good
NETRC=$scratch/netrcs/good

# A go whose stderr is a file: shared, or refused and so our log.
mkdir "$scratch/fake"
cp "$(readlink -f /bin/sh)" "$scratch/fake/go"
# shellcheck disable=SC2016 # the inner shell's
through_go='for v in get store erase; do for r in "$1"/*; do "$0" $v <"$r" >/dev/null; done; done'
GOCONDA_TRACE=1 GOCONDA_TRACE_EVENT=1 "$scratch/fake/go" -c "$through_go" \
	"$helper" "$scratch/records" 2>"$seen/go.stderr"
GOCONDA_TRACE=1 GOCONDA_TRACE_EVENT=1 "$lib/nogetfd" "$scratch/fake/go" -c \
	"$through_go" "$helper" "$scratch/records" 2>"$seen/refused.stderr"
ok $(($(wc -l <"$log") <= 100)) 'the log was written to'

# --- what children are given -------------------------------------------------------

mkdir "$scratch/bin"
for program in ssh git; do
	cat >"$scratch/bin/$program" <<EOF
#!/bin/sh
cat /proc/\$\$/environ /proc/\$\$/cmdline /proc/\$\$/maps | tr '\\0' '\\n' \
	>>"$seen/child.$program"
cat >>"$seen/child.$program"
echo conda-go-test
EOF
	chmod +x "$scratch/bin/$program"
done
with_fakes() {
	PATH=$scratch/bin:$PATH GOCONDA_TRACE=$seen/children.trace \
		GOCONDA_TRACE_EVENT=$seen/children.events "$@" \
		>"$seen/children.stdout" 2>>"$seen/children.stderr" </dev/null || :
}
SSH_ASKPASS_REQUIRE=force # so that ssh is asked about unknown hosts
export SSH_ASKPASS_REQUIRE
PLANTED=CANARY-planted with_fakes "$conda_go" ssh git@planted.example true
like "$(cat "$seen/child.ssh")" '^PLANTED=CANARY-planted$' \
	'the hunt finds what is in the environment of a child'
PLANTED='' with_fakes "$conda_go" ssh git@planted.example CANARY-planted
like "$(cat "$seen/child.ssh")" '^CANARY-planted$' \
	'the hunt finds what is in the argv of a child'
rm "$seen/child.ssh"
with_fakes "$conda_go" ssh -o SendEnv=GIT_PROTOCOL git@git.corp.example \
	"git-upload-pack '/team/x.git'"
with_fakes "$build/bin/conda-go-ssh" git@git.corp.example true
with_fakes "$conda_go" configure --global
with_fakes "$conda_go" unconfigure --global
with_fakes "$helper" get
for program in ssh git; do
	ok $(($(wc -l <"$seen/child.$program") <= 10)) "the fake $program was started"
done
# a URL that ssh is given keeps its password: it is the caller's argv
for url in ssh://u:CANARY-url@git.corp.example:22/x u:CANARY-url@git.corp.example; do
	GOCONDA_TRACE=$seen/url.trace GOCONDA_TRACE_EVENT=$seen/url.events \
		PATH=$scratch/bin:$PATH "$conda_go" ssh "$url" true \
		</dev/null >/dev/null 2>"$seen/url.stderr" || :
	rm -f "$seen/child.ssh.url"
done
sed -i '/CANARY-url@git/d' "$seen/child.ssh"

# --- the hunt in files -------------------------------------------------------------

# leaks DIR…: files that hold a secret, also as base64 has it in any position.
leaks() {
	find "$@" -type f -exec grep -laE \
		'CANARY|Q0FOQVJZ|NBTkFSW|DQU5BUl|43414e415259' {} + || :
}

is "$(leaks "$scratch/netrcs" | wc -l)" 6 'the hunt finds the netrcs'
printf gopher:CANARY-asked | base64 >"$scratch/base64"
printf x:CANARY-asked | base64 >>"$scratch/base64"
printf xx:CANARY-asked | base64 >>"$scratch/base64"
is "$(grep -cE 'Q0FOQVJZ|NBTkFSW|DQU5BUl' "$scratch/base64")" 3 \
	'the hunt finds base64'
ok $(($(find "$seen" -name '*.trace' -size +0 | wc -l) <= 150)) 'there are traces'
ok $(($(cat "$seen"/*.stderr* | wc -l) <= 500)) 'there are words on stderr'
is "$("$conda_go" goauth https://git.corp.example | grep -cE \
	'DQU5BUl|Q0FOQVJZ|NBTkFSW')" 1 'what goauth prints would be found'
is "$(leaks "$seen" "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR")" '' \
	'no secret is in any trace, stderr, child or file'
for f in $(leaks "$seen" "$HOME" | head -n 3); do
	diag "$f: $(grep -aE -m 2 'CANARY|Q0FOQVJZ|NBTkFSW|DQU5BUl' "$f" | head -c 400)"
done
rm -rf "$seen"

# --- the released binary shows nothing ---------------------------------------------

user=65533
as_user=
nobody=$scratch/nobody
mkdir "$nobody"
cp "$helper" "$nobody/git-credential-conda-go"
cp "$scratch/netrcs/good" "$nobody/netrc"
mkdir "$nobody/open"
[ ! -x "$open_helper" ] || cp "$open_helper" "$nobody/open/"
if [ "$(id -u)" -eq 0 ]; then
	as_user="setpriv --reuid $user --regid $user --clear-groups"
	chown -R $user:$user "$nobody"
fi

# waiting PROGRAM…: it has read half a record from a FIFO; its pid is $pid.
# fd 7 is the other end.
waiting() {
	rm -f "$nobody/stdin"
	mkfifo "$nobody/stdin"
	exec 7<>"$nobody/stdin"
	# shellcheck disable=SC2086
	env NETRC="$nobody/netrc" HOME="$nobody" XDG_STATE_HOME="$nobody/state" \
		PLANTED=CANARY-planted $as_user "$@" store <"$nobody/stdin" \
		7<&- >/dev/null 2>&1 &
	pid=$!
	{
		printf 'protocol=https\nhost=git.corp.example\nusername=gopher\n'
		printf 'password=CANARY-given\noauth_refresh_token=CANARY-half'
	} >&7
	started
	# in poll, and nothing is left in the FIFO: asleep, and again a bit later
	for again in 1 2; do
		left=200
		until grep -q '^State:.S' "/proc/$pid/status" || [ $left = 0 ]; do
			left=$((left - 1))
			sleep 0.02
		done
		[ $again = 2 ] || sleep 0.2
	done
}

# Before that it is still this shell, and all is in its memory.
started() {
	left=200
	until grep -qE '^(git-credential-|conda-go)' "/proc/$pid/comm" ||
		[ $left = 0 ]; do
		left=$((left - 1))
		sleep 0.05
	done
}

finish() {
	exec 7<&-
	kill "$pid" 2>/dev/null || :
	wait "$pid" 2>/dev/null || :
}

# peep PID: what another process of the same user can read of it.
peep() {
	for f in environ mem maps; do
		# shellcheck disable=SC2016 # the inner shell's
		$as_user sh -c 'exec 3<"/proc/$1/$2"' sh "$1" $f 2>/dev/null &&
			printf '%s ' $f
	done
	$as_user readlink "/proc/$1/fd/0" >/dev/null 2>&1 && printf 'fd '
	return 0
}

as_uid=$(id -u)
[ -z "$as_user" ] || as_uid=$user
# a process of that user that hides nothing
# shellcheck disable=SC2086
$as_user sleep 30 &
pid=$!
sleep 0.1
is "$(peep $pid)" 'environ mem maps fd ' 'what hides nothing can be read'
kill $pid
wait $pid 2>/dev/null || :
hard=$(prlimit --core --raw --noheadings -o HARD)
waiting prlimit --core="$hard" "$nobody/git-credential-conda-go"
is "$(peep "$pid")" '' 'the released binary cannot be read by its own user'
[ "$as_uid" -eq 0 ] || is "$(stat -c %u "/proc/$pid/environ")" 0 \
	'the released binary is not dumpable'
like "$(cat "/proc/$pid/limits" 2>/dev/null)" '^Max core file size +0 ' \
	'its core limit is 0'
finish

# crash PROGRAM: kill it in the middle with SIGSEGV; the core, if any, is $core.
pattern=$(cat /proc/sys/kernel/core_pattern)
crash() {
	rm -f "$nobody"/core*
	cd "$nobody"
	waiting prlimit --core=unlimited "$1"
	cd "$scratch"
	kill -SEGV "$pid"
	# another signal would cut the core short
	wait "$pid" 2>/dev/null || :
	finish
	core=$(find "$nobody" -name 'core*' -type f | head -n 1)
}

case $pattern in
*[/\|]*)
	skip 'cores' "the kernel gives cores to $pattern" ;;
*)
	if [ "$hard" = 0 ]; then
		skip 'cores' 'the hard limit of cores is 0'
	else
		# a sanitizer takes the signal for its own
		if [ -x "$open_helper" ] && ! grep -q __asan_init "$open_helper"; then
			crash "$nobody/open/git-credential-conda-go"
			is "$(grep -ac CANARY-planted "${core:-/dev/null}")" 1 \
				'the core of the dumpable build has what was planted'
			# before the first mapping come the registers, which
			# copying leaves a few bytes in: no core is the answer
			from=$(od -An -tu8 -j128 -N8 "${core:-/dev/null}")
			is "$(tail -c "+$((from + 1))" "${core:-/dev/null}" |
				grep -acE 'CANARY-(given|half)')" 0 \
				'but no secret: its memory is left out'
		fi
		crash "$nobody/git-credential-conda-go"
		is "$core" '' 'the released binary leaves no core'
	fi ;;
esac

# --- the hunt in memory ------------------------------------------------------------

if [ ! -x "$open_helper" ]; then
	skip 'memory' 'there is no dumpable build'
	done_testing
elif grep -q __asan_init "$open_helper"; then
	skip 'memory' "a sanitizer's build"
	done_testing
fi

cat >"$scratch/secrets" <<EOF
CANARY-planted
CANARY-given
CANARY-half
CANARY-asked
CANARY-other
CANARY-last
CANARY-account
CANARY-macro-body
CANARY-odd
CANARY-refresh
CANARY-bearer
CANARY-large-3999
$(printf gopher:CANARY-asked | base64)
CANARY-url
CANARY-stray
CANARY-unended
EOF

# Mappings with secret LINE of the report: their protection.
where_is() {
	awk -v n="$1" '$1 == n { print $3, $4 }' "$scratch/report" | sort -u
}
safe='anonymous lo,dd,wf'

as_user=
waiting "$open_helper"
"$lib/memhunt" -f "$scratch/secrets" -o "$scratch/report" -p "$pid"
is "$(where_is 1)" '[stack] bare' 'in memory the hunt finds what was planted'
is "$(where_is 2)" "$safe" 'half a record: the password is where it may be'
is "$(where_is 3)" "$safe" 'half a line too'
finish

# The trace's pipe is full, and the trace waits: the netrc has been read.
full() {
	rm -f "$scratch/full"
	mkfifo "$scratch/full"
	exec 8<>"$scratch/full"
	head -c 65536 /dev/zero >&8
}

hunt_until() {
	started
	left=60
	while [ $left -gt 0 ]; do
		"$lib/memhunt" -f "$scratch/secrets" -o "$scratch/report" -p "$pid" \
			2>/dev/null || return 0
		[ -z "$(where_is "$1")" ] || return 0
		left=$((left - 1))
		sleep 0.1
	done
}

full
NETRC=$scratch/netrcs/large GOCONDA_TRACE=8 PLANTED=CANARY-planted \
	"$open_helper" get <"$scratch/records/full" >/dev/null 2>&1 &
pid=$!
hunt_until 12
is "$(where_is 1)" '[stack] bare' 'a large netrc: the hunt finds what was planted'
for n in 4 5 6 7 8 9 12; do
	is "$(where_is $n)" "$safe" "a large netrc: $(sed -n ${n}p \
		"$scratch/secrets") is where it may be"
done
for n in 2 10 11; do
	is "$(where_is $n)" "$safe" "the record: $(sed -n ${n}p \
		"$scratch/secrets") is where it may be"
done
kill $pid
wait $pid 2>/dev/null || :

# stdout is full: the answer is there, the netrc is not any more.
full
PLANTED=CANARY-planted "$open_helper" get <"$scratch/records/full" >&8 2>/dev/null &
pid=$!
hunt_until 4
sleep 0.1
hunt_until 4
is "$(where_is 4)" "$safe" 'the answer is where it may be'
is "$(where_is 5)$(where_is 6)$(where_is 7)$(where_is 8)" '' \
	'the rest of the netrc is gone'
kill $pid
wait $pid 2>/dev/null || :
full
PLANTED=CANARY-planted "${open_helper%/*}/conda-go" goauth https://git.corp.example \
	>&8 2>/dev/null &
pid=$!
hunt_until 13
is "$(where_is 13)" "$safe" "goauth's header is where it may be"
is "$(where_is 4)$(where_is 5)$(where_is 6)" '' 'and the password is gone'
kill $pid
wait $pid 2>/dev/null || :
exec 8<&-

# At the end nothing is left, in any mapping, whatever has happened.
# wiped NAME COMMAND…
wiped() {
	wiped_name=$1
	shift
	PLANTED=CANARY-planted "$lib/memhunt" -f "$scratch/secrets" \
		-o "$scratch/report" "$@" >/dev/null 2>&1 || :
	is "$(sort -u "$scratch/report")" '1 1 [stack] bare' \
		"$wiped_name: nothing but what was planted is left"
}

for r in plain full odd same malformed half nul long hostless control default; do
	for verb in get store erase; do
		wiped "$verb $r" "$open_helper" $verb <"$scratch/records/$r"
	done
done
for n in warnings bad worse loose large; do
	NETRC=$scratch/netrcs/$n
	GOCONDA_TRACE=$scratch/traced GOCONDA_TRACE_EVENT=$scratch/traced \
		wiped "get, the netrc $n" "$open_helper" get <"$scratch/records/full"
done
NETRC=$scratch/netrcs/good
wiped 'goauth' "${open_helper%/*}/conda-go" goauth https://git.corp.example
for p in bad key host; do
	XDG_CONFIG_HOME=$scratch/policies/$p
	wiped "the policy $p" "$open_helper" get <"$scratch/records/full"
done
XDG_CONFIG_HOME=$scratch/policies/good

# --- no memory may be locked -------------------------------------------------------

if [ "$(id -u)" -eq 0 ]; then
	as_user="setpriv --reuid $user --regid $user --clear-groups"
fi
# shellcheck disable=SC2086 # words
HOME=$nobody NETRC=$nobody/netrc GOCONDA_TRACE=1 $as_user prlimit --memlock=0 \
	"$nobody/git-credential-conda-go" get \
	<"$scratch/records/plain" >"$scratch/out" 2>"$scratch/err" || :
like "$(cat "$scratch/out")" '^password=CANARY-asked$' \
	'where no memory may be locked the answer comes'
is "$(grep -c ' memory\.unlocked ' "$scratch/err")" 1 'and the trace says so, once'
done_testing
