/* target: what git, Go and a policy's author write, and what is refused. */
#include "helper/policy/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A slice of a literal that may hold a NUL. */
#define BYTES(s) ((struct slice){ (s), sizeof(s) - 1 })

static void assert_slice(struct slice got, const char *want)
{
	if (!want) {
		assert_null(got.ptr);
		return;
	}
	assert_non_null(got.ptr);
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.ptr, want, got.len);
}

struct credential {
	const char *scheme, *hostport, *path, *user; /* given */
	const char *host; /* wanted */
	int port, effective;
	const char *want_path;
};

static const struct credential good_credentials[] = {
	{ "https", "git.corp.example", NULL, NULL, "git.corp.example", 0, 443,
		NULL },
	{ "https", "Git.Corp", "acme/x.git", "me", "Git.Corp", 0, 443,
		"acme/x.git" },
	{ "https", "h:8443", "", "", "h", 8443, 8443, NULL },
	{ "https", "h:443", "/a", NULL, "h", 443, 443, "a" },
	{ "https", "h:1", "//a/", NULL, "h", 1, 1, "a/" },
	{ "https", "h:65535", NULL, NULL, "h", 65535, 65535, NULL },
	{ "http", "127.0.0.1", NULL, NULL, "127.0.0.1", 0, 80, NULL },
	{ "https", "[::1]", NULL, NULL, "[::1]", 0, 443, NULL },
	{ "https", "[::1]:8443", NULL, NULL, "[::1]", 8443, 8443, NULL },
	{ "https", "[fd00::ab]:80", NULL, NULL, "[fd00::ab]", 80, 80, NULL },
	{ "https", "[::ffff:192.0.2.1]", NULL, NULL, "[::ffff:192.0.2.1]", 0,
		443, NULL },
	{ "HTTPS", "h", NULL, NULL, "h", 0, 443, NULL },
	{ "ssh", "h", NULL, "git", "h", 0, 22, NULL },
	{ "git+ssh", "h", NULL, "git", "h", 0, 22, NULL },
	{ "ssh+git", "h", NULL, "git", "h", 0, 22, NULL },
	{ "smtp", "mail.example:587", NULL, "me", "mail.example", 587, 587,
		NULL },
	{ "cert", "h", NULL, NULL, "h", 0, 0, NULL },
	{ "https",
		"b\xc3\xbc"
		"cher.example",
		NULL, "j\xc3\xbcrg",
		"b\xc3\xbc"
		"cher.example",
		0, 443, NULL },
	{ "https", "under_score.example.", "a b/%41", "a b",
		"under_score.example.", 0, 443, "a b/%41" },
};

static void test_credential_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good_credentials); i++) {
		const struct credential *c = &good_credentials[i];
		struct error err = ERROR_INIT;
		struct target t;

		print_message("# %s %s\n", c->scheme, c->hostport);
		assert_int_equal(
			target_from_credential(&t, slice_of(c->scheme),
				slice_of(c->hostport), slice_of(c->path),
				slice_of(c->user), &err),
			0);
		assert_int_equal(err.kind, ERROR_NONE);
		assert_slice(t.scheme, c->scheme);
		assert_slice(t.host, c->host);
		assert_slice(t.path, c->want_path);
		assert_slice(t.user, c->user);
		assert_int_equal(t.port, c->port);
		assert_int_equal(target_port(&t), c->effective);
	}
}

#define NO_PORT "the port is not a number from 1 to 65535"
#define NO_BRACKETS "the host's brackets do not match"
#define NO_IPV6 "what stands in the host's brackets is not an IPv6 address"
#define ODD(c) "the host holds a '" c "', which no host name has"
#define CONTROL(what) "the " what " holds a control character"

