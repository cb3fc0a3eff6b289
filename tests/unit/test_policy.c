/* The merged policy: which line wins for which target, and why. */
#include "helper/policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct policy *read_three(
	const char *system, const char *user, const char *env)
{
	struct error err = ERROR_INIT;
	struct policy *p = policy_new(&err);

	assert_non_null(p);
	if (policy_read_bytes(p, slice_of(system), "S", POLICY_SYSTEM, &err) <
			0 ||
		policy_read_bytes(p, slice_of(user), "U", POLICY_USER, &err) <
			0 ||
		policy_read_bytes(p, slice_of(env), "E", POLICY_ENV, &err) < 0)
		fail_msg("%s", err.text);
	return p;
}

static void look(const struct policy *p, const char *url, enum policy_key key,
	struct policy_value *v)
{
	struct error err = ERROR_INIT;
	struct target t;

	if (target_from_url(&t, slice_of(url), &err) < 0)
		fail_msg("%s", err.text);
	policy_lookup(p, &t, key, v);
}

/* "U:2 text", or "- text" for what is built in. */
static void assert_value(const struct policy_value *v, const char *want)
{
	char got[128];

	if (v->file)
		snprintf(got, sizeof(got), "%s:%d %s", v->file, v->line,
			v->text);
	else
		snprintf(got, sizeof(got), "- %s", v->text ? v->text : "?");
	assert_string_equal(got, want);
	assert_int_equal(v->why != NULL, v->file != NULL);
}

#define A POLICY_KEY_ACCOUNT
#define R POLICY_KEY_RAIL
#define S POLICY_KEY_SOURCES
#define T POLICY_KEY_STORE
#define DEFAULT "[default]\n"
#define HOST "[host \"h\"]\n"
#define PORT "[host \"h:8443\"]\n"
#define ACME "[host \"h/acme\"]\n"
#define ACMEPORT "[host \"h:8443/acme\"]\n"
#define SUB "[host \"h/acme/sub\"]\n"

