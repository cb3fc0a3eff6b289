#!/bin/sh
# What we read in a netrc beside what the real curl does with the same file.
#
# On the portable files both give every host the same credential, and we warn of
# nothing. On the odd ones, and on the vectors, each difference is one that our
# trace warns of.
#
# Go is not asked: it sends a netrc's credentials over TLS only, and only to names
# that it finds by itself. What it reads is in the vectors.
# shellcheck disable=SC2154 # scratch is private_home's

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/lib/tap.sh"
build=${CONDA_GO_BUILD:-$top/build}
command -v curl >/dev/null 2>&1 || plan_skip_all "no curl on PATH"
[ -x "$build/lib/httplog" ] || plan_skip_all "make check-diff builds what this runs"

private_home
: >"$scratch/log"
"$build/lib/httplog" "$scratch/log" 300 >"$scratch/port" &
double=$!
on_exit "kill $double; wait $double 2>/dev/null || :"
tries=0
until [ -s "$scratch/port" ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 100 ] || plan_skip_all "the server on loopback does not start"
	sleep 0.05
done
read -r port <"$scratch/port"

# One curl a file: the path says which, the host is the one that is asked for.
ask_curl() {
	while read -r h; do
		echo "url = \"http://$h/$2\""
	done <"$1/$2.hosts" >"$scratch/urls"
	curl -q -s --noproxy '*' --connect-to "::127.0.0.1:$port" \
		--max-time 20 --netrc-file "$1/$2.netrc" -K "$scratch/urls" || :
}

ask_us() {
	while read -r h; do
		echo "? /$2 $h"
		printf 'protocol=https\nhost=%s\n\n' "$h" |
			NETRC=$1/$2.netrc GOCONDA_TRACE_EVENT=$1/$2.trace \
				"$build/bin/git-credential-conda-go" get 2>/dev/null ||
			:
		echo
	done <"$1/$2.hosts"
}

# Of each question one line: path, host, user:password or "-". An absent user or
# password is curl's empty one.
answers() {
	awk '/^\? / { asked = $2 " " $3; user = password = ""; any = 0; next }
		/^username=/ { user = substr($0, 10); any = 1 }
		/^password=/ { password = substr($0, 10); any = 1 }
		/^$/ { print asked, any ? user ":" password : "-" }'
}

# run FOLDER: makes FOLDER/ours and FOLDER/curl, and FOLDER/warned with the
# files that we warn of.
run() {
	: >"$scratch/log"
	for f in "$1"/*.netrc; do
		n=${f##*/}
		n=${n%.netrc}
		ask_curl "$1" "$n"
		ask_us "$1" "$n"
	done >"$1/said"
	answers <"$1/said" | sort -u >"$1/ours"
	# what curl did not even ask is no answer either
	awk 'NR == FNR { key = $1 " " $2; sub(/^[^ ]* [^ ]* /, "")
			got[key] = $0; next }
		{ key = $1 " " $2; print key, key in got ? got[key] : "-" }' \
		"$scratch/log" "$1/ours" >"$1/curl"
	grep -l '"event":"netrc.warning"' "$1"/*.trace 2>/dev/null |
		sed 's|.*/\(.*\)\.trace|/\1|' >"$1/warned" || :
	questions=$(awk 'END { print NR }' "$1/ours")
	answered=$(grep -vc ' -$' "$1/ours" || :)
	files=$(find "$1" -name '*.netrc' | awk 'END { print NR }')
}

# The differences: "file host | ours | curl's".
differences() {
	paste -d '\t' "$1/ours" "$1/curl" |
		awk -F '\t' '$1 != $2 { print $1 " | " $2 }'
}

# Those in files that we do not warn of.
silent() {
	differences "$1" |
		awk 'NR == FNR { warned[$1]; next } !($1 in warned)' "$1/warned" -
}

for kind in portable odd vectors; do
	mkdir "$scratch/$kind"
done
"$build/lib/netrc_gen" portable 240 "$scratch/portable"
"$build/lib/netrc_gen" odd 360 "$scratch/odd"
"$build/lib/netrc_gen" vectors "$top/tests/vectors/netrc.jsonl" "$scratch/vectors"

run "$scratch/portable"
is "$(differences "$scratch/portable")" "" \
	"$files portable files, $questions questions, $answered answered: as curl"
is "$(cat "$scratch/portable/warned")" "" "no warning in any of them"
ok $((answered < questions / 3 || answered == questions)) \
	"questions with and without an answer"

run "$scratch/odd"
differ=$(differences "$scratch/odd" | awk 'END { print NR }')
is "$(silent "$scratch/odd")" "" \
	"$files odd files, $questions questions: each of $differ differences is warned of"
ok $((differ == 0)) "there are differences to be warned of"

run "$scratch/vectors"
differ=$(differences "$scratch/vectors" | awk 'END { print NR }')
is "$(silent "$scratch/vectors")" "" \
	"$files vectors: each of $differ differences is warned of"
done_testing
