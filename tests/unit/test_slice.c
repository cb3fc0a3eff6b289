#include "helper/base/slice.h"

#include "tests/unit/unit.h"

#define S(s) ((struct slice){ (s), sizeof(s) - 1 })

static void test_of(void **state)
{
	(void)state;
	assert_null(slice_of(NULL).ptr);
	assert_int_equal(slice_of(NULL).len, 0);
	assert_non_null(slice_of("").ptr);
	assert_int_equal(slice_of("").len, 0);
	assert_int_equal(slice_of("abc").len, 3);
}

static void test_eq(void **state)
{
	static const struct {
		struct slice a, b;
		bool eq, nocase;
	} rows[] = {
		{ { NULL, 0 }, { NULL, 0 }, true, true },
		{ { NULL, 0 }, { "", 0 }, false, false },
		{ { "", 0 }, { "", 0 }, true, true },
		{ { "a", 1 }, { "a", 1 }, true, true },
		{ { "a", 1 }, { "ab", 2 }, false, false },
		{ { "ab", 1 }, { "ac", 1 }, true, true },
		{ { "a\0b", 3 }, { "a\0c", 3 }, false, false },
		{ { "a\0b", 3 }, { "a\0b", 3 }, true, true },
		{ { "GitHub.COM", 10 }, { "github.com", 10 }, false, true },
		{ { "@", 1 }, { "`", 1 }, false, false },
		{ { "[", 1 }, { "{", 1 }, false, false },
		{ { "\xc4", 1 }, { "\xe4", 1 }, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *name = rows[i].a.ptr ? rows[i].a.ptr : "absent";

		ROW(name, slice_eq(rows[i].a, rows[i].b) == rows[i].eq);
		ROW(name, slice_eq(rows[i].b, rows[i].a) == rows[i].eq);
		ROW(name, slice_eq_nocase(rows[i].a, rows[i].b) ==
				  rows[i].nocase);
		ROW(name, slice_eq_nocase(rows[i].b, rows[i].a) ==
				  rows[i].nocase);
	}
}

static void test_is(void **state)
{
	(void)state;
	assert_true(slice_is(S("host"), "host"));
	assert_false(slice_is(S("host\0"), "host"));
	assert_false(slice_is(S("hos"), "host"));
	assert_false(slice_is(S("hosts"), "host"));
	assert_true(slice_is(S(""), ""));
	assert_false(slice_is(SLICE_NONE, ""));
	assert_false(slice_is(SLICE_NONE, NULL));
}

static void test_starts(void **state)
{
	(void)state;
	assert_true(slice_starts(S("ssh://h"), "ssh://"));
	assert_true(slice_starts(S("ssh://"), "ssh://"));
	assert_false(slice_starts(S("ssh:/"), "ssh://"));
	assert_true(slice_starts(S(""), ""));
	assert_false(slice_starts(SLICE_NONE, ""));
	assert_false(slice_starts(SLICE_NONE, "a"));
}

static void test_has_control(void **state)
{
	(void)state;
	assert_false(slice_has_control(SLICE_NONE));
	assert_false(slice_has_control(S("")));
	assert_false(slice_has_control(S("caf\xc3\xa9 ~\x80\xff")));
	for (int c = 0; c < 256; c++) {
		char byte[3] = { 'a', (char)c, 'b' };

		assert_int_equal(slice_has_control((struct slice){ byte, 3 }),
			c < 0x20 || c == 0x7f);
		/* not beyond the end */
		assert_false(slice_has_control((struct slice){ byte, 1 }));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of),
		cmocka_unit_test(test_eq),
		cmocka_unit_test(test_is),
		cmocka_unit_test(test_starts),
		cmocka_unit_test(test_has_control),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
