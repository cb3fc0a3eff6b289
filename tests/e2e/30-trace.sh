#!/bin/sh
# The trace reaches the person: on the stderr of the outermost go, whatever that
# is, although Go captures what its children write; where it cannot, in our own
# log. And nothing of it spoils what git or Go read.
#
# shellcheck disable=SC2154 # scratch and gitserver_* are sourced

set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${CONDA_GO_BUILD:-$top/build}
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/gitserver.sh disable=SC1091
. "$top/tests/lib/gitserver.sh"

lib=$build/lib
conda_go=$build/bin/conda-go
helper=$build/bin/git-credential-conda-go
go_program=$(command -v go) || plan_skip_all 'there is no go'
private_home
log=$XDG_STATE_HOME/conda-go/trace.log
out=$scratch/out
where=$scratch/where
module=git.corp.example/team/name.git

on_exit gitserver_stop
gitserver_start "$scratch/gs" || plan_skip_all 'the git server does not start'
gitserver_user gopher secret-of-gopher team
gitserver_publish team/name $module
gitserver_client
git config --global credential.helper "$helper"
git config --global credential.https://absent.example.helper "$helper"
# line 1 is another host's, so that the number says something
printf 'machine other.example login x password y\n%s\n' \
	"machine $gitserver_host login gopher password secret-of-gopher" \
	>"$HOME/team.netrc"
chmod 600 "$HOME/team.netrc"
mkdir -p "$HOME/.config/conda-go" "$scratch/module"
printf '[host "%s"]\nnetrc = ~/team.netrc\n' "$gitserver_host" \
	>"$HOME/.config/conda-go/config"
printf 'module example.com/asks\n\ngo 1.19\n' >"$scratch/module/go.mod"
cd "$scratch/module"

answer='netrc\.match at=~/team\.netrc:2 user=gopher password=yes why="host and port"'
line='^conda-go [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} \[(go=[0-9]+ )?pid=[0-9]+\] [a-z._]+( |$)'

# The module is fetched anew each time; what git has of it may stay.
cat >"$scratch/get" <<EOS
#!/bin/sh
rm -rf "\$GOMODCACHE/cache/download" "\$GOMODCACHE/git.corp.example"
git config --global --get credential.helper >/dev/null || exit 9
exec "$go_program" get $module@v1.0.0
EOS
chmod +x "$scratch/get"

# --- each kind of stderr that go may have --------------------------------------

# go_get KIND [REFUSING COMMAND…]: go's stderr is of that kind, and what came
# there is in $out.
go_get() {
	kind=$1
	shift
	rm -rf "$log" "$log.old" "$out"
	case $kind in
	terminal)
		"$lib/pty" -o "$out" "$@" "$scratch/get" ;;
	pipe)
		"$@" "$scratch/get" 2>&1 >/dev/null | cat >"$out" ;;
	plain)
		{
			echo 'this stood before' >&2
			"$@" "$scratch/get"
			echo 'this came after' >&2
		} 2>"$out" ;;
	append)
		echo 'this stood before' >"$out"
		"$@" "$scratch/get" 2>>"$out" ;;
	socket)
		"$lib/pty" -s -o "$out" "$@" "$scratch/get" ;;
	esac
}

# What of $out is not the trace.
rest() {
	grep -v '^conda-go ' "$out" || :
}

GOCONDA_TRACE=1
export GOCONDA_TRACE
added="go: added $module v1.0.0"

# The first fetch writes more than the others: go.mod is new.
"$scratch/get" >/dev/null 2>&1 || :
cp go.mod "$scratch/go.mod"
for kind in terminal pipe plain append socket; do
	for refused in '' "$lib/nogetfd"; do
		printf 'module example.com/asks\n\ngo 1.19\n' >go.mod
		# shellcheck disable=SC2086
		go_get $kind $refused && status=0 || status=$?
		how="stderr is a $kind${refused:+, pidfd_getfd refused}"
		is "$status" 0 "$how: go get succeeds"
		[ "$status" -eq 0 ] || diag "$(cat "$out")"
		want="go: downloading $module v1.0.0
