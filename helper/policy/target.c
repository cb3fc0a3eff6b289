#include "helper/policy/target.h"

#include <arpa/inet.h>
#include <string.h>

static const struct target_scheme {
	const char *name;
	int port;
} target_schemes[] = {
	{ "https", 443 },
	{ "http", 80 },
	{ "ssh", 22 },
	{ "git+ssh", 22 },
	{ "ssh+git", 22 },
};

#define TARGET_SCHEMES (sizeof(target_schemes) / sizeof(target_schemes[0]))

/* Bytes a host name cannot have and that would end it in some URL parser. */
#define TARGET_NOT_HOST "/@?#%\\\"<>*"

static struct slice target_from(struct slice s, size_t at)
{
	return (struct slice){ s.ptr ? s.ptr + at : NULL, s.len - at };
}

static struct slice target_until(struct slice s, size_t n)
{
	return (struct slice){ s.ptr, n };
}

/* Where the first byte of set stands; s.len where there is none. */
static size_t target_find(struct slice s, const char *set)
{
	size_t i = 0;

	while (i < s.len && !(s.ptr[i] && strchr(set, s.ptr[i])))
		i++;
	return i;
}

static bool target_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int target_check_scheme(struct slice s, struct error *err)
{
	if (!s.len)
		return error_set(err, ERROR_INPUT, "no protocol");
	if (slice_has_control(s))
		return error_set(err, ERROR_INPUT,
			"the protocol holds a control character");
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool later = (c >= '0' && c <= '9') || c == '+' || c == '-' ||
			     c == '.';

		if (!letter && !(i && later))
			return error_set(err, ERROR_INPUT,
				"the protocol is not a URL scheme");
	}
	return 0;
}

/* "[...]": an IPv6 address and nothing else; a zone is this machine's own. */
static int target_check_ipv6(struct slice host, struct error *err)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr addr;
	size_t n = host.len - 2;

	if (n < sizeof(text)) {
		memcpy(text, host.ptr + 1, n);
		text[n] = '\0';
		if (inet_pton(AF_INET6, text, &addr) == 1)
			return 0;
	}
	return error_set(err, ERROR_INPUT,
		"what stands in the host's brackets is not an IPv6 address");
}

static int target_check_host(struct slice host, struct error *err)
{
	size_t odd = target_find(host, TARGET_NOT_HOST);

	if (!host.len)
		return error_set(err, ERROR_INPUT, "no host");
	if (odd < host.len)
		return error_set(err, ERROR_INPUT,
			"the host holds a '%c', which no host name has",
			host.ptr[odd]);
	if (target_find(host, " ") < host.len)
		return error_set(err, ERROR_INPUT, "the host holds a blank");
	if (host.ptr[0] == '[')
		return target_check_ipv6(host, err);
	if (target_find(host, "[]") < host.len)
		return error_set(
			err, ERROR_INPUT, "the host's brackets do not match");
	if (host.ptr[0] == '-')
		return error_set(err, ERROR_INPUT,
			"the host begins with '-', as an option would");
	return 0;
}

/* A leading zero is refused: one port has one spelling. */
static int target_parse_port(int *port, struct slice digits, struct error *err)
{
	int n = 0;

	for (size_t i = 0; i < digits.len; i++) {
		char c = digits.ptr[i];

		if (c < '0' || c > '9' || i > 4 || (c == '0' && !n))
			goto bad;
		n = n * 10 + (c - '0');
	}
	if (n < 1 || n > 65535)
		goto bad;
	*port = n;
	return 0;
bad:
	return error_set(
		err, ERROR_INPUT, "the port is not a number from 1 to 65535");
}

/* Split at the ':' that ends the host: behind ']' where there is one. */
static int target_parse_host(
	struct target *t, struct slice hostport, struct error *err)
{
	size_t end;

	if (!hostport.ptr || !hostport.len)
		return error_set(err, ERROR_INPUT, "no host");
	if (slice_has_control(hostport))
		return error_set(
			err, ERROR_INPUT, "the host holds a control character");
	if (hostport.ptr[0] == '[') {
		end = target_find(hostport, "]") + 1;
		if (end > hostport.len ||
			(end < hostport.len && hostport.ptr[end] != ':'))
			return error_set(err, ERROR_INPUT,
				"the host's brackets do not match");
	} else {
		end = target_find(hostport, ":");
		if (end < hostport.len &&
			memrchr(hostport.ptr, ':', hostport.len) !=
				hostport.ptr + end)
			return error_set(err, ERROR_INPUT,
				"the host holds more than one ':'; write an "
				"IPv6 address in brackets");
	}
	t->host = target_until(hostport, end);
	if (target_check_host(t->host, err) < 0)
		return -1;
	t->port = 0;
	if (end == hostport.len)
		return 0;
	return target_parse_port(&t->port, target_from(hostport, end + 1), err);
}

