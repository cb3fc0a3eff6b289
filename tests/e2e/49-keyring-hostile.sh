#!/bin/sh
# The keyring against who means no good, or writes at the same time: nothing of
# others is lost, nothing waits, and what is of no use hides nothing.
# shellcheck disable=SC2154 # scratch and keyring_* are sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/keyring.sh disable=SC1091
. "$top/tests/lib/keyring.sh"
build=${CONDA_GO_BUILD:-$top/build}
ours=$build/bin/git-credential-conda-go
net=org.gnome.keyring.NetworkPassword

private_home
keyring_bus || keyring_none
keyring_start unlocked || keyring_none
keyring_events

password() {
	ask get "$@" | sed -n 's/^password=//p'
}

# item attribute…: one that git made.
item() {
	secret=$1
	shift
	keyring_add "$secret" xdg:schema=$net protocol=https "$@"
}

# secrets SERVER: of its items, in the order made.
secrets() {
	keyring_items | grep "server=$1 " | cut -f4 | tr '\n' ' '
}

# --- at the same time -------------------------------------------------------------

# In whatever order they come, the new password is no match for the old one.
lost=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
	ask store host=race username=ann password=old
	for call in erase:old store:new; do
		printf 'protocol=https\nhost=race\nusername=ann\npassword=%s\n' \
			"${call#*:}" >"$scratch/race.${call%:*}"
		"$ours" "${call%:*}" <"$scratch/race.${call%:*}" \
			2>>"$scratch/race.said" &
		eval "pid_${call%:*}=$!"
	done
	# shellcheck disable=SC2154 # set by eval
	wait "$pid_erase" "$pid_store" || :
	[ "$(secrets race)" = 'new ' ] || lost=$((lost + 1))
done
is "$lost $(cat "$scratch/race.said")" '0 ' \
	"a store is not undone by an erase of the password before"
# Whatever the moment: who erases, and who stores, waits for who does.
for call in store erase; do
	: >"$scratch/held"
	"$keyring_tool" hold io.github.conda_go.Keyring >"$scratch/held" &
	holder=$!
	keyring_wait_for grep -q held "$scratch/held"
	ask $call host=race username=ann password=waits
	kill -0 $holder 2>/dev/null && early=1 || early=0
	ok "$early" "$call waits while another process writes"
	wait $holder || :
done
ask erase host=race

# --- many ---------------------------------------------------------------------------

# As credential.useHttpPath makes them.
i=0
while [ $i -lt 80 ]; do
	i=$((i + 1))
	printf 'protocol=https\nhost=n\nusername=ann\npath=r%s\npassword=p%s\n' \
		$i $i | "$ours" store
done
is "$(password host=n path=r1) $(password host=n path=r80)" 'p1 p80' \
	"of 80 items each is found"
ask store host=n path=r1 username=ann password=again
is "$(keyring_items | grep -c 'server=n ') $(password host=n path=r1)" \
	'80 again' "and written again in its place"
ask erase host=n
is "$(secrets n)" '' "and all are erased"

# --- of no use ----------------------------------------------------------------------

item small server=big user=ann
sleep 1.1
item @200000 server=big user=bob
is "$(password host=big)" small "a secret that is too long hides no other"
ask store host=big username=bob password=x
is "$(outcome)" unavailable "and is not overwritten"
like "$(said)" 'was not kept: more than the 131072 bytes' "as is said"
ask erase host=big username=bob password=x
is "$(outcome) $(keyring_items | grep -c 'server=big ')" 'unavailable 2' \
	"nor erased, since it cannot be compared"
ask erase host=big
keyring_add @200000 xdg:schema=x protocol=https server=big user=ann
ask store host=big username=ann password=x
is "$(password host=big)" x "one of another program's is in nobody's way"
item fine server=cr user=ann
sleep 1.1
item "$(printf 'pw\r|x')" server=cr user=bob
is "$(ask get host=cr)" 'username=ann
password=fine' "nor does one that no record can carry"
unlike "$(grep '"outcome":"found"' "$events")" '"why"' \
	"and leaves no reason behind"
