/* route: rail, sources and refusals for a target. */
#include "helper/policy/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SCHEME "the URL's scheme says so"
#define CLEAR                                                                  \
	"without TLS the secret could be read on the way; use https (only "    \
	"this machine itself is asked in clear)"
#define OTHER "not a repository URL: credential only"
#define NO_HTTPS "rail = ssh in ~/config:2: no HTTPS credential is given for it"
#define NO_SSH "rail = https in ~/config:2: no SSH connection is made to it"

static const struct {
	const char *user, *url;
	enum route_rail rail;
	bool allowed;
	const char *why;
} rails[] = {
	{ "", "https://h/", ROUTE_HTTPS, true, SCHEME },
	{ "", "HTTPS://h/", ROUTE_HTTPS, true, SCHEME },
	{ "", "ssh://git@h/x", ROUTE_SSH, true, SCHEME },
	{ "", "git+ssh://git@h/x", ROUTE_SSH, true, SCHEME },
	{ "", "ssh+git://git@h/x", ROUTE_SSH, true, SCHEME },
	{ "[default]\nrail=auto\n", "https://h/", ROUTE_HTTPS, true, SCHEME },
	{ "[default]\nrail=ssh\n", "https://h/", ROUTE_HTTPS, false, NO_HTTPS },
	{ "[host \"h\"]\nrail=ssh\n", "https://h/", ROUTE_HTTPS, false,
		NO_HTTPS },
	{ "[host \"h/a\"]\nrail=ssh\n", "https://h/", ROUTE_HTTPS, true,
		SCHEME },
	{ "[default]\nrail=ssh\n", "ssh://h/", ROUTE_SSH, true,
		"rail = ssh in ~/config:2" },
	{ "[default]\nrail=https\n", "https://h/", ROUTE_HTTPS, true,
		"rail = https in ~/config:2" },
	{ "[default]\nrail=https\n", "ssh://h/", ROUTE_SSH, false, NO_SSH },
	/* in clear, to this machine alone */
	{ "", "http://h/", ROUTE_HTTPS, false, CLEAR },
	{ "", "HTTP://h/", ROUTE_HTTPS, false, CLEAR },
	{ "", "ftp://h/", ROUTE_HTTPS, false, CLEAR },
	{ "[default]\nrail=https\n", "http://h/", ROUTE_HTTPS, false, CLEAR },
	{ "", "http://h:443/", ROUTE_HTTPS, false, CLEAR },
	{ "", "http://127.0.0.1/", ROUTE_HTTPS, true, SCHEME },
	{ "", "http://127.0.0.1:8080/", ROUTE_HTTPS, true, SCHEME },
	{ "", "http://127.255.0.9/", ROUTE_HTTPS, true, SCHEME },
	{ "", "http://[::1]:80/", ROUTE_HTTPS, true, SCHEME },
	{ "", "http://[0:0:0:0:0:0:0:1]/", ROUTE_HTTPS, true, SCHEME },
	{ "", "http://localhost/", ROUTE_HTTPS, true, SCHEME },
	{ "", "http://LocalHost:1/", ROUTE_HTTPS, true, SCHEME },
	{ "", "http://localhost.evil/", ROUTE_HTTPS, false, CLEAR },
	{ "", "http://127.0.0.1.evil/", ROUTE_HTTPS, false, CLEAR },
	{ "", "http://128.0.0.1/", ROUTE_HTTPS, false, CLEAR },
	{ "", "http://127.1/", ROUTE_HTTPS, false, CLEAR },
	{ "", "http://0.0.0.0/", ROUTE_HTTPS, false, CLEAR },
	{ "", "http://[::]/", ROUTE_HTTPS, false, CLEAR },
	{ "", "http://[::2]/", ROUTE_HTTPS, false, CLEAR },
	{ "[default]\nrail=ssh\n", "http://127.0.0.1/", ROUTE_HTTPS, false,
		NO_HTTPS },
	/* git send-email and others */
	{ "", "smtp://mail.h:587", ROUTE_HTTPS, true, OTHER },
	{ "[default]\nrail=ssh\n", "imap://h/", ROUTE_HTTPS, true, OTHER },
};

static struct policy *read_user(const char *bytes)
{
	struct error err = ERROR_INIT;
	struct policy *p = policy_new(&err);

	if (policy_read_bytes(p, slice_of(bytes), "/home/u/config", POLICY_USER,
		    &err) < 0)
		fail_msg("%s", err.text);
	return p;
}

static void choose(const struct policy *p, const char *url, struct route *r)
{
	struct error err = ERROR_INIT;
	struct target t;

	*r = (struct route){ .allowed = false };
	if (target_from_url(&t, slice_of(url), &err) < 0 ||
		route_choose(p, &t, r, &err) < 0)
		fail_msg("%s", err.text);
}

static void test_rail(void **state)
{
	(void)state;
	setenv("HOME", "/home/u", 1);
	for (size_t i = 0; i < COUNT(rails); i++) {
		struct policy *p = read_user(rails[i].user);
		struct route r;

		print_message("# %zu %s\n", i, rails[i].url);
		choose(p, rails[i].url, &r);
		assert_int_equal(r.rail, rails[i].rail);
		assert_string_equal(r.why, rails[i].why);
		assert_int_equal(r.allowed, rails[i].allowed);
		policy_free(p);
	}
}

static void test_values(void **state)
{
	struct policy *p = read_user("[host \"h\"]\nsources = none\n"
				     "account = me\nidentity = ~/k\n"
				     "netrc = /n\nnetrc-default = yes\n"
				     "netrc-permissions = warn\n"
				     "store = none\nssh = openssh\n");
	struct route r;

	(void)state;
	choose(p, "https://h/", &r);
	assert_int_equal(r.sources, 0);
	assert_int_equal(r.value[POLICY_KEY_SOURCES].line, 2);
	assert_string_equal(r.value[POLICY_KEY_ACCOUNT].text, "me");
	assert_string_equal(r.value[POLICY_KEY_IDENTITY].text, "~/k");
	assert_string_equal(r.value[POLICY_KEY_NETRC].text, "/n");
	assert_true(r.netrc_default && r.netrc_warn && r.store_none &&
		    r.openssh && r.allowed);
	choose(p, "https://g/", &r);
	assert_int_equal(r.sources, 2);
	assert_ptr_equal(r.source[0], policy_source_names[0]);
	assert_null(r.value[POLICY_KEY_ACCOUNT].text);
	assert_false(
		r.netrc_default || r.netrc_warn || r.store_none || r.openssh);
	policy_free(p);
}

/* The order that holds without a policy is the table's, and whole. */
static void test_sources(void **state)
{
	struct policy *p = read_user("");
	struct route r;
	size_t n = 0;

	(void)state;
	choose(p, "https://h/", &r);
	for (; policy_source_names[n]; n++) {
		assert_true(n < POLICY_SOURCE_MAX);
		assert_true(n < r.sources);
		assert_string_equal(r.source[n], policy_source_names[n]);
		assert_ptr_equal(
			policy_source_find(slice_of(policy_source_names[n])),
			policy_source_names[n]);
	}
	assert_int_equal(r.sources, n);
	assert_null(policy_source_find(slice_of(POLICY_SOURCE_NONE)));
	policy_free(p);
}

static void test_no_scheme(void **state)
{
	struct policy *p = read_user("");
	struct error err = ERROR_INIT;
	struct target t;
	struct route r;

	(void)state;
	assert_int_equal(target_from_name(&t, slice_of("h"), &err), 0);
	assert_int_equal(route_choose(p, &t, &r, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(err.text, "no protocol");
	policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rail),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_no_scheme),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