$added"
		case $kind in
		plain)	want="this stood before
$want
this came after" ;;
		append)	want="this stood before
$want" ;;
		esac
		is "$(rest)" "$want" "$how: what go wrote is whole"
		case $kind$refused in
		plain/*|socket/*)
			unlike "$(cat "$out")" '^conda-go ' "$how: the trace is not there"
			like "$(cat "$log")" "$answer" "$how: it is in the log"
			is "$(stat -c %a "$log")" 600 "$how: the log is only ours"
			is "$("$conda_go" trace | cksum)" "$(cksum <"$log")" \
				"$how: conda-go trace shows it" ;;
		*)
			like "$(cat "$out")" "$answer" "$how: the trace is there"
			is "$(ls "$log" 2>/dev/null)" '' "$how: there is no log" ;;
		esac
	done
done
printf 'module example.com/asks\n\ngo 1.19\n' >go.mod
go_get plain "$lib/nogetfd" -p || :
like "$(cat "$log")" "$answer" 'pidfd_open refused: the trace is in the log'

# --- another user's terminal ---------------------------------------------------

user=65533
other_user() {
	chmod 711 "$scratch"
	mkdir -p "$scratch/user/bin" "$scratch/user/.config/conda-go" \
		"$scratch/user/module"
	cp "$helper" "$lib/nogetfd" "$scratch/user/bin/"
	cp "$gitserver_ca" "$scratch/user/ca.pem"
	cp "$HOME/.gitconfig" "$HOME/team.netrc" "$scratch/user/"
	cp "$HOME/.config/conda-go/config" "$scratch/user/.config/conda-go/"
	git config --file "$scratch/user/.gitconfig" \
		"http.$gitserver_url/.sslCAInfo" "$scratch/user/ca.pem"
	git config --file "$scratch/user/.gitconfig" \
		credential.helper "$scratch/user/bin/git-credential-conda-go"
	sed "s|^rm .*||" "$scratch/get" >"$scratch/user/get"
	chmod 755 "$scratch/user/get"
	cp go.mod "$scratch/user/module/"
	chown -R $user:$user "$scratch/user"
}

as_user() {
	env -C "$scratch/user/module" -u XDG_CONFIG_HOME -u XDG_STATE_HOME \
		-u XDG_CACHE_HOME -u XDG_DATA_HOME -u TMPDIR \
		HOME="$scratch/user" GIT_CONFIG_GLOBAL="$scratch/user/.gitconfig" \
		GOPATH="$scratch/user/go" GOCACHE="$scratch/user/cache" \
		GOMODCACHE="$scratch/user/go/mod" TMPDIR="$scratch/user" "$@"
}

user_log=$scratch/user/.local/state/conda-go/trace.log
if [ "$(id -u)" -ne 0 ]; then
	skip "another user's terminal" 'only root has one to give'
elif ! setpriv --reuid $user --regid $user --clear-groups \
	"$go_program" version >/dev/null 2>&1; then
	skip "another user's terminal" "another user cannot run $go_program"
else
	printf 'module example.com/asks\n\ngo 1.19\n' >go.mod
	other_user
	as_user "$lib/pty" -m -u $user -o "$out" "$scratch/user/get" &&
		status=0 || status=$?
	is "$status" 0 "another user's terminal: go get succeeds"
	[ "$status" -eq 0 ] || diag "$(cat "$out")"
	like "$(cat "$out")" "$answer" "another user's terminal: the trace is there"
	is "$(ls "$user_log" 2>/dev/null)" '' "another user's terminal: there is no log"
	chmod -R u+w "$scratch/user/go"
	rm -rf "$scratch/user/go/mod/cache/download" \
		"$scratch/user/go/mod/git.corp.example"
	as_user "$lib/pty" -m -u $user -o "$out" "$scratch/user/bin/nogetfd" \
		"$scratch/user/get" || :
	unlike "$(cat "$out")" '^conda-go ' \
		"another user's terminal, pidfd_getfd refused: the trace is not there"
	like "$(cat "$user_log")" "$answer" \
		"another user's terminal, pidfd_getfd refused: it is in the log"
	is "$(stat -c '%a %u' "$user_log")" "600 $user" \
		"another user's terminal: the log is that user's alone"
fi

# --- go inside go --------------------------------------------------------------

mkdir "$scratch/nested"
cd "$scratch/nested"
printf 'module example.com/outer\n\ngo 1.19\n' >go.mod
cat >gen.go <<EOS
package outer

//go:generate sh -c "cd $scratch/module && exec $scratch/get 2>$scratch/inner"
EOS
printf 'module example.com/asks\n\ngo 1.19\n' >"$scratch/module/go.mod"
rm -f "$log"
"$lib/pty" -o "$out" go generate && status=0 || status=$?
is "$status" 0 'go generate runs go get'
like "$(cat "$out")" "$answer" "go in go: the trace is on the outer one's terminal"
unlike "$(cat "$scratch/inner")" '^conda-go ' "go in go: it is not on the inner one's"
like "$(cat "$scratch/inner")" "^$added" "go in go: what the inner one wrote is whole"
is "$(sed -n 's/^conda-go .*\[go=\([0-9]*\) .*/\1/p' "$out" | sort -u | wc -l)" 1 \
	'go in go: one go is named'
