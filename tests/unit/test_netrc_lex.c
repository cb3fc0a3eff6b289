#include "netrc/netrc_lex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define LEN(s)                                                                 \
	{                                                                      \
		s, sizeof(s) - 1                                               \
	}

static struct netrc_token word(const char *s, bool quoted)
{
	return (struct netrc_token){ slice_of(s), 1, quoted };
}

/* --- tokens --------------------------------------------------------------- */

struct token_case {
	bool quoted;
	struct slice raw, value;
	bool has_break;
};

static const struct token_case token_cases[] = {
	{ false, LEN(""), LEN(""), false },
	{ false, LEN("plain"), LEN("plain"), false },
	{ false, LEN("a\\nb\"c"), LEN("a\\nb\"c"), false },
	{ false, LEN("a\0b"), LEN("a\0b"), true },
	{ true, LEN(""), LEN(""), false },
	{ true, LEN("a b"), LEN("a b"), false },
	{ true, LEN("a\\tb"), LEN("a\tb"), false },
	{ true, LEN("a\\nb"), LEN("a\nb"), true },
	{ true, LEN("a\\rb"), LEN("a\rb"), true },
	{ true, LEN("\\\"\\\\\\x\\#"), LEN("\"\\x#"), false },
	{ true, LEN("a\nb"), LEN("a\nb"), true },
	{ true, LEN("a\n# \"c\nb"), LEN("a\nb"), true },
	{ true, LEN("a\n\t#c\n #d\nb"), LEN("a\nb"), true },
	{ true, LEN("a\\\n#c\nb"), LEN("a\nb"), true },
	{ true, LEN("a\n b"), LEN("a\n b"), true },
	{ true, LEN("#a"), LEN("#a"), false },
	{ true, LEN("a\\"), LEN("a\\"), false },
	{ true, LEN("\xff\xfe"), LEN("\xff\xfe"), false },
};

static void test_token_values(void **state)
{
	char buf[32];
	size_t i, n;

	(void)state;
	for (i = 0; i < N(token_cases); i++) {
		const struct token_case *c = &token_cases[i];
		struct netrc_token t = { c->raw, 1, c->quoted };

		n = netrc_token_copy(&t, buf, sizeof(buf));
		if (n != c->value.len || memcmp(buf, c->value.ptr, n) ||
			!netrc_token_eq(&t, c->value) ||
			!netrc_token_eq_nocase(&t, c->value) ||
			netrc_token_has_break(&t) != c->has_break)
			fail_msg("token case %zu", i);
	}
}

static void test_token_compare(void **state)
{
	struct netrc_token none = NETRC_TOKEN_NONE, empty = word("", true);
	struct netrc_token t = word("A\\bc", true);

	(void)state;
	assert_true(netrc_token_eq(&t, slice_of("Abc")));
	assert_false(netrc_token_eq(&t, slice_of("abc")));
	assert_true(netrc_token_eq_nocase(&t, slice_of("aBC")));
	assert_false(netrc_token_eq(&t, slice_of("Ab")));
	assert_false(netrc_token_eq(&t, slice_of("Abcd")));
	assert_false(netrc_token_eq_nocase(&t, slice_of("a\\bc")));
	t = word("a[", false);
	assert_false(netrc_token_eq_nocase(&t, slice_of("a{")));
	assert_true(netrc_token_eq(&none, SLICE_NONE));
	assert_false(netrc_token_eq(&none, slice_of("")));
	assert_false(netrc_token_eq(&empty, SLICE_NONE));
	assert_true(netrc_token_eq(&empty, slice_of("")));
	assert_false(netrc_token_present(&none));
	assert_true(netrc_token_present(&empty));
	assert_false(netrc_token_has_break(&none));
}

static void test_token_copy_bounds(void **state)
{
	struct netrc_token none = NETRC_TOKEN_NONE;
	struct netrc_token t = word("s\\ecret", true);
	char buf[8];

	(void)state;
	assert_int_equal(netrc_token_copy(&none, buf, sizeof(buf)), 0);
	assert_int_equal(netrc_token_copy(&t, buf, 6), 6);
	memset(buf, 'x', sizeof(buf));
	assert_true(netrc_token_copy(&t, buf, 5) == NETRC_TOKEN_TOO_LONG);
	assert_memory_equal(buf, "\0\0\0\0\0xxx", 8);
	assert_true(netrc_token_copy(&t, NULL, 0) == NETRC_TOKEN_TOO_LONG);
}

/* --- statements ----------------------------------------------------------- */

