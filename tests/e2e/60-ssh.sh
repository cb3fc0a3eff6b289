#!/bin/sh
# conda-go-ssh: each call goes whole to the system's ssh, and the trace says so.
# The ssh here writes down what it was given: no real one can be made to.
# shellcheck disable=SC2154 # scratch is sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
bin=${CONDA_GO_BUILD:-$top/build}/bin

private_home
mkdir "$scratch/path" "$XDG_CONFIG_HOME/conda-go"
cat >"$scratch/path/ssh" <<-'EOF'
	#!/bin/sh
	for a; do printf '%s\n' "$a"; done >"$SSH_LOG"
	umask >>"$SSH_LOG"
	case $* in *fail*) exit 7 ;; esac
	exec cat
EOF
chmod +x "$scratch/path/ssh"
PATH=$scratch/path:$PATH
SSH_LOG=$scratch/log
SSH_ASKPASS_REQUIRE=force # somebody can be asked, as far as anybody knows
export PATH SSH_LOG SSH_ASKPASS_REQUIRE
config=$XDG_CONFIG_HOME/conda-go/config
: >"$config"
umask 027

said=$(echo through | "$bin/conda-go-ssh" -o SendEnv=GIT_PROTOCOL -p 2222 \
	git@h.example "git-upload-pack '/team/x.git'")
is "$said" through "stdin and stdout are ssh's own"
is "$(cat "$SSH_LOG")" "-o
SendEnv=GIT_PROTOCOL
-p
2222
git@h.example
git-upload-pack '/team/x.git'
0027" "argv is passed on word by word, and the umask is the caller's"
"$bin/conda-go-ssh" h.example fail </dev/null && status=0 || status=$?
is "$status" 7 "so is the exit status"

said=$(GOCONDA_TRACE=1 "$bin/conda-go-ssh" git@h.example true 2>&1 </dev/null)
like "$(printf '%s\n' "$said" | head -n 1)" \
	' ssh.call url=ssh://git@h.example .* rail=ssh allowed=yes why=' \
	"the trace's first event has the host, the rail and why"
like "$said" " ssh.handover to=$scratch/path/ssh why=\"h.example is not known, and ssh can ask" \
	"and that the call is handed over"
