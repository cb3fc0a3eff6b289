/* The policy file's syntax: what is read, and every refusal word for word. */
#include "helper/policy/policy.h"
#include "helper/policy/policy_error.h"
#include "helper/policy/policy_ini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BYTES(s) ((struct slice){ (s), sizeof(s) - 1 })
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define KEYS                                                                   \
	"use sources, account, identity, rail, store, netrc, netrc-default, "  \
	"netrc-permissions or ssh"
#define PUT                                                                    \
	"because a package could have put it there; put it into "              \
	"~/.config/conda-go/config"
#define NO_PAIR "not 'key = value': there is no '=' behind a key"

/* Read bytes and say what holds for a key at https://h/. */
static const struct {
	struct slice bytes;
	const char *text;
	enum policy_key key;
	int line;
} good[] = {
	{ BYTES(""), "auto", POLICY_KEY_RAIL, 0 },
	{ BYTES("[default]\nrail = ssh\n"), "ssh", POLICY_KEY_RAIL, 2 },
	{ BYTES("[default]\nrail = ssh"), "ssh", POLICY_KEY_RAIL, 2 },
	{ BYTES("[default]\r\nrail = ssh\r\n"), "ssh", POLICY_KEY_RAIL, 2 },
	{ BYTES("\xef\xbb\xbf[default]\nrail=ssh\n"), "ssh", POLICY_KEY_RAIL,
		2 },
	{ BYTES(" \t[default] ; x\n\trail\t=\tssh\t;x\n"), "ssh",
		POLICY_KEY_RAIL, 2 },
	{ BYTES("; c\n# c\n\n[ default ];c\n\n  rail=ssh ;c = d\n"), "ssh",
		POLICY_KEY_RAIL, 6 },
	{ BYTES("[host \"h\"]\nrail=ssh\n"), "ssh", POLICY_KEY_RAIL, 2 },
	{ BYTES("[host\"h\"]\nrail=ssh\n"), "ssh", POLICY_KEY_RAIL, 2 },
	{ BYTES("[  host\t\"H\"  ]\nrail=ssh\n"), "ssh", POLICY_KEY_RAIL, 2 },
	/* inih would take an indented line for more of the last value. */
	{ BYTES("[default]\naccount = me\n  rail = ssh\n"), "ssh",
		POLICY_KEY_RAIL, 3 },
	{ BYTES("[default]\naccount = me\n  rail = ssh\n"), "me",
		POLICY_KEY_ACCOUNT, 2 },
	{ BYTES("[default]\naccount = me\n\t; rail = ssh\n"), "me",
		POLICY_KEY_ACCOUNT, 2 },
	/* Without a blank before it, ';' is a part of the value. */
	{ BYTES("[default]\naccount = me;x\n"), "me;x", POLICY_KEY_ACCOUNT, 2 },
	{ BYTES("[default]\naccount = a:b=c#d\n"), "a:b=c#d",
		POLICY_KEY_ACCOUNT, 2 },
	{ BYTES("[default]\naccount = me\\\n"), "me\\", POLICY_KEY_ACCOUNT, 2 },
	{ BYTES("[default]\nidentity = ~/my keys/k=1\n"), "~/my keys/k=1",
		POLICY_KEY_IDENTITY, 2 },
	{ BYTES("[default]\nidentity = /k\n"), "/k", POLICY_KEY_IDENTITY, 2 },
	{ BYTES("[default]\naccount = \xc2\xa0z\xc2\n"), "\xc2\xa0z\xc2",
		POLICY_KEY_ACCOUNT, 2 },
	{ BYTES("[default]\naccount = j\xc3\xbcrg\n"), "j\xc3\xbcrg",
		POLICY_KEY_ACCOUNT, 2 },
	{ BYTES("[default]\nsources = ,netrc, \n"), "netrc", POLICY_KEY_SOURCES,
		2 },
	{ BYTES("[default]\nsources = none\n"), "none", POLICY_KEY_SOURCES, 2 },
	{ BYTES("[default]\nnetrc-default = yes\n"), "on",
		POLICY_KEY_NETRC_DEFAULT, 2 },
	{ BYTES("[default]\nnetrc-default = true\n"), "on",
		POLICY_KEY_NETRC_DEFAULT, 2 },
	{ BYTES("[default]\nnetrc-default = no\n"), "off",
		POLICY_KEY_NETRC_DEFAULT, 2 },
	{ BYTES("[default]\nnetrc-default = false\n"), "off",
		POLICY_KEY_NETRC_DEFAULT, 2 },
	{ BYTES("[default]\nnetrc-permissions = warn\n"), "warn",
		POLICY_KEY_NETRC_PERMISSIONS, 2 },
	{ BYTES("[default]\nssh = openssh\n"), "openssh", POLICY_KEY_SSH, 2 },
	{ BYTES("[default]\nnetrc = ~/n\n"), "~/n", POLICY_KEY_NETRC, 2 },
	{ BYTES("[default]\nstore = none\n"), "none", POLICY_KEY_STORE, 2 },
	/* A line as long as may be; a comment may be longer. */
	{ BYTES("[default]\nidentity = /" FIFTY FIFTY FIFTY TEN TEN TEN
		"12345\n# " FIFTY FIFTY FIFTY FIFTY FIFTY "\n"),
		"/" FIFTY FIFTY FIFTY TEN TEN TEN "12345", POLICY_KEY_IDENTITY,
		2 },
	/* inih would cut this section's name at 49 bytes. */
	{ BYTES("[host \"h." FIFTY TEN "\"]\nrail = ssh\n"), "auto",
		POLICY_KEY_RAIL, 0 },
};

