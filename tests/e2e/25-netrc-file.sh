#!/bin/sh
# Which netrc is read, and which one is not believed.
# shellcheck disable=SC2154,SC2088,SC2016 # scratch is sourced; tildes are text

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
bin=${CONDA_GO_BUILD:-$top/build}/bin

private_home
config=$XDG_CONFIG_HOME/conda-go/config
mkdir -p "${config%/*}"
: >"$config"

# ask [HOST]: what git would be told, in one line; words are in $scratch/err.
ask() {
	printf 'protocol=https\nhost=%s\n\n' "${1:-h.example}" |
		"$bin/git-credential-conda-go" get 2>"$scratch/err" | tr '\n' ' '
}

entry() {
	(umask 077 && printf 'machine h.example login %s password p\n' "$2" >"$1")
}

is "$(ask)" "" "no netrc at all: nothing"
entry "$HOME/.netrc" home
is "$(ask)" "username=home password=p " "~/.netrc"
entry "$scratch/env" env
NETRC=$scratch/env
export NETRC
is "$(ask)" "username=env password=p " "\$NETRC before it"
entry "$HOME/policy" policy
printf '[default]\nnetrc = ~/policy\n' >"$config"
is "$(ask)" "username=policy password=p " "the policy's before both"
printf '[host "other.example"]\nnetrc = ~/policy\n' >"$config"
is "$(ask)" "username=env password=p " "and only for its host"
NETRC=
is "$(ask)" "username=home password=p " "an empty \$NETRC is none"
NETRC=$scratch/missing
is "$(ask)" "" "a \$NETRC that is not there is not replaced by ~/.netrc"
like "$(cat "$scratch/err")" 'missing: No such file' "and it is said"
unset NETRC
mv "$HOME/.netrc" "$HOME/moved"
ln -s moved "$HOME/.netrc"
is "$(ask)" "username=home password=p " "a symbolic link is followed"
rm "$HOME/.netrc"

# The environment's own file may choose an account, not a file.
entry "$HOME/.netrc" alice
printf 'machine h.example login bob password q\n' >>"$HOME/.netrc"
CONDA_PREFIX=$scratch/env-prefix
export CONDA_PREFIX
mkdir -p "$CONDA_PREFIX/etc/conda-go"
printf '[host "h.example"]\naccount = bob\n' >"$CONDA_PREFIX/etc/conda-go/config"
is "$(ask)" "username=bob password=q " "an environment chooses its account"
printf '[default]\nnetrc = %s\n' "$scratch/env" \
	>"$CONDA_PREFIX/etc/conda-go/config"
is "$(ask)" "" "it may not name another netrc"
like "$(cat "$scratch/err")" \
	"^conda-go: .*/etc/conda-go/config:2: an environment's own file may not set 'netrc'" \
	"file, line and reason"
CONDA_PREFIX=''
is "$(ask)" "username=alice password=p " "left: conda sets the variable empty"
unset CONDA_PREFIX

# default, only where the policy says so.
(umask 077 && echo 'default login any password d' >"$HOME/.netrc")
is "$(ask)" "" "default does not answer"
printf '[host "h.example"]\nnetrc-default = on\n' >"$config"
is "$(ask)" "username=any password=d " "unless the policy says so"
is "$(ask other.example)" "" "for that host"

# Modes: what is refused says what mends it, and that does mend it.
printf '[default]\nnetrc = ~/modes\n' >"$config"
entry "$HOME/modes" m
for mode in 604 640 644 620 602 666; do
	chmod $mode "$HOME/modes"
	is "$(ask)" "" "mode $mode is refused"
	remedy=$(sed -n 's/.*type: \(chmod 600 [^;]*\);.*/\1/p' "$scratch/err")
	eval "${remedy:-false}" || :
	is "$(ask)" "username=m password=p " "what the message says mends it"
done
printf 'netrc-permissions = warn\n' >>"$config"
chmod 644 "$HOME/modes"
is "$(ask)" "username=m password=p " "netrc-permissions = warn: read"
like "$(cat "$scratch/err")" 'others can read ~/modes' "with the warning"
chmod 646 "$HOME/modes"
is "$(ask)" "" "but not what others can write"
rm "$HOME/modes"
mkdir "$HOME/modes"
is "$(ask)" "" "a directory"
like "$(cat "$scratch/err")" '~/modes is not a regular file' "is said"
rmdir "$HOME/modes"
mkfifo -m 600 "$HOME/modes"
is "$(ask)" "" "a FIFO that nobody writes does not make us wait"
rm "$HOME/modes"
printf '[default]\nnetrc = ~/modes\n' >"$config"