static const struct {
	struct slice scheme, hostport, path, user;
	const char *text;
} bad_credentials[] = {
	{ { NULL, 0 }, BYTES("h"), { NULL, 0 }, { NULL, 0 }, "no protocol" },
	{ BYTES(""), BYTES("h"), { NULL, 0 }, { NULL, 0 }, "no protocol" },
	{ BYTES("https"), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, "no host" },
	{ BYTES("https"), BYTES(""), { NULL, 0 }, { NULL, 0 }, "no host" },
	{ BYTES("https"), BYTES(":443"), { NULL, 0 }, { NULL, 0 }, "no host" },
	{ BYTES("https\r"), BYTES("h"), { NULL, 0 }, { NULL, 0 },
		CONTROL("protocol") },
	{ BYTES("ht tps"), BYTES("h"), { NULL, 0 }, { NULL, 0 },
		"the protocol is not a URL scheme" },
	{ BYTES("1ftp"), BYTES("h"), { NULL, 0 }, { NULL, 0 },
		"the protocol is not a URL scheme" },
	{ BYTES("https://"), BYTES("h"), { NULL, 0 }, { NULL, 0 },
		"the protocol is not a URL scheme" },
	{ BYTES("https"), BYTES("h\rvictim"), { NULL, 0 }, { NULL, 0 },
		CONTROL("host") },
	{ BYTES("https"), BYTES("h\nvictim"), { NULL, 0 }, { NULL, 0 },
		CONTROL("host") },
	{ BYTES("https"), BYTES("h\0victim"), { NULL, 0 }, { NULL, 0 },
		CONTROL("host") },
	{ BYTES("https"), BYTES("h\x7f"), { NULL, 0 }, { NULL, 0 },
		CONTROL("host") },
	{ BYTES("https"), BYTES("h\t"), { NULL, 0 }, { NULL, 0 },
		CONTROL("host") },
	{ BYTES("https"), BYTES("h"), BYTES("a\rb"), { NULL, 0 },
		CONTROL("path") },
	{ BYTES("https"), BYTES("h"), BYTES("a\0b"), { NULL, 0 },
		CONTROL("path") },
	{ BYTES("https"), BYTES("h"), { NULL, 0 }, BYTES("a\x1b[2J"),
		CONTROL("user name") },
	{ BYTES("https"), BYTES("h"), { NULL, 0 }, BYTES("a\0b"),
		CONTROL("user name") },
	{ BYTES("https"), BYTES("h/x"), { NULL, 0 }, { NULL, 0 }, ODD("/") },
	{ BYTES("https"), BYTES("u:p@h"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("u@h"), { NULL, 0 }, { NULL, 0 }, ODD("@") },
	{ BYTES("https"), BYTES("h?x"), { NULL, 0 }, { NULL, 0 }, ODD("?") },
	{ BYTES("https"), BYTES("h#x"), { NULL, 0 }, { NULL, 0 }, ODD("#") },
	{ BYTES("https"), BYTES("h%2ex"), { NULL, 0 }, { NULL, 0 }, ODD("%") },
	{ BYTES("https"), BYTES("h\\x"), { NULL, 0 }, { NULL, 0 }, ODD("\\") },
	{ BYTES("https"), BYTES("*.corp"), { NULL, 0 }, { NULL, 0 }, ODD("*") },
	{ BYTES("https"), BYTES("a b"), { NULL, 0 }, { NULL, 0 },
		"the host holds a blank" },
	{ BYTES("https"), BYTES("-oProxyCommand=x"), { NULL, 0 }, { NULL, 0 },
		"the host begins with '-', as an option would" },
	{ BYTES("https"), BYTES("h:"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("h:0"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("h:65536"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("h:65979"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("h:4294967739"), { NULL, 0 }, { NULL, 0 },
		NO_PORT },
	{ BYTES("https"), BYTES("h:0443"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("h:+443"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("h:-1"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("h: 443"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("h:0x1bb"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("h:https"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("::1"), { NULL, 0 }, { NULL, 0 },
		"the host holds more than one ':'; write an IPv6 address in "
		"brackets" },
	{ BYTES("https"), BYTES("fd00::ab:8443"), { NULL, 0 }, { NULL, 0 },
		"the host holds more than one ':'; write an IPv6 address in "
		"brackets" },
	{ BYTES("https"), BYTES("[::1"), { NULL, 0 }, { NULL, 0 },
		NO_BRACKETS },
	{ BYTES("https"), BYTES("["), { NULL, 0 }, { NULL, 0 }, NO_BRACKETS },
	{ BYTES("https"), BYTES("[::1]x"), { NULL, 0 }, { NULL, 0 },
		NO_BRACKETS },
	{ BYTES("https"), BYTES("::1]"), { NULL, 0 }, { NULL, 0 },
		"the host holds more than one ':'; write an IPv6 address in "
		"brackets" },
	{ BYTES("https"), BYTES("a]"), { NULL, 0 }, { NULL, 0 }, NO_BRACKETS },
	{ BYTES("https"), BYTES("[::1]:"), { NULL, 0 }, { NULL, 0 }, NO_PORT },
	{ BYTES("https"), BYTES("[]"), { NULL, 0 }, { NULL, 0 }, NO_IPV6 },
	{ BYTES("https"), BYTES("[h]"), { NULL, 0 }, { NULL, 0 }, NO_IPV6 },
	{ BYTES("https"), BYTES("[127.0.0.1]"), { NULL, 0 }, { NULL, 0 },
		NO_IPV6 },
	{ BYTES("https"), BYTES("[fe80::1%eth0]"), { NULL, 0 }, { NULL, 0 },
		ODD("%") },
	{ BYTES("https"), BYTES("[[::1]]"), { NULL, 0 }, { NULL, 0 },
		NO_BRACKETS },
	{ BYTES("https"), BYTES("[0000:0000:0000:0000:0000:0000:0000:0000:00]"),
		{ NULL, 0 }, { NULL, 0 }, NO_IPV6 },
};

static void test_credential_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad_credentials); i++) {
		struct target t = { .port = -7 };
		struct error err = ERROR_INIT;

		print_message("# %zu %s\n", i, bad_credentials[i].text);
		assert_int_equal(
			target_from_credential(&t, bad_credentials[i].scheme,
				bad_credentials[i].hostport,
				bad_credentials[i].path,
				bad_credentials[i].user, &err),
			-1);
		assert_string_equal(err.text, bad_credentials[i].text);
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_int_equal(t.port, -7);
	}
}

static const struct {
	const char *url, *scheme, *user, *host, *path;
	int port;
} good_urls[] = {
	{ "https://h", "https", NULL, "h", NULL, 0 },
	{ "https://h/", "https", NULL, "h", NULL, 0 },
	{ "https://h/acme/x?go-get=1", "https", NULL, "h", "acme/x", 0 },
	{ "https://h/a#frag?x", "https", NULL, "h", "a", 0 },
	{ "https://h?q/../x", "https", NULL, "h", NULL, 0 },
	{ "https://h#f@x", "https", NULL, "h", NULL, 0 },
	{ "https://me@h:8443/a", "https", "me", "h", "a", 8443 },
	{ "https://me:hunter2@h/a@b", "https", "me", "h", "a@b", 0 },
	{ "https://:hunter2@h/", "https", "", "h", NULL, 0 },
	{ "https://@h/", "https", "", "h", NULL, 0 },
	{ "https://a%40b:p%3Aw@[::1]:1/x", "https", "a%40b", "[::1]", "x", 1 },
	{ "ssh://git@h:2222/a/b.git", "ssh", "git", "h", "a/b.git", 2222 },
	{ "git+ssh://h/~u/x", "git+ssh", NULL, "h", "~u/x", 0 },
};

static void test_url_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good_urls); i++) {
		struct error err = ERROR_INIT;
		struct target t;

		print_message("# %s\n", good_urls[i].url);
		assert_int_equal(
			target_from_url(&t, slice_of(good_urls[i].url), &err),
			0);
		assert_slice(t.scheme, good_urls[i].scheme);
		assert_slice(t.user, good_urls[i].user);
		assert_slice(t.host, good_urls[i].host);
		assert_slice(t.path, good_urls[i].path);
		assert_int_equal(t.port, good_urls[i].port);
	}
}

#define BACKSLASH                                                              \
	"the URL has a '\\' before its path, which some programs take for a '/'"

static const struct {
	struct slice url;
	const char *text;
} bad_urls[] = {
	{ { NULL, 0 }, "not a URL: it has no scheme://" },
	{ BYTES(""), "not a URL: it has no scheme://" },
	{ BYTES("h/x"), "not a URL: it has no scheme://" },
	{ BYTES("git@h:x"), "not a URL: it has no scheme://" },
	{ BYTES("https:/h"), "not a URL: it has no scheme://" },
	{ BYTES("://h"), "no protocol" },
	{ BYTES("https://"), "no host" },
	{ BYTES("https:///x"), "no host" },
	{ BYTES("https://u:hunter2@"), "no host" },
	{ BYTES("https://u:hunter2@/x"), "no host" },
	{ BYTES("https://u:hunt@er2@h/"),
		"the URL has more than one '@' before its path; write %40 for "
		"one in a name or password" },
	/* The host here is "u", and the rest might be a password. */
	{ BYTES("https://u:hunter2/x@h/"), NO_PORT },
	{ BYTES("https://u:hunter2#x@h/"), NO_PORT },
	{ BYTES("https://u:hunter2\\@h/"), BACKSLASH },
	{ BYTES("https://h\\@evil/"), BACKSLASH },
	{ BYTES("https://h\n/"), CONTROL("URL") },
	{ BYTES("https://h/\0x"), CONTROL("URL") },
	{ BYTES("https://u:hunter2\r@h/"), CONTROL("URL") },
	{ BYTES("https://h%00x/"), ODD("%") },
	{ BYTES("https://[::1/"), NO_BRACKETS },
	{ BYTES("https://::1/"),
		"the host holds more than one ':'; write an IPv6 address in "
		"brackets" },
};

static void test_url_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad_urls); i++) {
		struct target t = { .port = -7 };
		struct error err = ERROR_INIT;
		int rc = target_from_url(&t, bad_urls[i].url, &err);

		print_message("# %zu %s\n", i, bad_urls[i].text);
		assert_int_equal(rc, -1);
		assert_string_equal(err.text, bad_urls[i].text);
		assert_int_equal(t.port, -7);
		assert_null(strstr(err.text, "hunt"));
	}
}

static const struct {
	const char *name, *host, *path;
	int port;
	const char *text; /* NULL: it is fine */
} names[] = {
	{ "git.corp", "git.corp", NULL, 0, NULL },
	{ "git.corp/", "git.corp", NULL, 0, NULL },
	{ "git.corp:8443", "git.corp", NULL, 8443, NULL },
	{ "[::1]:22/a", "[::1]", "a", 22, NULL },
	{ "h/acme/sub/", "h", "acme/sub", 0, NULL },
	{ "h/acme/x.git", "h", "acme/x", 0, NULL },
	{ "h/acme/.git", "h", "acme/.git", 0, NULL },
	{ "h/.git", "h", ".git", 0, NULL },
	{ "h/...", "h", "...", 0, NULL },
	/* trimmed once is trimmed for good */
	{ "h/a/...git", "h", "a/...git", 0, NULL },
	{ "h/a/..git", "h", "a/..git", 0, NULL },
	{ "h/x.git.git", "h", "x.git.git", 0, NULL },
	{ "", NULL, NULL, 0, "no host" },
	{ "/a", NULL, NULL, 0, "no host" },
	{ "https://h", NULL, NULL, 0, "write the host without its scheme" },
	{ "h//a", NULL, NULL, 0, "the path has an empty part" },
	{ "h/a//b", NULL, NULL, 0, "the path has an empty part" },
	{ "h/a//", NULL, NULL, 0, "the path has an empty part" },
	{ "h/a b", NULL, NULL, 0, "the path holds a blank" },
	{ "h/a\tb", NULL, NULL, 0, "the path holds a blank" },
	{ "h/..", NULL, NULL, 0, "the path has a part that is '.' or '..'" },
	{ "h/a/../b", NULL, NULL, 0,
		"the path has a part that is '.' or '..'" },
	{ "h/a/.", NULL, NULL, 0, "the path has a part that is '.' or '..'" },
	{ "h/a*", NULL, NULL, 0,
		"the path holds a '*'; a path is matched as it is written, "
		"without wildcards or escapes" },
	{ "h/%61", NULL, NULL, 0,
		"the path holds a '%'; a path is matched as it is written, "
		"without wildcards or escapes" },
	{ "*.corp", NULL, NULL, 0, ODD("*") },
	{ "u@h", NULL, NULL, 0, ODD("@") },
	{ "h/\x01", NULL, NULL, 0, CONTROL("path") },
};

static void test_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct error err = ERROR_INIT;
		struct target t;
		int rc = target_from_name(&t, slice_of(names[i].name), &err);

		print_message("# %s\n", names[i].name);
		if (names[i].text) {
			assert_int_equal(rc, -1);
			assert_string_equal(err.text, names[i].text);
			continue;
		}
		assert_int_equal(rc, 0);
		assert_null(t.scheme.ptr);
		assert_slice(t.host, names[i].host);
		assert_slice(t.path, names[i].path);
		assert_int_equal(t.port, names[i].port);
	}
}