static void test_good(void **state)
{
	struct error err = ERROR_INIT;
	struct target t;

	(void)state;
	assert_int_equal(target_from_url(&t, slice_of("https://h/"), &err), 0);
	for (size_t i = 0; i < COUNT(good); i++) {
		struct policy *p = policy_new(&err);
		struct policy_value v;

		print_message("# %zu\n", i);
		assert_int_equal(policy_read_bytes(p, good[i].bytes, "FILE",
					 POLICY_USER, &err),
			0);
		assert_int_equal(err.kind, ERROR_NONE);
		policy_lookup(p, &t, good[i].key, &v);
		assert_string_equal(v.text, good[i].text);
		assert_int_equal(v.line, good[i].line);
		policy_free(p);
	}
}

static const struct {
	struct slice bytes;
	const char *text; /* behind "FILE:" */
} bad[] = {
	/* keys */
	{ BYTES("[default]\nsourcse = netrc\n"),
		"2: unknown key 'sourcse' in [default]; did you mean "
		"'sources'?" },
	{ BYTES("[host \"h\"]\nacount = x\n"),
		"2: unknown key 'acount' in [host \"h\"]; did you mean "
		"'account'?" },
	{ BYTES("[default]\nnetrc-permission=warn\n"),
		"2: unknown key 'netrc-permission' in [default]; did you mean "
		"'netrc-permissions'?" },
	{ BYTES("[default]\nRail = ssh\n"),
		"2: unknown key 'Rail' in [default]; did you mean 'rail'?" },
	{ BYTES("[default]\npassword = x\n"),
		"2: unknown key 'password' in [default]; " KEYS },
	{ BYTES("[default]\nx = 1\n"),
		"2: unknown key 'x' in [default]; " KEYS },
	{ BYTES("[default]\nx\ty = 1\n"),
		"2: unknown key (with control characters) in [default]; " KEYS },
	{ BYTES("[default]\n" FIFTY " = 1\n"),
		"2: unknown key '" TEN TEN TEN TEN "...' in [default]; " KEYS },
	{ BYTES("[default]\n\xef\xbb\xbfrail = ssh\n"),
		"2: unknown key '\xef\xbb\xbfrail' in [default]; " KEYS },
	{ BYTES("rail = ssh\n"),
		"1: 'rail' stands outside a section; put it below [default], "
		"or below [host \"NAME\"] for one host" },
	{ BYTES("\n\n  x = y\n[default]\n"),
		"3: 'x' stands outside a section; put it below [default], or "
		"below [host \"NAME\"] for one host" },
	{ BYTES("[default]\nrail = ssh\nrail = ssh\n"),
		"3: 'rail' is already set in line 2, in the same section" },
	{ BYTES("[host \"h\"]\nrail = ssh\n[default]\n[host \"H\"]\nrail=ssh"),
		"5: 'rail' is already set in line 2, in the same section" },
	{ BYTES("[host \"h/a\"]\nrail = ssh\n[host \"h/a.git\"]\nrail=ssh"),
		"4: 'rail' is already set in line 2, in the same section" },
	/* values */
	{ BYTES("[default]\nrail = sssh\n"),
		"2: rail: 'sssh' is not known; did you mean 'ssh'?" },
	{ BYTES("[default]\nrail = shs\n"),
		"2: rail: 'shs' is not known; did you mean 'ssh'?" },
	{ BYTES("[default]\nrail = SSH\n"),
		"2: rail: 'SSH' is not known; use auto, https or ssh" },
	{ BYTES("[default]\nrail = http\n"),
		"2: rail: 'http' is not known; did you mean 'https'?" },
	{ BYTES("[default]\nstore = keyring\n"),
		"2: store: 'keyring' is not known; use auto or none" },
	{ BYTES("[default]\nssh = /usr/bin/ssh\n"),
		"2: ssh: '/usr/bin/ssh' is not known; use auto or openssh" },
	{ BYTES("[default]\nnetrc-default = 1\n"),
		"2: netrc-default: '1' is not known; use on or off" },
	{ BYTES("[default]\nnetrc-permissions = strct\n"),
		"2: netrc-permissions: 'strct' is not known; did you mean "
		"'strict'?" },
	{ BYTES("[default]\nsources = nerc\n"),
		"2: sources: 'nerc' is not known; did you mean 'netrc'?" },
	{ BYTES("[default]\nsources = vault\n"),
		"2: sources: 'vault' is not known; use netrc, keyring or none" },
	{ BYTES("[default]\nsources = netrc netrc\n"),
		"2: sources: 'netrc' is named twice" },
	{ BYTES("[default]\nsources = netrc none\n"),
		"2: sources: 'none' stands alone" },
	{ BYTES("[default]\nsources = , ,\n"),
		"2: sources: the list is empty; write 'none' for no source" },
	{ BYTES("[default]\nsources =\n"), "2: sources: no value behind '='" },
	{ BYTES("[default]\naccount = ; me\n"),
		"2: account: no value behind '='" },
	{ BYTES("[default]\naccount = \"me\"\n"),
		"2: account: write the value without quotes" },
	{ BYTES("[default]\nidentity = '~/k'\n"),
		"2: identity: write the value without quotes" },
	{ BYTES("[default]\naccount = me you\n"),
		"2: account: a login has no blanks or control characters; a "
		"comment begins with ' ;'" },
	{ BYTES("[default]\naccount = me\tyou\n"),
		"2: account: a login has no blanks or control characters; a "
		"comment begins with ' ;'" },
	{ BYTES("[default]\nidentity = ~/k # mine\n"),
		"2: identity: behind a value a comment begins with ' ;', not "
		"with '#'" },
	{ BYTES("[default]\nidentity = k\n"),
		"2: identity: 'k' is not a path that begins with / or ~/" },
	{ BYTES("[default]\nidentity = ~me/k\n"),
		"2: identity: '~me/k' is not a path that begins with / or "
		"~/" },
	{ BYTES("[default]\nidentity = $HOME/k\n"),
		"2: identity: '$HOME/k' is not a path that begins with / or "
		"~/" },
	{ BYTES("[default]\nnetrc = /a\tb\n"),
		"2: netrc: a path has no control characters" },
	/* what inih takes for something else */
	{ BYTES("[default]\nrail: ssh\n"), "2: " NO_PAIR },
	{ BYTES("[default]\nrail: a = ssh\n"), "2: " NO_PAIR },
	{ BYTES("[default]\nrail ssh\n"), "2: " NO_PAIR },
	{ BYTES("[default]\nrail\n"), "2: " NO_PAIR },
	{ BYTES("[default]\nrail ;c = ssh\n"), "2: a comment before '='" },
	{ BYTES("[default]\n = ssh\n"), "2: no key before '='" },
	{ BYTES("[default]\n\n\nrail = ssh\nidentity = /" FIFTY FIFTY FIFTY TEN
			  TEN TEN "123456\n"),
		"5: a line of 198 bytes; the limit is 197" },
	{ BYTES("[default]\n[host \"h/" FIFTY FIFTY FIFTY TEN TEN TEN TEN
		"\"]\n"),
		"2: a line of 201 bytes; the limit is 197" },
	{ BYTES("[default]\nrail = s\rsh\n"),
		"2: a control character (0x0d) in column 9" },
	{ BYTES("[default]\nrail = ssh\r\r\n"),
		"2: a control character (0x0d) in column 11" },
	{ BYTES("[default]\nrail = ssh\0\n"),
		"2: a control character (0x00) in column 11" },
	{ BYTES("[default]\n# \x1b[2J\n"),
		"2: a control character (0x1b) in column 3" },
	{ BYTES("[default]\naccount = a\x7f\n"),
		"2: a control character (0x7f) in column 12" },
	{ BYTES("[default]\naccount = a\xc2\x9b[J\n"),
		"2: a control character (0x9b) in column 12" },
	{ BYTES("[default]\n\vrail = ssh\n"),
		"2: a control character (0x0b) in column 1" },
	/* sections */
	{ BYTES("[defualt]\n"),
		"1: unknown section 'defualt'; did you mean 'default'?" },
	{ BYTES("[hosts \"h\"]\n"),
		"1: unknown section 'hosts'; did you mean 'host'?" },
	{ BYTES("[git.corp.example]\n"),
		"1: unknown section 'git.corp.example'; use [default] or "
		"[host \"NAME\"]" },
	{ BYTES("[]\n"),
		"1: unknown section ''; use [default] or [host \"NAME\"]" },
	{ BYTES("[default\nrail = ssh\n"), "1: a section's header ends with "
					   "']'" },
	{ BYTES("[host \"h]\n"), "1: a section's header ends with ']'" },
	{ BYTES("[default] rail = ssh\n"),
		"1: only a comment (' ;') may follow a header's ']'" },
	{ BYTES("[host \"[::1]\"] # x\n"),
		"1: only a comment (' ;') may follow a header's ']'" },
	{ BYTES("[host h]\n"), "1: a host's name stands in double quotes: "
			       "[host \"git.example.org\"]" },
	{ BYTES("[host]\n"), "1: a host's name stands in double quotes: "
			     "[host \"git.example.org\"]" },
	{ BYTES("[host \"h\" x]\n"),
		"1: a section's header ends with the quote and the bracket: "
		"[host \"git.example.org\"]" },
	{ BYTES("[host \"a\" \"b\"]\n"),
		"1: a section's header ends with the quote and the bracket: "
		"[host \"git.example.org\"]" },
	{ BYTES("[host \"\"]\n"), "1: no host" },
	{ BYTES("[host \"https://h\"]\n"),
		"1: write the host without its scheme" },
	{ BYTES("[host \"*.corp\"]\n"),
		"1: the host holds a '*', which no host name has" },
	{ BYTES("[host \"me@h\"]\n"),
		"1: the host holds a '@', which no host name has" },
	{ BYTES("[host \"h:https\"]\n"),
		"1: the port is not a number from 1 to 65535" },
	{ BYTES("[host \"::1\"]\n"),
		"1: the host holds more than one ':'; write an IPv6 address "
		"in brackets" },
	{ BYTES("[host \"h/a/../b\"]\n"),
		"1: the path has a part that is '.' or '..'" },
	{ BYTES("[host \"h/a//b\"]\n"), "1: the path has an empty part" },
	{ BYTES("[host \"h/a*\"]\n"),
		"1: the path holds a '*'; a path is matched as it is written, "
		"without wildcards or escapes" },
	/* the first error wins, whoever finds it */
	{ BYTES("[default]\nnonsense\nrail = x\n"), "2: " NO_PAIR },
	{ BYTES("[default]\nrail = x\nnonsense\n"),
		"2: rail: 'x' is not known; use auto, https or ssh" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct error err = ERROR_INIT;
		struct policy *p = policy_new(&err);
		char want[512];

		print_message("# %zu\n", i);
		assert_int_equal(policy_read_bytes(p, bad[i].bytes, "FILE",
					 POLICY_USER, &err),
			-1);
		snprintf(want, sizeof(want), "FILE:%s", bad[i].text);
		assert_string_equal(err.text, want);
		assert_int_equal(err.kind, ERROR_POLICY);
		policy_free(p);
	}
}

