#!/bin/sh
# Which keys log in, from a file and from an agent, and what is said where none
# does. Diagnostics tell which were handed over to OpenSSH, and why.
# shellcheck disable=SC2119,SC2154 # status, config and the like are sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/sshserver.sh disable=SC1091
. "$top/tests/lib/sshserver.sh"
# shellcheck source=tests/lib/sshclient.sh disable=SC1091
. "$top/tests/lib/sshclient.sh"

private_home
ssh-keygen -q -t ed25519 -N '' -f "$scratch/ca"
# shellcheck disable=SC2034 # sshserver.sh's
sshserver_options="TrustedUserCAKeys $scratch/ca.pub"
on_exit sshserver_stop
sshclient_start
said=$scratch/said
keys=$HOME/.ssh

# new NAME WORDS…: a key that may log in, with ssh-keygen's words.
new() {
	new_name=$1
	shift
	sshserver_key "$keys/$new_name" "$@" 2>/dev/null
}

# client LINE…: the client's configuration, with nothing that it is not given.
client() {
	sshclient_configure "$@"
	sed '/^IdentityFile .*\/key$/d; /^IdentitiesOnly yes$/d' "$config" \
		>"$config.new"
	printf '%s\n' "$@" | grep '^Identit' | cat - "$config.new" >"$config"
}

connect() {
	: >"$events"
	sshserver_forget
	GOCONDA_TRACE_EVENT=$events
	export GOCONDA_TRACE_EVENT
	status_of run true </dev/null >"$said" 2>&1
	unset GOCONDA_TRACE_EVENT
	! ours || [ -z "$(handed_over)" ] ||
		diag "$1: handed over to OpenSSH: $(handed_over)"
}

# enters NAME LINE…, stays_out NAME PATTERN LINE…: with these lines of
# configuration, on one connection. What we say is like PATTERN; where OpenSSH
# does it, its words are its own.
enters() {
	enters_name=$1
	shift
	client "$@"
	connect "$enters_name"
	is "$status" 0 "$enters_name"
	[ "$status" -eq 0 ] || diag "$(cat "$said")"
	ok $(($(sshserver_connections) > 1)) "$enters_name: one connection at most"
}

# our_own NAME: the keys that every libssh2 can do are not handed over.
our_own() {
	case $1 in
	ed25519*|ecdsa-[0-9]*)
		! ours || is "$(handed_over)" "" "$1: our own work" ;;
	esac
}

stays_out() {
	stays_name=$1 stays_like=$2
	shift 2
	client "$@"
	connect "$stays_name"
	is "$status" 255 "$stays_name: 255"
	ours && [ -z "$(handed_over)" ] || stays_like=.
	like "$(cat "$said")" "$stays_like" "$stays_name: and why is said"
	ok $(($(sshserver_connections) > 1)) "$stays_name: one connection at most"
}

# --- from a file ------------------------------------------------------------

only='IdentitiesOnly yes'
new ed25519 -t ed25519
for bits in 256 384 521; do
	new ecdsa-$bits -t ecdsa -b $bits
done
new rsa -t rsa -b 3072
new rsa-pem -t rsa -b 2048 -m PEM
new rsa-pkcs8 -t rsa -b 2048 -m PKCS8
new ecdsa-pem -t ecdsa -m PEM
for k in ed25519 ecdsa-256 ecdsa-384 ecdsa-521 rsa rsa-pem rsa-pkcs8 ecdsa-pem; do
	enters "$k from a file" "IdentityFile $keys/$k" "$only"
	our_own "$k from a file"
done
cp "$keys/ed25519" "$keys/alone"
enters "a file without its .pub" "IdentityFile $keys/alone" "$only"
for k in ed25519 rsa; do
	ssh-keygen -q -t $k -N '' -f "$keys/cert-$k"
	ssh-keygen -q -s "$scratch/ca" -I test -n "$sshserver_user" \
		"$keys/cert-$k.pub"
	enters "a certificate beside the key ($k)" \
		"IdentityFile $keys/cert-$k" "$only"
done

# --- what a file can lack ---------------------------------------------------

new encrypted -t ed25519 -N phrase
new encrypted-rsa -t rsa -b 2048 -m PEM -N phrase
for k in encrypted encrypted-rsa; do
	stays_out "$k, and nobody to ask" '^conda-go: .*passphrase' \
		"IdentityFile $keys/$k" "$only"
done
enters "an encrypted key before one that is not" \
	"IdentityFile $keys/encrypted" "IdentityFile $keys/ed25519" "$only"
cp "$keys/ed25519" "$keys/loose"
chmod 644 "$keys/loose"
stays_out "a file that others can read" '^conda-go: .*loose.*chmod 600' \
	"IdentityFile $keys/loose" "$only"
echo 'no key' >"$keys/broken"
chmod 600 "$keys/broken"
stays_out "a file that holds no key" '^conda-go: .*broken' \
	"IdentityFile $keys/broken" "$only"
enters "it spoils nothing" "IdentityFile $keys/broken" \
	"IdentityFile $keys/ed25519" "$only"
stays_out "a file that is not there" '^conda-go: .*nonesuch' \
	"IdentityFile $keys/nonesuch" "$only"