cd "$scratch/module"

# --- the values of GOCONDA_TRACE -----------------------------------------------

record="protocol=https
host=$gitserver_host"
get() {
	printf '%s\n' "$record" | "$helper" get
}
reply='username=gopher
password=secret-of-gopher'

for value in '' 0 false FALSE; do
	GOCONDA_TRACE=$value
	is "$(get 2>&1)" "$reply" "GOCONDA_TRACE='$value' is off"
done
unset GOCONDA_TRACE
is "$(get 2>&1)" "$reply" 'no GOCONDA_TRACE is off'
export GOCONDA_TRACE
for value in 1 true TRUE 2; do
	GOCONDA_TRACE=$value
	like "$(get 2>&1 >/dev/null)" "$answer" "GOCONDA_TRACE=$value without go: our stderr"
done
GOCONDA_TRACE=3
is "$(get 3>"$where" 2>&1)" "$reply" 'GOCONDA_TRACE=3: nothing on stderr'
like "$(cat "$where")" "$answer" 'GOCONDA_TRACE=3: it is on fd 3'
GOCONDA_TRACE=9
# dash has no two-digit fds, and 9 is the last of them
get 9>"$where" >/dev/null
like "$(cat "$where")" "$answer" 'GOCONDA_TRACE=9: it is on fd 9'
GOCONDA_TRACE=7
is "$(get 2>&1 7>&-)" "conda-go: GOCONDA_TRACE: no trace: fd 7 is not open
$reply" 'an fd that is not open is said once, and the answer comes'
for value in ./here yes 10 -1; do
	GOCONDA_TRACE=$value
	is "$(get 2>&1)" "conda-go: GOCONDA_TRACE: no trace: '$value' is none of 1, 2 to 9, or an absolute path
$reply" "GOCONDA_TRACE=$value is said, and the answer comes"
done
is "$(ls here 2>/dev/null)" '' 'no file is made for a relative path'
GOCONDA_TRACE=$scratch/new
get >/dev/null
is "$(stat -c %a "$scratch/new")" 600 'a file that is made is only ours'
like "$(cat "$scratch/new")" "$answer" 'an absolute path is written to'
echo 'this stood before' >"$where"
GOCONDA_TRACE=$where
is "$(get 2>&1)" "$reply" 'an absolute path: nothing on stderr'
is "$(head -n 1 "$where")" 'this stood before' 'an absolute path is appended to'
like "$(cat "$where")" "$answer" 'behind what stood there'
mkfifo "$scratch/fifo"
for value in "$scratch/fifo" "$scratch" "$scratch/none/file"; do
	GOCONDA_TRACE=$value
	like "$(get 2>&1)" "^conda-go: GOCONDA_TRACE: no trace: open $value: " \
		"what cannot be opened is said (${value#"$scratch"})"
	is "$(get 2>/dev/null)" "$reply" 'and the answer comes'
