#include "transport/ssh_sendenv.h"

#include "tests/unit/unit.h"

#define WORDS 6

/* What is sent, name and value, one line each. */
static void sent(char out[512], const char *const *patterns,
	const char *const *sets, char *const *environ_of)
{
	struct ssh_settings s;
	struct ssh_sendenv e = { &s, environ_of, 0 };
	struct slice name, value;
	size_t n = 0;

	ssh_settings_init(&s);
	for (size_t i = 0; i < WORDS && patterns[i]; i++)
		ssh_settings_append(&s.sendenv, slice_of(patterns[i]), NULL);
	for (size_t i = 0; i < WORDS && sets[i]; i++)
		ssh_settings_append(&s.setenv, slice_of(sets[i]), NULL);
	out[0] = '\0';
	while (ssh_sendenv_next(&e, &name, &value))
		n += (size_t)snprintf(out + n, 512 - n, "%.*s:%.*s ",
			(int)name.len, name.ptr, (int)value.len, value.ptr);
	assert_false(ssh_sendenv_next(&e, &name, &value));
	ssh_settings_release(&s);
}

static void test_sent(void **state)
{
	static char *const environ_of[] = { (char *)"LANG=C",
		(char *)"LC_ALL=", (char *)"GIT_PROTOCOL=version=2",
		(char *)"broken", (char *)"LANGUAGE=x", NULL };
	static const struct {
		const char *patterns[WORDS], *sets[WORDS], *want;
	} rows[] = {
		{ { NULL }, { NULL }, "" },
		{ { "LANG" }, { NULL }, "LANG:C " },
		{ { "LANG*", "LC_*" }, { NULL }, "LANG:C LC_ALL: LANGUAGE:x " },
		{ { "GIT_PROTOCOL" }, { NULL }, "GIT_PROTOCOL:version=2 " },
		{ { "git_protocol", "broken" }, { NULL }, "" },
		{ { "*" }, { NULL },
			"LANG:C LC_ALL: GIT_PROTOCOL:version=2 LANGUAGE:x " },
		/* the server keeps the last one of a name */
		{ { "LANG" }, { "A=b=c", "LANG=de" }, "LANG:C A:b=c LANG:de " },
		{ { NULL }, { "EMPTY=" }, "EMPTY: " },
	};
	char out[512];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		sent(out, rows[i].patterns, rows[i].sets, environ_of);
		ROW(rows[i].want, !strcmp(out, rows[i].want));
	}
	sent(out, rows[1].patterns, rows[6].sets, NULL);
	assert_string_equal(out, "A:b=c LANG:de ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sent),
	};

	return unit_run("ssh_sendenv", tests, COUNT(tests), NULL, NULL);
}