# shellcheck disable=SC2086 # CC may hold options, as make has it
${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O1 -shared -fPIC -o "$scratch/nolibrary.so" \
	"$top/tests/lib/preload/nolibrary.c"
said=$(LD_PRELOAD=$scratch/nolibrary.so ASAN_OPTIONS=verify_asan_link_order=0 \
	GOCONDA_TRACE=1 "$bin/conda-go-ssh" git@h.example true 2>&1 </dev/null)
like "$said" " ssh.handover .*why=\"libssh2.so.1 cannot be loaded: " \
	"so it is where there is no libssh2"
said=$(GOCONDA_SSH=openssh GOCONDA_TRACE=1 "$bin/conda-go-ssh" h true 2>&1 </dev/null)
like "$said" ' ssh.handover .*why=GOCONDA_SSH=openssh' "GOCONDA_SSH=openssh"
like "$(printf '%s\n' "$said" | head -n 1)" ' ssh.call .*rail=ssh why="GOCONDA_SSH=' \
	"which is in the first event"
said=$(GOCONDA_SSH=opensssh GOCONDA_TRACE=1 "$bin/conda-go-ssh" h true 2>&1 </dev/null)
like "$said" '^conda-go: GOCONDA_SSH is neither openssh nor auto' "a slip of it is said"
said=$(unset SSH_ASKPASS_REQUIRE; setsid -w "$bin/conda-go-ssh" h.example true 2>&1 \
	</dev/null) && status=0 || status=$?
is "$status" 255 "nobody to be asked: no ssh is"
like "$said" '^conda-go: no key to log in to h.example port 22 ' "but the reason is given"

cat >"$config" <<-'EOF'
	[host "h.example"]
	ssh = openssh
	[host "h.example/team"]
	identity = ~/.ssh/team
	[host "closed.example"]
	rail = https
	[host "[fd00::ab]"]
	rail = https
EOF
said=$("$bin/conda-go-ssh" git@h.example "git-upload-pack '/team/x.git'" 2>&1 \
	</dev/null) && status=0 || status=$?
is "$status" 255 "an identity that is not there is no reason for another one"
like "$said" '^conda-go: the policy.s identity for this host, ~/.ssh/team, is not there' \
	"and that is said"
mkdir -p "$HOME/.ssh"
: >"$HOME/.ssh/team"
said=$(GOCONDA_TRACE=1 "$bin/conda-go-ssh" git@h.example \
	"git-upload-pack '/team/x.git'" 2>&1 </dev/null)
like "$said" 'why="the policy says ssh = openssh"' "ssh = openssh in the policy"
is "$(head -n 4 "$SSH_LOG" | tr '\n' ' ')" \
	"-i $HOME/.ssh/team -o IdentitiesOnly=yes " "the policy's identity, by path"
"$bin/conda-go-ssh" git@h.example "git-upload-pack '/other/x.git'" </dev/null
is "$(head -n 1 "$SSH_LOG")" git@h.example "and not for another path"
rm "$SSH_LOG"
said=$("$bin/conda-go-ssh" git@closed.example true 2>&1 </dev/null) &&
	status=0 || status=$?
is "$status" 255 "a host that the policy keeps off this rail is refused"
like "$said" '^conda-go: no connection to ssh://git@closed.example: ' "says why"
fails "and ssh is not started" test -e "$SSH_LOG"
for six in git@fd00::ab 'ssh://git@[fd00::AB]:22'; do
	said=$("$bin/conda-go-ssh" "$six" true 2>&1 </dev/null) &&
		status=0 || status=$?
	is "$status" 255 "so is an IPv6 address: $six"
	like "$said" '^conda-go: no connection to ssh://git@\[fd00::..\]' \
		"in brackets"
	fails "and ssh is not started" test -e "$SSH_LOG"
done

# Under go: what go itself would have added, had nobody set GIT_SSH_COMMAND.
cat >"$scratch/path/go" <<-EOF
	#!/bin/sh
	"$bin/conda-go-ssh" git@h2.example true </dev/null
	exit \$?
EOF
chmod +x "$scratch/path/go"
GOCONDA_SSH=openssh "$scratch/path/go"
is "$(head -n 4 "$SSH_LOG" | tr '\n' ' ')" \
	"-o BatchMode=yes -o ControlMaster=no " "never a prompt under go"
rm "$SSH_LOG"
said=$("$scratch/path/go" 2>&1) && status=0 || status=$?
is "$status" 255 "nor is it asked for a password"
like "$said" '^conda-go: no key to log in to h2.example port 22 with as git; ' \
	"but the reason is given"
fails "and ssh is not started" test -e "$SSH_LOG"

# What git asks before it trusts an ssh; offline, policy or not.
echo nonsense >"$config"
succeeds "-G is answered whatever the policy" \
	"$bin/conda-go-ssh" -G -o SendEnv=GIT_PROTOCOL -p 22 git@h.example
rm -f "$SSH_LOG"
said=$("$bin/conda-go-ssh" -G -J jump -p 23 git@h.example)
is "$(echo "$said" | head -n 4)" "host h.example
user git
hostname h.example
port 23" "by ourselves"
fails "so that no other ssh is started" test -e "$SSH_LOG"
said=$(GOCONDA_TRACE=1 "$bin/conda-go-ssh" -G -F none -J j h 2>&1 >/dev/null)
like "$said" ' ssh.settings host=h .*openssh=-J' "the trace says what is OpenSSH's"
mkdir "$scratch/asks"
cat >"$scratch/asks/go" <<-EOF
	#!/bin/sh
	"$bin/conda-go-ssh" -G -o BatchMode=no h
	exit \$?
EOF
chmod +x "$scratch/asks/go"
is "$("$scratch/asks/go" | sed -n '/^batchmode/p')" "batchmode yes" \
	"and under go nobody is asked anything"
fails "what ssh would refuse, so is here" "$bin/conda-go-ssh" -G -o Port=0 h
succeeds "-V needs no host" "$bin/conda-go-ssh" -V
said=$("$bin/conda-go-ssh" git@h.example true 2>&1 </dev/null) && status=0 ||
	status=$?
is "$status" 255 "a broken policy file stops a connection"
like "$said" '^conda-go: ~/.config/conda-go/config:1: ' "with file and line"
succeeds "but not where GOCONDA_SSH=openssh is the way out" \
	env GOCONDA_SSH=openssh "$bin/conda-go-ssh" git@h.example true </dev/null
: >"$config"

for bad in '-oProxyCommand=x' 'x@-oProxyCommand=x' 'h;id' "h\$(id)" "a\`id\`@h" \
	'a b -o@h' 'u\@h' ''; do
	rm -f "$SSH_LOG"
	"$bin/conda-go-ssh" -- "$bad" true >/dev/null 2>&1 </dev/null &&
		status=0 || status=$?
	is "$status" 255 "refused as OpenSSH does: $bad"
	fails "and ssh is not started" test -e "$SSH_LOG"
done
said=$(PATH=/nonexistent "$bin/conda-go-ssh" h true 2>&1 </dev/null) &&
	status=0 || status=$?
is "$status" 255 "no ssh at all"
like "$said" '^conda-go: no ssh found on PATH, .*h is not known.*; install openssh-client$' "is said"

# Somebody links us as ssh itself: we must not start ourselves for ever.
ln -s "$bin/conda-go" "$scratch/path/conda-go-ssh"
mkdir "$scratch/first" "$scratch/folder" "$scratch/folder/ssh"
ln -s "$bin/conda-go" "$scratch/first/ssh"
said=$(PATH=$scratch/folder:$scratch/first:$PATH GOCONDA_TRACE=1 "$bin/conda-go-ssh" h true \
	2>&1 </dev/null)
like "$said" "ssh.handover to=$scratch/path/ssh" \
	"a folder and a link to ourselves are passed over"

done_testing
