#include "helper/base/buf.h"

#include "tests/unit/unit.h"

static void test_empty(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_string_equal(b.ptr, "");
	assert_int_equal(b.len, 0);
	assert_non_null(buf_slice(&b).ptr);
	buf_reset(&b);
	assert_string_equal(b.ptr, "");
	buf_release(&b);
	buf_release(&b);
	assert_string_equal(b.ptr, "");
	assert_int_equal(b.max, 10);
}

static void test_append(void **state)
{
	struct error err = ERROR_INIT;
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_int_equal(buf_adds(&b, "one", &err), 0);
	assert_int_equal(buf_add(&b, "\0two", 4, &err), 0);
	assert_int_equal(buf_addslice(&b, SLICE_NONE, &err), 0);
	assert_int_equal(
		buf_addslice(&b, (struct slice){ "threeX", 5 }, &err), 0);
	assert_int_equal(buf_addf(&b, &err, "%d%s", 4, "four"), 0);
	assert_int_equal(b.len, 17);
	assert_memory_equal(b.ptr, "one\0twothree4four", 18);
	assert_int_equal(err.kind, ERROR_NONE);
	buf_reset(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.ptr, "");
	assert_int_equal(buf_adds(&b, "again", &err), 0);
	assert_string_equal(b.ptr, "again");
	buf_release(&b);
}

/* Every way to append, one byte over the maximum: refused, b unchanged. */
static void test_maximum(void **state)
{
	struct error err = ERROR_INIT;
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	assert_int_equal(buf_adds(&b, "12345", &err), 0);
	assert_int_equal(buf_add(&b, "", 0, &err), 0);
	assert_int_equal(err.kind, ERROR_NONE);
	assert_int_equal(buf_adds(&b, "6", &err), -1);
	assert_int_equal(err.kind, ERROR_MEMORY);
	err.kind = ERROR_NONE;
	assert_int_equal(buf_addf(&b, &err, "%s", "6"), -1);
	assert_int_equal(err.kind, ERROR_MEMORY);
	assert_int_equal(buf_addslice(&b, slice_of("67"), NULL), -1);
	assert_string_equal(b.ptr, "12345");
	assert_int_equal(b.len, 5);
	buf_release(&b);
	assert_int_equal(buf_adds(&b, "123456", &err), -1);
	assert_string_equal(b.ptr, "");
	assert_int_equal(buf_adds(&b, "1234", &err), 0);
	buf_release(&b);
}

/* No maximum and more than there is: an error, not an endless loop. */
static void test_absurd(void **state)
{
	struct error err = ERROR_INIT;
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX);
	assert_int_equal(buf_adds(&b, "x", &err), 0);
	assert_int_equal(buf_add(&b, "y", SIZE_MAX - 1, &err), -1);
	assert_int_equal(err.kind, ERROR_MEMORY);
	assert_int_equal(buf_add(&b, "y", SIZE_MAX / 2 + 2, &err), -1);
	assert_int_equal(buf_add(&b, "y", SIZE_MAX, &err), -1);
	assert_string_equal(b.ptr, "x");
	buf_release(&b);
}

static void test_growth(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(buf_addf(&b, NULL, "%04d,", i), 0);
	assert_int_equal(b.len, 50000);
	assert_int_equal(strlen(b.ptr), 50000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(atoi(b.ptr + 5 * i), i);
	buf_release(&b);
}

static void test_detach(void **state)
{
	struct buf b;
	char *p;

	(void)state;
	buf_init(&b, 10);
	p = buf_detach(&b);
	assert_string_equal(p, "");
	free(p);
	assert_int_equal(buf_adds(&b, "mine", NULL), 0);
	p = buf_detach(&b);
	assert_string_equal(p, "mine");
	free(p);
	assert_string_equal(b.ptr, "");
	assert_int_equal(b.max, 10);
	assert_int_equal(buf_adds(&b, "next", NULL), 0);
	assert_string_equal(b.ptr, "next");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_maximum),
		cmocka_unit_test(test_absurd),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_detach),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
