/* Reading; for adding and writing see test_record_write.c. */
#include "helper/base/deadline.h"
#include "helper/base/record.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define CANARY "hunter2canary"
#define SOON deadline_in(10000)

/* A file of these bytes, to read from its beginning. */
static int file_of(const void *bytes, size_t n)
{
	int fd = memfd_create("record", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

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

#define IN(s) (s), sizeof(s) - 1
static const struct {
	const char *name, *bytes;
	size_t n;
	int got;
	const char *lines; /* of the first record */
} read_rows[] = {
	{ "eof", IN(""), 0, "" },
	{ "empty record", IN("\n"), 1, "" },
	{ "empty record with CR", IN("\r\n"), 1, "" },
	{ "one", IN("a=b\n\n"), 1, "a=b|" },
	{ "ended by EOF", IN("a=b\nc=d\n"), 1, "a=b|c=d|" },
	{ "first = splits", IN("a=b=c==\n"), 1, "a=b=c==|" },
	{ "empty value", IN("a=\n"), 1, "a=|" },
	{ "one CR goes", IN("a=b\r\n"), 1, "a=b|" },
	{ "only one CR goes", IN("a=b\r\r\n"), 1, "a=b\r|" },
	{ "a CR inside stays", IN("a=b\rc\n"), 1, "a=b\rc|" },
	{ "a CR is no line", IN("a=b\rhost=evil\r\n"), 1, "a=b\rhost=evil|" },
	{ "CR CR is no empty line", IN("a=b\n\r\r\nc=d\n"), -1, "" },
	{ "spaces stay", IN(" a = b \n"), 1, " a = b |" },
	{ "other bytes", IN("a=\x01\xff\x80\t\n"), 1, "a=\x01\xff\x80\t|" },
	{ "list key", IN("x[]=1\nx[]=2\n"), 1, "x[]=1|x[]=2|" },
	{ "no =", IN("a=b\n" CANARY "\n\n"), -1, "" },
	{ "empty key", IN("=" CANARY "\n"), -1, "" },
	{ "NUL in value", IN("password=" CANARY "\0x\n"), -1, "" },
	{ "NUL in key", IN("pass\0word=" CANARY "\n"), -1, "" },
	{ "NUL in front", IN("\0password=" CANARY "\n"), -1, "" },
	{ "NUL alone", IN("\0\n"), -1, "" },
	{ "cut in value", IN("protocol=https\nhost=" CANARY), -1, "" },
	{ "cut in key", IN("protocol=https\n" CANARY), -1, "" },
	{ "cut behind CR", IN("a=" CANARY "\r"), -1, "" },
	{ "only CR", IN("\r"), -1, "" },
};

static void test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(read_rows); i++) {
		const char *name = read_rows[i].name;
		int fd = file_of(read_rows[i].bytes, read_rows[i].n), got;
		struct error err = ERROR_INIT;
		struct record_reader in;
		struct record r;

		record_init(&r);
		assert_int_equal(record_add(&r, "old", slice_of("x"), NULL), 0);
		record_reader_init(&in, fd);
		got = record_read(&in, &r, SOON, &err);
		ROW(name, got == read_rows[i].got);
		ROW(name, !strcmp(lines(&r), read_rows[i].lines));
		ROW(name, err.kind == (got < 0 ? ERROR_INPUT : ERROR_NONE));
		ROW(name, !strstr(err.text, "hunter"));
		ROW(name, got >= 0 || strstr(err.text, "line "));
		/* neither the tail nor what stood before becomes a record */
		if (got < 0)
			ROW(name, record_read(&in, &r, SOON, NULL) < 0);
		record_reader_release(&in);
		record_release(&r);
		close(fd);
	}
}

struct feed {
	int fd;
	const char *bytes;
	size_t n;
	unsigned seed; /* 0: byte by byte */
};

static void child_feeds(struct feed *f)
{
	for (size_t at = 0; at < f->n;) {
		size_t n = f->seed ? (size_t)rand_r(&f->seed) % 9000 + 1 : 1;

		n = n < f->n - at ? n : f->n - at;
		if (write(f->fd, f->bytes + at, n) < 0)
			break;
		at += n;
	}
	_exit(0);
}