static int target_set_path(
	struct target *t, struct slice path, struct error *err)
{
	if (slice_has_control(path))
		return error_set(
			err, ERROR_INPUT, "the path holds a control character");
	while (path.len && path.ptr[0] == '/')
		path = target_from(path, 1);
	t->path = path.len ? path : SLICE_NONE;
	return 0;
}

int target_from_credential(struct target *t, struct slice scheme,
	struct slice hostport, struct slice path, struct slice user,
	struct error *err)
{
	struct target made = { .scheme = scheme, .user = user };

	if (target_check_scheme(scheme, err) < 0 ||
		target_parse_host(&made, hostport, err) < 0 ||
		target_set_path(&made, path, err) < 0)
		return -1;
	if (slice_has_control(user))
		return error_set(err, ERROR_INPUT,
			"the user name holds a control character");
	*t = made;
	return 0;
}

/*
 * Two '@' are refused: whether the host begins behind the first or the last
 * differs between URL parsers, and one reading sends the password away.
 */
static int target_split_user(
	struct slice *user, struct slice *hostport, struct error *err)
{
	size_t at = target_find(*hostport, "@");
	struct slice info = target_until(*hostport, at);

	*user = SLICE_NONE;
	if (at == hostport->len)
		return 0;
	*hostport = target_from(*hostport, at + 1);
	if (target_find(*hostport, "@") < hostport->len)
		return error_set(err, ERROR_INPUT,
			"the URL has more than one '@' before its path; "
			"write %%40 for one in a name or password");
	*user = target_until(info, target_find(info, ":"));
	return 0;
}

int target_from_url(struct target *t, struct slice url, struct error *err)
{
	size_t end = target_find(url, ":");
	struct slice rest, scheme, hostport, user;

	if (slice_has_control(url))
		return error_set(
			err, ERROR_INPUT, "the URL holds a control character");
	rest = target_from(url, end);
	if (!slice_starts(rest, "://"))
		return error_set(
			err, ERROR_INPUT, "not a URL: it has no scheme://");
	scheme = target_until(url, end);
	rest = target_from(rest, 3);
	hostport = target_until(rest, target_find(rest, "/?#"));
	rest = target_from(rest, hostport.len);
	rest = target_until(rest, target_find(rest, "?#"));
	if (target_find(hostport, "\\") < hostport.len)
		return error_set(err, ERROR_INPUT,
			"the URL has a '\\' before its path, which some "
			"programs take for a '/'");
	if (target_split_user(&user, &hostport, err) < 0)
		return -1;
	return target_from_credential(t, scheme, hostport, rest, user, err);
}

/* "." or "..", also as %2e: git decodes a URL's path before it asks us. */
static bool target_part_is_dots(struct slice part)
{
	int dots = 0;

	while (part.len) {
		size_t n = 1;

		if (part.len >= 3 &&
			slice_eq_nocase(target_until(part, 3), slice_of("%2e")))
			n = 3;
		else if (part.ptr[0] != '.')
			return false;
		part = target_from(part, n);
		dots++;
	}
	return dots == 1 || dots == 2;
}

static bool target_ends_git(struct slice s)
{
	return s.len >= 4 && slice_is(target_from(s, s.len - 4), ".git");
}

/*
 * Drop the '/' and ".git" at a path's end: git serves either spelling. Not
 * where that would leave no name, or one that could lose ".git" again: what
 * was trimmed once must equal itself trimmed twice.
 */
static struct slice target_trim(struct slice path)
{
	const char *slash;
	struct slice name;

	while (path.len && path.ptr[path.len - 1] == '/')
		path.len--;
	if (!target_ends_git(path))
		return path;
	name = target_until(path, path.len - 4);
	slash = memrchr(name.ptr, '/', name.len);
	if (slash)
		name = target_from(name, (size_t)(slash + 1 - name.ptr));
	if (name.len && !target_part_is_dots(name) && !target_ends_git(name))
		path.len -= 4;
	return path;
}

