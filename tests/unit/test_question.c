/* question: what is kept and what is not, and how reasons are joined. */
#include "helper/source/question.h"

#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <time.h>

static char home[128];

/* A home with a netrc, and no bus: a keyring is absent, and no role started. */
static int set_up(void **state)
{
	char path[160];
	FILE *f;

	(void)state;
	unit_mkdir(home);
	setenv("HOME", home, 1);
	unsetenv("NETRC");
	unsetenv("XDG_RUNTIME_DIR");
	unsetenv("DBUS_SESSION_BUS_ADDRESS");
	snprintf(path, sizeof(path), "%s/.netrc", home);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("machine h login ann password pw\n", f);
	fclose(f);
	return chmod(path, 0600);
}

static int tear_down(void **state)
{
	(void)state;
	unit_rmdir(home);
	return 0;
}

static struct policy *policy_of(const char *text)
{
	struct policy *p = policy_new(NULL);

	assert_int_equal(
		policy_read_bytes(p, slice_of(text), "U", POLICY_USER, NULL),
		0);
	return p;
}

static const struct {
	const char *policy, *url, *user, *password;
	int64_t expires; /* seconds from now, 0: never */
	bool ephemeral;
	const char *source; /* that has it or was to; NULL: nobody's */
	enum source_outcome outcome;
	const char *why;
} stores[] = {
	/* what came from netrc is not copied */
	{ "", "https://h/", "ann", "pw", 0, false, "netrc", SOURCE_UNCHANGED,
		"came from there" },
	/* any other goes to the first source that can */
	{ "", "https://h/", "ann", "other", 0, false, "keyring", SOURCE_ABSENT,
		"no session bus" },
	{ "", "https://h/", "bob", "pw", 0, false, "keyring", SOURCE_ABSENT,
		"no session bus" },
	{ "", "https://g/", "ann", "pw", 3600, false, "keyring", SOURCE_ABSENT,
		"no session bus" },
	{ "[default]\nsources = keyring netrc\n", "https://h/", "ann", "pw", 0,
		false, "keyring", SOURCE_ABSENT, "no session bus" },
	{ "[default]\nsources = netrc\n", "https://g/", "ann", "pw", 0, false,
		NULL, SOURCE_UNCHANGED, "no source" },
	{ "[default]\nsources = none\n", "https://g/", "ann", "pw", 0, false,
		NULL, SOURCE_UNCHANGED, "no source" },
	/* and nowhere */
	{ "[host \"g\"]\nstore = none\n", "https://g/", "ann", "pw", 0, false,
		NULL, SOURCE_UNCHANGED, "store = none" },
	{ "", "https://g/", "ann", "pw", 0, true, NULL, SOURCE_UNCHANGED,
		"ephemeral" },
	{ "", "https://g/", "ann", "pw", -5, false, NULL, SOURCE_UNCHANGED,
		"expired" },
	{ "", "https://g/", "ann", NULL, 0, false, NULL, SOURCE_UNCHANGED,
		"lacks" },
	{ "", "https://g/", NULL, "pw", 0, false, NULL, SOURCE_UNCHANGED,
		"lacks" },
	{ "", "http://g/", "ann", "pw", 0, false, NULL, SOURCE_UNCHANGED,
		"without TLS" },
	{ "[default]\nrail = ssh\n", "https://g/", "ann", "pw", 0, false, NULL,
		SOURCE_UNCHANGED, "rail = ssh" },
};

static void test_store(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stores); i++) {
		struct policy *p = policy_of(stores[i].policy);
		struct error why = ERROR_INIT;
		const struct source *to;
		struct credential c = { .quit = false };
		struct question q;
		struct target t;
		char name[24];

		snprintf(name, sizeof(name), "%zu", i);
		c.username = slice_of(stores[i].user);
		c.password = slice_of(stores[i].password);
		c.ephemeral = stores[i].ephemeral;
		if (stores[i].expires)
			c.password_expiry_utc = time(NULL) + stores[i].expires;
		ROW(name, !target_from_url(&t, slice_of(stores[i].url), NULL));
		c.protocol = t.scheme;
		c.host = t.host;
		ROW(name, !question_init(&q, NULL, &t, p, NULL));
		to = question_store(&q, &c, &why);
		ROW(name, slice_eq(slice_of(to ? to->name : NULL),
				  slice_of(stores[i].source)));
		ROW(name, q.outcome == stores[i].outcome);
		ROW(name, why.kind && strstr(why.text, stores[i].why));
		question_release(&q);
		policy_free(p);
	}
}

/* Every source has its turn; who cannot erase shows what it has. */
static void test_erase(void **state)
{
	struct policy *p = policy_of("");
	struct credential c = { .protocol = slice_of("https"),
		.host = slice_of("h") };
	struct error why = ERROR_INIT;
	const struct source *s;
	struct question q;
	struct target t;
	size_t at = 0;

	(void)state;
	assert_int_equal(target_from_url(&t, slice_of("https://h/"), NULL), 0);
	assert_int_equal(question_init(&q, NULL, &t, p, NULL), 0);
	s = question_erase(&q, &c, &at, &why);
	assert_string_equal(s->name, "netrc");
	assert_null(s->erase);
	assert_int_equal(q.outcome, SOURCE_FOUND);
	assert_true(slice_is(record_get(&q.answer.record, "password"), "pw"));
	s = question_erase(&q, &c, &at, &why);
	assert_string_equal(s->name, "keyring");
	assert_int_equal(q.outcome, SOURCE_ABSENT);
	assert_null(record_get(&q.answer.record, "password").ptr);
	assert_null(question_erase(&q, &c, &at, &why));
	question_release(&q);
	policy_free(p);
}

/* In order; what was refused comes before what is merely not there. */
static void test_reasons(void **state)
{
	static const struct {
		const char *policy, *netrc, *first, *second;
		mode_t mode;
	} rows[] = {
		{ "", ".netrc", "has no entry for g", "no session bus", 0600 },
		{ "[default]\nsources = keyring netrc\n", ".netrc",
			"no session bus", "has no entry for g", 0600 },
		{ "[default]\nsources = keyring netrc\n", ".netrc",
			"others can read", "no session bus", 0644 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct policy *p = policy_of(rows[i].policy);
		struct error why = ERROR_INIT;
		struct question q;
		struct target t;
		const char *first, *second;
		char path[160];

		snprintf(path, sizeof(path), "%s/%s", home, rows[i].netrc);
		assert_int_equal(chmod(path, rows[i].mode), 0);
		target_from_url(&t, slice_of("https://g/"), NULL);
		assert_int_equal(question_init(&q, NULL, &t, p, NULL), 0);
		assert_null(question_ask(&q, &why));
		first = strstr(why.text, rows[i].first);
		second = strstr(why.text, rows[i].second);
		ROW(rows[i].first, first && second && first < second);
		/* each once */
		ROW(rows[i].first, !strstr(first + 1, rows[i].first));
		question_release(&q);
		policy_free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_store, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_erase, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_reasons, set_up, tear_down),
	};

	return unit_run("question", tests, COUNT(tests), NULL, NULL);
}