struct item_case {
	const char *file;
	const char *items; /* key letter, line, [value line] */
};

/* In the order of enum netrc_lex_key. */
static const char key_letters[] = "jMDXlpaLPtcu";

static const struct item_case item_cases[] = {
	{ "", "" },
	{ " \t\r\n\n", "" },
	{ "machine h login u\npassword p", "M1.1 l1.1 p2.2" },
	{ "machine\n\nh", "M1.3" },
	{ "machine\nlogin u", "M1 l2.2" },
	{ "login\nMachine h", "l1 M2.2" },
	{ "password\n\"machine\" h", "p1.2 j2" },
	{ "password machine login login", "p1.1 l1.1" },
	{ "password\nuser u", "p1.2 j2" },
	{ "account a", "a1.1" },
	{ "account\ndefault", "a1 D2" },
	{ "password\naccount a", "p1 a2.2" },
	{ "login\nmacdef m", "l1 X2" },
	{ "user u username v passwd w", "L1.1 L1.1 P1.1" },
	{ "user\nu", "L1 j2" },
	{ "port login u", "t1 l1.1" },
	{ "port user u", "t1.1 j1" },
	{ "port 1 protocol x path /y", "t1.1 c1.1 u1.1" },
	{ "default x", "D1 j1" },
	{ "\"login\" u", "j1 j1" },
	{ "\"a\"login u", "j1 l1.1" },
	{ "login \"a\nb\" c", "l1.1 j2" },
	{ "login", "l1" },
	{ "# login u\n  #x\nlogin u # v\n#", "l3.3 j3 j3" },
	{ "login #u", "l1.1" },
	{ "\r#a", "j1" },
	{ "login \"a\n# \"b\nc\" d", "l1.1 j3" },
	{ "macdef m x\ny\n\nlogin u", "X1 l4.4" },
	{ "macdef m\n \t\r\nlogin u", "X1 l3.3" },
	{ "macdef m\n#\n x\n", "X1" },
	{ "macdef", "X1" },
	{ "MACDEF\n\nlogin u", "X1 l3.3" },
	{ "\xef\xbb\xbfmachine h", "j1 j1" },
	{ "login \"", "!1 q" },
	{ "login\n\"u", "!2 q" },
	{ "port\n\"u", "!2 q" },
	{ "login u\n \"x\\\"", "l1.1 !2 q" },
	{ "machine h \"\n# \"\n", "M1.1 !1 q" },
};

static void list_items(const char *file, char *out, size_t size)
{
	struct netrc_lex_item item;
	struct netrc_lex lex;
	size_t n = 0;

	*out = '\0';
	netrc_lex_init(&lex, slice_of(file));
	while (netrc_lex_item(&lex, &item)) {
		n += (size_t)snprintf(out + n, size - n, "%s%c%zu",
			n ? " " : "", key_letters[item.key], item.word.line);
		if (netrc_token_present(&item.value))
			n += (size_t)snprintf(
				out + n, size - n, ".%zu", item.value.line);
	}
	if (lex.fault)
		snprintf(out + n, size - n, "%s!%zu %s", n ? " " : "",
			lex.fault_line, lex.open_quote ? "q" : "l");
	assert_false(netrc_lex_item(&lex, &item));
}

static void test_items(void **state)
{
	char out[256];
	size_t i;

	(void)state;
	for (i = 0; i < N(item_cases); i++) {
		list_items(item_cases[i].file, out, sizeof(out));
		if (strcmp(out, item_cases[i].items))
			fail_msg("item case %zu: %s, not %s", i, out,
				item_cases[i].items);
	}
}

static void test_keywords(void **state)
{
	static const char *const names[] = { "", "machine", "default", "macdef",
		"login", "password", "account", "username", "passwd", "port",
		"protocol", "path" };
	size_t i;

	(void)state;
	for (i = 0; i < N(names); i++)
		assert_int_equal(netrc_lex_keyword(slice_of(names[i])), i);
	assert_int_equal(
		netrc_lex_keyword(slice_of("USER")), NETRC_LEX_LOGIN_ALIAS);
	assert_int_equal(netrc_lex_keyword(slice_of("logins")), NETRC_LEX_JUNK);
	assert_int_equal(netrc_lex_keyword(SLICE_NONE), NETRC_LEX_JUNK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token_values),
		cmocka_unit_test(test_token_compare),
		cmocka_unit_test(test_token_copy_bounds),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_keywords),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("netrc_lex", tests, NULL, NULL);
}