/* bytes through a pipe in pieces, into r. */
static int read_in_pieces(const char *bytes, size_t n, unsigned seed,
	struct record *r, struct error *err)
{
	struct record_reader in;
	struct feed feed;
	int fds[2], got;
	pid_t pid;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		feed = (struct feed){ fds[1], bytes, n, seed };
		child_feeds(&feed);
	}
	close(fds[1]);
	record_reader_init(&in, fds[0]);
	got = record_read(&in, r, SOON, err);
	record_reader_release(&in);
	close(fds[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return got;
}

static void test_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(read_rows); i++)
		for (unsigned seed = 0; seed < 3; seed++) {
			struct error err = ERROR_INIT;
			struct record r;
			int got;

			record_init(&r);
			got = read_in_pieces(read_rows[i].bytes, read_rows[i].n,
				seed, &r, &err);
			ROW(read_rows[i].name, got == read_rows[i].got);
			ROW(read_rows[i].name,
				!strcmp(lines(&r), read_rows[i].lines));
			record_release(&r);
		}
}

/* "key=xxx…\n" of n bytes, then another line. */
static size_t long_line(char *out, size_t n, const char *end)
{
	memset(out, 'x', n);
	memcpy(out, "wwwauth[]=", 10);
	memcpy(out + n - strlen(end), end, strlen(end));
	memcpy(out + n, "host=victim\n", 12);
	return n + 12;
}