is "$(ask get host=cr username=bob; outcome)" unavailable "alone it is said"
item 'pw|password_expiry_utc=5' server=exp user=bob
keyring_add later xdg:schema=x protocol=https server=exp user=ann
is "$(password host=exp)" later "nor one that has expired"
ask store host=exp username=bob password=pw
is "$(password host=exp username=bob)" pw \
	"its password, stored anew, is not expired again"
is "$(secrets exp)" 'pw later ' "and has no expiry"
item alone server=half
keyring_add whole xdg:schema=x protocol=https server=half user=ann
is "$(password host=half)" whole "nor one that names no user"

for schema in org.git.Password x; do
	keyring_add 'pw|password_expiry_utc=5' xdg:schema=$schema \
		protocol=https server=part user=of-$schema
done
is "$(ask get host=part)" username=of-org.git.Password \
	"of two that have expired it is the first that can be renewed"

# --- another collection is locked -----------------------------------------------------

item inside server=two user=ann
KEYRING_COLLECTION=session item outside server=two user=ann
keyring_lock
is "$(password host=two)" outside "an unlocked item answers beside a locked one"
is "$(ask get host=two username=zed; outcome)" miss \
	"a locked one of another user is no reason to unlock"
ask store host=two username=ann password=outside
is "$(outcome) $(said)" 'unchanged ' "what it has is not stored again"
ask store host=two username=ann password=changed
is "$(outcome) $(password host=two)" 'changed changed' "it is written into"
ask store host=two username=bob password=new
is "$(outcome)" locked "but a new one is not made in what is locked"
ask erase host=two password=nobodys
is "$(outcome)" locked "where nothing was erased the locked one may be it"
ask erase host=two password=changed
is "$(outcome)" changed "and where something was it was that"
keyring_kill
keyring_start unlocked
is "$(secrets two)" 'inside ' "the locked one is as it was"

# --- Git Credential Manager's ----------------------------------------------------------

gcm=com.microsoft.GitCredentialManager
keyring_add g1 xdg:schema=$gcm service=git:https://g account=ann
ask erase host=g username=ann password=g1
is "$(outcome)" denied "what it keeps is not erased"
like "$(said)" 'https://g was not erased: Git Credential Manager keeps it' \
	"and it is said where to"
ask erase host=g username=ann password=other
is "$(outcome) $(said)" 'unchanged ' "but not of another password"
ask erase host=g
is "$(outcome) $(said)" 'unchanged ' "nor without one"
is "$(password host=g)" g1 "it is still there"
keyring_add g2 xdg:schema=$gcm service=git:https://g/team/x.git account=ann
is "$(password host=g path=team/x.git)" g2 "the one for a path before it"

# --- where it is said -------------------------------------------------------------------

ask store host=noise username=ann password=p
printf 'protocol=https\nhost=noise\n' >"$scratch/noise"
drop=
[ "$(id -u)" != 0 ] || drop='setpriv --bounding-set -ipc_lock'
(
	# shellcheck disable=SC3045 # dash has it
	ulimit -l 4
	# shellcheck disable=SC2086
	exec env G_MESSAGES_DEBUG=all G_DEBUG=fatal-warnings $drop "$ours" get \
		<"$scratch/noise" >"$scratch/got" 2>"$scratch/said"
) || :
is "$(cat "$scratch/got" "$scratch/said")" 'username=ann
password=p' "memory that cannot be locked is no word on stderr"

# --- addresses ------------------------------------------------------------------------

bus=$DBUS_SESSION_BUS_ADDRESS
# absent ROLES NAME ADDRESS: there is no keyring, and so many roles looked.
absent() {
	(
		DBUS_SESSION_BUS_ADDRESS=$3
		ask get host=noise
	)
	is "$(outcome) $(grep -c role.start "$events" || :)$(said)" "absent $1" \
		"absent: $2"
}
absent 0 "a program to be run" \
	"unixexec:path=/bin/touch,argv1=$scratch/pwned"
absent 0 "one behind a socket" \
	"$bus;unixexec:path=/bin/touch,argv1=$scratch/pwned"
