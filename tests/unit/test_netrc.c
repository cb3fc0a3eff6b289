#include "netrc/netrc.h"
#include "netrc/netrc_lex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static struct netrc_token word(const char *s, bool quoted)
{
	return (struct netrc_token){ slice_of(s), 1, quoted };
}

struct lookup_case {
	const char *name, *file;
	const char *host, *scheme, *login, *path;
	int port;
	bool use_default;
	enum netrc_result result;
	enum netrc_rule rule;
	size_t line;
	const char *want_login, *want_password; /* raw */
};

#define FOUND(rule, line, l, p) NETRC_FOUND, NETRC_RULE_##rule, line, l, p
#define NOTHING NETRC_NOT_FOUND
#define ASK(h) h, NULL, NULL, NULL, 0, false
#define PORT(n) "h", NULL, NULL, NULL, n, false
#define LOGIN(l) "h", NULL, l, NULL, 0, false
#define SCHEME(s) "h", s, NULL, NULL, 0, false
#define PATH(p) "h", NULL, NULL, p, 0, false
#define DEFAULT "h", NULL, NULL, NULL, 0, true

static const struct lookup_case lookup_cases[] = {
	{ "plain", "machine h login u password p", ASK("h"),
		FOUND(HOST, 1, "u", "p") },
	{ "other host", "machine h login u password p", ASK("hh"), NOTHING },
	{ "no suffix", "machine h.x login u password p", ASK("x"), NOTHING },
	{ "no dot", "machine h. login u password p", ASK("h"), NOTHING },
	{ "no wildcard", "machine * login u password p", ASK("h"), NOTHING },
	{ "no host asked", "machine \"\" login u password p", ASK(""),
		NOTHING },
	{ "host without case", "machine H login u password p", ASK("h"),
		FOUND(HOST, 1, "u", "p") },
	{ "exact case",
		"machine H login u password p\nmachine h login v "
		"password q",
		ASK("h"), FOUND(HOST, 2, "v", "q") },
	{ "first", "machine h login u password p\nmachine h login v password q",
		ASK("h"), FOUND(HOST, 1, "u", "p") },
	{ "complete", "machine h login u\nmachine h login v password q",
		ASK("h"), FOUND(HOST, 2, "v", "q") },
	{ "partial login", "\nmachine h login u", ASK("h"),
		FOUND(HOST, 2, "u", NULL) },
	{ "partial password", "machine h password p", ASK("h"),
		FOUND(HOST, 1, NULL, "p") },
	{ "nothing", "machine h account a", ASK("h"), NOTHING },
	{ "no mix", "machine h login u\nmachine h password p", ASK("h"),
		FOUND(HOST, 1, "u", NULL) },
	{ "empty", "machine h login \"\" password \"\"", ASK("h"),
		FOUND(HOST, 1, "", "") },

	{ "login", "machine h login u password p\nmachine h login v password q",
		LOGIN("v"), FOUND(HOST, 2, "v", "q") },
	{ "login case", "machine h login U password p", LOGIN("u"), NOTHING },
	{ "other login", "machine h login u password p", LOGIN("v"), NOTHING },
	{ "any login", "machine h password p", LOGIN("v"),
		FOUND(HOST, 1, "v", "p") },
	{ "login only", "machine h login v", LOGIN("v"), NOTHING },
	{ "quoted login", "machine h login \"\\v\" password p", LOGIN("v"),
		FOUND(HOST, 1, "\\v", "p") },
	{ "empty login", "machine h login \"\" password p", LOGIN("v"),
		NOTHING },

	{ "alias", "machine h user u passwd p", ASK("h"),
		FOUND(HOST, 1, "u", "p") },
	{ "canonical", "machine h login u password p username v passwd q",
		ASK("h"), FOUND(HOST, 1, "u", "p") },
	{ "last", "machine h login u password p login v password q", ASK("h"),
		FOUND(HOST, 1, "v", "q") },
	{ "absent keeps", "machine h login u password p password", ASK("h"),
		FOUND(HOST, 1, "u", "p") },
	{ "outside", "login u password p machine h", ASK("h"), NOTHING },

	{ "name port", "machine h:1 login u password p", PORT(1),
		FOUND(NAME_PORT, 1, "u", "p") },
	{ "other name port", "machine h:1 login u password p", PORT(2),
		NOTHING },
	{ "own port", "machine h:443 login u password p", ASK("h"),
		FOUND(NAME_PORT, 1, "u", "p") },
	{ "own port of http", "machine h:80 login u password p", SCHEME("http"),
		FOUND(NAME_PORT, 1, "u", "p") },
	{ "unknown scheme", "machine h:443 login u password p", SCHEME("x"),
		NOTHING },
	{ "any port", "machine h login u password p", PORT(1),
		FOUND(ANY_PORT, 1, "u", "p") },
	{ "named first",
		"machine h login u password p\nmachine h:1 login v password q",
		PORT(1), FOUND(NAME_PORT, 2, "v", "q") },
	{ "token port", "machine h login u password p port 1", PORT(1),
		FOUND(TOKEN_PORT, 1, "u", "p") },
	{ "other token port", "machine h login u password p port 1", PORT(2),
		NOTHING },
	{ "service", "machine h login u password p port http", PORT(80),
		FOUND(TOKEN_PORT, 1, "u", "p") },
	{ "no service", "machine h login u password p port x", PORT(1),
		FOUND(ANY_PORT, 1, "u", "p") },
	{ "both ports", "machine h:1 login u password p port 1", PORT(1),
		NOTHING },
	{ "one port", "machine h:1 login u password p port x", PORT(1),
		FOUND(NAME_PORT, 1, "u", "p") },
	{ "name over token",
		"machine h port 1 login u password p\nmachine h:1 login v "
		"password q",
		PORT(1), FOUND(NAME_PORT, 2, "v", "q") },
	{ "token over none",
		"machine h login u password p\nmachine h port 1 login v "
		"password q",
		PORT(1), FOUND(TOKEN_PORT, 2, "v", "q") },
	{ "complete over port",
		"machine h:1 login u\nmachine h login v password q", PORT(1),
		FOUND(ANY_PORT, 2, "v", "q") },
	{ "no port", "machine h:0 login u password p", ASK("h"), NOTHING },
	{ "large port", "machine h:65979 login u password p", ASK("h"),
		NOTHING },

	{ "brackets", "machine [::1] login u password p", ASK("::1"),
		FOUND(HOST, 1, "u", "p") },
	{ "asked in brackets", "machine ::1 login u password p", ASK("[::1]"),
		FOUND(HOST, 1, "u", "p") },
	{ "port in brackets", "machine [::1]:443 login u password p",
		ASK("::1"), FOUND(NAME_PORT, 1, "u", "p") },
	{ "address with 443", "machine ::443 login u password p", ASK(":"),
		NOTHING },

	{ "protocol", "machine h protocol HTTP login u password p",
		SCHEME("http"), FOUND(HOST, 1, "u", "p") },
	{ "protocol https", "machine h protocol https login u password p",
		ASK("h"), FOUND(HOST, 1, "u", "p") },
	{ "other protocol", "machine h protocol http login u password p",
		ASK("h"), NOTHING },
	{ "path", "machine h path a/b login u password p", PATH("/a/b"),
		FOUND(HOST, 1, "u", "p") },
	{ "other path", "machine h path a/b login u password p", PATH("a"),
		NOTHING },
	{ "no path", "machine h path a/b login u password p", ASK("h"),
		FOUND(HOST, 1, "u", "p") },

	{ "void", "machine h login u password \"a\\nb\"", ASK("h"), NOTHING },
	{ "void account", "machine h login u password p account \"\\r\"",
		ASK("h"), NOTHING },
	{ "void then good",
		"machine h login u password \"\n\"\nmachine h password p",
		ASK("h"), FOUND(HOST, 3, NULL, "p") },
	{ "void is over",
		"machine h login \"\\n\" password p\n"
		"machine h login u password p",
		ASK("h"), FOUND(HOST, 2, "u", "p") },

	{ "default unused", "default login u password p", ASK("h"), NOTHING },
	{ "default", "default login u password p", DEFAULT,
		FOUND(DEFAULT, 1, "u", "p") },
	{ "default last", "default login u password p\nmachine h login v",
		DEFAULT, FOUND(HOST, 2, "v", NULL) },
	{ "default ends", "machine h login u default password p", ASK("h"),
		FOUND(HOST, 1, "u", NULL) },
	{ "default and error", "default login u password p machine k \"",
		DEFAULT, NETRC_ERROR },

	{ "macro ends", "machine h login u macdef m\n\npassword p", ASK("h"),
		FOUND(HOST, 1, "u", NULL) },
	{ "macro body", "macdef m\nmachine h login u password p", ASK("h"),
		NOTHING },
	{ "error", "machine h login u password \"p", ASK("h"), NETRC_ERROR },
	{ "error behind", "machine h login u password p\nmachine k login \"v",
		ASK("h"), FOUND(HOST, 1, "u", "p") },
	{ "error and open entry", "machine h login u password p \"x", ASK("h"),
		NETRC_ERROR },
	{ "error, partial", "machine h login u\nmachine k login \"v", ASK("h"),
		NETRC_ERROR },
};