static void test_line_limit(void **state)
{
	static const struct {
		const char *name;
		size_t n;
		const char *end;
		int got;
	} rows[] = {
		{ "65535", 65535, "\n", 1 },
		{ "65536", 65536, "\n", -1 },
		{ "65535 with CR", 65535, "\r\n", 1 },
		{ "65536 with CR", 65536, "\r\n", -1 },
		{ "a lot", 200000, "\n", -1 },
		{ "no = in the tail", 65600, "host=victim\n", -1 },
	};
	char *bytes = malloc(300000);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (unsigned seed = 0; seed < 4; seed++) {
			size_t n = long_line(bytes, rows[i].n, rows[i].end);
			struct error err = ERROR_INIT;
			struct record r;
			int got;

			record_init(&r);
			got = read_in_pieces(bytes, n, seed, &r, &err);
			ROW(rows[i].name, got == rows[i].got);
			ROW(rows[i].name, slice_is(record_get(&r, "host"),
						  "victim") == (got > 0));
			ROW(rows[i].name,
				got < 0 || record_get(&r, "wwwauth[]").len ==
						   rows[i].n - 10 -
							   strlen(rows[i].end));
			ROW(rows[i].name, !strstr(err.text, "xxx"));
			record_release(&r);
		}
	/* no LF at all: refused before the other side ends */
	memset(bytes, 'x', 70000);
	{
		struct error err = ERROR_INIT;
		struct record_reader in;
		struct record r;
		int fds[2];

		assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
		fcntl(fds[1], F_SETPIPE_SZ, 1 << 17);
		assert_int_equal(write(fds[1], bytes, 65535), 65535);
		record_init(&r);
		record_reader_init(&in, fds[0]);
		assert_int_equal(record_read(&in, &r, SOON, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		record_reader_release(&in);
		close(fds[0]);
		close(fds[1]);
	}
	free(bytes);
}

/* count lines of size bytes each, and what follows. */
static int read_lines(size_t size, size_t count, const char *end,
	const char *last, struct record *r, struct error *err)
{
	size_t n = size * count, more = strlen(last);
	char *bytes = malloc(n + more);
	struct record_reader in;
	int fd, got;

	memset(bytes, 'x', n);
	for (size_t i = 0; i < count; i++) {
		bytes[i * size + 1] = '=';
		memcpy(bytes + (i + 1) * size - strlen(end), end, strlen(end));
	}
	memcpy(bytes + n, last, more);
	fd = file_of(bytes, n + more);
	free(bytes);
	record_reader_init(&in, fd);
	got = record_read(&in, r, SOON, err);
	record_reader_release(&in);
	close(fd);
	return got;
}

static void test_record_limit(void **state)
{
	struct error err = ERROR_INIT;
	struct record r;

	(void)state;
	record_init(&r);
	/* 1 MiB to the byte */
	assert_int_equal(read_lines(1024, 1024, "\n", "\n", &r, &err), 1);
	assert_int_equal(r.bytes.len, RECORD_MAX);
	assert_int_equal(read_lines(1024, 1024, "\n", "", &r, &err), 1);
	assert_int_equal(read_lines(1024, 1024, "\n", "a=\n\n", &r, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_int_equal(r.bytes.len, 0);
	/*
	 * CRs count where they are read and not where they are kept: a reader
	 * whose memory was full took that for EOF and the record for whole.
	 */
	for (size_t size = 4; size < 30; size++) {
		size_t count = (RECORD_MAX + RECORD_LINE_MAX) / size;

		err.kind = ERROR_NONE;
		assert_int_equal(read_lines(size, count, "\r\n",
					 "host=victim\n\n", &r, &err),
			-1);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
	record_release(&r);
}

static void test_back_to_back(void **state)
{
	static const char bytes[] = "a=1\n\n\nb=2\r\n\r\nc=3\n";
	int fd = file_of(IN(bytes));
	struct record_reader in;
	struct record r;

	(void)state;
	record_init(&r);
	record_reader_init(&in, fd);
	assert_int_equal(record_read(&in, &r, SOON, NULL), 1);
	assert_string_equal(lines(&r), "a=1|");
	assert_false(in.eof);
	/* what was read is not kept behind what is still to be */
	for (size_t i = in.pending.len; i < in.pending.cap; i++)
		assert_int_equal(in.pending.ptr[i], 0);
	assert_int_equal(record_read(&in, &r, SOON, NULL), 1);
	assert_string_equal(lines(&r), "");
	assert_int_equal(record_read(&in, &r, SOON, NULL), 1);
	assert_string_equal(lines(&r), "b=2|");
	assert_false(in.eof);
	assert_int_equal(record_read(&in, &r, SOON, NULL), 1);
	assert_string_equal(lines(&r), "c=3|");
	assert_true(in.eof);
	assert_int_equal(record_read(&in, &r, SOON, NULL), 0);
	assert_int_equal(record_read(&in, &r, SOON, NULL), 0);
	record_reader_release(&in);
	record_release(&r);
	close(fd);
}

/* A malformed record: what follows it on the fd is never one of its own. */
static void test_tail(void **state)
{
	static const char bytes[] = "a=1\nbad\nprotocol=https\nhost=victim\n\n";
	int fd = file_of(IN(bytes));
	struct record_reader in;
	struct record r;

	(void)state;
	record_init(&r);
	record_reader_init(&in, fd);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(record_read(&in, &r, SOON, NULL), -1);
		assert_int_equal(r.bytes.len, 0);
	}
	record_reader_release(&in);
	record_release(&r);
	close(fd);
}

static void test_deadline(void **state)
{
	struct error err = ERROR_INIT;
	struct record_reader in;
	struct record r;
	int64_t began = deadline_now();
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], IN("a=1\nb=")), 6);
	record_init(&r);
	record_reader_init(&in, fds[0]);
	assert_int_equal(record_read(&in, &r, deadline_in(200), &err), -1);
	assert_int_equal(err.kind, ERROR_TIMEOUT);
	assert_in_range(deadline_now() - began, 190, 3000);
	assert_int_equal(r.bytes.len, 0);
	/* nothing is lost: one may go on */
	assert_int_equal(write(fds[1], IN("2\n\n")), 3);
	assert_int_equal(record_read(&in, &r, SOON, &err), 1);
	assert_string_equal(lines(&r), "a=1|b=2|");
	record_reader_release(&in);
	record_release(&r);
	close(fds[0]);
	close(fds[1]);
	record_init(&r);
	record_reader_init(&in, fds[0]);
	assert_int_equal(record_read(&in, &r, SOON, &err), -1);
	assert_int_equal(err.kind, ERROR_SYSTEM);
	record_reader_release(&in);
	record_release(&r);
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
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_line_limit),
		cmocka_unit_test(test_record_limit),
		cmocka_unit_test(test_back_to_back),
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_deadline),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("record", tests, setup, NULL);
}
