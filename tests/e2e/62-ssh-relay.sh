#!/bin/sh
# What a command over SSH says and is told: every byte, both ways, to the end, and
# the exit status as ssh(1) gives it.
# shellcheck disable=SC2154 # scratch, status and sshserver_* are sourced
# shellcheck disable=SC2016,SC2116,SC2119,SC2216,SC2217,SC2317 # the other shell's words

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/sshserver.sh disable=SC1091
. "$top/tests/lib/sshserver.sh"
# shellcheck source=tests/lib/sshclient.sh disable=SC1091
. "$top/tests/lib/sshclient.sh"
build=${CONDA_GO_BUILD:-$top/build}

private_home
on_exit sshserver_stop
sshclient_start
in=$scratch/in
out=$scratch/out
err=$scratch/err

if ours; then
	status_of env GOCONDA_TRACE_EVENT="$events" "$client" -F "$config" \
		127.0.0.1 true </dev/null
	is "$status $(handed_over)" "0 " "a plain command is our own work"
fi

# --- every byte -------------------------------------------------------------

head -c 20000000 /dev/urandom >"$scratch/much"
for n in 0 1 65537 20000000; do
	head -c $n "$scratch/much" >"$in"
	run cat <"$in" >"$out" 2>"$err" && status=0 || status=$?
	is "$status $(cmp "$in" "$out" 2>&1)" "0 " \
		"$n bytes there and back at once"
	is "$(wc -c <"$err")" 0 "and none on stderr"
done
head -c 65537 "$scratch/much" >"$in"
status_of run 'cat >&2' <"$in" >"$out" 2>"$err"
is "$status $(cmp "$in" "$err" 2>&1) $(wc -c <"$out")" "0  0" \
	"stderr is as clean as stdout, and not mixed with it"
is "$(run 'wc -c' <"$scratch/much" | tr -d ' ')" 20000000 "20 MB up only"
is "$(run 'head -c 20000000 /dev/zero' </dev/null | wc -c | tr -d ' ')" \
	20000000 "20 MB down only"
tail -c +1 "$in" | run cat | cmp - "$in" && status=0 || status=1
is "$status" 0 "from a pipe into a pipe"
is "$(run echo one '  two' "'a  b'" </dev/null)" "one two a  b" \
	"words are joined with a space and left to the remote shell"

# --- ends -------------------------------------------------------------------

said=$(printf 'up' | run 'cat; echo " end"; sleep 0.3; echo later')
is "$said" "up end
later" "behind the end of stdin the other side goes on"
for n in 0 1 7 255; do
	status_of run "exit $n" </dev/null
	is "$status" $n "exit status $n"
done
for signal in KILL TERM; do
	status_of run "kill -$signal \$\$" </dev/null 2>"$err"
	is "$status" 255 "killed by SIG$signal over there is 255"
done
status_of run 'exec >&-; cat >in; exit 5' <"$in" >"$out"
is "$status $(cmp "$in" "$sshserver_home/in" 2>&1)" "5 " \
	"stdout closed over there at once: the rest still goes up"
status_of run 'head -c 10 >/dev/null; exec <&-; exit 3' <"$scratch/much"
is "$status" 3 "who stops reading over there is no error here"
status_of run 'nonesuch-command' </dev/null 2>"$err"
is "$status" 127 "no such command"
like "$(cat "$err")" 'nonesuch-command' "as the remote shell says"

# gone PID: for at most five seconds.
gone() {
	gone_left=100
	while kill -0 "$1" 2>/dev/null && [ "$gone_left" -gt 0 ]; do
		gone_left=$((gone_left - 1))
		sleep 0.05
	done
	[ "$gone_left" -gt 0 ]
}

mkfifo "$scratch/fifo"
for signal in TERM KILL; do
	rm -f "$sshserver_home/pid"
	"$client" -F "$config" 127.0.0.1 'echo $$ >pid; exec cat' \
		<"$scratch/fifo" >"$out" &
	pid=$!
	exec 7>"$scratch/fifo"
	left=200
	until [ -s "$sshserver_home/pid" ] || [ $left -eq 0 ]; do
		left=$((left - 1))
		sleep 0.02
	done
	remote=$(cat "$sshserver_home/pid")
	succeeds "a command waits for what we say" kill -0 "$remote"
	kill -$signal $pid
	wait $pid 2>/dev/null && status=0 || status=$?
	ok $((status == 0)) "SIG$signal ends the client"
	succeeds "and the command over there" gone "$remote"
	exec 7>&-
done
{ status_of run 'echo $$ >pid; exec yes' 2>"$err"; echo "$status" >"$out"; } \
	</dev/null | head -c 100000 >/dev/null
unlike "$(cat "$out")" '^(0|124)$' "nobody reads stdout any more: it ends, not well"
succeeds "and so does who writes there" gone "$(cat "$sshserver_home/pid")"

# --- what the three may be --------------------------------------------------

is "$(run 'cat; echo ok' </dev/null)" ok "stdin is /dev/null"
is "$(run 'cat; echo ok' <&-)" ok "stdin is closed"
status_of run 'echo ok; echo no >&2; exit 4' </dev/null >&- 2>&-
is "$status" 4 "stdout and stderr are closed"
status_of run 'cat; exit 6' <"$in" >/dev/null
is "$status" 6 "a file into /dev/null"
run cat <"$in" >>"$out.file" && run cat <"$in" >>"$out.file"
is "$(wc -c <"$out.file")" 131074 "a file that is appended to"
said=$("$build/lib/pty" -i -t 10 "$client" -F "$config" 127.0.0.1 \
	'echo out; echo err >&2; exit 9') && status=0 || status=$?