done
GOCONDA_TRACE=/dev/full
is "$(get 2>&1)" "$reply" 'a full disk does not hurt'

# --- events --------------------------------------------------------------------

unset GOCONDA_TRACE
GOCONDA_TRACE_EVENT=$scratch/events
export GOCONDA_TRACE_EVENT
go_get terminal
get >/dev/null
NETRC=$scratch/none get >/dev/null
# bytes that are no UTF-8, quotes, and more than a line can hold
record="protocol=https
host=h.example
username=$(printf 'a\377"\\\303')
path=$(head -c 9000 /dev/zero | tr '\0' p)"
NETRC=$(printf '/none/a\377"\\\303') get >/dev/null 2>&1
GIT_TRACE2_PARENT_SID=20260101T000000.0Z-H1-P2 get >/dev/null 2>&1
record="protocol=https
host=$gitserver_host"
succeeds 'each line of GOCONDA_TRACE_EVENT is an event' \
	"$lib/events" <"$scratch/events"
shown=$("$lib/events" netrc.match netrc.match:user credential.get:git_sid \
	credential.get:go netrc.file:file <"$scratch/events" || :)
like "$shown" '^~/team.netrc:2$' 'with the place of the answer'
like "$shown" '^gopher$' 'and the user'
like "$shown" '^/none/a%ff"\\%c3$' 'and bytes that are no UTF-8 as %ff'
like "$shown" '^20260101T000000.0Z-H1-P2$' "and git's session"
like "$shown" '^[0-9]+$' 'and the go that asked'
unlike "$(cat "$out")" '^(conda-go|\{)' 'nothing of it is on the terminal of go'
GOCONDA_TRACE_EVENT=1
go_get terminal
grep '^{' "$out" >"$where" || :
like "$("$lib/events" netrc.match <"$where")" '^~/team.netrc:2$' \
	'GOCONDA_TRACE_EVENT=1: events are on the terminal of go'
unset GOCONDA_TRACE_EVENT

# --- what git reads ------------------------------------------------------------

# As GOAUTH=git does: what fill prints, on stdout and stderr, goes to approve.
# approved NAME: the helper's store is called, with the right password.
approved() {
	rm -f "$where"
	printf 'url=https://%s\n' "$gitserver_host" |
		GOCONDA_TRACE=1 GOCONDA_TRACE_EVENT=1 \
		git credential fill >"$scratch/combined" 2>&1 || :
	GOCONDA_TRACE=$where git credential approve <"$scratch/combined" \
		>"$scratch/said" 2>&1 && status=0 || status=$?
	is "$status" 0 "$1: approve takes what fill printed"
	is "$(cat "$scratch/said")" '' "$1: without a word"
	like "$(cat "$scratch/combined")" ' credential\.get ' "$1: the trace was in it"
	like "$(cat "$scratch/combined")" '"event":"credential.get"' "$1: and events"
	like "$(cat "$where" 2>&1)" ' credential\.store ' "$1: store is called"
}
approved 'a plain answer'
printf '%s\n' "machine $gitserver_host login gopher password a password secret-of-gopher" \
	'macdef x' 'stray words' '' 'machine "unended' >>"$HOME/team.netrc"
approved 'a netrc with warnings and a fault'
odd="$HOME/two
=lines"
sed -n 2p "$HOME/team.netrc" >"$odd"
chmod 644 "$odd"
mv "$HOME/.config/conda-go/config" "$scratch/config"
printf '[default]\nnetrc-permissions = warn\n' >"$HOME/.config/conda-go/config"
NETRC=$odd
export NETRC
approved 'a file with a line feed in its name, that others can read'
unset NETRC
mv "$scratch/config" "$HOME/.config/conda-go/config"
sed -i '3,$d' "$HOME/team.netrc"