static bool raw_is(const struct netrc_token *t, const char *want)
{
	return want ? slice_is(t->raw, want) : !t->raw.ptr;
}

static void check_lookup(const struct lookup_case *c)
{
	struct netrc_query q = { slice_of(c->host), slice_of(c->scheme),
		slice_of(c->login), slice_of(c->path), c->port,
		c->use_default };
	struct netrc_fault fault;
	struct netrc_match m;
	enum netrc_result r = netrc_lookup(slice_of(c->file), &q, &m, &fault);
	bool complete = c->want_login && c->want_password;

	if (r != c->result || m.rule != c->rule || m.line != c->line ||
		m.complete != complete || !raw_is(&m.login, c->want_login) ||
		!raw_is(&m.password, c->want_password) ||
		(r == NETRC_ERROR) > (fault.text != NULL))
		fail_msg("%s: result %d, rule %s, line %zu", c->name, (int)r,
			netrc_rule_text(m.rule), m.line);
}

static void test_lookup(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N(lookup_cases); i++)
		check_lookup(&lookup_cases[i]);
}

static void test_match_details(void **state)
{
	const char *file = "machine a login x password y\n"
			   "machine h account \"a b\" login u password p\n"
			   "default login d\nmachine k\n\"";
	struct netrc_query q = { .host = slice_of("h") };
	struct netrc_fault fault;
	struct netrc_match m;

	(void)state;
	assert_int_equal(
		netrc_lookup(slice_of(file), &q, &m, &fault), NETRC_FOUND);
	assert_int_equal(m.machines, 3);
	assert_int_equal(m.line, 2);
	assert_true(m.account.quoted);
	assert_true(slice_is(m.account.raw, "a b"));
	assert_true(m.password.raw.ptr == strstr(file, "p\ndefault"));
	assert_int_equal(m.password.line, 2);
	assert_int_equal(fault.line, 5);
	assert_string_equal(fault.text, "no closing quote");

	q.host = slice_of("x");
	assert_int_equal(
		netrc_lookup(slice_of(file), &q, &m, &fault), NETRC_ERROR);
	assert_int_equal(m.machines, 3);
	assert_null(m.password.raw.ptr);
	assert_int_equal(
		netrc_lookup(SLICE_NONE, &q, &m, NULL), NETRC_NOT_FOUND);
	assert_int_equal(m.machines, 0);
}

