#!/bin/sh
# What -G says of a configuration and a command line, beside the system's ssh:
# of the keywords that we carry out, each has the same value, and what ssh
# refuses, so do we.
#
# Both are given a file with -F: without it ours reads $HOME/.ssh/config and ssh
# that of the passwd entry, which is whose home "~" is here for both. ssh leaves
# the "~" of some keywords; the key files it looks for by default, and those
# that a relative path names, are other ones in other versions and folders.
# shellcheck disable=SC2154,SC2016 # scratch is private_home's; $ is for ssh

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
bin=${CONDA_GO_BUILD:-$top/build}/bin
command -v ssh >/dev/null 2>&1 || plan_skip_all "no ssh on PATH"
ssh -G -F none h >/dev/null 2>&1 || plan_skip_all "this ssh has no -G"
passwd_home=$(getent passwd "$(id -u)" | cut -d : -f 6)
[ -n "$passwd_home" ] || plan_skip_all "no passwd entry, so ssh does nothing"

private_home
HOME=$passwd_home
cd "$scratch"
FOO=/from-foo
export FOO
default='/\.ssh/id_(rsa|dsa|xmss|ecdsa|ecdsa_sk|ed25519|ed25519_sk|mldsa.*)$'

# Ours are the keywords that are compared. In batch Debian has an interval of its
# own.
normal() {
	sed -e "s|^\(identityfile\) ~/|\1 $passwd_home/|" \
		-e '/^globalknownhostsfile /s|~/|'"$passwd_home/|g" \
		-e 's/^connecttimeout 0$/connecttimeout none/' \
		-e 's/^serveraliveinterval 300$/serveraliveinterval 0/' \
		-e '/^identityagent none$/d' |
		grep -Ev "^identityfile .*$default" |
		awk 'BEGIN { n = split("host user hostname port addressfamily " \
			"batchmode hashknownhosts identitiesonly " \
			"stricthostkeychecking hostkeyalias identityagent " \
			"identityfile globalknownhostsfile " \
			"userknownhostsfile sendenv setenv connecttimeout " \
			"serveraliveinterval serveralivecountmax", k, " ")
			for (i = 1; i <= n; i++) ours[k[i]] }
			$1 in ours'
}

# config: what stands on stdin is the file of the next questions.
config() {
	cat >"$scratch/config"
}

# same WORDS…: both say the same of them.
same() {
	theirs=$(ssh -F "$scratch/config" -G "$@" 2>"$scratch/theirs") || theirs=refused
	ours=$("$bin/conda-go-ssh" -F "$scratch/config" -G "$@" 2>"$scratch/ours") ||
		ours=refused
	[ "$theirs" = refused ] || theirs=$(echo "$theirs" | normal)
	[ "$ours" = refused ] || ours=$(echo "$ours" | normal)
	case $theirs in
	refused)
		diag "ssh expands to no settings: $(cat "$scratch/theirs")"
		ok 1 "$*"
		;;
	*)	is "$ours" "$theirs" "$(head -n 1 "$scratch/config"): $*" ;;
	esac
}

# refused WORDS…: neither takes it, and we say where.
refused() {
	ssh -F "$scratch/config" -G "$@" >/dev/null 2>&1 && theirs=0 || theirs=$?
	said=$("$bin/conda-go-ssh" -F "$scratch/config" -G "$@" 2>&1 >/dev/null) &&
		ours=0 || ours=$?
	is "$ours" "$theirs" "refused: $(head -n 1 "$scratch/config"): $*"
	like "$said" "^conda-go: ($scratch/[a-z/]+:[0-9]+|-o): " "and it is said where"
}

# unknown WORDS: a keyword that ssh refuses is not ours to judge.
unknown() {
	said=$(GOCONDA_TRACE=2 "$bin/conda-go-ssh" -F "$scratch/config" "$@" \
		true 2>&1 </dev/null) && ours=0 || ours=$?
	is "$ours" 255 "unknown: $(head -n 1 "$scratch/config"): $*"
	like "$said" ' ssh.handover .* why=".*the unknown ' "and ssh is asked"
	like "$said" 'Bad configuration option' "which does not know it, either"
}

