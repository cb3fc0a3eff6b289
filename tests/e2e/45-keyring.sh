#!/bin/sh
# The keyring: what git-credential-libsecret stored is found and what we store
# it finds; which item answers; store and erase, item by item.
# shellcheck disable=SC2154 # scratch and keyring_* are sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/keyring.sh disable=SC1091
. "$top/tests/lib/keyring.sh"
ours=${CONDA_GO_BUILD:-$top/build}/bin/git-credential-conda-go
theirs=$keyring_deps/libsecret/git-credential-libsecret

private_home
keyring_bus || keyring_none
keyring_start unlocked || keyring_none
[ -x "$theirs" ] ||
	plan_skip_all "no git-credential-libsecret: run contrib/bootstrap check"
net=org.gnome.keyring.NetworkPassword
# git 2.43 and later store with a schema of their own.
git=org.git.Password
if grep -q "$git" "$theirs.c"; then
	their_schema=$git
else
	their_schema=$net
fi

# ask HELPER VERB [name=value]…: git's record in, the answer out.
ask() {
	helper=$1
	verb=$2
	shift 2
	printf '%s\n' protocol=https "$@" | timeout 20 "$helper" "$verb"
}

get() {
	ask "$ours" get "$@"
}

password() {
	get "$@" | sed -n 's/^password=//p'
}

# It echoes what it is given to store.
store_theirs() {
	ask "$theirs" store "$@" >/dev/null
}

# their_password: of a get by git's helper, which echoes nothing else.
their_password() {
	ask "$theirs" get "$@" 2>/dev/null | sed -n 's/^password=//p'
}

items() {
	keyring_items | cut -f2,4
}

empty() {
	for host in h h:8443 h:443 '[fd00::ab]' '[fd00::cd]' '[fd00::ab]:8443'; do
		ask "$ours" erase "host=$host"
	done
}

# --- both ways ------------------------------------------------------------------

store_theirs host=h username=ann password=theirs
is "$(get host=h)" 'username=ann
password=theirs' "what git-credential-libsecret stored is found"
is "$(get host=h username=ann)" 'username=ann
password=theirs' "by its user as well"
is "$(get host=h username=bob)" '' "but not by another user"
is "$(get host=other)" '' "nor for another host"
is "$(printf 'protocol=http\nhost=h\n' | "$ours" get)" '' \
	"nor for another protocol"
ask "$ours" store host=h username=ann password=ours
is "$(items)" "protocol=https server=h user=ann xdg:schema=$their_schema	ours" \
	"a new password goes into the item that was there"
is "$(their_password host=h)" ours "and git-credential-libsecret finds it"
ask "$ours" erase host=h
is "$(items)" '' "erase removes it"

ask "$ours" store host=g.example:8443 path=team/x.git username=ann password=p1
is "$(keyring_items | cut -f1,2)" "Git: https://g.example:8443/team/x.git	object=team/x.git port=8443 protocol=https server=g.example user=ann xdg:schema=$net" \
	"an item of ours has git's attributes, schema and label"
is "$(their_password host=g.example:8443 path=team/x.git)" p1 \
	"git-credential-libsecret finds it by port and path"
store_theirs host=g.example:8443 path=team/x.git username=ann password=p2
is "$(password host=g.example:8443 path=team/x.git)" p2 \
	"and what it then stores there is found"
if [ "$their_schema" = "$net" ]; then
	is "$(keyring_items | grep -c .)" 1 "in the same item"
else
	is "$(keyring_items | grep -c .)" 2 "in an item beside ours"
fi
ask "$ours" erase host=g.example:8443
is "$(items)" '' "and erase leaves none"

keyring_add s1 xdg:schema=$git protocol=https server=h user=ann
is "$(password host=h)" s1 "the schema of git 2.43 and later is found"
ask "$ours" store host=h username=ann password=s2
is "$(items)" "protocol=https server=h user=ann xdg:schema=$git	s2" \
	"and stays when its password changes"
empty

# --- ports ----------------------------------------------------------------------

store_theirs host=h:8443 username=ann password=on8443
is "$(password host=h)" '' "what is stored for h:8443 never answers for h"
is "$(password host=h:443)" '' "nor for h:443"
is "$(password host=h:8443)" on8443 "but for h:8443"
ask "$ours" erase host=h
ask "$ours" erase host=h username=ann password=on8443
is "$(password host=h:8443)" on8443 "nor is it erased by h"
ask "$ours" store host=h username=ann password=on443
is "$(password host=h:8443) $(password host=h)" 'on8443 on443' \
	"nor overwritten by it"
is "$(password host=h:443)" on443 "h answers for h:443"
ask "$ours" erase host=h:443 password=on443
is "$(password host=h) $(password host=h:8443)" ' on8443' "and is erased by it"
ask "$ours" store host=h:443 username=ann password=on443
is "$(password host=h)" on443 "h:443 answers for h"
ask "$ours" store host=h username=ann password=on443
is "$(keyring_items | grep -c .)" 2 "and is not stored for h again"
is "$(items | grep on443)" "port=443 protocol=https server=h user=ann xdg:schema=$net	on443" \
	"it keeps git's spelling"
