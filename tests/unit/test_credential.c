#include "helper/base/record.h"
#include "helper/source/credential.h"

#include "tests/unit/unit.h"

/* A record of these lines, "key=value" each. */
static void record_of(struct record *r, const char *const *lines, size_t count)
{
	record_init(r);
	for (size_t i = 0; i < count && lines[i]; i++) {
		const char *eq = strchr(lines[i], '=');
		char key[64];

		snprintf(key, sizeof(key), "%.*s", (int)(eq - lines[i]),
			lines[i]);
		assert_int_equal(record_add(r, key, slice_of(eq + 1), NULL), 0);
	}
}

/* Every attribute of git-credential(1), in the order in which git writes. */
static const char *const all[] = {
	"capability[]=authtype",
	"capability[]=state",
	"authtype=Bearer",
	"credential=abc",
	"ephemeral=1",
	"protocol=https",
	"host=h.example:8443",
	"path=team/x.git",
	"username=u",
	"password=p",
	"oauth_refresh_token=r",
	"password_expiry_utc=1700000000",
	"wwwauth[]=Basic realm=\"x\"",
	"wwwauth[]=Bearer",
	"continue=1",
	"state[]=conda-go:1",
	"state[]=other:2",
	"quit=1",
};

static void check_all(const struct credential *c)
{
	assert_true(slice_is(c->protocol, "https"));
	assert_true(slice_is(c->host, "h.example:8443"));
	assert_true(slice_is(c->path, "team/x.git"));
	assert_true(slice_is(c->username, "u"));
	assert_true(slice_is(c->password, "p"));
	assert_true(slice_is(c->authtype, "Bearer"));
	assert_true(slice_is(c->credential, "abc"));
	assert_true(slice_is(c->oauth_refresh_token, "r"));
	assert_true(c->password_expiry_utc == 1700000000);
	assert_true(c->ephemeral && c->continue_ && c->quit);
	assert_int_equal(c->capability.count, 2);
	assert_int_equal(c->wwwauth.count, 2);
	assert_int_equal(c->state.count, 2);
}

static void test_all(void **state)
{
	struct record r, back;
	struct credential c;

	(void)state;
	record_of(&r, all, COUNT(all));
	assert_int_equal(credential_read(&c, &r, NULL), 0);
	check_all(&c);
	assert_true(slice_is(c.capability.items[0], "authtype"));
	assert_true(slice_is(c.capability.items[1], "state"));
	assert_true(slice_is(c.wwwauth.items[0], "Basic realm=\"x\""));
	assert_true(slice_is(c.state.items[1], "other:2"));
	assert_true(credential_list_has(&c.capability, "state"));
	assert_false(credential_list_has(&c.capability, "stat"));
	/* written back in the same order, byte by byte */
	record_init(&back);
	assert_int_equal(credential_write(&c, &back, NULL), 0);
	assert_true(
		slice_eq(wipebuf_slice(&r.bytes), wipebuf_slice(&back.bytes)));
	record_release(&back);
	record_release(&r);
}

static void test_any_order(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 200; round++) {
		const char *lines[COUNT(all)];
		struct credential c;
		struct record r;

		memcpy(lines, all, sizeof(all));
		for (size_t i = COUNT(all) - 1; i > 0; i--) {
			size_t k = (size_t)rand_r(&seed) % (i + 1);
			const char *swap = lines[i];

			lines[i] = lines[k];
			lines[k] = swap;
		}
		record_of(&r, lines, COUNT(lines));
		assert_int_equal(credential_read(&c, &r, NULL), 0);
		check_all(&c);
		record_release(&r);
	}
}

static void test_nothing(void **state)
{
	struct credential c;
	struct record r, back;

	(void)state;
	memset(&c, 0xff, sizeof(c));
	record_init(&r);
	record_init(&back);
	assert_int_equal(credential_read(&c, &r, NULL), 0);
	assert_null(c.protocol.ptr);
	assert_null(c.password.ptr);
	assert_int_equal(c.state.count, 0);
	assert_false(c.quit || c.ephemeral || c.continue_);
	assert_int_equal(credential_write(&c, &back, NULL), 0);
	assert_int_equal(back.bytes.len, 0);
	record_release(&back);
	record_release(&r);
}

static void test_unknown(void **state)
{
	static const char *const lines[] = { "Host=x", "hosts=x", "host[]=x",
		"url=https://evil/", "capability=authtype", "wwwauth=x",
		" host=x", "x-new=1" };
	struct credential c;
	struct record r;

	(void)state;
	record_of(&r, lines, COUNT(lines));
	assert_int_equal(credential_read(&c, &r, NULL), 0);
	assert_null(c.host.ptr);
	assert_null(c.protocol.ptr);
	assert_int_equal(c.capability.count, 0);
	assert_int_equal(c.wwwauth.count, 0);
	record_release(&r);
}

static void test_last_wins_and_empty(void **state)
{
	static const char *const lines[] = { "username=a",
		"username=", "password=", "host=", "protocol=http",
		"protocol=https", "ephemeral=1", "ephemeral=0",
		"password_expiry_utc=5", "password_expiry_utc=x" };
	struct credential c;
	struct record r;

	(void)state;
	record_of(&r, lines, COUNT(lines));
	assert_int_equal(credential_read(&c, &r, NULL), 0);
	assert_true(slice_is(c.username, ""));
	assert_true(slice_is(c.password, ""));
	assert_true(slice_is(c.host, ""));
	assert_true(slice_is(c.protocol, "https"));
	assert_false(c.ephemeral);
	assert_true(c.password_expiry_utc == 0);
	record_release(&r);
}

