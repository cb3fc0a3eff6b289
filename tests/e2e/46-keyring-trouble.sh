#!/bin/sh
# The keyring when it is locked, absent, denied or silent: told apart, within
# the deadline, and nothing is removed or overwritten. Killed in the middle and
# started again; many writers at once.
# shellcheck disable=SC2154 # scratch and keyring_* are sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/keyring.sh disable=SC1091
. "$top/tests/lib/keyring.sh"
build=${CONDA_GO_BUILD:-$top/build}
ours=$build/bin/git-credential-conda-go

private_home
no_bus_out=$(printf 'protocol=https\nhost=h\n' | "$ours" get 2>&1)
keyring_bus || keyring_none
keyring_events

# within LEAST MOST NAME COMMAND…: in milliseconds.
within() {
	least=$1 most=$2 name=$3
	shift 3
	from=$(date +%s%N)
	"$@" >"$scratch/out" || :
	took=$((($(date +%s%N) - from) / 1000000))
	[ "$took" -ge "$least" ] && [ "$took" -le "$most" ] && late=0 || late=1
	ok "$late" "$name"
	[ "$late" = 0 ] || diag "took $took ms, not $least to $most"
}

# --- absent -----------------------------------------------------------------------

is "$no_bus_out" '' "without a session bus a miss is silent"
within 0 2500 "no service on the bus: at once" ask get host=h
is "$(outcome)" absent "is the outcome absent"
is "$(said)" '' "which is no news to git's user"
like "$(cat "$events")" 'nothing on this session bus keeps one' "the trace says why"
ask store host=h username=ann password=p
is "$(outcome) $(said)" 'absent ' "and nothing is stored, silently"
DBUS_SESSION_BUS_ADDRESS='' ask get host=h
unlike "$(cat "$events")" role.start "without a bus no role is started"
DBUS_SESSION_BUS_ADDRESS=autolaunch: ask get host=h
is "$(outcome)" absent "a bus is never started"
unlike "$(cat "$events")" role.start "nor a role for it"
DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent ask get host=h
is "$(outcome)" absent "a bus that is gone is absent"

# --- silent -----------------------------------------------------------------------

mkdir -p "$XDG_CONFIG_HOME/conda-go"
keyring_double silent || diag "no double"
within 2900 6000 "a service that never answers costs 3 s" ask get host=h
is "$(outcome)" 'timed out' "is the outcome timed out"
like "$(said)" 'the keyring gave no answer within 3 s' "and it is said"
# shellcheck disable=SC2016 # the inner shell's own
within 2900 6000 "also where a person might be asked" \
	env DISPLAY=:99 sh -c 'printf "protocol=https\nhost=h\n" | "$1" get 2>&1' \
	sh "$ours"
within 2900 6000 "the same for store" ask store host=h username=ann password=p
is "$(outcome)" 'timed out' "store timed out"
like "$(said)" 'was not kept: the keyring gave no answer within 3 s' "and says so"
within 2900 6000 "the same for erase" ask erase host=h
like "$(said)" 'was not erased: the keyring gave no answer' "erase says so"
unlike "$(cat "$scratch/double")" 'Delete|CreateItem|SetSecret' \
	"and it was asked to change nothing"
# the next source is asked
cat >"$XDG_CONFIG_HOME/conda-go/config" <<-EOF
	[default]
	sources = keyring netrc
	netrc = $scratch/netrc
EOF
(umask 077; echo 'machine h login ann password from-netrc' >"$scratch/netrc")
is "$(ask get host=h)" 'username=ann
password=from-netrc' "get goes on to the next source"
is "$(outcome)" 'timed out' "and the trace has the time-out"
rm "$XDG_CONFIG_HOME/conda-go/config"
keyring_double_end
"${keyring_tool}_double" bus "$scratch/run/mute" >"$scratch/mute.out" &
mute=$!
on_exit "kill $mute 2>/dev/null || :"
keyring_wait_for grep -q ready "$scratch/mute.out"
bus=$DBUS_SESSION_BUS_ADDRESS
DBUS_SESSION_BUS_ADDRESS=unix:path=$scratch/run/mute
within 2900 6000 "a bus that never speaks costs 3 s" ask get host=h
is "$(outcome)" 'timed out' "and is timed out too"
DBUS_SESSION_BUS_ADDRESS=$bus
kill "$mute"
wait "$mute" 2>/dev/null || :

