#include "transport/ssh_argv.h"

#include <stdlib.h>
#include <string.h>

/* ssh.c's getopt string of OpenSSH 10; a ':' means that a value follows. */
static const char ssh_argv_options[] =
	"1246ACGKMNTVXYZafgknqstvxyB:D:E:F:I:J:L:O:P:Q:R:S:W:b:c:e:i:l:m:o:p:"
	"w:";

/*
 * Those that we carry out, or that change nothing for us (-2, -q, -v; -k, no
 * tickets are given away). With any other the call is OpenSSH's.
 */
static const char ssh_argv_ours[] = "246FGTaikloqpvx";

static void ssh_argv_note(struct ssh_argv *a, char letter, struct slice value)
{
	if (a->options == SSH_ARGV_OPTIONS_MAX) {
		a->many = true;
		return;
	}
	a->option[a->options++] = (struct ssh_argv_option){ letter, value };
}

/* The first one given counts, as it does for the user. */
static int ssh_argv_port(struct ssh_argv *a, struct slice v, struct error *err)
{
	int port = 0;

	for (size_t i = 0; i < v.len && port <= 65535; i++)
		port = v.ptr[i] >= '0' && v.ptr[i] <= '9'
			       ? port * 10 + (v.ptr[i] - '0')
			       : 65536;
	if (port < 1 || port > 65535)
		return error_set(err, ERROR_USAGE, "'%.*s' is no port number",
			(int)(v.len < 64 ? v.len : 64), v.ptr);
	if (!a->port)
		a->port = port;
	ssh_argv_note(a, 'p', v);
	return 0;
}

static void ssh_argv_user(struct ssh_argv *a, struct slice user)
{
	if (!a->user.ptr)
		a->user = user;
	ssh_argv_note(a, 'l', user);
}

static int ssh_argv_option(struct ssh_argv *a, char o, const char *value,
	bool *hostless, struct error *err)
{
	switch (o) {
	case 'G':
	case 'V':
	case 'Q':
		a->offline = true;
		*hostless = *hostless || o != 'G';
		return 0;
	case 'F':
		a->config = slice_of(value);
		return 0;
	case 'p':
		return ssh_argv_port(a, slice_of(value), err);
	case 'l':
		ssh_argv_user(a, slice_of(value));
		return 0;
	default:
		if (strchr(ssh_argv_ours, o))
			ssh_argv_note(a, o, slice_of(value));
		else if (!a->foreign)
			a->foreign = o;
		return 0;
	}
}

/* One argument that begins with '-'; *i moves on over a value of its own. */
static int ssh_argv_cluster(struct ssh_argv *a, int argc, char **argv, int *i,
	bool *hostless, struct error *err)
{
	for (const char *p = argv[*i] + 1; *p; p++) {
		const char *known =
			*p == ':' ? NULL : strchr(ssh_argv_options, *p);
		const char *value = NULL;

		if (!known)
			return error_set(
				err, ERROR_USAGE, "ssh has no option -%c", *p);
		if (known[1] == ':') {
			value = p[1] ? p + 1 : argv[++*i];
			if (*i >= argc || !value)
				return error_set(err, ERROR_USAGE,
					"the option -%c needs a value", *p);
		}
		if (ssh_argv_option(a, *p, value, hostless, err) < 0)
			return -1;
		if (value || *hostless)
			break;
	}
	return 0;
}

static bool ssh_argv_bad(struct slice s, const char *refused)
{
	if (!s.len || s.ptr[0] == '-' || slice_has_control(s))
		return true;
	for (size_t i = 0; i < s.len; i++)
		if (strchr(refused, s.ptr[i]))
			return true;
	return false;
}

bool ssh_argv_user_ok(struct slice s)
{
	if (ssh_argv_bad(s, "'`\";&<>|(){}") || s.ptr[s.len - 1] == '\\')
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (s.ptr[i] == '-' && s.ptr[i - 1] == ' ')
			return false;
	return true;
}

/* host, host:port, [host] or [host]:port, behind the user of an ssh:// */
static int ssh_argv_hostport(
	struct ssh_argv *a, struct slice v, struct error *err)
{
	const char *end = v.ptr + v.len, *colon;

	if (v.len && v.ptr[0] == '[') {
		const char *close = memchr(v.ptr, ']', v.len);

		colon = close ? close + 1 : end;
		if (!close || (colon < end && *colon != ':'))
			return error_set(err, ERROR_USAGE,
				"a '[' without its ']' in an ssh:// URL");
		a->host = (struct slice){ v.ptr + 1,
			(size_t)(close - v.ptr) - 1 };
	} else {
		colon = memchr(v.ptr, ':', v.len);
		colon = colon ? colon : end;
		a->host = (struct slice){ v.ptr, (size_t)(colon - v.ptr) };
	}
	if (colon == end || colon + 1 == end)
		return 0;
	return ssh_argv_port(
		a, (struct slice){ colon + 1, (size_t)(end - colon) - 1 }, err);
}

