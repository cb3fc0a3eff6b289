/* The two lines that an event is written as. */
#include "helper/base/trace.h"

#include "tests/unit/unit.h"

#include <jansson.h>

static const char *text_of(struct slice value)
{
	static char line[TRACE_LINE_MAX];
	struct trace_field f = TRACE_SLICE("v", value);

	trace_text(line, sizeof(line), "some.event", &f, 1);
	return line;
}

/* What JSON says the value is; NULL where it does not parse. */
static const char *json_of(struct slice value)
{
	static char line[TRACE_LINE_MAX], shown[TRACE_LINE_MAX];
	struct trace_field f = TRACE_SLICE("v", value);
	json_t *o;

	trace_json(line, sizeof(line), "some.event", &f, 1);
	o = json_loads(line, 0, NULL);
	if (!o)
		return NULL;
	assert_string_equal(
		json_string_value(json_object_get(o, "event")), "some.event");
	shown[0] = '\0';
	if (json_is_string(json_object_get(o, "v")))
		snprintf(shown, sizeof(shown), "%s",
			json_string_value(json_object_get(o, "v")));
	json_decref(o);
	return shown;
}

static void assert_one_line(const char *line)
{
	size_t n = strlen(line);

	assert_true(n > 1 && n < TRACE_LINE_MAX);
	assert_ptr_equal(strchr(line, '\n'), line + n - 1);
	for (size_t i = 0; i + 1 < n; i++)
		assert_true((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
}

/* A line is what git's reader takes for an attribute that it does not know. */
static void assert_text_line(const char *line)
{
	static const char *const known[] = { "protocol", "host", "path",
		"username", "password", "url", "quit", "capability", "wwwauth",
		"authtype", "credential", "ephemeral", "continue", "state",
		"oauth_refresh_token" };

	assert_one_line(line);
	assert_non_null(strchr(line, '='));
	assert_int_equal(strncmp(line, "conda-go ", 9), 0);
	for (size_t i = 0; i < COUNT(known); i++)
		assert_int_not_equal(
			strncmp(line, known[i], strlen(known[i])), 0);
}

static void test_types(void **state)
{
	struct trace_field f[] = { TRACE_STR("s", "word"),
		TRACE_STR("absent", NULL), TRACE_STR("empty", ""),
		TRACE_STR("space", "two words"), TRACE_INT("i", -5),
		TRACE_INT("big", INT64_MIN), TRACE_BOOL("yes", true),
		TRACE_BOOL("no", false), TRACE_STR("q", "a\"b\\c") };
	char line[TRACE_LINE_MAX];
	json_t *o;

	(void)state;
	trace_text(line, sizeof(line), "x.y", f, COUNT(f));
	assert_text_line(line);
	assert_non_null(strstr(line,
		" x.y s=word empty=\"\" space=\"two words\" i=-5 "
		"big=-9223372036854775808 yes=yes no=no q=\"a\\\"b\\\\c\"\n"));
	assert_null(strstr(line, "absent"));
	trace_json(line, sizeof(line), "x.y", f, COUNT(f));
	assert_one_line(line);
	o = json_loads(line, 0, NULL);
	assert_non_null(o);
	assert_string_equal(json_string_value(json_object_get(o, "s")), "word");
	assert_null(json_object_get(o, "absent"));
	assert_string_equal(json_string_value(json_object_get(o, "empty")), "");
	assert_true(json_integer_value(json_object_get(o, "big")) == INT64_MIN);
	assert_true(json_is_true(json_object_get(o, "yes")));
	assert_true(json_is_false(json_object_get(o, "no")));
	assert_string_equal(
		json_string_value(json_object_get(o, "q")), "a\"b\\c");
	assert_true(json_integer_value(json_object_get(o, "pid")) == getpid());
	assert_int_equal(
		strlen(json_string_value(json_object_get(o, "time"))), 27);
	json_decref(o);
	/* no field at all: still an attribute */
	trace_text(line, sizeof(line), "x", NULL, 0);
	assert_text_line(line);
}

static void test_every_byte(void **state)
{
	(void)state;
	for (int a = 0; a < 256; a++)
		for (int b = 0; b < 256; b++) {
			char value[4] = { 'x', (char)a, (char)b, 'y' };
			const char *json;

			assert_text_line(text_of((struct slice){ value, 4 }));
			json = json_of((struct slice){ value, 4 });
			assert_non_null(json);
			assert_null(strpbrk(json, "\n\r\033"));
		}
}

static void test_escapes(void **state)
{
	static const struct {
		const char *value, *text, *json;
	} rows[] = {
		{ "a\nhost=evil", "\"a\\x0ahost=evil\"", "a%0ahost=evil" },
		{ "a\033[2Jb", "\"a\\x1b[2Jb\"", "a%1b[2Jb" },
		{ "a\177", "\"a\\x7f\"", "a%7f" },
		{ "a b\xc2\x9b"
		  "2J",
			"\"a b\\xc2\\x9b2J\"", "a b%c2%9b2J" },
		{ "a\xc2\x9b", "a%c2%9b", "a%c2%9b" },
		{ "a\x9b", "a%9b", "a%9b" }, /* CSI of a Latin-1 terminal */
		{ "a\xc2", "a%c2", "a%c2" },
		{ "a\xc0\x8a", "a%c0%8a", "a%c0%8a" }, /* LF, overlong */
		{ "a\xe0\x80\x8a", "a%e0%80%8a", "a%e0%80%8a" },
		{ "a\xed\xa0\x80", "a%ed%a0%80", "a%ed%a0%80" },
		{ "a\xf4\x90\x80\x80", "a%f4%90%80%80", "a%f4%90%80%80" },
		{ "a\xff", "a%ff", "a%ff" },
		{ "caf\xc3\xa9", "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "\xe2\x82\xac", "\xe2\x82\xac", "\xe2\x82\xac" },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "\xc2\xa0", "\xc2\xa0", "\xc2\xa0" },
	};
	char want[128];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(want, sizeof(want), " v=%s\n", rows[i].text);
		ROW(rows[i].value,
			strstr(text_of(slice_of(rows[i].value)), want));
		ROW(rows[i].value, !strcmp(json_of(slice_of(rows[i].value)),
					   rows[i].json));
	}
	assert_string_equal(json_of((struct slice){ "a\0b", 3 }), "a%00b");
}

static void test_userinfo(void **state)
{
	static const struct {
		const char *value, *shown;
	} rows[] = {
		{ "https://u:hunter2@h/p", "https://u:***@h/p" },
		{ "https://u:hunter2@h:8443/p", "https://u:***@h:8443/p" },
		{ "https://u:a:hunter2@h", "https://u:***@h" },
		{ "https://u:a@hunter2@h", "https://u:***@h" },
		{ "https://hunter2@h/p", "https://***@h/p" },
		{ "https://hunter2:@h/p", "https://***@h/p" },
		{ "https://hunter2:x-oauth-basic@h", "https://***@h" },
		{ "https://:hunter2@h", "https://:***@h" },
		{ "https://@h", "https://@h" },
		{ "https://h/p@q", "https://h/p@q" },
		{ "https://h:8443/p", "https://h:8443/p" },
		{ "https://h?x=a@b", "https://h?x=a@b" },
		{ "ssh://git@h/p", "ssh://git@h/p" },
		{ "git+ssh://git@h/p", "git+ssh://git@h/p" },
		{ "ssh://git:hunter2@h/p", "ssh://git:***@h/p" },
		{ "://u:hunter2@h", "://u:***@h" },
		{ "https://u:hunter2@h,https://v:hunter2@i",
			"https://u:***@h,https://v:***@i" },
		{ "https://u:@h,https://v:hunter2@i",
			"https://***@h,https://v:***@i" },
		{ "https://@h,https://v:hunter2@i",
			"https://@h,https://v:***@i" },
		{ "https://h/,https://v:hunter2@i/x,https://hunter2@j",
			"https://h/,https://v:***@i/x,https://***@j" },
		{ "a://://u:hunter2@h", "a://://u:***@h" },
		{ "https://u:hunter2\xff@h", "https://u:***@h" },
		{ "u@h:path", "u@h:path" },
		{ "://", "://" },
		{ ":/", ":/" },
	};
	char want[200];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice value = slice_of(rows[i].value);

		snprintf(want, sizeof(want), " v=%s\n", rows[i].shown);
		ROW(rows[i].value, strstr(text_of(value), want));
		ROW(rows[i].value, !strcmp(json_of(value), rows[i].shown));
	}
	/* in a sentence */
	assert_non_null(strstr(
		text_of(slice_of("see https://u:hunter2@h and https://b:c@d!")),
		"\"see https://u:***@h and https://b:***@d!\""));
}

static void test_sizes(void **state)
{
	struct trace_field f[3];
	char *long_value = malloc(20001), line[TRACE_LINE_MAX + 1];

	(void)state;
	for (size_t i = 0; i < 20000; i += 2)
		memcpy(long_value + i, "\xc3\xa9", 2);
	long_value[20000] = '\0';
	for (size_t cut = 0; cut < 8; cut++) {
		struct slice v = { long_value + cut, 20000 - cut };

		assert_text_line(text_of(v));
		assert_non_null(json_of(v));
	}
	/* every size, with a guard behind: cut, one line, never beyond */
	for (size_t i = 0; i < COUNT(f); i++)
		f[i] = TRACE_STR("k", "\xe2\x82\xac \" https://u:hunter2@h");
	for (size_t size = 60; size < 400; size++) {
		json_t *o;

		memset(line, 0x55, sizeof(line));
		trace_text(line, size, "some.event", f, COUNT(f));
		assert_true(strlen(line) < size);
		assert_int_equal(line[size], 0x55);
		assert_int_equal(line[strlen(line) - 1], '\n');
		assert_null(strstr(line, "hunt"));
		memset(line, 0x55, sizeof(line));
		trace_json(line, size, "some.event", f, COUNT(f));
		assert_true(strlen(line) < size);
		assert_int_equal(line[size], 0x55);
		assert_null(strstr(line, "hunt"));
		/* the head alone takes some 120 bytes: all of it or nothing */
		o = json_loads(line, 0, NULL);
		assert_true(o || (size < 160 && !*line));
		json_decref(o);
	}
	/* less than the shortest object: nothing, rather than half of it */
	memset(line, 0x55, sizeof(line));
	trace_json(line, 20, "some.event", f, COUNT(f));
	assert_string_equal(line, "");
	assert_int_equal(line[20], 0x55);
	free(long_value);
}

static void test_git_sid(void **state)
{
	struct trace_field f = TRACE_STR("k", "v");
	char line[TRACE_LINE_MAX];
	json_t *o;

	(void)state;
	setenv("GIT_TRACE2_PARENT_SID", "2025/\xff\n", 1);
	trace_json(line, sizeof(line), "x", &f, 1);
	unsetenv("GIT_TRACE2_PARENT_SID");
	o = json_loads(line, 0, NULL);
	assert_non_null(o);
	assert_string_equal(json_string_value(json_object_get(o, "git_sid")),
		"2025/%ff%0a");
	json_decref(o);
}

static int setup(void **state)
{
	(void)state;
	unsetenv("GIT_TRACE2_PARENT_SID");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_userinfo),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_git_sid),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("trace", tests, setup, NULL);
}