# --- denied and worse ----------------------------------------------------------------

keyring_double denied
ask get host=h
is "$(outcome)" denied "a bus that forbids it is denied"
like "$(said)" 'may not be asked' "and it is said"
ask store host=h username=ann password=p
is "$(outcome)" denied "store as well"
keyring_double junk
ask get host=h
is "$(outcome)" unavailable "an answer that is none is unavailable"
keyring_double nodefault
is "$(ask get host=h; outcome)" miss "an empty one is a miss"
ask store host=h username=ann password=p
is "$(outcome)" unavailable "without a default collection nothing is stored"
like "$(said)" 'has no default collection' "and it is said"
keyring_double asks
is "$(ask get host=h; outcome)" locked "a locked item is locked"
ask store host=h username=ann password=p
is "$(outcome)" locked "and no other is made beside it"
unlike "$(cat "$scratch/double")" 'Unlock|Prompt' "nobody is asked without a display"
DISPLAY=:99
export DISPLAY
for variable in GIT_TERMINAL_PROMPT=0 GCM_INTERACTIVE=never GCM_INTERACTIVE=false; do
	(export "${variable?}"; ask get host=h)
	is "$(outcome)" locked "nor with $variable"
done
# a copy of the shell that is called go: what git runs under `go get`
cp "$(readlink -f "$(command -v sh)")" "$scratch/go"
printf 'protocol=https\nhost=h\n' >"$scratch/get"
: >"$events"
# shellcheck disable=SC2016 # its own
"$scratch/go" -c '"$1" get <"$2"; :' go "$ours" "$scratch/get" >/dev/null 2>&1
is "$(outcome)" locked "nor under go"
like "$(cat "$events")" 'under go nobody is asked' "and the trace says why not"
unlike "$(cat "$scratch/double")" 'Unlock|Prompt' "the service was not asked to"
# with a display it is: the question stays unanswered, and we wait
: >"$events"
printf 'protocol=https\nhost=h\n' | "$ours" get >/dev/null 2>&1 &
asking=$!
keyring_wait_for grep -q Prompt "$scratch/double" && asked=0 || asked=1
ok "$asked" "with a display the service may ask"
sleep 4
kill -0 "$asking" 2>/dev/null && waits=0 || waits=1
ok "$waits" "and has longer than 3 s for it"
kill "$asking" 2>/dev/null || :
wait "$asking" 2>/dev/null || :
unset DISPLAY
keyring_double_end

# --- locked ------------------------------------------------------------------------

keyring_start unlocked || keyring_none
ask store host=h username=ann password=first
ask store host=k username=ann password=second
before=$(keyring_items)
keyring_lock
is "$(ask get host=h; outcome)" locked "a keyring that was locked is locked"
like "$(said)" 'the keyring is locked; unlock it' "and it is said what to do"
is "$(ask get host=other; outcome)" miss "who has nothing in it is missed"
ask store host=h username=ann password=over
is "$(outcome)" locked "store into it: locked"
like "$(said)" 'was not kept: the keyring is locked' "and it is said"
ask store host=new username=ann password=over
is "$(outcome)" locked "a new one as well"
ask erase host=h username=ann password=first
is "$(outcome)" locked "erase in it: locked"
like "$(said)" 'was not erased: the keyring is locked' "and it is said"
# a prompter there is none: gnome-keyring dismisses its own question
is "$(DISPLAY=:99 ask get host=h; outcome)" denied \
	"where the question for its password is dismissed it is denied"
keyring_kill
keyring_start locked
is "$(ask get host=h; outcome)" locked "one that starts locked is locked"
keyring_kill
keyring_start unlocked
is "$(keyring_items | cut -f1,2,4)" "$(printf '%s\n' "$before" | cut -f1,2,4)" \
	"nothing of all that was removed or overwritten"
is "$(ask get host=h)" 'username=ann
password=first' "and unlocked again it answers"

# --- idempotent ----------------------------------------------------------------------

before=$(keyring_items)
sleep 1.1
ask store host=h username=ann password=first
is "$(outcome)" unchanged "what is stored is not stored again"
is "$(keyring_items)" "$before" "and its time of change stays"
expiry=$(($(date +%s) + 3600))
ask store host=h username=ann password=first password_expiry_utc=$expiry \
	oauth_refresh_token=refresh
