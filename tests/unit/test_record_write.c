/* Adding to a record, looking into it, writing it; see also test_record.c. */
#include "helper/base/deadline.h"
#include "helper/base/record.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define SOON deadline_in(10000)

/* The lines of r, each behind "key=value|". */
static const char *lines(const struct record *r)
{
	static char text[4096];
	struct slice key, value;
	size_t pos = 0, n = 0;

	text[0] = '\0';
	while (record_next(r, &pos, &key, &value))
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s=%.*s|",
			(int)key.len, key.ptr, (int)value.len, value.ptr);
	return text;
}

static void test_add(void **state)
{
	static char big[RECORD_LINE_MAX];
	static const struct {
		const char *name, *key;
		struct slice value;
		bool good;
	} rows[] = {
		{ "plain", "k", { "v", 1 }, true },
		{ "= in value", "k", { "=", 1 }, true },
		{ "empty value", "k", { "", 0 }, true },
		{ "absent", "k", { NULL, 0 }, true },
		{ "CR inside", "k", { "a\rb", 3 }, true },
		{ "CR at the end", "k", { "ab\r", 3 }, false },
		{ "empty key", "", { "v", 1 }, false },
		{ "= in key", "a=b", { "v", 1 }, false },
		{ "LF in key", "a\nb", { "v", 1 }, false },
		{ "LF", "k", { "a\nhost=x", 8 }, false },
		{ "LF at the end", "k", { "a\n", 2 }, false },
		{ "NUL", "k", { "a\0b", 3 }, false },
		{ "65535", "k", { big, RECORD_LINE_MAX - 3 }, true },
		{ "65536", "k", { big, RECORD_LINE_MAX - 2 }, false },
	};

	(void)state;
	memset(big, 'x', sizeof(big));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = ERROR_INIT;
		struct record r;
		size_t n;
		int got;

		record_init(&r);
		record_add(&r, "first", slice_of("1"), NULL);
		n = r.bytes.len;
		got = record_add(&r, rows[i].key, rows[i].value, &err);
		ROW(rows[i].name, got == (rows[i].good ? 0 : -1));
		ROW(rows[i].name,
			err.kind == (rows[i].good ? ERROR_NONE : ERROR_INPUT));
		ROW(rows[i].name, rows[i].good || r.bytes.len == n);
		ROW(rows[i].name, slice_is(record_get(&r, "first"), "1"));
		if (rows[i].good)
			ROW(rows[i].name, slice_eq(record_get(&r, rows[i].key),
						  rows[i].value));
		record_release(&r);
	}
}

static void test_add_limit(void **state)
{
	struct slice big = { malloc(60000), 60000 };
	struct error err = ERROR_INIT;
	struct record r;
	size_t n = 0;

	(void)state;
	memset((char *)big.ptr, 'x', big.len);
	record_init(&r);
	while (record_add(&r, "k", big, &err) == 0)
		n++;
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_int_equal(n, RECORD_MAX / 60003);
	assert_int_equal(r.bytes.len, n * 60003);
	big.len = RECORD_MAX - r.bytes.len - 3;
	assert_int_equal(record_add(&r, "k", big, NULL), 0);
	assert_int_equal(record_add(&r, "k", slice_of(""), NULL), -1);
	record_release(&r);
	free((char *)big.ptr);
}

static void test_get(void **state)
{
	struct slice key, value;
	struct record r;
	size_t pos = 0;

	(void)state;
	record_init(&r);
	assert_null(record_get(&r, "a").ptr);
	assert_false(record_next(&r, &pos, &key, &value));
	record_add(&r, "a", slice_of("1"), NULL);
	record_add(&r, "ab", slice_of("2"), NULL);
	record_add(&r, "a", slice_of("3"), NULL);
	assert_true(slice_is(record_get(&r, "a"), "3"));
	assert_true(slice_is(record_get(&r, "ab"), "2"));
	assert_null(record_get(&r, "b").ptr);
	assert_null(record_get(&r, "A").ptr);
	assert_string_equal(lines(&r), "a=1|ab=2|a=3|");
	record_reset(&r);
	assert_string_equal(lines(&r), "");
	record_release(&r);
}

static void child_walks(void *arg)
{
	struct slice key, value;
	size_t pos = 0;

	CHECK(!record_next(arg, &pos, &key, &value));
	CHECK(!record_get(arg, "a").ptr);
}

/* In a child a wipebuf is all zero: nothing to find, and no crash. */
static void test_fork(void **state)
{
	struct record r;

	(void)state;
	record_init(&r);
	record_add(&r, "a", slice_of("1"), NULL);
	assert_int_equal(unit_child(child_walks, &r), 0);
	record_release(&r);
}

static void fill(struct record *r, int count)
{
	char key[16], value[1000];

	record_init(r);
	memset(value, 'v', sizeof(value));
	for (int i = 0; i < count; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		assert_int_equal(
			record_add(r, key, (struct slice){ value, 1000 }, NULL),
			0);
	}
}

static void test_write(void **state)
{
	int fd = memfd_create("out", MFD_CLOEXEC);
	struct record r, back;
	struct record_reader in;

	(void)state;
	fill(&r, 1000);
	assert_int_equal(record_write(&r, fd, true, SOON, NULL), 0);
	assert_int_equal(record_write(&r, fd, false, SOON, NULL), 0);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 2 * r.bytes.len + 1);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	record_init(&back);
	record_reader_init(&in, fd);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(record_read(&in, &back, SOON, NULL), 1);
		assert_int_equal(in.eof, i);
		assert_true(slice_eq(
			wipebuf_slice(&r.bytes), wipebuf_slice(&back.bytes)));
	}
	record_reader_release(&in);
	record_release(&back);
	record_release(&r);
	close(fd);
}

/* A reader that never reads: blocking or not, pipe or socket. */
static void test_write_deadline(void **state)
{
	(void)state;
	for (int kind = 0; kind < 3; kind++) {
		struct error err = ERROR_INIT;
		int64_t began = deadline_now();
		struct record r;
		int fds[2];

		if (kind == 2)
			assert_int_equal(
				socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK,
					0, fds),
				0);
		else
			assert_int_equal(pipe2(fds, kind ? O_NONBLOCK : 0), 0);
		fill(&r, 1000);
		assert_int_equal(
			record_write(&r, fds[1], true, deadline_in(200), &err),
			-1);
		assert_int_equal(err.kind, ERROR_TIMEOUT);
		assert_in_range(deadline_now() - began, 190, 3000);
		close(fds[0]);
		err.kind = ERROR_NONE;
		assert_int_equal(
			record_write(&r, fds[1], true, SOON, &err), -1);
		assert_int_equal(err.kind, ERROR_SYSTEM);
		close(fds[1]);
		record_release(&r);
	}
}

static int setup(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_add_limit),
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_deadline),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("record_write", tests, setup, NULL);
}