static const struct {
	const char *section, *url;
	bool matches;
} matches[] = {
	{ "h", "https://h/any/thing", true },
	{ "h", "https://H", true },
	{ "GIT.Corp", "https://git.corP/x", true },
	{ "h", "https://h:8443/", true },
	{ "h", "https://sub.h/", false },
	{ "sub.h", "https://h/", false },
	{ "h", "https://h./", false },
	{ "h", "https://hh/", false },
	{ "h:443", "https://h/", true },
	{ "h:443", "https://h:443/", true },
	{ "h:443", "http://h/", false },
	{ "h:443", "https://h:8443/", false },
	{ "h:22", "ssh://git@h/x", true },
	{ "h:22", "cert://h/x", false },
	{ "[::1]", "https://[::1]:8443/", true },
	{ "[FD00::AB]", "https://[fd00::ab]/", true },
	{ "[fd00::ab]", "https://[fd00::cd]/", false },
	{ "h/acme", "https://h/acme", true },
	{ "h/acme", "https://h/acme/", true },
	{ "h/acme", "https://h//acme/x", true },
	{ "h/acme", "https://h/acme/x.git", true },
	{ "h/acme", "https://h/acme.git", true },
	{ "h/acme", "https://h/acme.git/", true },
	{ "h/acme", "https://h/acme.git/x", false },
	{ "h/acme", "https://h/acmex", false },
	{ "h/acme", "https://h/acme.gitx", false },
	{ "h/acme", "https://h/Acme", false },
	{ "h/acme", "https://h/x/acme", false },
	{ "h/acme", "https://h/", false },
	{ "h/acme", "https://h", false },
	{ "h/acme", "https://h/acme/../evil/x", false },
	{ "h/acme", "https://h/acme/%2e%2E/evil/x", false },
	{ "h/acme", "https://h/acme/.%2e/evil/x", false },
	{ "h/acme", "https://h/acme/./x", false },
	{ "h/acme", "https://h/acme/...", true },
	{ "h/acme", "https://h/acme/..x", true },
	{ "h", "https://h/acme/../evil/x", true },
	{ "h/acme/x.git", "https://h/acme/x", true },
	{ "h/acme/x", "https://h/acme/x.git", true },
	{ "h/acme/x", "https://h/acme/x.git?service=git-upload-pack", true },
	{ "h/a/b/c", "https://h/a/b", false },
	{ "h/x.git.git", "https://h/x.git.git", true },
	{ "h/x.git.git", "https://h/x.git", false },
	{ "h/a/...git", "https://h/a/...git", true },
};