stays_out "no key at all" '^conda-go: .*127\.0\.0\.1' 'IdentityFile none' "$only"

# A key whose secret is in a token that nobody has; ssh-keygen would want it.
cat >"$keys/sk" <<-'EOF'
	-----BEGIN OPENSSH PRIVATE KEY-----
	b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAASgAAABpzay1zc2
	gtZWQyNTUxOUBvcGVuc3NoLmNvbQAAACAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRob
	HB0eHwAAAARzc2g6AAAAaAAAAAEAAAABAAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY2
	9tAAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fAAAABHNzaDoBAAAACG5v
	IHRva2VuAAAAAAAAAAAB
	-----END OPENSSH PRIVATE KEY-----
EOF
chmod 600 "$keys/sk"
ssh-keygen -y -f "$keys/sk" >"$keys/sk.pub"
sshserver_authorize "$keys/sk.pub"
stays_out "a key in a token that is not there" . "IdentityFile $keys/sk" "$only"
enters "a token before a file" "IdentityFile $keys/sk" \
	"IdentityFile $keys/ed25519" "$only"

# --- more than one ----------------------------------------------------------

for n in 1 2 3 4 5 6 7; do
	ssh-keygen -q -t ed25519 -N '' -f "$keys/stranger$n"
done
enters "a key that is refused before one that is not" \
	"IdentityFile $keys/stranger1" "IdentityFile $keys/ed25519" "$only"
is "$(sshserver_connections)" 1 "it takes one connection"
stays_out "a key that the server does not know" '^conda-go: .*127\.0\.0\.1' \
	"IdentityFile $keys/stranger1" "$only"
# shellcheck disable=SC2046
stays_out "more keys than the server has patience for" \
	'^conda-go: .*127\.0\.0\.1' \
	$(printf "IdentityFile=$keys/stranger%d\n" 1 2 3 4 5 6 7) \
	"IdentityFile=$keys/ed25519" "$only"

# --- from an agent ----------------------------------------------------------

agent_program=$(command -v ssh-agent)
SSH_AUTH_SOCK=$scratch/agent/socket
export SSH_AUTH_SOCK
agent() {
	server_stop "$scratch/agent"
	mkdir -p "$scratch/agent/log" "$scratch/agent/tmp"
	server_run "$scratch/agent" agent "$agent_program" -D -a "$SSH_AUTH_SOCK"
	agent_left=100
	until [ -S "$SSH_AUTH_SOCK" ] || [ $agent_left -eq 0 ]; do
		agent_left=$((agent_left - 1))
		sleep 0.02
	done
	cat >"$scratch/phrase" <<-'EOT'
		#!/bin/sh
		echo phrase
	EOT
	chmod +x "$scratch/phrase"
	for agent_key; do
		SSH_ASKPASS=$scratch/phrase SSH_ASKPASS_REQUIRE=force \
			ssh-add -q "$keys/$agent_key" </dev/null
	done
}
on_exit "server_stop '$scratch/agent'"

for k in ed25519 ecdsa-256 ecdsa-384 ecdsa-521 rsa encrypted cert-ed25519 cert-rsa; do
	agent $k
	enters "$k from an agent"
	our_own "$k from an agent"
done
agent stranger1 ed25519
enters "an agent with one that is refused before one that is not"
is "$(sshserver_connections)" 1 "it takes one connection"
stays_out "IdentitiesOnly keeps to the files" '^conda-go: .*127\.0\.0\.1' \
	"IdentityFile $keys/stranger2" "$only"
mkdir "$keys/public"
cp "$keys/ed25519.pub" "$keys/public/ed25519.pub"
enters "a .pub names the agent's key" \
	"IdentityFile $keys/public/ed25519.pub" "$only"
agent encrypted
enters "the agent has what the encrypted file holds" \
	"IdentityFile $keys/encrypted" "$only"
agent
enters "an agent without keys, and a file" "IdentityFile $keys/ed25519"
server_stop "$scratch/agent"
enters "an agent that has gone, and a file" "IdentityFile $keys/ed25519"
other=$SSH_AUTH_SOCK
agent ed25519
SSH_AUTH_SOCK=/nonexistent
enters "IdentityAgent names another socket" "IdentityAgent $other"

# --- a server with limits of its own ----------------------------------------

# another_server LINE…: with these lines of configuration.
another_server() {
	sshserver_stop
	sshserver_options=$(printf '%s\n' "$@")
	sshserver_serve sshserver_sshd_run
	sshserver_known_hosts >"$known_hosts"
}

another_server 'MaxAuthTries 2'
stays_out "more keys than the server lets us try" \
	'^conda-go: one key would do: name it with IdentityFile' \
	"IdentityFile $keys/stranger1" "IdentityFile $keys/stranger2" \
	"IdentityFile $keys/ed25519" "$only"
! ours || like "$(cat "$said")" '^conda-go: .* ended the connection: Too many' \
	"the server's own words are first"
another_server 'AuthenticationMethods publickey,keyboard-interactive' \
	'KbdInteractiveAuthentication yes'
stays_out "a key is not enough" \
	'^conda-go: .* wants more than a key of .*; set ssh = openssh' \
	"IdentityFile $keys/ed25519" "$only"

done_testing
