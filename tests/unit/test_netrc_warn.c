#include "netrc/netrc.h"
#include "netrc/netrc_warn.h"
#include "netrc/netrc_warn_text.h"

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

struct warn_case {
	struct slice file;
	const char *warnings; /* name:line, in order */
};

#define OK "machine h login u password p\n"

static const struct warn_case warn_cases[] = {
	{ LEN(""), "" },
	{ LEN(OK), "" },
	{ LEN(OK "# fine\nmachine k\r\n\tlogin v\r\n\taccount a password q\n"),
		"" },
	{ LEN(OK "macdef init\ncd /\n\n" OK), "" },
	{ LEN("machine h login u password \"p\"\n"), "quoted:1" },
	{ LEN("machine \"h\"\nlogin \"u\" password p"), "quoted:1 quoted:2" },
	{ LEN("machine h account \"a\" login u password p\n"),
		"quoted-account:1" },
	{ LEN("machine h account \"a b\" login u password p\n"),
		"quoted-account:1 odd-place:1" },
	{ LEN(OK "\"machine\" h"), "quoted-keyword:2 unknown:2" },
	{ LEN(OK "\""), "quote-open:2" },
	{ LEN("machine h login u\\v password p\n"), "backslash:1" },
	{ LEN(OK "# x \\\n"), "backslash:2" },
	{ LEN(OK "  # the default\n"), "comment-keyword:2" },
	{ LEN("# The Default\n" OK), "" },
	{ LEN("machine h # note\nlogin u password p\n"), "unknown:1" },
	{ LEN("machine h login u password p # port 1\n"),
		"unknown:1 hash-keyword:1 odd-place:1 port:1" },
	{ LEN("default login u password p\n"), "default:1 odd-place:1" },
	{ LEN(OK "default\nlogin u"), "default:2" },
	{ LEN(OK "macdef m x\n\n"), "macro-tail:2" },
	{ LEN(OK "macdef m\n \n"), "macro-blanks:2" },
	{ LEN(OK "macdef m\nx\n\t\n"), "macro-blanks:2" },
	{ LEN(OK "macdef m\n x\n"), "" },
	{ LEN(OK "macdef m\r\nx\r\n\r\n"), "cr-line:4 macro-cr:2" },
	{ LEN("\r\n" OK " \r\n" OK), "cr-line:1 cr-line:3" },
	{ LEN("macdef m\nx\n\n" OK), "macro-first:1" },
	{ LEN("macdef m\nmachine k\n\n" OK), "macro-first:1 macro-entry:1" },
	{ LEN("machine h login u password #p\n"), "hash-value:1" },
	{ LEN("machine h login u password p#\n"), "" },
	{ LEN("machine h login machine password Default\n"),
		"keyword-value:1" },
	{ LEN("machine h login u password macdef"), "keyword-value:1" },
	{ LEN("machine h account login login u password p\n"),
		"keyword-value:1" },
	{ LEN("machine machine login login password password\n"),
		"keyword-value:1" },
	{ LEN("machine login login account password p\n"), "" },
	{ LEN(OK "macdef m\ncd \"x\n\n"), "macro-quote:2" },
	{ LEN("machine\nh login u password p"), "next-line:1 odd-place:2" },
	{ LEN("machine h login u password p account\n"), "no-value:1" },
	{ LEN("machine h password p login u\n"), "password-first:1" },
	{ LEN("machine h password\nlogin u"), "no-value:1 partial:1" },
	{ LEN("machine h Login u password p\n"), "keyword-case:1" },
	{ LEN("machine H login u password p\n"), "host-case:1" },
	{ LEN("machine h:1 login u password p\n"), "host-port:1" },
	{ LEN("machine h/x login u password p\n"), "host-url:1" },
	{ LEN("machine [::1] login u password p\n"), "host-ipv6:1" },
	{ LEN("machine ::1 login u password p\n"), "host-ipv6:1" },
	{ LEN("machine h port 1 login u password p\n"), "port:1" },
	{ LEN("machine h port x login u password p\n"), "unknown:1" },
	{ LEN("machine h protocol x login u password p\n"), "protocol:1" },
	{ LEN("machine h path x login u password p\n"), "path:1" },
	{ LEN("machine h user u password p\n"), "alias:1" },
	{ LEN("machine h login u passwd p\n"), "alias:1" },
	{ LEN(OK "x\n"), "unknown:2" },
	{ LEN("machine h x login u password p\n"), "unknown:1 odd-place:1" },
	{ LEN("machine h login u login v password p\n"), "" },
	{ LEN("machine h login u password p\nlogin v\n"), "repeated:2" },
	{ LEN("machine h login u password p\npassword q\n"), "repeated:2" },
	{ LEN(OK "\nmachine k\nlogin v\n" OK), "partial:3" },
	{ LEN(OK "machine k password q"), "partial:2" },
	{ LEN("machine h login u\nmacdef m\n\n" OK), "partial:1" },
	{ LEN("machine h login u password \"a\\n\"\n"), "quoted:1 void:1" },
	{ LEN("machine h login u password a\0\n"), "nul:1 void:1" },
	{ LEN("machine h login u password a\vb\n"), "space:1" },
	{ LEN("machine h login u password a\fb\f\n"), "space:1" },
	{ LEN("machine h login u password a\xc2\x85\n"),
		"non-ascii:1 space:1" },
	{ LEN("machine h login u password a\xe2\x80\xa8\n"),
		"non-ascii:1 space:1" },
	{ LEN("machine h login u password \xc3\xa4\n"), "non-ascii:1" },
	{ LEN("\xef\xbb\xbf# x\n" OK), "bom:1 non-ascii:1 unknown:1" },
	{ LEN("machine h login u\r password p\r\n"), "cr:1" },
};

