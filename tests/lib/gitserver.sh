# shellcheck shell=sh
# A private git server: git http-backend behind nginx, with TLS and passwords,
# on 127.0.0.1 and a port of its own. To be sourced with `top` set to the root of
# the tree; contrib/bootstrap has unpacked the servers. All it writes is in the
# folder it is given, and it runs as whoever calls it.
#
#	on_exit gitserver_stop
#	gitserver_start "$scratch/gs"
#	gitserver_user gopher "$password"
#	gitserver_publish team/name git.corp.example/team/name.git
#	gitserver_publish team/greet git.corp.example/team/greet.git \
#		git.corp.example/team/name.git
#	gitserver_client
#	go get git.corp.example/team/greet.git@v1.0.0
#	gitserver_requests | grep "^200	gopher	"
#
# Set for the caller: gitserver_dir, gitserver_port, gitserver_host
# (git.corp.example:PORT, the host that a credential helper is asked for),
# gitserver_url (https://HOST) and gitserver_ca (the CA's certificate, a file).
# A GITSERVER_PORT in the environment is taken instead of a free one.

# shellcheck source=tests/lib/server.sh disable=SC1091,SC2154 # top is the caller's
. "$top/tests/lib/server.sh"

gitserver_die() {
	echo "gitserver: $*" >&2
	[ ! -s "$gitserver_dir/log/error" ] ||
		tail -n 5 "$gitserver_dir/log/error" >&2
	return 1
}

# A CA, and a certificate for every name the server goes by.
gitserver_certificates() {
	(
	cd "$gitserver_dir" || exit 1
	cat >openssl.cnf <<-'EOF'
	[req]
	distinguished_name = name
	prompt = no
	[name]
	CN = conda-go test
	[ca]
	basicConstraints = critical, CA:TRUE
	keyUsage = critical, keyCertSign, cRLSign
	subjectKeyIdentifier = hash
	[server]
	basicConstraints = critical, CA:FALSE
	keyUsage = critical, digitalSignature
	extendedKeyUsage = serverAuth
	subjectAltName = DNS:git.corp.example, DNS:localhost, IP:127.0.0.1, IP:::1
	EOF
	OPENSSL_CONF=$gitserver_dir/openssl.cnf
	export OPENSSL_CONF
	umask 077
	openssl ecparam -name prime256v1 -genkey -noout -out ca.key &&
	openssl ecparam -name prime256v1 -genkey -noout -out server.key &&
	openssl req -x509 -new -key ca.key -subj '/CN=conda-go test CA' -days 2 \
		-extensions ca -out ca.pem &&
	openssl req -new -key server.key -subj /CN=git.corp.example -out server.csr &&
	openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -set_serial 2 \
		-days 2 -extfile openssl.cnf -extensions server -out server.pem
	) >"$gitserver_dir/log/openssl" 2>&1 || {
		tail -n 5 "$gitserver_dir/log/openssl" >&2
		gitserver_die "openssl made no certificates"
	}
}

# The first component of a path is a team with accounts of its own, in
# users/TEAM; a team without that file is forbidden to all. Go's question for an
# import path (?go-get=1) is answered behind the same password.
gitserver_configure() {
	gitserver_user_line=
	[ "$(id -u)" != 0 ] || gitserver_user_line='user root;'
	cat >"$gitserver_dir/nginx.conf" <<-EOF
	daemon off;
	master_process off;
	$gitserver_user_line
	pid $gitserver_dir/nginx.pid;
	error_log $gitserver_dir/log/error notice;
	events { worker_connections 256; }
	http {
		log_format ours "\$status\\t\$remote_user\\t\$request_method\\t\$request_uri";
		access_log $gitserver_dir/log/access ours;
		client_body_temp_path $gitserver_dir/tmp/body;
		proxy_temp_path $gitserver_dir/tmp/proxy;
		fastcgi_temp_path $gitserver_dir/tmp/fastcgi;
		uwsgi_temp_path $gitserver_dir/tmp/uwsgi;
		scgi_temp_path $gitserver_dir/tmp/scgi;
		client_max_body_size 0;
		default_type text/html;
		upstream backend {
			least_conn;
			server unix:$gitserver_dir/cgi1;
			server unix:$gitserver_dir/cgi2;
			server unix:$gitserver_dir/cgi3;
		}
		server {
			listen 127.0.0.1:$gitserver_port ssl;
			ssl_certificate $gitserver_dir/server.pem;
			ssl_certificate_key $gitserver_dir/server.key;
			auth_basic "git.corp.example";
			auth_basic_user_file $gitserver_dir/users/\$team;
			location ~ ^/goget/(?<team>[A-Za-z0-9_-]+) {
				internal;
				root $gitserver_dir;
			}
			location ~ ^/(?<team>[A-Za-z0-9_-]+) {
				if (\$args ~ "(^|&)go-get=1(&|\$)") {
					rewrite ^(.*)\$ /goget\$1.html last;
				}
				fastcgi_pass backend;
				fastcgi_param SCRIPT_FILENAME $gitserver_backend;
				fastcgi_param GIT_PROJECT_ROOT $gitserver_dir/repos;
				fastcgi_param GIT_HTTP_EXPORT_ALL 1;
				fastcgi_param GIT_PROTOCOL \$http_git_protocol;
				fastcgi_param HTTP_CONTENT_ENCODING \$http_content_encoding;
				fastcgi_param PATH_INFO \$uri;
				fastcgi_param QUERY_STRING \$query_string;
				fastcgi_param REQUEST_METHOD \$request_method;
				fastcgi_param CONTENT_TYPE \$content_type;
				fastcgi_param CONTENT_LENGTH \$content_length;
				fastcgi_param REMOTE_USER \$remote_user;
				fastcgi_param REMOTE_ADDR \$remote_addr;
			}
			location / { auth_basic off; return 404; }
		}
	}
	EOF
}

