#!/bin/sh
# What git asks of a helper that stores (the cases that its own suite for
# helpers covers), through `git credential` and with the keyring behind it.
# shellcheck disable=SC2154 # scratch and keyring_* are sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/keyring.sh disable=SC1091
. "$top/tests/lib/keyring.sh"
ours=${CONDA_GO_BUILD:-$top/build}/bin/git-credential-conda-go

private_home
keyring_bus || keyring_none
keyring_start unlocked || keyring_none
git config --global credential.helper "$ours"

# What git asks where no helper answers; it notes that it was asked.
cat >"$scratch/askpass" <<-'EOF'
	#!/bin/sh
	echo "$1" >>"${0%/*}/asked"
	case $1 in
	Username*)	echo askpass-username ;;
	*)	echo askpass-password ;;
	esac
EOF
chmod +x "$scratch/askpass"
GIT_ASKPASS=$scratch/askpass
export GIT_ASKPASS

# credential ACTION [name=value]…: through git; the answer, sorted, on one line.
credential() {
	action=$1
	shift
	: >"$scratch/asked"
	printf '%s\n' "$@" | git credential "$action" 2>"$scratch/said" |
		sed '/^protocol=/d; /^host=/d; /^path=/d' | tr '\n' ' '
}

# fills WANT NAME [name=value]…: what fill gives, and nothing on stderr.
fills() {
	want=$1
	name=$2
	shift 2
	is "$(credential fill "$@")$(cat "$scratch/said")" "$want" "$name"
}

asked='username=askpass-username password=askpass-password '
one='username=ann password=one '
https='protocol=https'

fills "$asked" "nothing is stored: git asks" $https host=example.com
is "$(grep -c . "$scratch/asked")" 2 "for user name and password"
credential approve $https host=example.com username=ann password=one
is "$(keyring_items | grep -c .)" 1 "approve stores"
fills "$one" "fill finds it, without a user name in the question" \
	$https host=example.com
is "$(grep -c . "$scratch/asked" || :)" 0 "and git does not ask"
fills "$asked" "the protocol must match" protocol=http host=localhost
fills "$asked" "the host must match" $https host=other.example
fills 'username=bob password=askpass-password ' "the user name must match" \
	$https host=example.com username=bob
git config --global credential.useHttpPath true
credential approve $https host=path.example path=foo.git username=ann password=one
fills "$asked" "the path must match" $https host=path.example path=bar.git
fills "$one" "and does" $https host=path.example path=foo.git
credential reject $https host=path.example path=foo.git
git config --global --unset credential.useHttpPath

credential approve $https host=overwrite username=ann password=old
credential approve $https host=overwrite username=ann password=new
fills 'username=ann password=new ' "store overwrites" $https host=overwrite
credential reject $https host=overwrite username=ann password=new
fills "$asked" "and what it wrote is erased by its password" \
	$https host=overwrite

credential reject $https host=example.com
fills "$asked" "a host is forgotten" $https host=example.com

credential approve $https host=two username=ann password=one
credential approve $https host=two username=bob password=two
fills "$one" "two users: the one" $https host=two username=ann
fills 'username=bob password=two ' "and the other" $https host=two username=bob
credential reject $https host=two username=ann password=else
fills "$one" "another password erases nothing" $https host=two username=ann
credential reject $https host=two username=ann
fills 'username=ann password=askpass-password ' "a user is forgotten" \
	$https host=two username=ann
fills 'username=bob password=two ' "and the other is remembered" \
	$https host=two username=bob
credential approve $https host=two username=ann password=one
credential reject $https host=two
is "$(keyring_items | grep -c server=two || :)" 0 \
	"without a user name all matches are erased"

credential approve $https host=empty username= password=
fills 'username= password= ' "empty user name and password" $https host=empty
credential reject $https host=empty

for length in 1024 4096 60000; do
	credential approve $https host=long username=ann password=one
	long=$(head -c "$length" /dev/zero | tr '\0' x)
	fills "$one" "a header of $length bytes confuses nothing" $https \
		host=long "wwwauth[]=$long" username=ann
	printf '%s\n' $https host=long "wwwauth[]=${long}host=victim" |
		"$ours" erase
	is "$(keyring_items | grep -c server=long || :)" 0 "nor erase ($length)"
done

# A git of before 2.40 and 2.41 sends no metadata: to the helper by hand.
expiry=$(($(date +%s) + 7200))
helper() {
	verb=$1
	shift
	printf '%s\n' $https host=meta "$@" | "$ours" "$verb" | tr '\n' ' '
}
helper store username=ann password=one password_expiry_utc=$expiry
is "$(helper get)" "${one}password_expiry_utc=$expiry " "the expiry is kept"
later=$((expiry + 1))
helper store username=ann password=one password_expiry_utc=$later
is "$(helper get)" "${one}password_expiry_utc=$later " "and changes"
helper erase username=ann password=one
is "$(helper get)" '' "it is erased by its password"
helper store username=ann password=one oauth_refresh_token=token
is "$(helper get)" "${one}oauth_refresh_token=token " "a refresh token is kept"
credential approve $https host=meta username=ann password=one
is "$(helper get)" "${one}oauth_refresh_token=token " \
	"through the git that is here"

done_testing
