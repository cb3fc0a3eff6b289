#include "helper/base/error.h"

#include "tests/unit/unit.h"

static void test_set(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(error_set(&err, ERROR_DENIED, "%s %d", "no", 7), -1);
	assert_int_equal(err.kind, ERROR_DENIED);
	assert_string_equal(err.text, "no 7");
	assert_int_equal(error_set(&err, ERROR_INPUT, "other"), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(err.text, "other");
}

static void test_nobody_asks(void **state)
{
	(void)state;
	errno = ENOENT;
	assert_int_equal(error_set(NULL, ERROR_INPUT, "x"), -1);
	assert_int_equal(error_errno(NULL, ERROR_INPUT, "x"), -1);
	assert_int_equal(errno, ENOENT);
}

static void test_one_line(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERROR_INPUT, "%s", "a\nb\rc\033[31md\177e\tf\1");
	assert_string_equal(err.text, "a?b?c?[31md?e?f?");
	error_set(&err, ERROR_INPUT, "%s", "caf\xc3\xa9");
	assert_string_equal(err.text, "caf\xc3\xa9");
}

static void test_cut(void **state)
{
	char longest[1000];
	struct error err;

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memset(&err, 'y', sizeof(err));
	error_set(&err, ERROR_INPUT, "%s", longest);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	errno = EPERM;
	error_errno(&err, ERROR_INPUT, "%s", longest);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_memory_equal(err.text, longest, 200);
}

static void test_errno(void **state)
{
	struct error err;

	(void)state;
	errno = ENOENT;
	assert_int_equal(error_errno(&err, ERROR_SYSTEM, "open %s", "/x"), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(err.kind, ERROR_SYSTEM);
	assert_string_equal(err.text, "open /x: No such file or directory");
	for (size_t n = 240; n < 258; n++) {
		char text[300];

		memset(text, 'x', n);
		text[n] = '\0';
		errno = ENOENT;
		error_errno(&err, ERROR_SYSTEM, "%s", text);
		assert_int_equal(strlen(err.text), 255);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_nobody_asks),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_errno),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