# The command line alone.
: >"$scratch/config"
same h
same FoO.ExAmPle
same -p 2222 -l me h
same me@h
same -l a b@h
same b@h -l a
same -o User=a b@h
same b@h -o User=a
same -o User=a -l b h
same -o Port=1 -p 2 h
same -p 2 -o Port=1 h
same ssh://u@h:2222
same -o Port=7 ssh://u@h:2222
same -4 h
same -4 -6 h
same -6 -4 h
same -o AddressFamily=inet6 -4 h
same -4 -o AddressFamily=inet6 h
same -o AddressFamily=INET h
same -o SendEnv=GIT_PROTOCOL -p 2222 git@h
same -o SendEnv=GIT_PROTOCOL -6 git@::1
same -o ControlMaster=no -o BatchMode=yes git@h
same git@::1
same 0:0:0:0::1
same FE80::1
same 127.1
same -4 ::1
same -6 127.0.0.1
same 1.2.3.4.5
same -o HostName=%h.Example.%% H
same -o HostName=::0001 h
same -o HostName=10.1 h
same -oBatchMode=yes -oStrictHostKeyChecking=accept-new h
same -o 'User x' h
same -o 'User = x' h
same -o 'User= x' h
same -o 'User =x' h
same -o '  user	x  ' h
same -o '"User" x' h
same -o 'Us"er" x' h
same -o 'User="a b"' h
same -o "User='a b'" h
same -o 'User=a\ b' h
same -o 'User="a\\b"' h
same -o 'User=a\b' h
same -o 'User=x # that is me' h
same -o 'User x#y' h
same -o 'User="x#y"' h
same -o StrictHostKeyChecking=off h
same -o StrictHostKeyChecking=ASK h
same -o StrictHostKeyChecking=false -o StrictHostKeyChecking=yes h
same -o ConnectTimeout=1m30 h
same -o ConnectTimeout=1H1M1S h
same -o ConnectTimeout=0 h
same -o ConnectTimeout=none -o ConnectTimeout=5 h
same -o HostKeyAlias=FoO h
same -o IdentityFile=none h
same -o IdentityFile=/a -o IdentityFile=~/b -o IdentityFile=/a h
same -i /etc/passwd -i /dev/null/x -i ~/ h
same -o IdentityAgent=none h
same -o IdentityAgent=/run/%r/%p u@h
same -o 'IdentityAgent=/run${FOO}' h
same -o UserKnownHostsFile=none -o GlobalKnownHostsFile=none h
same -o 'UserKnownHostsFile=~/a %d/b ${FOO}/c' -o UserKnownHostsFile=/z h
same -o 'UserKnownHostsFile=/%C /%L /%h /%i /%k /%l /%n /%p /%r /%u /%%' u@H
same -o HostKeyAlias=K -o HostName=hn -o 'UserKnownHostsFile=/%C/%h/%k/%n' -p 7 H
same -o 'GlobalKnownHostsFile=/a "/b c"' h
same -o 'SendEnv=A B* C' -o 'SendEnv=-B\*' -o SendEnv=D h
same -o 'SendEnv=LC_A LANG LC_B' -o SendEnv=-LC_* h
same -o 'SetEnv=A=1 A=2 "B=x y"' -o SetEnv=C=3 h
same -o IgnoreUnknown=fo*,b? -o Foo=1 -o FOOBAR=2 -o ba=3 h
same -o Protocol=2 -o Cipher=x -o UseRoaming=no h
same -o ProxyJump=j -o ForwardAgent=yes -o User=x h
same -o ProxyCommand='"unbalanced is fine"' h
same -T -a -x -q -v -k -2 h
unknown -o Foo=1 h
refused -o User= h
refused -o User h
refused -o 'User=a b' h
refused -o 'User="a' h
refused -o "User=a'b" h
refused -o 'User == x' h
refused -o '"User" = x' h
refused -o 'User=# x' h
refused -o 'User=""' h
refused -o Port=0 h
refused -o Port=65536 h
refused -o StrictHostKeyChecking=maybe h
refused -o BatchMode=2 h
refused -o AddressFamily=ipv6 h
refused -o ConnectTimeout=1x h
refused -o ConnectTimeout=x h
refused -o ConnectTimeout=99999999999 h
refused -o SendEnv=A=1 h
refused -o SetEnv=A h
refused -o 'UserKnownHostsFile=/a none' h
refused -o 'IdentityFile=/a /b' h
refused -o Host=x h
refused -o Include=x h
refused -o Match=all h
unknown -o IgnoreUnknown=fo? -o Fooo=1 h

config <<'EOF'
# first wins, some accumulate
Host h
	User first
	Port 1
	IdentityFile /k1
	SendEnv A
	SetEnv A=1
	UserKnownHostsFile /u1