struct warn_list {
	char text[512];
	size_t count;
};

static void list_warning(const struct netrc_warn *w, void *arg)
{
	struct warn_list *l = arg;
	size_t n = strlen(l->text);

	l->count++;
	snprintf(l->text + n, sizeof(l->text) - n, "%s%s:%zu", n ? " " : "",
		w->name, w->line);
}

static void test_warnings(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N(warn_cases); i++) {
		struct warn_list l = { "", 0 };
		size_t n =
			netrc_warn_each(warn_cases[i].file, list_warning, &l);

		if (n != l.count || strcmp(l.text, warn_cases[i].warnings))
			fail_msg("warn case %zu: \"%s\", not \"%s\"", i, l.text,
				warn_cases[i].warnings);
	}
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

static void check_big(
	const char *line, size_t times, const char *last, const char *want)
{
	struct warn_list l = { "", 0 };
	struct slice file;
	char *p = big_file(line, times, last, &file);

	netrc_warn_each(file, list_warning, &l);
	assert_string_equal(l.text, want);
	free(p);
}

static void test_warn_limits(void **state)
{
	(void)state;
	check_big("x", 4095, "", "unknown:1");
	check_big("x", 4096, "", "long-word:1 unknown:1");
	check_big("x", 65001, "", "long-line:1 too-long:1");
	check_big("#", 16382, "\n" OK, "");
	check_big("#", 16383, "\n" OK, "long-line:1");
	check_big("\n", 131072 - strlen(OK), OK, "");
	check_big("\n", 131073 - strlen(OK), OK, "large-file:0");
	check_big("\n", NETRC_FILE_MAX + 1, "\"", "large-file:0");
}

static void test_warn_texts(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < NETRC_WARN_NKINDS; i++) {
		struct netrc_warn w = netrc_warn_text((enum netrc_warn_kind)i);

		assert_int_equal(w.kind, i);
		assert_non_null(w.name);
		assert_non_null(w.text);
		assert_null(strchr(w.text, '\n'));
		if (w.kind != NETRC_WARN_BOM)
			assert_true(strstr(w.text, "curl") ||
				    strstr(w.text, "Go") ||
				    strstr(w.text, "git"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_warn_limits),
		cmocka_unit_test(test_warn_texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("netrc_warn", tests, NULL, NULL);
}