/* The environment's own file; the user's may say each of these. */
static const struct {
	const char *line;
	const char *text; /* NULL: allowed */
} env[] = {
	{ "account = me", NULL },
	{ "identity = ~/k", NULL },
	{ "rail = https", NULL },
	{ "ssh = openssh", NULL },
	{ "sources = netrc", NULL },
	{ "sources = none", NULL },
	{ "store = none", NULL },
	{ "store = auto",
		"an environment's own file may only say 'store = none', " PUT },
	{ "netrc = ~/n",
		"an environment's own file may not set 'netrc', " PUT },
	{ "netrc-default = on",
		"an environment's own file may not set 'netrc-default', " PUT },
	{ "netrc-default = off",
		"an environment's own file may not set 'netrc-default', " PUT },
	{ "netrc-permissions = strict",
		"an environment's own file may not set 'netrc-permissions', " PUT },
	{ "netrc-permissions = warn",
		"an environment's own file may not set 'netrc-permissions', " PUT },
};

static void test_env(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(env); i++) {
		struct error err = ERROR_INIT;
		struct policy *p = policy_new(&err);
		char bytes[128], want[512];
		int rc;

		print_message("# %s\n", env[i].line);
		snprintf(bytes, sizeof(bytes), "[default]\n%s\n", env[i].line);
		assert_int_equal(policy_read_bytes(p, slice_of(bytes), "U",
					 POLICY_USER, &err),
			0);
		rc = policy_read_bytes(
			p, slice_of(bytes), "E", POLICY_ENV, &err);
		assert_int_equal(rc, env[i].text ? -1 : 0);
		snprintf(want, sizeof(want), "E:2: %s", env[i].text);
		if (env[i].text)
			assert_string_equal(err.text, want);
		policy_free(p);
	}
}