static const struct {
	const char *system, *user, *env, *url;
	enum policy_key key;
	const char *want, *why;
} lookups[] = {
	{ "", "", "", "https://h/", R, "- auto", NULL },
	{ "", "", "", "https://h/", A, "- ?", NULL },
	{ "", "", "", "https://h/", S, "- netrc keyring", NULL },
	/* the most specific section */
	{ "", DEFAULT "account=d\n" HOST "account=a\n" ACME "account=b\n", "",
		"https://h/acme/x", A, "U:6 b",
		"the longest path that holds it" },
	{ "", DEFAULT "account=d\n" HOST "account=a\n" ACME "account=b\n", "",
		"https://h/acmex", A, "U:4 a", "the section for this host" },
	{ "", DEFAULT "account=d\n" HOST "account=a\n" ACME "account=b\n", "",
		"https://x.h/acme", A, "U:2 d",
		"no host's section says otherwise" },
	{ "",
		SUB "account=c\n" ACME "account=b\n" HOST "account=a\n" DEFAULT
		    "account=d\n",
		"", "https://h/acme/sub/x.git", A, "U:2 c",
		"the longest path that holds it" },
	{ "", SUB "account=c\n" ACME "account=b\n", "",
		"https://h/acme/sub.git", A, "U:2 c", NULL },
	{ "", SUB "account=c\n" ACME "account=b\n", "", "https://h/acme/subx",
		A, "U:4 b", NULL },
	{ "", SUB "account=c\n" ACME "account=b\n" HOST "account=a\n", "",
		"https://h/acme/../sub", A, "U:6 a", NULL },
	/* a port beats none, a longer path beats a port */
	{ "", HOST "account=a\n" PORT "account=p\n", "", "https://h:8443/", A,
		"U:4 p", "the section for this host and port" },
	{ "", PORT "account=p\n" HOST "account=a\n", "", "https://h/", A,
		"U:4 a", NULL },
	{ "", PORT "account=p\n" HOST "account=a\n", "", "https://h:8444/", A,
		"U:4 a", NULL },
	{ "", PORT "account=p\n", "", "https://h/", A, "- ?", NULL },
	{ "", PORT "account=p\n" ACME "account=b\n", "",
		"https://h:8443/acme/x", A, "U:4 b", NULL },
	{ "", ACMEPORT "account=q\n" ACME "account=b\n", "",
		"https://h:8443/acme/x", A, "U:2 q", NULL },
	{ "", "[host \"h:443\"]\naccount=s\n" HOST "account=a\n", "",
		"https://h/", A, "U:2 s", NULL },
	{ "", "[host \"h:443\"]\naccount=s\n" HOST "account=a\n", "",
		"http://127.0.0.1/", A, "- ?", NULL },
	{ "", "[host \"[::1]\"]\naccount=s\n", "", "https://[::1]:1/", A,
		"U:2 s", NULL },
	{ "", "[host \"GitHub.com\"]\naccount=s\n", "", "https://gIThub.COM/",
		A, "U:2 s", NULL },
	/* a section that does not set the key does not count */
	{ "", HOST "account=a\n" ACME "store=none\n", "", "https://h/acme", A,
		"U:2 a", NULL },
	/* equal sections: the later file */
	{ HOST "account=s\n", HOST "account=u\n", "", "https://h/", A, "U:2 u",
		NULL },
	{ HOST "account=s\n", HOST "account=u\n", "\n" HOST "account=e\n",
		"https://h/", A, "E:3 e", NULL },
	{ DEFAULT "account=s\n", DEFAULT "account=u\n", DEFAULT "account=e\n",
		"https://h/", A, "E:2 e", NULL },
	/* a more specific section of an earlier file */
	{ HOST "account=s\n", DEFAULT "account=u\n", DEFAULT "account=e\n",
		"https://h/", A, "S:2 s", NULL },
	{ "", HOST "account=u\n", ACME "account=e\n", "https://h/acme", A,
		"E:2 e", NULL },
	{ "", ACME "account=u\n", HOST "account=e\n", "https://h/acme", A,
		"U:2 u", NULL },
	{ "", HOST "account=u\n", HOST "account=e\n", "https://g/", A, "- ?",
		NULL },
	/* merged from several pieces */
	{ "", HOST "store=none\n" DEFAULT "store=auto\n" HOST "account=a\n", "",
		"https://h/", A, "U:6 a", NULL },
	/* rail, ssh: the environment's own file only where nobody else does */
	{ "", "", DEFAULT "rail=ssh\n", "https://h/", R, "E:2 ssh", NULL },
	{ "", "", HOST "rail=ssh\n", "https://h/", R, "E:2 ssh", NULL },
	{ "", HOST "rail=https\n", HOST "rail=ssh\n", "https://h/", R,
		"U:2 https",
		"set outside the environment, whose own file may not change "
		"it" },
	{ "", DEFAULT "rail=https\n", HOST "rail=ssh\n", "https://h/", R,
		"U:2 https",
		"set outside the environment, whose own file may not change "
		"it" },
	{ DEFAULT "rail=auto\n", "", ACME "rail=ssh\n", "https://h/acme", R,
		"S:2 auto", NULL },
	{ "", "[host \"g\"]\nrail=https\n", HOST "rail=ssh\n", "https://h/", R,
		"E:2 ssh", NULL },
	{ "", HOST "ssh=auto\n", HOST "ssh=openssh\n", "ssh://h/",
		POLICY_KEY_SSH, "U:2 auto", NULL },
	{ "", "", HOST "ssh=openssh\n", "ssh://h/", POLICY_KEY_SSH,
		"E:2 openssh", NULL },
	/* sources: the environment's own file takes away */
	{ "", "", DEFAULT "sources=none\n", "https://h/", S, "E:2 none",
		"what the environment's own file leaves of the list" },
	{ "", "", DEFAULT "sources=netrc\n", "https://h/", S, "E:2 netrc",
		NULL },
	{ "", DEFAULT "sources=none\n", DEFAULT "sources=netrc\n", "https://h/",
		S, "E:2 none", NULL },
	{ "", HOST "sources=none\n", ACME "sources=netrc\n", "https://h/acme",
		S, "E:2 none", NULL },
	{ "", HOST "sources=netrc\n", DEFAULT "sources=none\n", "https://h/", S,
		"E:2 none", NULL },
	{ "", HOST "sources=none\n", ACME "sources=netrc\n", "https://g/", S,
		"- netrc keyring", NULL },
	/* store and identity */
	{ "", HOST "store=auto\n", HOST "store=none\n", "https://h/", T,
		"E:2 none", NULL },
	{ "", HOST "store=none\n", "", "https://h/", T, "U:2 none", NULL },
	{ "", HOST "identity=/u\n", HOST "identity=~/e\n", "ssh://h/",
		POLICY_KEY_IDENTITY, "E:2 ~/e", NULL },
};

