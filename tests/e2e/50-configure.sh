#!/bin/sh
# configure and unconfigure: idempotent, undoing exactly what was done, other
# helpers untouched, in each of git's scopes.
# shellcheck disable=SC2154 # scratch is sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
bin=${CONDA_GO_BUILD:-$top/build}/bin
helper=$bin/git-credential-conda-go

private_home
conda_go=$bin/conda-go
global() {
	git config --global --get-all credential.helper || :
}

# There was no file: there is none afterwards.
succeeds "configure where there is no ~/.gitconfig" "$conda_go" configure
is "$(global)" "$helper" "adds the helper by its whole path"
said=$("$conda_go" configure --global)
is "$(global)" "$helper" "a second configure adds nothing"
like "$said" '^# credential.helper \(global\) has it already' "and says so"
succeeds "unconfigure" "$conda_go" unconfigure
fails "takes away the file that configure made" test -e "$GIT_CONFIG_GLOBAL"
said=$("$conda_go" unconfigure)
like "$said" '^# nothing to undo \(global\)' "a second unconfigure does nothing"

# A file with other helpers, comments and odd layout comes back as it was.
cat >"$GIT_CONFIG_GLOBAL" <<-'EOF'
	# mine
	[credential]
		helper = cache --timeout=60
		helper = !f() { :; }; f   ; a comment
	[credential "https://example.com"]
		helper = store
	[user]
	name = A
EOF
cp "$GIT_CONFIG_GLOBAL" "$scratch/before"
"$conda_go" configure >/dev/null
is "$(global | tail -n 1)" "$helper" "configure adds behind other helpers"
is "$(global | wc -l)" 3 "which stay"
"$conda_go" unconfigure >/dev/null
succeeds "unconfigure leaves every byte as it was" \
	cmp "$GIT_CONFIG_GLOBAL" "$scratch/before"

# What the user had written stays.
git config --global --add credential.helper "$helper"
cp "$GIT_CONFIG_GLOBAL" "$scratch/before"
"$conda_go" configure >/dev/null
"$conda_go" unconfigure >/dev/null
succeeds "a helper line of the user's own is not undone" \
	cmp "$GIT_CONFIG_GLOBAL" "$scratch/before"
rm "$GIT_CONFIG_GLOBAL"

# A value that was edited away in between, and a scope that never was.
"$conda_go" configure >/dev/null
git config --global --unset-all credential.helper
succeeds "unconfigure where somebody was faster" "$conda_go" unconfigure
rm -f "$GIT_CONFIG_GLOBAL"

# --local is this repository, and only this.
git init -q "$scratch/a"
git init -q "$scratch/b"
fails "--local outside a repository fails" \
	env -C / "$conda_go" configure --local
(cd "$scratch/a" && "$conda_go" configure --local >/dev/null)
(cd "$scratch/b" && "$conda_go" configure --local >/dev/null)
(cd "$scratch/a" && "$conda_go" unconfigure --local >/dev/null)
is "$(git -C "$scratch/a" config --local credential.helper || :)" "" \
	"unconfigure --local undoes this repository"
is "$(git -C "$scratch/b" config --local credential.helper || :)" "$helper" \
	"and leaves the other"
(cd "$scratch/b" && "$conda_go" unconfigure --local >/dev/null)
unset GIT_CONFIG_NOSYSTEM
GIT_CONFIG_SYSTEM=$scratch/gitconfig
export GIT_CONFIG_SYSTEM
"$conda_go" configure --system >/dev/null
is "$(git config --system credential.helper)" "$helper" "--system"
"$conda_go" unconfigure --system >/dev/null
is "$(git config --system credential.helper || :)" "" "and undone"
GIT_CONFIG_NOSYSTEM=1
unset GIT_CONFIG_SYSTEM
export GIT_CONFIG_NOSYSTEM
state=$XDG_STATE_HOME/conda-go/configured
is "$(cat "$state")" "" "nothing is left written down"
is "$(stat -c %a "$state")" 600 "in a file of ours alone"

# The words for the shell.
exports=$("$conda_go" configure)
like "$exports" "^export GIT_SSH_COMMAND=$bin/conda-go-ssh\$" "GIT_SSH_COMMAND"
like "$exports" '^export GIT_SSH_VARIANT=ssh$' "GIT_SSH_VARIANT"
like "$exports" "^export GOAUTH='$bin/conda-go goauth'\$" "GOAUTH"
is "$(eval "$exports" && echo "$GIT_SSH_COMMAND $GOAUTH")" \
	"$bin/conda-go-ssh $bin/conda-go goauth" "are what a shell reads back"
exports=$(PATH=$bin:$PATH conda-go configure)
like "$exports" "^export GOAUTH='conda-go goauth'\$" "bare names on PATH"
"$conda_go" unconfigure >/dev/null

# A folder with a space, a quote and a dollar: git must still find the helper.
odd="$scratch/my 'to\$ols"
mkdir "$odd"
cp "$conda_go" "$odd/conda-go"
ln -s conda-go "$odd/git-credential-conda-go"
ln -s conda-go "$odd/conda-go-ssh"
exports=$("$odd/conda-go" configure)
(umask 077 && echo 'machine h.example login u password p' >"$scratch/netrc")
said=$(echo 'url=https://h.example' |
	NETRC=$scratch/netrc GIT_TERMINAL_PROMPT=0 git credential fill)
like "$said" '^username=u$' "git runs the helper from an odd folder"
said=$(eval "$exports" && sh -c "$GIT_SSH_COMMAND"' "$@"' sh 2>&1) || :
like "$said" '^conda-go: no host' "and GIT_SSH_COMMAND from there"
"$odd/conda-go" unconfigure >/dev/null
is "$(global)" "" "and unconfigure takes it away again"

# What cannot be done changes nothing.
fails "an unknown option is refused" "$conda_go" configure --everywhere
# Root writes everywhere, so this is tried as nobody.
as_nobody=
[ "$(id -u)" != 0 ] || as_nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
bare=$(mktemp -d /tmp/cg.XXXXXX)
on_exit "rm -rf $bare"
cp "$conda_go" "$bare/conda-go"
ln -s conda-go "$bare/git-credential-conda-go"
chmod 555 "$bare"
# shellcheck disable=SC2086
said=$($as_nobody env -u XDG_STATE_HOME -u GIT_CONFIG_GLOBAL HOME="$bare" \
	"$bare/conda-go" configure 2>&1) && status=0 || status=$?
is "$status" 1 "a home that cannot be written"
like "$said" '^conda-go: mkdir .*Permission denied' "is one clear line"
chmod 755 "$bare"

# git fails behind us: what was written down is taken back.
mkdir "$scratch/broken"
printf '#!/bin/sh\ncase $* in *--get-all*) exit 1 ;; esac\nexit 4\n' \
	>"$scratch/broken/git"
chmod +x "$scratch/broken/git"
said=$(PATH=$scratch/broken:$PATH "$conda_go" configure 2>&1) && status=0 ||
	status=$?
like "$said" 'git config --global failed; nothing was changed' \
	"a git that cannot write its file"
said=$(PATH=/nonexistent "$conda_go" configure 2>&1) && status=0 || status=$?
is "$status" 1 "without git it fails"
like "$said" '^conda-go: no git found on PATH; install git$' "and says why"
is "$(cat "$state")" "" "and nothing was written down"

done_testing