static bool ssh_argv_encoded(struct slice user)
{
	return memchr(user.ptr, '@', user.len) ||
	       memchr(user.ptr, '%', user.len) ||
	       memchr(user.ptr, '+', user.len) ||
	       memchr(user.ptr, ';', user.len);
}

/* [user@]host, where the last '@' splits, or ssh://[user@]host[:port] */
static int ssh_argv_destination(
	struct ssh_argv *a, const char *word, struct error *err)
{
	static const char scheme[] = "ssh://";
	struct slice rest = slice_of(word), user = SLICE_NONE;
	bool url = slice_starts(rest, scheme);
	const char *at;

	if (url) {
		rest.ptr += strlen(scheme);
		rest.len = strcspn(rest.ptr, "/");
		if (rest.ptr[rest.len] && rest.ptr[rest.len + 1])
			return error_set(err, ERROR_USAGE,
				"ssh takes no path in an ssh:// URL");
	}
	at = memrchr(rest.ptr, '@', rest.len);
	if (at) {
		user = (struct slice){ rest.ptr, (size_t)(at - rest.ptr) };
		ssh_argv_user(a, user);
		rest.len -= (size_t)(at + 1 - rest.ptr);
		rest.ptr = at + 1;
	}
	/* ssh would decode it, and a slice can only point into argv */
	if (url && at && ssh_argv_encoded(user))
		return error_set(err, ERROR_USAGE,
			"the user in an ssh:// URL holds one of @%%+; give it "
			"with -l");
	a->host = rest;
	return url ? ssh_argv_hostport(a, rest, err) : 0;
}

/* At the end: a name may come from an option behind the host as well. */
static int ssh_argv_names(const struct ssh_argv *a, struct error *err)
{
	if (a->host.ptr && ssh_argv_bad(a->host, "'`\"$\\;&<>|(){}, "))
		return error_set(err, ERROR_USAGE,
			"the host name holds characters that ssh refuses");
	if (a->user.ptr && !ssh_argv_user_ok(a->user))
		return error_set(err, ERROR_USAGE,
			"the user name holds characters that ssh refuses");
	return 0;
}

/* `git-upload-pack '/team/x.git'` and nothing else: a policy goes by it. */
static void ssh_argv_path(struct ssh_argv *a)
{
	static const char *const services[] = { "git-upload-pack '",
		"git-receive-pack '", "git-upload-archive '" };

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		size_t n = strlen(services[i]);
		struct slice path;

		if (!slice_starts(a->command, services[i]))
			continue;
		path = (struct slice){ a->command.ptr + n, a->command.len - n };
		if (!path.len || path.ptr[--path.len] != '\'' ||
			memchr(path.ptr, '\'', path.len))
			return;
		for (; path.len && *path.ptr == '/'; path.len--)
			path.ptr++;
		a->path = path;
	}
}

/* ssh sends the words as one text, and so they are judged as one. */
static int ssh_argv_command(
	struct ssh_argv *a, int count, char **words, struct error *err)
{
	if (!count)
		return 0;
	a->command = slice_of(words[0]);
	for (int i = 0; count > 1 && i < count; i++)
		if ((i && buf_adds(&a->joined, " ", err) < 0) ||
			buf_adds(&a->joined, words[i], err) < 0)
			return -1;
	if (count > 1)
		a->command = buf_slice(&a->joined);
	ssh_argv_path(a);
	return 0;
}

int ssh_argv_parse(struct ssh_argv *a, int argc, char **argv, struct error *err)
{
	bool host = false, hostless = false, options = true;
	int i;

	memset(a, 0, sizeof(*a));
	buf_init(&a->joined, SSH_ARGV_COMMAND_MAX);
	for (i = 1; i < argc; i++) {
		if (options && !strcmp(argv[i], "--")) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1]) {
			if (ssh_argv_cluster(
				    a, argc, argv, &i, &hostless, err) < 0)
				return -1;
			if (hostless)
				return 0;
		} else if (!host) {
			if (ssh_argv_destination(a, argv[i], err) < 0)
				return -1;
			host = true;
		} else {
			break;
		}
	}
	if (!host)
		return error_set(err, ERROR_USAGE,
			"no host; usage: conda-go-ssh [options] host command");
	if (ssh_argv_names(a, err) < 0)
		return -1;
	a->print = a->offline;
	return ssh_argv_command(a, argc - i, argv + i, err);
}

void ssh_argv_release(struct ssh_argv *a)
{
	buf_release(&a->joined);
	a->command = SLICE_NONE;
	a->path = SLICE_NONE;
}

void ssh_argv_why(const struct ssh_argv *a, struct buf *why)
{
	if (a->foreign)
		buf_addf(why, NULL, "-%c", a->foreign);
	else if (a->many)
		buf_addf(why, NULL, "more than %d options",
			SSH_ARGV_OPTIONS_MAX);
	else if (!a->command.len && !a->print)
		buf_adds(why, "no command: a login shell", NULL);
}