# With no trace there is no word on stderr, whatever happens.
printf '#!/bin/sh\necho asked\n' >"$scratch/askpass"
chmod +x "$scratch/askpass"
fill() {
	printf 'url=https://%s\n' "$1" | GIT_ASKPASS=$scratch/askpass \
		git credential fill 2>"$scratch/said" >/dev/null
	cat "$scratch/said"
}
is "$(fill "$gitserver_host")" '' 'fill, a hit: no word on stderr'
is "$(fill absent.example)" '' 'fill, a miss: no word on stderr'
chmod 644 "$HOME/team.netrc"
is "$(fill "$gitserver_host")" '' 'fill, a netrc that others can read: no word'
chmod 600 "$HOME/team.netrc"
printf 'machine "%s\n' "$gitserver_host" >"$scratch/bad.netrc"
chmod 600 "$scratch/bad.netrc"
is "$(NETRC=$scratch/bad.netrc fill absent.example)" '' \
	'fill, a malformed netrc: no word'
is "$(GOCONDA_TRACE=bad fill absent.example)" '' 'fill, a bad GOCONDA_TRACE: no word'
echo '[host' >"$XDG_CONFIG_HOME/conda-go/config.bad"
mkdir -p "$scratch/bad/conda-go"
echo 'surces = netrc' >"$scratch/bad/conda-go/config"
is "$(XDG_CONFIG_HOME=$scratch/bad fill "$gitserver_host")" '' \
	'fill, a malformed policy: no word'
for verb in approve reject; do
	is "$(printf 'url=https://gopher:secret-of-gopher@%s\n' "$gitserver_host" |
		git credential $verb 2>&1)" '' "$verb: no word"
done

# git-remote-https passes our words on.
rm -f "$log"
printf 'machine other.example login x password y\n' >"$scratch/other.netrc"
chmod 600 "$scratch/other.netrc"
ask="XDG_CONFIG_HOME=$scratch/none NETRC=$scratch/other.netrc GIT_TERMINAL_PROMPT=0 \
	git ls-remote https://git.corp.example/team/name.git"
unlike "$(sh -c "$ask" 2>&1 || :)" '^conda-go' \
	'ls-remote without a credential: a miss is silent'
mkdir "$scratch/like"
printf '#!/bin/sh\n%s\nexit $?\n' "$ask" >"$scratch/like/go"
chmod +x "$scratch/like/go"
said=$("$scratch/like/go" 2>&1 || :)
like "$said" "^conda-go: no credential for https://$gitserver_host: .*other.netrc has no entry for git.corp.example; no keyring: there is no session bus here; see: conda-go config https://$gitserver_host\$" \
	'but under go: where was looked and what to type'
