/*
 * Wiping is seen from outside: this program's own munmap, which the linker
 * prefers to libc's for every object in it, looks at what is given back.
 */
#include "helper/base/wipebuf.h"

#include "tests/unit/unit.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static size_t unmapped, unwiped;

int munmap(void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		unwiped += ((const volatile char *)p)[i] != 0;
	unmapped++;
	return (int)syscall(SYS_munmap, p, n);
}

#define SECRET "hunter2-the-canary"

static bool clean(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/* Whether VmFlags of the mapping that holds p has this flag (proc(5)). */
static bool flag_at(const void *p, const char *flag)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	bool here = false, found = false;
	unsigned long from, to;
	char line[1024];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = from <= (unsigned long)p &&
			       (unsigned long)p < to;
		else if (here && !strncmp(line, "VmFlags:", 8))
			found = strstr(line, flag);
	}
	fclose(f);
	return found;
}

static void test_append(void **state)
{
	struct wipebuf b;

	(void)state;
	wipebuf_init(&b, 100);
	assert_string_equal(b.ptr, "");
	assert_int_equal(wipebuf_adds(&b, "one", NULL), 0);
	assert_int_equal(wipebuf_add(&b, "\0two", 4, NULL), 0);
	assert_int_equal(wipebuf_addslice(&b, SLICE_NONE, NULL), 0);
	assert_int_equal(wipebuf_addslice(&b, slice_of("!"), NULL), 0);
	assert_int_equal(b.len, 8);
	assert_memory_equal(b.ptr, "one\0two!", 9);
	assert_int_equal(wipebuf_slice(&b).len, 8);
	wipebuf_release(&b);
	wipebuf_release(&b);
	assert_string_equal(b.ptr, "");
	assert_int_equal(b.max, 100);
}

static void test_maximum(void **state)
{
	struct error err = ERROR_INIT;
	struct wipebuf b;
	size_t room;

	(void)state;
	wipebuf_init(&b, 5);
	assert_int_equal(wipebuf_adds(&b, "123", &err), 0);
	assert_int_equal(err.kind, ERROR_NONE);
	assert_int_equal(wipebuf_adds(&b, "456", &err), -1);
	assert_int_equal(err.kind, ERROR_MEMORY);
	assert_string_equal(b.ptr, "123");
	assert_int_equal(wipebuf_room(&b, 100, &room, &err), 0);
	assert_int_equal(room, 2);
	memcpy(b.ptr + b.len, "45", 2);
	wipebuf_advance(&b, 2);
	assert_string_equal(b.ptr, "12345");
	assert_int_equal(wipebuf_room(&b, 100, &room, &err), 0);
	assert_int_equal(room, 0);
	wipebuf_release(&b);
	wipebuf_init(&b, SIZE_MAX);
	assert_int_equal(wipebuf_adds(&b, "x", &err), 0);
	assert_int_equal(wipebuf_add(&b, "y", SIZE_MAX - 1, &err), -1);
	assert_int_equal(wipebuf_add(&b, "y", SIZE_MAX / 2, &err), -1);
	assert_string_equal(b.ptr, "x");
	wipebuf_release(&b);
}

static void test_growth_wipes(void **state)
{
	struct wipebuf b;
	char *first;

	(void)state;
	unmapped = unwiped = 0;
	wipebuf_init(&b, 1 << 20);
	assert_int_equal(wipebuf_adds(&b, SECRET, NULL), 0);
	first = b.ptr;
	for (int i = 0; i < 10000; i++)
		assert_int_equal(wipebuf_adds(&b, SECRET, NULL), 0);
	assert_true(unmapped > 0);
	assert_int_equal(unwiped, 0);
	assert_ptr_not_equal(first, b.ptr);
	for (int i = 0; i <= 10000; i++)
		assert_memory_equal(b.ptr + 18 * i, SECRET, 18);
	unmapped = 0;
	wipebuf_release(&b);
	assert_int_equal(unmapped, 1);
	assert_int_equal(unwiped, 0);
}