/* Each row's own key is found, and every key is known to some test above. */
static void test_table(void **state)
{
	(void)state;
	for (unsigned k = 0; k < POLICY_KEYS; k++) {
		const struct policy_key_row *row =
			policy_key_row((enum policy_key)k);
		enum policy_key found;
		struct buf out;

		assert_non_null(row->name);
		assert_non_null(row->parse);
		assert_non_null(row->help);
		assert_int_equal(policy_key_find(&found, slice_of(row->name),
					 "default", NULL),
			0);
		assert_int_equal(found, k);
		buf_init(&out, 256);
		if (row->preset) {
			assert_int_equal(
				policy_key_parse((enum policy_key)k,
					slice_of(row->preset), &out, NULL),
				0);
			assert_string_equal(out.ptr, row->preset);
		}
		buf_release(&out);
	}
}

static void test_long_file_name(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	policy_error_at(&err, "/" FIFTY FIFTY "/etc/conda-go/config", 7, "%s",
		"what is wrong");
	assert_string_equal(err.text,
		"..." FIFTY TEN TEN "/etc/conda-go/config:7: what is wrong");
}

static void test_too_large(void **state)
{
	struct error err = ERROR_INIT;
	struct policy *p = policy_new(&err);
	char *bytes = malloc(POLICY_INI_FILE_MAX + 1);

	(void)state;
	memset(bytes, '\n', POLICY_INI_FILE_MAX + 1);
	assert_int_equal(policy_read_bytes(p,
				 (struct slice){ bytes, POLICY_INI_FILE_MAX },
				 "FILE", POLICY_USER, &err),
		0);
	assert_int_equal(
		policy_read_bytes(p,
			(struct slice){ bytes, POLICY_INI_FILE_MAX + 1 },
			"FILE", POLICY_USER, &err),
		-1);
	assert_string_equal(
		err.text, "FILE:1: more than 65536 bytes are no policy file");
	free(bytes);
	policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_env),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_long_file_name),
		cmocka_unit_test(test_too_large),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("policy syntax", tests, NULL, NULL);
}