static void test_list_reset(void **state)
{
	static const char *const lines[] = { "capability[]=authtype",
		"capability[]=", "capability[]=state", "wwwauth[]=a",
		"wwwauth[]=" };
	struct credential c;
	struct record r;

	(void)state;
	record_of(&r, lines, COUNT(lines));
	assert_int_equal(credential_read(&c, &r, NULL), 0);
	assert_int_equal(c.capability.count, 1);
	assert_true(credential_list_has(&c.capability, "state"));
	assert_false(credential_list_has(&c.capability, "authtype"));
	assert_int_equal(c.wwwauth.count, 0);
	record_release(&r);
}

static void test_list_maximum(void **state)
{
	struct credential c;
	struct record r;
	char value[16];

	(void)state;
	record_init(&r);
	for (int i = 0; i < 2 * CREDENTIAL_LIST_MAX; i++) {
		snprintf(value, sizeof(value), "%d", i);
		record_add(&r, "wwwauth[]", slice_of(value), NULL);
	}
	record_add(&r, "host", slice_of("h"), NULL);
	assert_int_equal(credential_read(&c, &r, NULL), 0);
	assert_int_equal(c.wwwauth.count, CREDENTIAL_LIST_MAX);
	assert_true(slice_is(c.wwwauth.items[0], "0"));
	assert_true(slice_is(c.host, "h"));
	record_release(&r);
}

static void test_control(void **state)
{
	static const char *const names[] = { "protocol", "host", "path",
		"username" };
	static const char *const others[] = { "password", "credential",
		"wwwauth[]", "state[]", "oauth_refresh_token", "authtype" };

	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		char value[4] = { 'a', (char)byte, 'b', '\0' };

		if (byte == '\n')
			continue;
		for (size_t i = 0; i < COUNT(names) + COUNT(others); i++) {
			bool name = i < COUNT(names);
			const char *key =
				name ? names[i] : others[i - COUNT(names)];
			bool bad = name && (byte < 0x20 || byte == 0x7f);
			struct error err = ERROR_INIT;
			struct credential c;
			struct record r;
			int got;

			record_init(&r);
			record_add(&r, key, slice_of(value), NULL);
			got = credential_read(&c, &r, &err);
			ROW(key, got == (bad ? -1 : 0));
			ROW(key, err.kind == (bad ? ERROR_INPUT : ERROR_NONE));
			record_release(&r);
		}
	}
}

static void test_expiry(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} rows[] = {
		{ "0", 0 },
		{ "", 0 },
		{ "1", 1 },
		{ "0001700000000", 1700000000 },
		{ "1700000000x", 0 },
		{ "x", 0 },
		{ "-1", 0 },
		{ "+1", 0 },
		{ " 1", 0 },
		{ "1.5", 0 },
		{ "0x10", 0 },
		{ "99999999999999999999999999", INT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct credential c;
		struct record r;

		record_init(&r);
		record_add(&r, "password_expiry_utc", slice_of(rows[i].text),
			NULL);
		assert_int_equal(credential_read(&c, &r, NULL), 0);
		ROW(rows[i].text, c.password_expiry_utc == rows[i].value);
		record_release(&r);
	}
}

static void test_flags(void **state)
{
	static const struct {
		const char *text;
		bool value;
	} rows[] = {
		{ "1", true },
		{ "true", true },
		{ "TRUE", true },
		{ "yes", true },
		{ "on", true },
		{ "0", false },
		{ "false", false },
		{ "no", false },
		{ "off", false },
		{ "", false },
		{ "junk", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct credential c;
		struct record r, back;

		record_init(&r);
		record_add(&r, "quit", slice_of(rows[i].text), NULL);
		record_add(&r, "continue", slice_of(rows[i].text), NULL);
		record_add(&r, "ephemeral", slice_of(rows[i].text), NULL);
		assert_int_equal(credential_read(&c, &r, NULL), 0);
		ROW(rows[i].text, c.quit == rows[i].value);
		ROW(rows[i].text, c.continue_ == rows[i].value);
		ROW(rows[i].text, c.ephemeral == rows[i].value);
		/* git dies on what is no boolean: only ever 1 */
		record_init(&back);
		assert_int_equal(credential_write(&c, &back, NULL), 0);
		ROW(rows[i].text, slice_eq(record_get(&back, "quit"),
					  c.quit ? slice_of("1") : SLICE_NONE));
		record_release(&back);
		record_release(&r);
	}
}

static void test_cannot_write(void **state)
{
	struct credential c = { .protocol = slice_of("https"),
		.host = slice_of("h"),
		.password = slice_of("p\nhost=evil") };
	struct error err = ERROR_INIT;
	struct record r;

	(void)state;
	record_init(&r);
	record_add(&r, "first", slice_of("1"), NULL);
	assert_int_equal(credential_write(&c, &r, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_null(strstr(err.text, "evil"));
	/* protocol alone would be a record, and a pattern for everything */
	assert_string_equal(r.bytes.ptr, "first=1\n");
	record_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_last_wins_and_empty),
		cmocka_unit_test(test_list_reset),
		cmocka_unit_test(test_list_maximum),
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_cannot_write),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("credential", tests, NULL, NULL);
}