# What only root can set up: another owner, a read-only mount.
if [ "$(id -u)" = 0 ]; then
	entry "$HOME/modes" m
	chown 12345 "$HOME/modes"
	is "$(ask)" "" "a file of another user is refused"
	like "$(cat "$scratch/err")" 'belongs to uid 12345, not to you; type: sudo chown' \
		"with what mends it"
	mkdir "$scratch/secrets"
	cp "$HOME/modes" "$scratch/netrc644"
	printf '[default]\nnetrc = %s/secrets/netrc\n' "$scratch" >"$config"
	said=$(unshare -m --propagation unchanged sh -c '
		mount -t tmpfs none "$1/secrets" &&
		cp "$1/netrc644" "$1/secrets/netrc" &&
		chmod 644 "$1/secrets/netrc" &&
		mount -o remount,ro "$1/secrets" && touch "$1/mounted" &&
		printf "protocol=https\nhost=h.example\n\n" |
			"$2/git-credential-conda-go" get' \
		sh "$scratch" "$bin" 2>"$scratch/err") || :
	if ! [ -e "$scratch/mounted" ]; then
		skip "a secret on a read-only mount" "no mount to be had here"
	else
		is "$(printf '%s' "$said" | tr '\n' ' ')" "username=m password=p" \
			"one that others can read, on a read-only mount: read"
	fi
else
	skip "another owner, a read-only mount" "needs root"
fi

# The README's own policy, as it stands there, and what config says of it.
awk '/narrow what the others say/ { on = 1 } on && /^    / { sub(/^    /, ""); print; n++ }
	on && n && /^\|/ { exit }' "$top/README.md" >"$config"
mkdir -p "$HOME/secrets"
entry "$HOME/secrets/netrc" alice
printf 'machine git.corp.example login alice-at-acme password p\n' \
	>>"$HOME/secrets/netrc"
said=$("$bin/conda-go" config git.corp.example/acme 2>&1) && status=0 || status=$?
is "$status" 0 "the README's policy file is one that we take"
like "$said" '^account = alice-at-acme ' "and its longest path wins"
like "$said" '^answers: ~/secrets/netrc:2$' "config says which line would answer"
chmod 644 "$HOME/secrets/netrc"
like "$("$bin/conda-go" config git.corp.example/acme)" \
	'^answers: nobody \(others can read ~/secrets/netrc ' "or why none would"

# A file that is wrong: line, reason, and not a byte of it.
printf '[default]\nnetrc = ~/broken\n' >"$config"
(umask 077 && printf 'machine x login y password z\nmachine h.example login "u password secret-one\n' \
	>"$HOME/broken")
is "$(ask)" "" "a quote that does not end"
like "$(cat "$scratch/err")" '~/broken:2: ' "is said with its line"
unlike "$(cat "$scratch/err")" 'secret-one' "and without its bytes"
(umask 077 && awk 'BEGIN { for (i = 0; i < 40000; i++) print "machine h" i " login u password p" }' \
	>"$HOME/broken")
is "$(ask)" "" "a file above 1 MiB is refused"
like "$(cat "$scratch/err")" '~/broken: larger than the 1048576 bytes' "and said"

# Every disagreement of curl, git and Go about the file, with its line.
(umask 077 && cat >"$HOME/broken") <<-'EOF'
	machine h.example login "q u" password p
	machine
	next.example login u password p
	default login a password b
EOF
said=$(printf 'protocol=https\nhost=h.example\n\n' |
	GOCONDA_TRACE=1 "$bin/git-credential-conda-go" get 2>&1)
like "$said" 'netrc.warning at=~/broken:1 kind=quoted why=' "a quoted value"
like "$said" 'netrc.warning at=~/broken:[23] kind=next-line why=' "a value on the next line"
like "$said" 'netrc.warning at=~/broken:4 kind=default why=' "a default entry"
like "$said" '^username=q u$' "and it is read as curl reads it"

done_testing