is "$(find "$scratch" -name pwned)" '' "and none is run"
absent 0 "a bus of another machine" tcp:host=localhost,port=1
absent 0 "one behind a socket" "$bus;tcp:host=localhost,port=1"
absent 0 "no address" garbage
absent 0 "an empty one before another" ";$bus"
absent 1 "no socket there" unix:path=/nonexistent
absent 1 "nobody at an abstract one" unix:abstract=conda-go-nobody
absent 1 "an address to listen on" "unix:tmpdir=$scratch"
absent 1 "a folder" "unix:path=$scratch"
absent 0 "one over all limits" "unix:path=/$(head -c 20000 /dev/zero | tr '\0' a)"
is "$(DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent;$bus" password host=noise)" \
	p "the second of two sockets is taken where the first is none"
mkdir "$scratch/odd ,;%dir"
path=${bus#unix:path=}
ln -s "${path%%,*}" "$scratch/odd ,;%dir/bus"
unset DBUS_SESSION_BUS_ADDRESS
is "$(XDG_RUNTIME_DIR="$scratch/odd ,;%dir" password host=noise)" p \
	"the socket in \$XDG_RUNTIME_DIR, whatever its name"
DBUS_SESSION_BUS_ADDRESS=$bus
export DBUS_SESSION_BUS_ADDRESS

# --- a service that means no good -------------------------------------------------------

keyring_kill
# over NAME COMMAND…: within 3.5 s, on a machine that is busy in 6.
over() {
	name=$1
	shift
	from=$(date +%s%N)
	"$@" >"$scratch/out" || :
	took=$((($(date +%s%N) - from) / 1000000))
	[ "$took" -lt 6000 ] && late=0 || late=1
	ok "$late" "$name"
	[ "$late" = 0 ] || diag "took $took ms"
}
keyring_double half
over "a service that shows items and no secrets: in time" ask get host=h
is "$(outcome)" 'timed out' "is timed out"
ask erase host=h
is "$(outcome)" locked "a question before it deletes is not asked"
like "$(said)" 'asks a question before it deletes' "and it is said"
# shellcheck disable=SC2016 # the inner shell's own
over "with a display it waits for a person, until who asked is gone" \
	sh -c 'printf "protocol=https\nhost=h\n" |
		DISPLAY=:9 timeout -k 1 1 "$1" erase 2>&1' sh "$ours"
role=$(sed -n 's/.*"role_pid":\([0-9]*\).*/\1/p' "$events" | tail -n 1)
keyring_wait_for sh -c "! kill -0 $role" && gone=0 || gone=1
ok "$gone" "and its role has gone with it"
ask store host=k username=ann password=p
is "$(outcome)" locked "nor one before it keeps anything"
like "$(said)" 'asks a question before it keeps' "and it is said"
unlike "$(cat "$scratch/double")" SetSecret "nothing was written"
keyring_double gone
ask get host=h
is "$(outcome) $(said)" 'miss ' "an item that goes between two calls is a miss"
keyring_double stranger
ask get host=h
is "$(outcome)" unavailable "a service that is none is no miss"
like "$(said)" 'what has its name on the session bus is none' "and it is said"
keyring_double lines
ask get host=h
is "$(outcome) $(grep -c . "$scratch/said")" 'unavailable 1' \
	"an error of two lines is one line of ours"
like "$(said)" 'the keyring: two.lines.\[31m;' "and has no escape of a terminal's"
keyring_double_end
keyring_double silent
mkdir -p "$XDG_CONFIG_HOME/conda-go"
cat >"$XDG_CONFIG_HOME/conda-go/config" <<-EOF
	[default]
	sources = keyring netrc
	netrc = $scratch/netrc
EOF
(umask 077; echo 'machine h login ann password from-netrc' >"$scratch/netrc")
is "$(ask get host=h)" 'username=ann
password=from-netrc' "after a time-out the next source answers"
like "$(said)" 'the keyring gave no answer within 3 s; asked netrc next' \
	"and it is said"

done_testing