static void test_lookup(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lookups); i++) {
		struct policy *p = read_three(
			lookups[i].system, lookups[i].user, lookups[i].env);
		struct policy_value v;

		print_message("# %zu %s\n", i, lookups[i].want);
		look(p, lookups[i].url, lookups[i].key, &v);
		assert_value(&v, lookups[i].want);
		if (lookups[i].why)
			assert_string_equal(v.why, lookups[i].why);
		policy_free(p);
	}
}

/* Whatever the order of the sections, the same one wins. */
static void test_order(void **state)
{
	static const char *const parts[] = { DEFAULT "account=d\n",
		HOST "account=a\n", PORT "account=p\n", ACME "account=b\n",
		ACMEPORT "account=q\n" };
	static const struct {
		const char *url, *want;
	} asked[] = { { "https://g/", "d" }, { "https://h/", "a" },
		{ "https://h:8443/", "p" }, { "https://h/acme", "b" },
		{ "https://h:8443/acme", "q" } };

	(void)state;
	for (unsigned i = 0; i < 3125; i++) {
		unsigned seen = 0, n = i;
		char bytes[256] = "";
		size_t used = 0;
		struct policy *p;

		for (unsigned k = 0; k < 5; k++, n /= 5) {
			seen |= 1U << n % 5;
			used += (size_t)snprintf(bytes + used,
				sizeof(bytes) - used, "%s", parts[n % 5]);
		}
		if (seen != 31)
			continue;
		p = read_three("", bytes, "");
		for (unsigned k = 0; k < 5; k++) {
			struct policy_value v;

			look(p, asked[k].url, A, &v);
			assert_string_equal(v.text, asked[k].want);
		}
		policy_free(p);
	}
}

struct shown {
	char text[4096];
};

static int show(void *arg, const struct policy_item *item)
{
	struct shown *s = arg;
	size_t n = strlen(s->text);

	assert_true(item->value.why || item->value.scope == POLICY_BUILTIN);
	assert_int_equal(item->host == NULL, !strcmp(item->section, "default"));
	snprintf(s->text + n, sizeof(s->text) - n, "%s%s %s=%s %s:%d\n",
		item->in_force ? "" : "(not) ", item->section,
		policy_key_row(item->key)->name, item->value.text,
		item->value.file ? item->value.file : "-", item->value.line);
	return 0;
}

static void test_each(void **state)
{
	struct shown s = { "" };
	struct policy *p = read_three(DEFAULT "account=s\nrail=auto\n",
		DEFAULT "sources=netrc\n" HOST "account=u\n" PORT
			"store=none\n",
		DEFAULT "account=e\nrail=ssh\nsources=netrc\n" HOST
			"account=f\nstore=none\n" SUB
			"rail=ssh\nssh=openssh\n");

	(void)state;
	assert_int_equal(policy_each(p, show, &s), 0);
	assert_string_equal(s.text, "default sources=netrc E:4\n"
				    "(not) default sources=netrc U:2\n"
				    "default account=e E:2\n"
				    "(not) default account=s S:2\n"
				    "(not) default rail=ssh E:3\n"
				    "default rail=auto S:3\n"
				    "default store=auto -:0\n"
				    "default netrc-default=off -:0\n"
				    "default netrc-permissions=strict -:0\n"
				    "default ssh=auto -:0\n"
				    "h account=f E:6\n"
				    "(not) h account=u U:4\n"
				    "h store=none E:7\n"
				    "h:8443 store=none U:6\n"
				    "(not) h/acme/sub rail=ssh E:9\n"
				    "h/acme/sub ssh=openssh E:10\n");
	policy_free(p);
}

static int stop(void *arg, const struct policy_item *item)
{
	(void)item;
	return ++*(int *)arg == 3 ? 42 : 0;
}

#define HOSTS 256

static int host(void *arg, const struct target *t, const char *section)
{
	char *out = arg;
	size_t n = strlen(out);

	snprintf(out + n, HOSTS - n, "%s%s", section, t->port ? "! " : " ");
	return 0;
}

static void test_each_more(void **state)
{
	struct policy *p = read_three(HOST ACME, PORT HOST, SUB PORT);
	char hosts[HOSTS] = "";
	int n = 0;

	(void)state;
	assert_int_equal(policy_each(p, stop, &n), 42);
	assert_int_equal(n, 3);
	assert_int_equal(policy_each_host(p, host, hosts), 0);
	assert_string_equal(hosts, "h h/acme h:8443! h/acme/sub ");
	policy_free(p);
	policy_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_each_more),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