static char *big_file(
	const char *line, size_t times, const char *last, struct slice *file)
{
	size_t n = strlen(line), i;
	char *p = malloc(n * times + strlen(last) + 1);

	assert_non_null(p);
	for (i = 0; i < times; i++)
		memcpy(p + i * n, line, n);
	strcpy(p + n * times, last);
	*file = (struct slice){ p, n * times + strlen(last) };
	return p;
}

static void test_limits(void **state)
{
	struct netrc_query q = { .host = slice_of("h") };
	struct netrc_fault fault;
	struct netrc_match m;
	struct slice file;
	char *p = big_file("x", NETRC_FILE_MAX + 1, "", &file);

	(void)state;
	assert_int_equal(netrc_lookup(file, &q, &m, &fault), NETRC_ERROR);
	assert_int_equal(fault.line, 0);
	assert_string_equal(fault.text, "the file is larger than 1 MiB");
	file.len--;
	assert_int_equal(netrc_lookup(file, &q, &m, &fault), NETRC_ERROR);
	assert_int_equal(fault.line, 1);
	assert_string_equal(fault.text, "a word is longer than 65,000 bytes");
	file.len = NETRC_LEX_TOKEN_MAX;
	assert_int_equal(netrc_lookup(file, &q, &m, &fault), NETRC_NOT_FOUND);
	assert_null(fault.text);
	free(p);
}