/* Short ones share one mapping, which munmap never sees. */
static void test_arena_wipes(void **state)
{
	struct wipebuf b;
	char *first;
	size_t cap;

	(void)state;
	wipebuf_init(&b, 10000);
	assert_int_equal(wipebuf_adds(&b, SECRET, NULL), 0);
	first = b.ptr;
	cap = b.cap;
	while (b.ptr == first)
		assert_int_equal(wipebuf_adds(&b, SECRET, NULL), 0);
	assert_true(clean(first, cap));
	first = b.ptr;
	cap = b.cap;
	assert_true(cap < 10000);
	memset(b.ptr, 'x', cap);
	wipebuf_release(&b);
	assert_true(clean(first, cap));
}

/* Forty of them that come, grow, shrink and go: nobody touches another's. */
static void test_neighbours(void **state)
{
	static struct wipebuf b[40];
	static char model[40][5000];
	static size_t len[40];
	unsigned seed = 5;

	(void)state;
	for (size_t i = 0; i < COUNT(b); i++)
		wipebuf_init(&b[i], sizeof(model[i]));
	for (int round = 0; round < 20000; round++) {
		size_t i = (size_t)rand_r(&seed) % COUNT(b);
		size_t n = (size_t)rand_r(&seed) % (round % 10 ? 200 : 3000);
		int what = rand_r(&seed) % 8;

		assert_int_equal(b[i].len, len[i]);
		assert_memory_equal(b[i].ptr, model[i], len[i]);
		assert_int_equal(b[i].ptr[len[i]], '\0');
		if (what == 0) {
			wipebuf_release(&b[i]);
			len[i] = 0;
		} else if (what == 1) {
			wipebuf_reset(&b[i]);
			len[i] = 0;
		} else if (what == 2) {
			wipebuf_truncate(&b[i], n);
			len[i] = n < len[i] ? n : len[i];
		} else if (len[i] + n <= sizeof(model[i])) {
			memset(model[i] + len[i], rand_r(&seed) % 255 + 1, n);
			assert_int_equal(
				wipebuf_add(&b[i], model[i] + len[i], n, NULL),
				0);
			len[i] += n;
		}
		if (b[i].cap)
			assert_true(
				clean(b[i].ptr + len[i], b[i].cap - len[i]));
	}
	for (size_t i = 0; i < COUNT(b); i++)
		wipebuf_release(&b[i]);
}

static void test_reset_wipes_all(void **state)
{
	struct wipebuf b;
	size_t room;

	(void)state;
	wipebuf_init(&b, 4000);
	assert_int_equal(wipebuf_room(&b, 4000, &room, NULL), 0);
	/* beyond len: what a read brought and nobody advanced over */
	memset(b.ptr, 'x', room);
	wipebuf_advance(&b, 10);
	wipebuf_reset(&b);
	assert_int_equal(b.len, 0);
	assert_true(clean(b.ptr, 4000));
	assert_int_equal(wipebuf_adds(&b, "0123456789", NULL), 0);
	wipebuf_truncate(&b, 20);
	assert_int_equal(b.len, 10);
	wipebuf_truncate(&b, 4);
	assert_string_equal(b.ptr, "0123");
	assert_true(clean(b.ptr + 4, 100));
	memset(b.ptr, 'x', 4000);
	unwiped = 0;
	wipebuf_release(&b);
	assert_int_equal(unwiped, 0);
	wipebuf_truncate(&b, 0);
	assert_string_equal(b.ptr, "");
}

static void test_flags(void **state)
{
	struct wipebuf b;

	(void)state;
	wipebuf_init(&b, 100);
	assert_int_equal(wipebuf_adds(&b, SECRET, NULL), 0);
	assert_true(flag_at(b.ptr, " dd"));
	assert_true(flag_at(b.ptr, " wf"));
#ifndef UNIT_ASAN
	assert_int_equal(flag_at(b.ptr, " lo"), b.locked);
#endif
	wipebuf_release(&b);
}