# Whether a TLS handshake and a request have been answered as they should.
gitserver_answers() {
	printf 'GET /ready HTTP/1.0\r\n\r\n' |
		openssl s_client -quiet -verify_return_error -CAfile "$gitserver_ca" \
			-connect "127.0.0.1:$gitserver_port" 2>/dev/null |
		grep -q '^HTTP/1.1 40'
}

# 0: it answers; 1: it does not, in ten seconds; 2: its port was taken.
gitserver_listen() {
	gitserver_nginx=$(server_program nginx) || return 1
	server_run "$gitserver_dir" nginx "$gitserver_nginx" -p "$gitserver_dir" \
		-e "$gitserver_dir/log/error" -c "$gitserver_dir/nginx.conf" || return 1
	gitserver_nginx=$server_pid
	gitserver_left=200
	while [ $gitserver_left -gt 0 ]; do
		if ! server_alive "$gitserver_nginx"; then
			grep -q 'Address already in use' "$gitserver_dir/log/error" || return 1
			return 2
		fi
		if [ -S "$gitserver_dir/cgi1" ] && [ -S "$gitserver_dir/cgi2" ] &&
			[ -S "$gitserver_dir/cgi3" ] && [ -f "$gitserver_dir/nginx.pid" ] &&
			gitserver_answers; then
			return 0
		fi
		gitserver_left=$((gitserver_left - 1))
		sleep 0.05
	done
	return 1
}

# gitserver_start DIR: DIR is made if need be. Returns when it answers. Not to be
# called in a subshell: the servers end with the shell that started them.
gitserver_start() {
	mkdir -p "$1"
	gitserver_dir=$(cd "$1" && pwd)
	gitserver_ca=$gitserver_dir/ca.pem
	gitserver_backend=$(git --exec-path)/git-http-backend
	chmod 700 "$gitserver_dir"
	mkdir -p "$gitserver_dir/log" "$gitserver_dir/tmp" "$gitserver_dir/repos" \
		"$gitserver_dir/users" "$gitserver_dir/goget"
	: >"$gitserver_dir/log/access"
	gitserver_certificates || return 1
	rm -f "$gitserver_dir"/cgi?
	gitserver_cgi=$(server_program fcgiwrap) || return 1
	for gitserver_n in 1 2 3; do
		server_run "$gitserver_dir" cgi "$gitserver_cgi" -f \
			-p "$gitserver_backend" -s "unix:$gitserver_dir/cgi$gitserver_n" || return 1
	done
	for _ in 1 2 3 4 5; do
		if [ -n "${GITSERVER_PORT:-}" ]; then
			gitserver_port=$GITSERVER_PORT
		else
			gitserver_port=$(server_free_port)
		fi
		gitserver_host=git.corp.example:$gitserver_port
		gitserver_url=https://$gitserver_host
		gitserver_configure
		rm -f "$gitserver_dir/nginx.pid" "$gitserver_dir/log/error"
		gitserver_status=0
		gitserver_listen || gitserver_status=$?
		[ $gitserver_status -eq 2 ] || break
	done
	if [ "$gitserver_status" -ne 0 ]; then
		gitserver_die "nginx does not answer on port $gitserver_port" || :
		gitserver_stop "$gitserver_dir"
		return 1
	fi
	: >"$gitserver_dir/log/access"
}

# gitserver_stop [DIR]: ends what gitserver_start started there, and only that.
# shellcheck disable=SC2120 # mostly called without
gitserver_stop() {
	gitserver_dir=${1:-${gitserver_dir:-}}
	server_stop "$gitserver_dir"
}

