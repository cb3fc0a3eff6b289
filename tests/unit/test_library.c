#include "helper/base/library.h"

#include "tests/unit/unit.h"

LIBRARY_NOTE(libm, "libm.so.6", "a library of the test");

static double (*test_cos)(double);
static double (*test_none)(double);

static void test_opens(void **state)
{
	struct error err = ERROR_INIT;
	const struct library_symbol symbols[] = {
		{ "cos", &test_cos, false },
		{ "cos_of_tomorrow", &test_none, true },
	};

	(void)state;
	assert_true(library_open("libm.so.6", symbols, 2, &err) == 0);
	assert_true(test_cos(0.0) > 0.99);
	assert_true(!test_none);
}

static void test_no_library(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	assert_true(library_open("libnowhere.so.9", NULL, 0, &err) == -1);
	assert_true(err.kind == ERROR_UNAVAILABLE);
	assert_true(strstr(err.text, "libnowhere.so.9"));
}

static void test_no_function(void **state)
{
	struct error err = ERROR_INIT;
	const struct library_symbol symbols[] = { { "cos_of_tomorrow",
		&test_none, false } };

	(void)state;
	assert_true(library_open("libm.so.6", symbols, 1, &err) == -1);
	assert_true(err.kind == ERROR_UNAVAILABLE);
	assert_true(strstr(err.text, "libm.so.6"));
	assert_true(strstr(err.text, "cos_of_tomorrow"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opens),
		cmocka_unit_test(test_no_library),
		cmocka_unit_test(test_no_function),
	};

	return unit_run("library", tests, COUNT(tests), NULL, NULL);
}
