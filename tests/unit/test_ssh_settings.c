#include "transport/ssh_settings.h"

#include "tests/unit/unit.h"

static void fill(struct ssh_settings *s)
{
	static const char *const identities[] = { "/k 1", "/k=2" };

	ssh_settings_init(s);
	assert_int_equal(
		ssh_settings_replace(&s->host, slice_of("H.x"), NULL), 0);
	assert_int_equal(
		ssh_settings_replace(&s->hostname, slice_of("h.x"), NULL), 0);
	assert_int_equal(
		ssh_settings_replace(&s->user, slice_of("me"), NULL), 0);
	assert_int_equal(ssh_settings_replace(&s->identityagent,
				 slice_of("/run/agent"), NULL),
		0);
	s->port = 2222;
	s->connecttimeout = 7;
	s->serveraliveinterval = 30;
	s->addressfamily = SSH_SETTINGS_FAMILY_INET6;
	s->stricthostkeychecking = SSH_SETTINGS_STRICT_ACCEPT_NEW;
	s->batchmode = true;
	s->hashknownhosts = true;
	s->identityfile_given = true;
	for (size_t i = 0; i < COUNT(identities); i++)
		assert_int_equal(ssh_settings_append(&s->identityfile,
					 slice_of(identities[i]), NULL),
			0);
	ssh_settings_append(&s->userknownhostsfile, slice_of("/u1"), NULL);
	ssh_settings_append(&s->userknownhostsfile, slice_of("/u2"), NULL);
	ssh_settings_append(&s->sendenv, slice_of("LC_*"), NULL);
	ssh_settings_append(&s->setenv, slice_of("A=b=c"), NULL);
}

static const char printed[] = "host H.x\n"
			      "user me\n"
			      "hostname h.x\n"
			      "port 2222\n"
			      "addressfamily inet6\n"
			      "batchmode yes\n"
			      "hashknownhosts yes\n"
			      "identitiesonly no\n"
			      "stricthostkeychecking accept-new\n"
			      "serveralivecountmax 3\n"
			      "serveraliveinterval 30\n"
			      "identityagent /run/agent\n"
			      "identityfile /k 1\n"
			      "identityfile /k=2\n"
			      "globalknownhostsfile none\n"
			      "userknownhostsfile /u1 /u2\n"
			      "sendenv LC_*\n"
			      "setenv A=b=c\n"
			      "connecttimeout 7\n";

static void expect_print(const struct ssh_settings *s, const char *want)
{
	struct buf out;

	buf_init(&out, 4096);
	assert_int_equal(ssh_settings_print(s, &out, NULL), 0);
	assert_string_equal(out.ptr, want);
	buf_release(&out);
}

static void test_print(void **state)
{
	struct ssh_settings s;
	struct buf out;

	(void)state;
	fill(&s);
	expect_print(&s, printed);
	buf_init(&out, 16);
	assert_int_equal(ssh_settings_print(&s, &out, NULL), -1);
	buf_release(&out);
	ssh_settings_release(&s);
	assert_null(s.host);
	assert_int_equal(s.identityfile.count, 0);
}

static void test_none(void **state)
{
	struct ssh_settings s;
	struct buf out;

	(void)state;
	ssh_settings_init(&s);
	buf_init(&out, 4096);
	assert_int_equal(ssh_settings_print(&s, &out, NULL), 0);
	assert_null(strstr(out.ptr, "identityfile"));
	assert_non_null(strstr(out.ptr, "connecttimeout none\n"));
	buf_reset(&out);
	s.identityfile_given = true;
	assert_int_equal(ssh_settings_print(&s, &out, NULL), 0);
	assert_non_null(strstr(out.ptr, "identityfile none\n"));
	buf_release(&out);
	ssh_settings_release(&s);
}

/* Through a record and back they are the same, as the print shows. */
static void test_record(void **state)
{
	struct ssh_settings s, back;
	struct record r;

	(void)state;
	fill(&s);
	record_init(&r);
	ssh_settings_init(&back);
	assert_int_equal(ssh_settings_write(&s, &r, NULL), 0);
	assert_true(slice_is(record_get(&r, "port"), "2222"));
	assert_true(slice_is(record_get(&r, "identityfile[]"), "/k=2"));
	assert_false(record_get(&r, "hostkeyalias").ptr);
	assert_int_equal(ssh_settings_read(&back, &r, NULL), 0);
	expect_print(&back, printed);
	assert_true(back.identityfile_given);
	ssh_settings_release(&back);
	ssh_settings_release(&s);
	record_release(&r);
}

/* One line of a good record, and another in its place (NULL: none). */
static void test_read_bad(void **state)
{
	static const struct {
		const char *key, *value;
	} rows[] = { { "host", NULL }, { "host", "" }, { "hostname", NULL },
		{ "user", "" }, { "port", NULL }, { "port", "0" },
		{ "port", "65536" }, { "port", "22x" }, { "port", "" },
		{ "port", "99999999999999999999" }, { "port", "-1" },
		{ "connecttimeout", "2147483648" }, { "connecttimeout", NULL },
		{ "addressfamily", "inet7" }, { "addressfamily", NULL },
		{ "stricthostkeychecking", "yes" }, { "batchmode", "true" },
		{ "batchmode", NULL }, { "identitiesonly", "" },
		{ "identityfile_given", NULL }, { "hostkeyalias", "" },
		{ "setenv[]", NULL } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool list = strchr(rows[i].key, '[');
		struct ssh_settings s, back;
		struct error err = ERROR_INIT;
		struct record r, broken;
		struct slice key, value;
		size_t pos = 0;

		fill(&s);
		record_init(&r);
		record_init(&broken);
		ssh_settings_init(&back);
		assert_int_equal(ssh_settings_write(&s, &r, NULL), 0);
		while (record_next(&r, &pos, &key, &value)) {
			char name[64];

			snprintf(name, sizeof(name), "%.*s", (int)key.len,
				key.ptr);
			if (strcmp(name, rows[i].key) != 0)
				record_add(&broken, name, value, NULL);
		}
		record_add(&broken, rows[i].key, slice_of(rows[i].value), NULL);
		ROW(rows[i].key, ssh_settings_read(&back, &broken, &err) ==
					 (list ? 0 : -1));
		ROW(rows[i].key, err.kind == (list ? ERROR_NONE : ERROR_INPUT));
		ssh_settings_release(&back);
		ssh_settings_release(&s);
		record_release(&r);
		record_release(&broken);
	}
}

static void test_limits(void **state)
{
	struct ssh_settings s;
	struct error err = ERROR_INIT;
	struct record r;

	(void)state;
	fill(&s);
	record_init(&r);
	ssh_settings_replace(&s.user, slice_of("a\nb"), NULL);
	assert_int_equal(ssh_settings_write(&s, &r, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);

	while (s.sendenv.count < SSH_SETTINGS_LIST_MAX)
		assert_int_equal(
			ssh_settings_append(&s.sendenv, slice_of("A"), NULL),
			0);
	err = (struct error)ERROR_INIT;
	assert_int_equal(
		ssh_settings_append(&s.sendenv, slice_of("A"), &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	ssh_settings_release(&s);
	record_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_read_bad),
		cmocka_unit_test(test_limits),
	};

	return unit_run("ssh_settings", tests, COUNT(tests), NULL, NULL);
}