Host *
	User second
	Port 2
	IdentityFile /k2
	SendEnv B
	SetEnv B=1
	UserKnownHostsFile /u2
	HostName x.%h
EOF
same h
same other
same -l me -p 3 -o IdentityFile=/k0 h
same H

config <<'EOF'
# patterns and negation
Host *.example !bad.example
	User star
Host ?x a[b]
	Port 2
Host !only
	Port 3
Host a b "c d" e*f*g
	Port 4
Host * !ef*
	ConnectTimeout 5
Host !* *
	BatchMode yes
EOF
for h in a.example bad.example .example xx x zxx ab 'a[b]' only a b e12f34g efg eg other; do
	same "$h"
done

printf 'User crlf\r\n\r\n# comment\r\nHost h \r\n\tPort 5\r\n   HostName   "%%h.x"  \r\nhOsT=*\r\nbatchmode = YES\f\r\nSendEnv=A   B' |
	config
same h
same g

config <<'EOF'
# inactive lines are read too
Host other
	Port 99999
EOF
refused h
config <<'EOF'
# unknown, inactive
Host other
	Unknown x
EOF
unknown h
config <<'EOF'
# unknown, ignored
IgnoreUnknown UseKeychain,X-*
Host *
	UseKeychain yes
	x-anything at all # here
	User me
EOF
same h
config <<'EOF'
# no argument
Host
EOF
refused h
config <<'EOF'
# quote
Host h
	User "me
EOF
refused h

mkdir "$scratch/d"
cat >"$scratch/d/1.conf" <<'EOF'
User inc1
Host h
	Port 11
EOF
cat >"$scratch/d/2.conf" <<'EOF'
Port 12
IdentityFile /from-2
Host nobody
EOF
cat >"$scratch/d/self" <<EOF
Include $scratch/d/self
EOF
echo 'Nonsense 1' >"$scratch/d/bad"
config <<EOF
# include, with wildcards
Host h g
	Include $scratch/d/*.conf /dev/null/x/*
	ConnectTimeout 3
Host *
	User after
	BatchMode yes
EOF
same h
same g
same other
config <<EOF
# include, top
Include "$scratch/d/2.conf" $scratch/d/1.conf
User top
EOF
same h
same g
config <<EOF
# include of itself
Include $scratch/d/self
EOF
refused h
config <<EOF
# include of nonsense where it does not apply
Host other
	Include $scratch/d/bad
EOF
unknown h
chmod 666 "$scratch/d/1.conf"
config <<EOF
# include of what others can write
Include $scratch/d/1.conf
EOF
ssh -F "$scratch/config" -G h >/dev/null 2>&1 && theirs=0 || theirs=$?
said=$("$bin/conda-go-ssh" -F "$scratch/config" -G h 2>&1) && ours=0 || ours=$?
is "$ours" "$theirs" "refused: an include that others can write"
like "$said" "1.conf: others can write it" "and it is said so"

config <<'EOF'
# Match all, and one that nothing follows
Host other
	User other
Match all
	User all
	Port 8
Match host nobody
Host *
	Port 9
	BatchMode yes
EOF
same h
same other

config <<'EOF'
# the keywords that we do not carry out leave the others as they are
Host h
	ProxyJump j
	ForwardAgent yes
	Compression yes
	GSSAPIAuthentication yes
	KexAlgorithms curve25519-sha256
	LocalForward 1 h:2
	RekeyLimit 1G 1h
	User me
	ServerAliveInterval 30
	Tunnel no
	EscapeChar none
EOF
same h

for none in none NONE; do
	is "$("$bin/conda-go-ssh" -G -F "$none" h)" \
		"$("$bin/conda-go-ssh" -G -F /dev/null h)" "-F $none is no file"
done
ssh -G -F "$scratch/none" h >/dev/null 2>&1 && theirs=0 || theirs=$?
said=$("$bin/conda-go-ssh" -G -F "$scratch/none" h 2>&1) && ours=0 || ours=$?
is "$ours" "$theirs" "-F of a file that is not there"
like "$said" "^conda-go: -F $scratch/none: there is no such file" "and it is said so"

# The usual files, where the person's own does not differ in what it asks for.
if [ ! -e "$passwd_home/.ssh/config" ]; then
	is "$("$bin/conda-go-ssh" -G u@h | normal)" "$(ssh -G u@h 2>&1 | normal)" \
		"the system's own configuration"
fi
done_testing