static bool target_path_has_dots(struct slice path)
{
	while (path.len) {
		size_t n = target_find(path, "/");

		if (target_part_is_dots(target_until(path, n)))
			return true;
		path = target_from(path, n < path.len ? n + 1 : n);
	}
	return false;
}

static int target_check_name_path(struct slice path, struct error *err)
{
	size_t odd = target_find(path, "%\\\"?#* \t");

	if (!path.ptr)
		return 0;
	if (odd < path.len && target_is_blank(path.ptr[odd]))
		return error_set(err, ERROR_INPUT, "the path holds a blank");
	if (odd < path.len)
		return error_set(err, ERROR_INPUT,
			"the path holds a '%c'; a path is matched as it is "
			"written, without wildcards or escapes",
			path.ptr[odd]);
	if (target_path_has_dots(path))
		return error_set(err, ERROR_INPUT,
			"the path has a part that is '.' or '..'");
	for (size_t i = 1; i < path.len; i++)
		if (path.ptr[i] == '/' && path.ptr[i - 1] == '/')
			return error_set(
				err, ERROR_INPUT, "the path has an empty part");
	return 0;
}

int target_from_name(struct target *t, struct slice name, struct error *err)
{
	struct target made = { .host = SLICE_NONE };
	size_t slash = target_find(name, "/");
	struct slice path = SLICE_NONE;

	for (size_t i = 0; i + 2 < name.len; i++)
		if (slice_starts(target_from(name, i), "://"))
			return error_set(err, ERROR_INPUT,
				"write the host without its scheme");
	if (target_parse_host(&made, target_until(name, slash), err) < 0)
		return -1;
	if (slash < name.len)
		path = target_from(name, slash + 1);
	if (slice_starts(path, "/"))
		return error_set(
			err, ERROR_INPUT, "the path has an empty part");
	if (target_check_name_path(path, err) < 0 ||
		target_set_path(&made, path, err) < 0)
		return -1;
	made.path = target_trim(made.path);
	*t = made;
	return 0;
}

int target_port(const struct target *t)
{
	if (t->port)
		return t->port;
	for (size_t i = 0; i < TARGET_SCHEMES; i++)
		if (slice_eq_nocase(
			    t->scheme, slice_of(target_schemes[i].name)))
			return target_schemes[i].port;
	return 0;
}

bool target_matches(const struct target *section, const struct target *asked)
{
	struct slice in = target_trim(asked->path);
	size_t n = section->path.len;

	if (!slice_eq_nocase(section->host, asked->host))
		return false;
	if (section->port && section->port != target_port(asked))
		return false;
	if (!n)
		return true;
	if (in.len < n || memcmp(in.ptr, section->path.ptr, n) != 0)
		return false;
	return (in.len == n || in.ptr[n] == '/') && !target_path_has_dots(in);
}

/* Bytes from 0x80 too: in no encoding we know could they mislead less. */
static void target_escape(struct buf *out, struct slice s, const char *also)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c <= 0x20 || c >= 0x7f || strchr(also, c))
			buf_addf(out, NULL, "%%%02X", (unsigned)c);
		else
			buf_add(out, &s.ptr[i], 1, NULL);
	}
}

static bool target_is_ssh(const struct target *t)
{
	return slice_eq_nocase(t->scheme, slice_of("ssh")) ||
	       slice_eq_nocase(t->scheme, slice_of("git+ssh")) ||
	       slice_eq_nocase(t->scheme, slice_of("ssh+git"));
}

void target_format(const struct target *t, struct buf *out)
{
	size_t colon = t->user.ptr ? target_find(t->user, ":") : 0;

	if (t->scheme.ptr) {
		target_escape(out, t->scheme, ":/@");
		buf_adds(out, "://", NULL);
	}
	if (target_is_ssh(t) && target_until(t->user, colon).len) {
		target_escape(out, target_until(t->user, colon), "/?#@\\\"");
		buf_adds(out, "@", NULL);
	}
	target_escape(out, t->host, "/?#@\\\"");
	if (t->port)
		buf_addf(out, NULL, ":%d", t->port);
	if (t->path.len) {
		buf_adds(out, "/", NULL);
		target_escape(out, t->path, "?#\\\"");
	}
}