/* Wide enough for sanitizers; what is quadratic takes minutes. */
static void test_time(void **state)
{
	static const char *const lines[] = {
		"machine some.example login someone password some-secret\n",
		"machine\n", "password\n#\n", "\"a\\\n# \"\n\"", "macdef\n\n",
		"port ", "# password #\n", "\"\"", "macdef m\n ", "\\\" \"\n"
	};
	struct netrc_query q = { .host = slice_of("h") };
	struct netrc_match m;
	struct slice file;
	clock_t start;
	size_t i;
	char *p;

	(void)state;
	for (i = 0; i < N(lines); i++) {
		p = big_file(lines[i], (NETRC_FILE_MAX - 64) / strlen(lines[i]),
			"\nmachine h login u password p\n", &file);
		start = clock();
		netrc_lookup(file, &q, &m, NULL);
		assert_true(clock() - start < CLOCKS_PER_SEC);
		free(p);
	}
}

static void test_texts(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < NETRC_NRULES; i++)
		assert_true(strlen(netrc_rule_text((enum netrc_rule)i)) > 3);
	assert_string_equal(
		netrc_rule_text(NETRC_RULE_NAME_PORT), "host and port");
	assert_string_equal(netrc_rule_text(NETRC_NRULES), "none");
}

static void test_ports(void **state)
{
	static const struct {
		const char *text;
		int port;
	} ports[] = { { "1", 1 }, { "65535", 65535 }, { "65536", 0 },
		{ "0", 0 }, { "", 0 }, { "-1", 0 }, { "1x", 0 },
		{ "00443", 443 }, { "000443", 0 }, { "imaps", 993 },
		{ "https", 443 }, { "HTTPS", 0 }, { "nonesuch", 0 } };
	struct netrc_token t = NETRC_TOKEN_NONE;
	size_t i;

	(void)state;
	assert_int_equal(netrc_port(&t), 0);
	for (i = 0; i < N(ports); i++) {
		t = word(ports[i].text, false);
		assert_int_equal(netrc_port(&t), ports[i].port);
	}
	assert_int_equal(netrc_scheme_port(SLICE_NONE), 443);
	assert_int_equal(netrc_scheme_port(slice_of("HTTPS")), 443);
	assert_int_equal(netrc_scheme_port(slice_of("http")), 80);
	assert_int_equal(netrc_scheme_port(slice_of("ftp")), 21);
	assert_int_equal(netrc_scheme_port(slice_of("ssh")), 22);
	assert_int_equal(netrc_scheme_port(slice_of("imaps")), 0);
	assert_int_equal(netrc_scheme_port(slice_of("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_match_details),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_ports),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("netrc", tests, NULL, NULL);
}
