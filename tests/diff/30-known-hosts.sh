#!/bin/sh
# Which lines of known_hosts mean a host, and what keys are on them: what we read
# beside what `ssh-keygen -l -F` of the OpenSSH that is there does.
#
# Both give the same lines, but for the few where we see more on purpose; those
# are the last tests. A line that only we see revokes a key that was to be
# revoked, refuses what ssh would have called unknown, or has a name or a key
# that no server comes with.
# shellcheck disable=SC2154 # scratch is private_home's

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/lib/tap.sh"
build=${CONDA_GO_BUILD:-$top/build}
command -v ssh-keygen >/dev/null 2>&1 || plan_skip_all "no ssh-keygen on PATH"
[ -x "$build/diff/known_hosts" ] || plan_skip_all "make check-diff builds what this runs"

private_home
for t in ed25519 ecdsa rsa; do
	ssh-keygen -q -t $t -N '' -C '' -f "$scratch/$t"
done
ssh-keygen -q -t ecdsa -b 521 -N '' -C '' -f "$scratch/ecdsa521"

# generate KIND SEED FILE
generate() {
	"$build/diff/known_hosts" "$1" "$2" \
		"$(cut -d ' ' -f 1,2 "$scratch/ed25519.pub")" \
		"$(cut -d ' ' -f 1,2 "$scratch/ecdsa.pub")" \
		"$(cut -d ' ' -f 1,2 "$scratch/ecdsa521.pub")" \
		"$(cut -d ' ' -f 1,2 "$scratch/rsa.pub")" >"$3"
}

# FILE HOST PORT: "line marker type fingerprint", as our side prints it.
theirs() {
	name=$2
	[ "$3" = 22 ] || name="[$2]:$3"
	ssh-keygen -l -F "$name" -f "$1" 2>/dev/null |
		awk '/^# Host / { line = $6; marker = $7 == "" ? "-" : $7; next }
			{ print line, marker, $2, $3 }'
}

hosts='h 22
h 2222
host.example 22
host.example 2222
a.host.example 22
b.host.example 22
10.0.0.1 22
::1 22
::1 2222
fe80::1%eth0 22'

# compare FILE: appends to differ, and counts what was found.
compare() {
	while read -r host port; do
		"$build/diff/known_hosts" ask "$1" "$host" "$port" >"$scratch/ours"
		theirs "$1" "$host" "$port" >"$scratch/theirs"
		diff "$scratch/theirs" "$scratch/ours" |
			sed -n "s/^[<>]/${1##*/} $host $port: &/p" >>"$scratch/differ"
		cat "$scratch/ours" >>"$scratch/found"
	done <<-EOF
	$hosts
	EOF
}

counts() {
	awk '{ n[$2]++ } END { printf "%d lines, %d revoked, %d authorities",
		NR, n["REVOKED"], n["CA"] }' "$scratch/found"
}

: >"$scratch/differ"
: >"$scratch/found"
seed=0
while [ $((seed += 1)) -le 30 ]; do
	generate generate $seed "$scratch/g$seed"
	compare "$scratch/g$seed"
done
is "$(cat "$scratch/differ")" "" "30 files, 300 questions, $(counts): as ssh-keygen"
for marker in - REVOKED CA; do
	ok $(($(grep -c "^[0-9]* $marker " "$scratch/found" || :) < 25)) \
		"enough of them with marker $marker"
done

# Hashed by ssh-keygen itself, which then leaves only hashed names.
: >"$scratch/differ"
: >"$scratch/found"
for seed in 1 2 3; do
	generate plain $seed "$scratch/p$seed"
	cp "$scratch/p$seed" "$scratch/hashed$seed"
	ssh-keygen -q -H -f "$scratch/hashed$seed" >"$scratch/said" 2>&1 ||
		diag "$(cat "$scratch/said")"
	compare "$scratch/hashed$seed"
done
is "$(cat "$scratch/differ")" "" "hashed by ssh-keygen: $(counts): as ssh-keygen"
ok $(($(awk 'END { print NR }' "$scratch/found") < 20)) "enough of them are found"
ok $((20 > $(grep -c '^|1|' "$scratch/hashed1"))) \
	"and their names are hashed, but for those behind a marker"

# more LINE NAME: we see this line of host h, and ssh-keygen does not.
more() {
	printf '%s\n' "$1" >"$scratch/one"
	is "$(theirs "$scratch/one" h 22)" "" "ssh-keygen passes over $2"
	like "$("$build/diff/known_hosts" ask "$scratch/one" h 22)" "^1 $3" \
		"and we do not"
}

key=$(cut -d ' ' -f 1,2 "$scratch/ed25519.pub")
tab=$(printf '\t')
more "@revoked${tab}h $key" "a tab behind a marker" "REVOKED ED25519 SHA256:"
more "h ssh-future AAAACnNzaC1mdXR1cmU=" "a type of the future" \
	"- ssh-future SHA256:"
more "h,$(printf '%01100d' 0) $key" "a name of 1100 bytes on the line" \
	"- ED25519 SHA256:"
more "h ecdsa-sha2-nistp256 $({
	printf '\0\0\0\023ecdsa-sha2-nistp256\0\0\0\010nistp256\0\0\0A\004'
	printf '%064d' 0
} | base64 | tr -d '\n')" "a point that is not on its curve" "- ECDSA SHA256:"
done_testing
