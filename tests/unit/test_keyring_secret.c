/* keyring_secret: the text of a secret, read, compared and written. */
#include "helper/source/keyring_secret.h"

#include "tests/unit/unit.h"

#define E "password_expiry_utc="
#define R "oauth_refresh_token="

static const struct {
	const char *text, *password, *refresh;
	int64_t expiry;
} reads[] = {
	{ "pw", "pw", NULL, 0 },
	{ "", "", NULL, 0 },
	{ "pw\n", "pw", NULL, 0 },
	{ "pw\n" E "12", "pw", NULL, 12 },
	{ "pw\n" R "rt", "pw", "rt", 0 },
	{ "pw\n" R "rt\n" E "12", "pw", "rt", 12 },
	{ "pw\n" E "12\nx=y\n" R "r=t\n", "pw", "r=t", 12 },
	{ "pw\n" E "12x\n" R, "pw", NULL, 0 },
	{ "pw\n" E "99999999999999999999", "pw", NULL, 0 },
	{ "\n" E "12", "", NULL, 12 },
	/* the first line is the password, whatever it looks like */
	{ E "12\nx", E "12", NULL, 0 },
	{ "pw\n x" E "12", "pw", NULL, 0 },
	{ "pw\r\n" E "12", "pw\r", NULL, 12 },
};

static void test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(reads); i++) {
		struct credential c = { .username = slice_of("u") };

		keyring_secret_read(slice_of(reads[i].text), &c);
		ROW(reads[i].text, slice_is(c.password, reads[i].password));
		ROW(reads[i].text, slice_eq(c.oauth_refresh_token,
					   slice_of(reads[i].refresh)));
		ROW(reads[i].text, c.password_expiry_utc == reads[i].expiry);
		ROW(reads[i].text, slice_is(c.username, "u"));
	}
}

static const struct {
	const char *stored; /* NULL: nothing */
	const char *password, *refresh;
	int64_t expiry;
	const char *written; /* NULL: nothing is, it holds all that */
} writes[] = {
	{ NULL, "pw", NULL, 0, "pw" },
	{ NULL, "", NULL, 0, "" },
	{ NULL, "pw", "rt", 12, "pw\n" E "12\n" R "rt" },
	{ NULL, "pw", "", 0, "pw" },
	{ "pw", "pw", NULL, 0, NULL },
	{ "pw\n", "pw", NULL, 0, NULL },
	{ "", "", NULL, 0, NULL },
	/* an older git sends no metadata back: nothing is lost */
	{ "pw\n" E "12\n" R "rt", "pw", NULL, 0, NULL },
	{ "pw\n" E "12\n" R "rt", "pw", "rt", 12, NULL },
	{ "pw\n" R "rt\n" E "12", "pw", "rt", 12, NULL },
	{ "pw\n" E "12\n" R "rt", "pw", NULL, 13, "pw\n" E "13\n" R "rt" },
	{ "pw\n" E "12\n" R "rt", "pw", "new", 0, "pw\n" E "12\n" R "new" },
	{ "pw", "pw", "rt", 12, "pw\n" E "12\n" R "rt" },
	/* an expiry that is past (by 10) was another time's */
	{ "pw\n" E "5\n" R "rt", "pw", NULL, 0, "pw\n" R "rt" },
	{ "pw\n" E "5", "pw", NULL, 0, "pw" },
	{ "pw\n" E "10", "pw", NULL, 0, NULL },
	{ "pw\n" E "5", "pw", "rt", 12, "pw\n" E "12\n" R "rt" },
	/* they are another password's */
	{ "old\n" E "12\n" R "rt", "pw", NULL, 0, "pw" },
	{ "old", "pw", NULL, 0, "pw" },
	/* lines that we do not know stay, once */
	{ "old\nx=y\n" E "12\nz", "pw", NULL, 0, "pw\nx=y\nz" },
	{ "pw\nx=y", "pw", NULL, 7, "pw\n" E "7\nx=y" },
	{ "pw\nx=y", "pw", NULL, 0, NULL },
};

static void test_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(writes); i++) {
		struct slice stored = slice_of(writes[i].stored);
		struct credential c = {
			.password = slice_of(writes[i].password),
			.oauth_refresh_token = slice_of(writes[i].refresh),
			.password_expiry_utc = writes[i].expiry,
		};
		char name[24];
		struct wipebuf out;
		bool holds = stored.ptr && keyring_secret_holds(stored, &c, 10);

		snprintf(name, sizeof(name), "%zu", i);
		wipebuf_init(&out, KEYRING_SECRET_MAX);
		ROW(name, holds == !writes[i].written);
		ROW(name, !keyring_secret_write(stored, &c, 10, &out, NULL));
		ROW(name, holds || slice_is(wipebuf_slice(&out),
					   writes[i].written));
		/* what was written need not be written again */
		ROW(name, keyring_secret_holds(wipebuf_slice(&out), &c, 10));
		wipebuf_release(&out);
	}
}

static void test_lines(void **state)
{
	struct credential c = { .password = slice_of("a\n" E "1") };
	struct error err = ERROR_INIT;
	struct wipebuf out;

	(void)state;
	wipebuf_init(&out, 100);
	assert_int_equal(
		keyring_secret_write(SLICE_NONE, &c, 10, &out, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	c.password = slice_of("a");
	c.oauth_refresh_token = slice_of("b\nc");
	assert_int_equal(
		keyring_secret_write(SLICE_NONE, &c, 10, &out, NULL), -1);
	wipebuf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_lines),
	};

	return unit_run("keyring_secret", tests, COUNT(tests), NULL, NULL);
}
