#!/bin/sh
# Nothing of ours stays: no socket listens and no unit is there after the servers
# were unpacked, started and ended and the demo was shown, and nobody's home has
# changed.
#
# shellcheck disable=SC2154 # scratch and gitserver_* are sourced

set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/gitserver.sh disable=SC1091
. "$top/tests/lib/gitserver.sh"

owner_home=${HOME:-/nonexistent}
private_home

# Sockets that listen: TCP by address, Unix ones by path.
listening() {
	for f in tcp tcp6; do
		[ ! -r /proc/net/$f ] ||
			awk -v f=$f '$4 == "0A" { print f, $2 }' /proc/net/$f
	done
	awk '$4 == "00010000" { print "unix", $8 }' /proc/net/unix
}

# What a machine starts by itself, for all and for us.
units() {
	find /etc/systemd /lib/systemd/system /usr/lib/systemd/system /etc/init.d \
		/etc/rc?.d /etc/cron.d /etc/xdg/autostart /etc/inetd.conf \
		"$owner_home/.config/systemd" -printf '%p %l\n' 2>/dev/null | sort -u
}

# The places in a home that git, Go and we write to, and when they were written.
home_marks() {
	for f in .gitconfig .git-credentials .netrc .config/git .config/conda-go \
		.config/go .local/state/conda-go .cache/conda-go .cache/go-build go; do
		find "$owner_home/$f" -maxdepth 1 -printf '%p %i %T@\n' 2>/dev/null || :
	done | sort
}

# New lines of `listening`, given ten seconds to go: a test that runs beside this
# one ends its own.
listens_still() {
	left=100
	while [ $left -gt 0 ]; do
		listening | sort -u >"$scratch/listening.now"
		new=$(comm -13 "$scratch/listening.before" "$scratch/listening.now")
		[ -n "$new" ] || return 0
		left=$((left - 1))
		sleep 0.1
	done
	echo "$new"
}

listening | sort -u >"$scratch/listening.before"
units >"$scratch/units.before"
home_marks >"$scratch/home.before"

# The servers, from nothing where the packages can be had.
fresh=$scratch/deps
if said=$(BOOTSTRAP_DEPS=$fresh "$top/contrib/bootstrap" servers 2>&1); then
	ok 0 'bootstrap unpacks the servers'
	BOOTSTRAP_DEPS=$fresh
	export BOOTSTRAP_DEPS
else
	skip 'bootstrap unpacks the servers' 'the packages cannot be had'
	diag "$said"
fi
is "$("$top/contrib/bootstrap" servers 2>&1)" '' 'a second time it does nothing'
is "$(ls -d "$fresh"/tmp.* 2>/dev/null || :)" '' 'and leaves no half download'

on_exit gitserver_stop
gitserver_start "$scratch/gs" || ok 1 'the git server starts'
like "$(listening)" "0100007F:$(printf '%04X' "$gitserver_port")\$" \
	'the git server listens on loopback'
listening | sort -u | comm -13 "$scratch/listening.before" - |
	grep '^tcp' >"$scratch/listening.tcp" || :
unlike "$(cat "$scratch/listening.tcp")" ' 00000000:| 0{32}:' \
	'and not for the world'
gitserver_stop
is "$(grep -lsF "$scratch/gs" /proc/[0-9]*/cmdline || :)" '' \
	'gitserver_stop leaves no process behind'

# A home that is somebody's, in which the demo is shown.
unset BOOTSTRAP_DEPS
somebody=$scratch/somebody
mkdir -p "$somebody/.config/git"
echo 'machine git.corp.example login me password mine' >"$somebody/.netrc"
echo '[user] name = Somebody' >"$somebody/.gitconfig"
chmod 600 "$somebody/.netrc"
contents() {
	(cd "$somebody" && find . -printf '%p %m %s %T@\n' && cksum .netrc .gitconfig)
}
before=$(contents)
# the demo's first step, which asks for go's version among others
succeeds 'bootstrap finds all in that home' env -u XDG_CONFIG_HOME \
	HOME="$somebody" "$top/contrib/bootstrap" demo
if [ -x "$top/${BUILD:-build}/bin/conda-go" ] || [ -x "${BUILD:-}/bin/conda-go" ]; then
	succeeds 'the demo succeeds' env -u GIT_CONFIG_GLOBAL -u GIT_CONFIG_NOSYSTEM \
		-u XDG_CONFIG_HOME -u XDG_DATA_HOME -u XDG_STATE_HOME \
		-u XDG_CACHE_HOME -u XDG_RUNTIME_DIR -u GOPATH -u GOCACHE \
		-u GOMODCACHE HOME="$somebody" "$top/contrib/demo"
else
	skip 'the demo succeeds' 'conda-go is not built'
fi
is "$(contents)" "$before" 'the home that it was shown in is as it was'

is "$(listens_still)" '' 'no socket listens that did not before'
units >"$scratch/units.after"
is "$(diff "$scratch/units.before" "$scratch/units.after" || :)" '' \
	'no unit is there that was not before'
home_marks >"$scratch/home.after"
is "$(diff "$scratch/home.before" "$scratch/home.after" || :)" '' \
	'the home of whoever runs this is as it was'
done_testing