static void child_is_wiped(void *arg)
{
	struct wipebuf *b = arg;

	CHECK(clean(b->ptr, b->cap));
}

static void test_fork(void **state)
{
	struct wipebuf b;

	(void)state;
	wipebuf_init(&b, 100);
	assert_int_equal(wipebuf_adds(&b, SECRET, NULL), 0);
	assert_int_equal(unit_child(child_is_wiped, &b), 0);
	assert_string_equal(b.ptr, SECRET);
	wipebuf_release(&b);
}

/* root is not held to RLIMIT_MEMLOCK, so another uid tries. */
static void child_without_lock(void *arg)
{
	struct rlimit none = { 0, 0 };
	struct error err = ERROR_INIT;
	struct wipebuf b;
	size_t room;

	(void)arg;
	CHECK(!setrlimit(RLIMIT_MEMLOCK, &none));
	if (!geteuid())
		CHECK(!setuid(54321));
	/* larger than the arena, which another test may have locked */
	wipebuf_init(&b, 100000);
	CHECK(!wipebuf_room(&b, 50000, &room, &err));
	CHECK(!wipebuf_adds(&b, SECRET, &err));
	CHECK(err.kind == ERROR_NONE);
#ifndef UNIT_ASAN
	CHECK(!b.locked);
#endif
	CHECK(!strcmp(b.ptr, SECRET));
	for (int i = 0; i < 1000; i++)
		CHECK(!wipebuf_adds(&b, SECRET, &err));
	wipebuf_release(&b);
}

static void test_no_lock(void **state)
{
	(void)state;
	assert_int_equal(unit_child(child_without_lock, NULL), 0);
}

static int file_of(size_t n)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	assert_true(fd >= 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(write(fd, &"abcdefg"[i % 7], 1), 1);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void test_read_file(void **state)
{
	static const struct {
		size_t size, max;
		bool fits;
	} rows[] = { { 0, 10, true }, { 10, 10, true }, { 11, 10, false },
		{ 4095, 4096, true }, { 4096, 4096, true },
		{ 4097, 4096, false }, { 10000, 20000, true },
		{ 20001, 20000, false }, { 0, 0, true }, { 1, 0, false } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = ERROR_INIT;
		struct wipebuf b;
		int fd = file_of(rows[i].size), got;
		char name[32];

		snprintf(name, sizeof(name), "%zu", rows[i].size);
		wipebuf_init(&b, rows[i].max);
		got = wipebuf_read_file(&b, fd, &err);
		ROW(name, got == (rows[i].fits ? 0 : -1));
		ROW(name,
			err.kind == (rows[i].fits ? ERROR_NONE : ERROR_INPUT));
		ROW(name, b.len == (rows[i].fits ? rows[i].size : 0));
		ROW(name, b.ptr[b.len] == '\0');
		for (size_t k = 0; k < b.len; k++)
			ROW(name, b.ptr[k] == "abcdefg"[k % 7]);
		wipebuf_release(&b);
		close(fd);
	}
}

/* It appends, and on failure what was there stays and the rest is wiped. */
static void test_read_file_behind(void **state)
{
	struct error err = ERROR_INIT;
	struct wipebuf b;
	int fd = file_of(50);

	(void)state;
	wipebuf_init(&b, 53);
	assert_int_equal(wipebuf_adds(&b, "mine", NULL), 0);
	assert_int_equal(wipebuf_read_file(&b, fd, &err), -1);
	assert_string_equal(b.ptr, "mine");
	assert_true(clean(b.ptr + 4, 50));
	close(fd);
	assert_int_equal(wipebuf_read_file(&b, fd, &err), -1);
	assert_int_equal(err.kind, ERROR_SYSTEM);
	assert_string_equal(b.ptr, "mine");
	wipebuf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_maximum),
		cmocka_unit_test(test_growth_wipes),
		cmocka_unit_test(test_arena_wipes),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_reset_wipes_all),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_no_lock),
		cmocka_unit_test(test_read_file),
		cmocka_unit_test(test_read_file_behind),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("wipebuf", tests, NULL, NULL);
}