empty
is "$(items)" '' "erase without a password removes all of a host"
keyring_add x xdg:schema=$net protocol=https server=h port=65979 user=ann
is "$(password host=h)" '' "an item of port 65979 is nobody's"
ask "$ours" erase host=h
is "$(keyring_items | grep -c .)" 1 "and is left alone"

# --- IPv6 -----------------------------------------------------------------------

store_theirs 'host=[fd00::ab]' username=ann password=cut
is "$(password 'host=[fd00::ab]')$(password 'host=[fd00::cd]')" '' \
	"an IPv6 address that was cut answers for none"
ask "$ours" store 'host=[fd00::ab]' username=ann password=ab
ask "$ours" store 'host=[fd00::cd]' username=ann password=cd
ask "$ours" store 'host=[fd00::ab]:8443' username=ann password=ab8443
is "$(password 'host=[fd00::ab]') $(password 'host=[fd00::cd]')" 'ab cd' \
	"ours answer each for its own"
is "$(their_password 'host=[fd00::ab]:8443')" ab8443 \
	"with a port git-credential-libsecret finds it"
is "$(their_password 'host=[fd00::ee]')" cut \
	"and ours are in no way of what it mixes up"
store_theirs 'host=[fd00::ee]:8443' username=ann password=ee
is "$(password 'host=[fd00::ee]:8443')" ee "and we find what it stored"
empty
ask "$ours" erase 'host=[fd00::ee]:8443'
is "$(items | cut -f2)" 'x
cut' "each is erased on its own"

# --- paths and users --------------------------------------------------------------

ask "$ours" store host=p username=ann password=whole
ask "$ours" store host=p path=team/a.git username=ann password=a
ask "$ours" store host=p path=team/b.git username=bob password=b
is "$(password host=p path=team/a.git)" a "the longest path answers"
is "$(password host=p path=team/c.git)" whole "and without one the host's"
is "$(password host=p path=team/a.gitx)" whole "a path is not a prefix of letters"
is "$(password host=p username=bob)" b "without a path any of that user does"
is "$(get host=p path=team/a.git username=bob)" '' "but not with another path"
is "$(password host=p)" whole "and the host's own comes first"
ask "$ours" erase host=p path=team/a.git password=whole
is "$(items | grep 'server=p ' | cut -f2)" 'a
b' "what answered for a path is erased for it, with its password"
ask "$ours" erase host=p path=team/c.git
is "$(items | grep -c 'server=p ')" 2 "without one only the path that is named"
# git-credential-libsecret compares the first one and clears them all
ask "$ours" store host=p path=team/c.git username=ann password=c
ask "$ours" erase host=p username=ann password=a
is "$(items | grep 'server=p ' | cut -f2 | sort | tr '\n' ' ')" 'b c ' \
	"erase compares item by item"
ask "$ours" erase host=p password=other
is "$(items | grep -c 'server=p ')" 2 "and keeps what has another password"
ask "$ours" erase host=p
is "$(items | grep -c 'server=p ')" 0 "without one all of the host go"

ask "$ours" store host=p username=ann password=whole
ask "$ours" store host=p path=team/a.git username=ann password=whole
is "$(items | grep -c 'server=p ' || :)" 1 "what already answers for a path is not stored for it"
ask "$ours" store host=p path=team/a.git username=ann password=a
is "$(items | grep -c 'server=p ' || :)" 2 "another password is"

# --- others' items ------------------------------------------------------------------

keyring_add f1 xdg:schema=org.corp.Tool protocol=https server=f user=ann
is "$(password host=f)" f1 "another program's item with git's attributes is read"
ask "$ours" erase host=f
ask "$ours" erase host=f username=ann password=f2
is "$(password host=f)" f1 "and is not erased but with its very password"
ask "$ours" store host=f username=ann password=f3
is "$(items | grep -c 'server=f ')" 2 "nor written into"
is "$(password host=f)" f3 "git's own comes before it"
ask "$ours" erase host=f username=ann password=f1
is "$(items | grep 'server=f ' | cut -f2)" f3 "with its password it is erased"
gcm=com.microsoft.GitCredentialManager
keyring_add g1 xdg:schema=$gcm service=git:https://g account=ann
is "$(get host=g)" 'username=ann
password=g1' "Git Credential Manager's item is read"
ask "$ours" store host=g username=ann password=g1
is "$(items | grep -c 'server=g ' || :)" 0 "and not copied"
is "$(password host=g:443)$(password host=g:8443)$(password host=gg)" g1 \
	"for its host and port"
ask "$ours" erase host=g username=ann password=g1
ask "$ours" erase host=g
is "$(password host=g)" g1 "and never erased"
ask "$ours" store host=g username=ann password=g2
is "$(password host=g)" g2 "git's own comes first"
is "$(items | grep -c 'service=git:https://g ')" 1 "and it is never written"

# --- nothing but what is asked for ------------------------------------------------

before=$(keyring_items)
for record in '' 'protocol=https' 'protocol=https\nhost=' 'host=g' \
	'protocol=https\npath=x' 'protocol=https\nhost=bad\rhost'; do
	# shellcheck disable=SC2059
	printf "$record\n" | "$ours" erase 2>/dev/null || :
done
is "$(keyring_items)" "$before" "a record that was cut erases nothing"

done_testing