is "$(outcome)" changed "metadata that is new is stored"
ask store host=h username=ann password=first
is "$(outcome)" unchanged "a git that drops it loses nothing"
is "$(ask get host=h)" "username=ann
password=first
oauth_refresh_token=refresh
password_expiry_utc=$expiry" "it is still there"
is "$(keyring_items | grep 'server=h ' | cut -f4)" \
	"first|password_expiry_utc=$expiry|oauth_refresh_token=refresh" \
	"in the lines that git-credential-libsecret reads"
ask store host=h username=ann password=next
is "$(keyring_items | grep 'server=h ' | cut -f4)" next \
	"another password has other metadata"
keyring_add 'pw|x=y|password_expiry_utc=1|oauth_refresh_token=refresh' \
	xdg:schema=org.git.Password protocol=https server=old user=ann
is "$(ask get host=old)" 'username=ann
oauth_refresh_token=refresh' "a password that has expired is none"
ask store host=old username=ann password=new
is "$(keyring_items | grep 'server=old ' | cut -f4)" 'new|x=y' \
	"lines that we do not know are kept"
for attribute in ephemeral=1 password_expiry_utc=1; do
	ask store host=not username=ann password=p $attribute
	is "$(outcome)" '' "not stored with $attribute"
done
ask store host=not username=ann
is "$(keyring_items | grep -c server=not || :)" 0 "nor without a password"
cat >"$XDG_CONFIG_HOME/conda-go/config" <<-EOF
	[host "not"]
	store = none
	[default]
	netrc = $scratch/netrc
EOF
ask store host=not username=ann password=p
is "$(outcome)" '' "nor where the policy says store = none"
(umask 077; echo 'machine not2 login ann password p' >"$scratch/netrc")
ask store host=not2 username=ann password=p
is "$(outcome)" '' "nor what came from netrc"
ask store host=not2 username=ann password=q
is "$(outcome)" changed "but what did not"
rm "$XDG_CONFIG_HOME/conda-go/config"

# --- killed --------------------------------------------------------------------------

ask store host=killed username=ann password=before
for i in 1 2 3 4 5 6; do
	printf 'protocol=https\nhost=killed\nusername=ann\npassword=during%s\n' "$i" |
		"$ours" store 2>/dev/null &
	store=$!
	sleep "0.0$((i * 4 / 10))$((i * 4 % 10))"
	keyring_kill
	wait "$store" || :
	keyring_start unlocked
done
like "$(ask get host=killed)" '^password=(before|during[1-6])$' \
	"killed in the middle of store: one or the other, whole"
is "$(keyring_items | grep -c 'server=killed ')" 1 "and one item"
is "$(ask get host=k)" 'username=ann
password=second' "the others are as they were"
keyring_kill
is "$(ask get host=k; outcome)" absent "a service that is gone is absent"
keyring_start unlocked
is "$(ask get host=k)" 'username=ann
password=second' "and started again it answers"
# the one who asks is killed: nothing of it stays
: >"$events"
kill -STOP "$keyring_pid"
printf 'protocol=https\nhost=k\n' | "$ours" get >/dev/null 2>&1 &
asker=$!
keyring_wait_for grep -q role_pid "$events"
role=$(sed -n 's/.*"role_pid":\([0-9]*\).*/\1/p' "$events")
kill -9 "$asker"
wait "$asker" 2>/dev/null || :
keyring_wait_for sh -c "! kill -0 $role" && gone=0 || gone=1
ok "$gone" "its role ends with who started it"
kill -CONT "$keyring_pid"

# --- many at once ---------------------------------------------------------------------

unset GOCONDA_TRACE_EVENT
# many FORMAT: twenty stores at once, the number twice in each.
many() {
	pids=
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		# shellcheck disable=SC2059
		printf "$1" $i $i >"$scratch/many.$i"
		"$ours" store <"$scratch/many.$i" 2>>"$scratch/many.said" &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" || diag "store failed"
	done
}
many 'protocol=https\nhost=many%s\nusername=ann\npassword=p%s\n'
is "$(keyring_items | grep -c server=many)" 20 "20 stores at once lose nothing"
is "$(for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	printf 'protocol=https\nhost=many%s\n' $i | "$ours" get
done | grep -c '^password=p')" 20 "and each is found"
many 'protocol=https\nhost=one\nusername=ann\npassword=same\nx%s=%s\n'
is "$(keyring_items | grep -c server=one)" 1 "20 of the same make one item"

done_testing