# gitserver_user NAME PASSWORD [TEAM]: an account, of the team `team` unless
# said otherwise; an account of that name is replaced. Takes effect at once.
gitserver_user() {
	gitserver_file=$gitserver_dir/users/${3:-team}
	gitserver_hash=$(printf '%s\n' "$2" |
		OPENSSL_CONF=$gitserver_dir/openssl.cnf openssl passwd -apr1 -stdin)
	{
		[ ! -f "$gitserver_file" ] ||
			awk -F: -v u="$1" '$1 != u' "$gitserver_file"
		printf '%s:%s\n' "$1" "$gitserver_hash"
	} >"$gitserver_file.new"
	mv "$gitserver_file.new" "$gitserver_file"
}

# gitserver_publish NAME MODULE-PATH [NEEDED-MODULE-PATH…]: repos/NAME.git with a
# Go module tagged v1.0.0. Its package is named after the last component and
# says in Text() what it is and what it needs. For a path without `.git` the
# server also answers Go's question where the repository is.
gitserver_publish() {
	gitserver_name=$1
	gitserver_module=$2
	shift 2
	gitserver_package=$(gitserver_package_of "$gitserver_module")
	gitserver_work=$gitserver_dir/tmp/work
	rm -rf "$gitserver_work"
	mkdir -p "$gitserver_work" "$gitserver_dir/repos/$gitserver_name.git" \
		"$(dirname "$gitserver_dir/goget/$gitserver_name")"
	{
		printf 'module %s\n\ngo 1.19\n' "$gitserver_module"
		[ $# -eq 0 ] || printf '\nrequire %s v1.0.0\n' "$@"
	} >"$gitserver_work/go.mod"
	{
		printf 'package %s\n\n' "$gitserver_package"
		for gitserver_need; do
			printf 'import %s "%s"\n\n' \
				"$(gitserver_package_of "$gitserver_need")" "$gitserver_need"
		done
		printf '// Text says what this module is, and what it needs.\n'
		printf 'func Text() string {\n\treturn "%s v1.0.0"' "$gitserver_package"
		gitserver_word=needs
		for gitserver_need; do
			printf ' +\n\t\t", which %s " + %s.Text()' "$gitserver_word" \
				"$(gitserver_package_of "$gitserver_need")"
			gitserver_word='also needs'
		done
		printf '\n}\n'
	} >"$gitserver_work/$gitserver_package.go"
	gitserver_git "$gitserver_work" init -q
	gitserver_git "$gitserver_work" add .
	gitserver_git "$gitserver_work" commit -q -m "$gitserver_package 1.0.0"
	gitserver_git "$gitserver_work" tag v1.0.0
	gitserver_git "$gitserver_dir/repos/$gitserver_name.git" init -q --bare
	gitserver_git "$gitserver_work" push -q \
		"$gitserver_dir/repos/$gitserver_name.git" HEAD:main v1.0.0
	gitserver_git "$gitserver_dir/repos/$gitserver_name.git" \
		symbolic-ref HEAD refs/heads/main
	rm -rf "$gitserver_work"
	case $gitserver_module in
	*.git)	;;
	*)	printf '<!DOCTYPE html><meta name="go-import" content="%s git https://%s/%s.git">\n' \
			"$gitserver_module" "${gitserver_module%%/*}" "$gitserver_name" \
			>"$gitserver_dir/goget/$gitserver_name.html" ;;
	esac
}

gitserver_package_of() {
	basename "$1" .git | tr -d -
}

# git in DIR with nothing of anybody's configuration.
gitserver_git() {
	gitserver_in=$1
	shift
	(
	cd "$gitserver_in" || exit 1
	HOME=$gitserver_dir GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 \
	GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@corp.example \
	GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@corp.example \
		git -c init.defaultBranch=main -c safe.directory='*' "$@"
	)
}

# gitserver_client: tells git (in the private home's configuration) and Go how
# to reach the server as https://git.corp.example/. GIT_ALLOW_PROTOCOL keeps Go
# from asking for git+ssh and ssh where https fails.
gitserver_client() {
	git config --global "url.$gitserver_url/.insteadOf" https://git.corp.example/
	git config --global "http.$gitserver_url/.sslCAInfo" "$gitserver_ca"
	git config --global "http.$gitserver_url/.curloptResolve" \
		"git.corp.example:$gitserver_port:127.0.0.1"
	GOPRIVATE=git.corp.example
	GIT_ALLOW_PROTOCOL=https
	export GOPRIVATE GIT_ALLOW_PROTOCOL
}

# What the server was asked: STATUS, USER ("-" for none), METHOD and the path,
# with tabs between, a request a line.
gitserver_requests() {
	cat "$gitserver_dir/log/access"
}