said=$(XDG_CONFIG_HOME=$scratch/bad GIT_TERMINAL_PROMPT=0 \
	git ls-remote https://git.corp.example/team/name.git 2>&1 || :)
like "$said" "^conda-go: .*bad/conda-go/config:1: " \
	'ls-remote with a malformed policy: file and line'
printf 'machine %s login gopher password wrong\n' "$gitserver_host" >"$scratch/wrong.netrc"
chmod 600 "$scratch/wrong.netrc"
said=$(XDG_CONFIG_HOME=$scratch/none NETRC=$scratch/wrong.netrc GIT_TERMINAL_PROMPT=0 \
	git ls-remote https://git.corp.example/team/name.git 2>&1 || :)
like "$said" "^conda-go: .* refused the credential of .*wrong.netrc:1; " \
	'ls-remote with a wrong password: which line to mend'
like "$(GOCONDA_TRACE=1 git ls-remote https://git.corp.example/team/name.git 2>&1)" \
	"$answer" 'ls-remote with a trace shows it on our stderr'

# --- eight at once -------------------------------------------------------------

# A go that costs nothing: all that counts is its name.
mkdir "$scratch/fake"
cp "$(readlink -f /bin/sh)" "$scratch/fake/go"
cat >"$scratch/eight" <<EOS
for i in 1 2 3 4 5 6 7 8; do
	(
		for j in 1 2 3 4 5 6 7 8 9 10; do
			"$helper" get <"$scratch/long" >/dev/null
		done
	) &
done
wait
EOS
printf 'protocol=https\nhost=%s\npath=%s\n' "$gitserver_host" \
	"$(head -c 3700 /dev/zero | tr '\0' p)" >"$scratch/long"

# whole NAME FILE…: every line is whole, and each of the 80 calls has its answer.
whole() {
	whole_name=$1
	shift
	is "$(cat "$@" | grep -Ecv "$line")" 0 "$whole_name: no line is cut or mixed"
	is "$(cat "$@" | grep -c ' credential\.answer url=')" 80 \
		"$whole_name: none is lost"
}

GOCONDA_TRACE=1
export GOCONDA_TRACE
sh "$scratch/eight" 2>&1 | cat >"$out"
whole 'eight into a pipe' "$out"
sh "$scratch/eight" 2>"$out"
whole 'eight into a file' "$out"
"$lib/pty" -o "$out" sh "$scratch/eight"
whole 'eight onto a terminal' "$out"
"$lib/pty" -o "$out" "$scratch/fake/go" "$scratch/eight"
whole "eight onto go's terminal" "$out"
"$lib/pty" -o "$out" "$lib/nogetfd" "$scratch/fake/go" "$scratch/eight"
whole "eight onto go's terminal, pidfd_getfd refused" "$out"
# shellcheck disable=SC2016 # the inner shell's
"$lib/pty" -o "$out" sh -c 'GOCONDA_TRACE=$(tty <&2) exec sh "$1"' sh "$scratch/eight"
whole 'eight onto a terminal by its path' "$out"
"$lib/nogetfd" "$scratch/fake/go" "$scratch/eight" 2>&1 | cat >"$out"
whole "eight into go's pipe, pidfd_getfd refused" "$out"

# The log becomes the old log at 4 MiB, while eight write.
rm -f "$log" "$log.old"
awk 'BEGIN { for (i = 0; i < 41900; i++) printf "x%098d\n", i }' >"$log"
"$lib/nogetfd" "$scratch/fake/go" "$scratch/eight" 2>"$out"
is "$(cat "$out")" '' 'rotation: the file that is stderr is left alone'
ls "$(dirname "$log")" >"$scratch/logs"
is "$(tr '\n' ' ' <"$scratch/logs")" 'trace.log trace.log.old ' \
	'rotation: one log and one old log'
is "$(grep -c '^x' "$log.old")" 41900 'rotation: what was there is in the old one'
grep -hv '^x' "$log.old" "$log" >"$scratch/both" || :
whole 'rotation' "$scratch/both"
ok $(($(stat -c %s "$log.old") > 4194304 + 65536)) 'rotation: at about 4 MiB'
is "$(stat -c %a "$log")" 600 'rotation: the new log is only ours'
is "$("$conda_go" trace | cksum)" "$(cat "$log.old" "$log" | cksum)" \
	'conda-go trace shows the old one first'
is "$("$conda_go" trace --path)" "$log" 'conda-go trace --path'
# The first event of every call has the rail, and why.
for verb in get store erase; do
	rm -f "$scratch/first"
	printf 'protocol=https\nhost=h.example\nusername=u\npassword=p\n\n' |
		GOCONDA_TRACE=$scratch/first "$helper" \
			"$verb" >"$scratch/out" 2>&1 || :
	like "$(head -n 1 "$scratch/first")" \
		" credential\.$verb url=https://h\.example .* rail=https allowed=yes why=." \
		"$verb: rail and why are in the first event"
done
rm -f "$scratch/first"
GOCONDA_TRACE=$scratch/first "$conda_go" goauth \
	'https://h.example/x?go-get=1' >"$scratch/out" 2>&1 </dev/null || :
like "$(grep goauth "$scratch/first" | head -n 1)" \
	' goauth\.get url=https://h\.example/x.* rail=https allowed=yes why=.' \
	"goauth: rail and why are in the first event"

done_testing