is "$status $(printf '%s\n' "$said" | tr -d '\r' | sort | tr '\n' ' ')" \
	"9 err out " "all three are a terminal"
said=$("$build/lib/pty" -e -t 10 "$client" -F "$config" 127.0.0.1 cat \
	<"$in" | wc -c)
is "$said" 65537 "stderr is a terminal"

# --- the environment --------------------------------------------------------

show='echo "${GIT_PROTOCOL-unset} ${OTHER-unset}"'
GIT_PROTOCOL=version=2 OTHER=x
export GIT_PROTOCOL OTHER
is "$(run "$show" </dev/null)" "unset unset" "nothing is sent unasked"
sshclient_more='-o SendEnv=GIT_PROTOCOL'
is "$(run "$show" </dev/null)" "version=2 unset" "GIT_PROTOCOL where SendEnv asks"
sshclient_more='-o SendEnv=OTHER -o SendEnv=GIT_*'
is "$(run "$show" </dev/null)" "version=2 unset" \
	"what the server does not take spoils nothing"
unset GIT_PROTOCOL OTHER
is "$(run "$show" </dev/null)" "unset unset" "and not where it is not set"
sshclient_more=

# --- more than one stream at a time -----------------------------------------

run 'head -c 10000000 /dev/zero >&2 & head -c 3000000 /dev/zero; wait' \
	</dev/null 2>"$err" | { sleep 1; wc -c; } >"$out"
is "$(tr -d ' ' <"$out") $(wc -c <"$err")" "3000000 10000000" \
	"10 MB on stderr while stdout is read slowly"
run 'head -c 3000000 /dev/zero >&2 & head -c 10000000 /dev/zero; wait' \
	</dev/null 2>&1 >"$out" | { sleep 1; wc -c; } >"$err"
is "$(wc -c <"$out") $(tr -d ' ' <"$err")" "10000000 3000000" \
	"and the other way round"

{ status_of run 'head -c 200000 /dev/zero >&2; exit 3' 2>&1 >/dev/null \
	</dev/null; echo "$status" >"$out"; } | { sleep 11; wc -c; } >"$err"
is "$(tr -d ' ' <"$err") $(cat "$out")" "200000 3" \
	"and where stderr is read long behind the command's end"

# --- nothing is left behind -------------------------------------------------

# How many connections to the server are open on our side.
connections() {
	awk -v p="$(printf ':%04X' "$sshserver_port")\$" \
		'$4 == "01" && $3 ~ p { n++ } END { print n + 0 }' /proc/net/tcp
}

# How many processes run with our home; those of others cannot be looked at.
processes() {
	grep -ls "XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR" /proc/[0-9]*/environ \
		2>/dev/null | grep -vc self || :
}

before=$(processes)
many=20
! ours || many=200
failed=0
for _ in $(seq $many); do
	run true </dev/null >/dev/null 2>&1 || failed=$((failed + 1))
done
is "$failed" 0 "$many commands, one after the other"
left=40
until [ "$(connections)" -le 1 ] || [ $left -eq 0 ]; do
	left=$((left - 1))
	sleep 0.05
done
ok $(($(connections) > 1)) "one connection is left open at most"
ok $(($(processes) > before + 1)) "and one process that keeps it"

# --- who waits, waits --------------------------------------------------------

# ticks PID…: of processor time that they have used.
ticks() {
	for pid; do
		sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 12,13
	done | awk '{ n += $1 + $2 } END { print n }'
}

# idle NAME: what was started last in the background uses next to nothing.
idle() {
	sleep 1
	session=$(sed -n 's/.*"role_pid":\([0-9]*\).*/\1/p' "$events")
	starter=$(sed 's/.*) //' "/proc/$session/stat" | cut -d ' ' -f 2)
	used=$(ticks "$session" "$starter")
	sleep 1
	used=$(($(ticks "$session" "$starter") - used))
	ok $((used > 20)) "$1: nothing is done meanwhile"
	diag "$1: $used of 100 ticks"
	wait $! || :
}

if ours; then
	GOCONDA_TRACE_EVENT=$events
	export GOCONDA_TRACE_EVENT
	: >"$events"
	run 'sleep 3' </dev/null &
	idle "a command that takes its time"
	: >"$events"
	{ run yes 2>/dev/null | sleep 3; } &
	idle "a reader that does not read"
	: >"$events"
	run 'sleep 3' </dev/zero &
	idle "a command that does not read"
	unset GOCONDA_TRACE_EVENT
fi

# --- a server that does not say how a command ended -------------------------

# The first value of an option wins, so that sshd 10 finds the changed part.
sshserver_stop
mute=$sshserver_parts/sshd-session
[ -x "$mute" ] || mute=$sshserver_sshd
LC_ALL=C sed 's/exit-status/exit-statux/g' "$mute" >"$scratch/mute"
chmod +x "$scratch/mute"
if [ "$mute" = "$sshserver_sshd" ]; then
	sshserver_sshd=$scratch/mute
else
	# shellcheck disable=SC2034 # sshserver.sh's
	sshserver_options="SshdSessionPath $scratch/mute"
fi
sshserver_serve sshserver_sshd_run
sshserver_known_hosts >"$known_hosts"
sshclient_configure
status_of run 'cat; exit 0' <"$in" >"$out" 2>"$err"
is "$status $(cmp "$in" "$out" 2>&1)" "255 " "no exit status came: 255"
! ours || like "$(cat "$err")" \
	'^conda-go: 127\.0\.0\.1 port .* ended the command and did not say how$' \
	"and that is said"

done_testing