static void test_matches(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(matches); i++) {
		struct target section, asked;
		struct error err = ERROR_INIT;

		print_message("# %s %s\n", matches[i].section, matches[i].url);
		assert_int_equal(target_from_name(&section,
					 slice_of(matches[i].section), &err),
			0);
		assert_int_equal(
			target_from_url(&asked, slice_of(matches[i].url), &err),
			0);
		assert_int_equal(
			target_matches(&section, &asked), matches[i].matches);
	}
}

static const struct {
	const char *url, *text;
} formats[] = {
	{ "https://u:hunter2@h:8443/a/b?q#f", "https://h:8443/a/b" },
	{ "https://:hunter2@h", "https://h" },
	{ "https://[::1]:1", "https://[::1]:1" },
	{ "https://h/a b\"c", "https://h/a%20b%22c" },
	{ "https://b\xc3\xbc.example/\xc2\x9b",
		"https://b%C3%BC.example/%C2%9B" },
	{ "ssh://git@h:22/x", "ssh://git@h:22/x" },
	{ "git+ssh://u:hunter2@h", "git+ssh://u@h" },
};

static void test_format(void **state)
{
	struct target odd = { .scheme = BYTES("s\x1b:"),
		.host = BYTES("h@\n"),
		.user = BYTES("u:p@\0"),
		.path = BYTES("?\x7f") };
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < COUNT(formats); i++) {
		struct target t;

		buf_reset(&out);
		assert_int_equal(
			target_from_url(&t, slice_of(formats[i].url), NULL), 0);
		target_format(&t, &out);
		assert_string_equal(out.ptr, formats[i].text);
	}
	buf_reset(&out);
	odd.scheme = slice_of("ssh");
	odd.user = BYTES("a@b\x1b:p");
	target_format(&odd, &out);
	assert_string_equal(out.ptr, "ssh://a%40b%1B@h%40%0A/%3F%7F");
	buf_reset(&out);
	odd.scheme = BYTES("s\x1b:");
	target_format(&odd, &out);
	assert_string_equal(out.ptr, "s%1B%3A://h%40%0A/%3F%7F");
	buf_release(&out);
	buf_init(&out, 10);
	target_format(&odd, &out);
	assert_true(out.len <= 10);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_credential_good),
		cmocka_unit_test(test_credential_bad),
		cmocka_unit_test(test_url_good),
		cmocka_unit_test(test_url_bad),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_format),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
