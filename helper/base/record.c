#include "helper/base/record.h"

#include "helper/base/deadline.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void record_init(struct record *r)
{
	wipebuf_init(&r->bytes, RECORD_MAX);
}

void record_release(struct record *r)
{
	wipebuf_release(&r->bytes);
}

void record_reset(struct record *r)
{
	wipebuf_reset(&r->bytes);
}

static bool record_holds(struct slice s, char c)
{
	return s.len && memchr(s.ptr, c, s.len);
}

int record_add(struct record *r, const char *key, struct slice value,
	struct error *err)
{
	struct wipebuf *b = &r->bytes;
	size_t n = strlen(key), room;

	if (!value.ptr)
		return 0;
	if (!n || strpbrk(key, "=\n") || record_holds(value, '\n') ||
		record_holds(value, '\0') ||
		(value.len && value.ptr[value.len - 1] == '\r'))
		return error_set(err, ERROR_INPUT,
			"a line feed, a NUL or a last CR cannot be sent in a "
			"record");
	if (n + value.len + 2 > RECORD_LINE_MAX ||
		n + value.len + 2 > b->max - b->len)
		return error_set(err, ERROR_INPUT,
			"too long for a record: %zu bytes", value.len);
	/* room for all of it first: half a line must not stay behind */
	if (wipebuf_room(b, n + value.len + 2, &room, err) < 0 ||
		wipebuf_add(b, key, n, err) < 0 ||
		wipebuf_add(b, "=", 1, err) < 0 ||
		wipebuf_addslice(b, value, err) < 0 ||
		wipebuf_add(b, "\n", 1, err) < 0)
		return -1;
	return 0;
}

/* Every line in a record was checked when it came in: '=' and LF are there. */
bool record_next(const struct record *r, size_t *pos, struct slice *key,
	struct slice *value)
{
	const char *line = r->bytes.ptr + *pos;
	size_t left = r->bytes.len - *pos;
	const char *eq, *lf;

	if (!left)
		return false;
	eq = memchr(line, '=', left);
	lf = eq ? memchr(eq, '\n', left - (size_t)(eq - line)) : NULL;
	if (!lf) /* after fork(2): a wipebuf is zeroed in the child */
		return false;
	*key = (struct slice){ line, (size_t)(eq - line) };
	*value = (struct slice){ eq + 1, (size_t)(lf - eq) - 1 };
	*pos += (size_t)(lf - line) + 1;
	return true;
}

struct slice record_get(const struct record *r, const char *key)
{
	struct slice k, v, found = SLICE_NONE;
	size_t pos = 0;

	while (record_next(r, &pos, &k, &v))
		if (slice_is(k, key))
			found = v;
	return found;
}

void record_reader_init(struct record_reader *in, int fd)
{
	in->fd = fd;
	in->eof = false;
	wipebuf_init(&in->pending, RECORD_MAX + RECORD_LINE_MAX);
}

void record_reader_release(struct record_reader *in)
{
	wipebuf_release(&in->pending);
}

/* Returns 1 with bytes, 0 at EOF. */
static int record_fill(
	struct record_reader *in, int64_t deadline, struct error *err)
{
	size_t room;
	ssize_t n;

	if (wipebuf_room(&in->pending, 4096, &room, err) < 0)
		return -1;
	if (!room) /* read(2) of no bytes would look like EOF */
		return error_set(err, ERROR_INPUT, "the record is too long");
	for (;;) {
		int got = deadline_poll(in->fd, POLLIN, deadline);

		if (got == 0)
			return error_set(err, ERROR_TIMEOUT,
				"the other side sent no complete record in "
				"time");
		if (got < 0)
			return error_errno(err, ERROR_SYSTEM, "poll");
		n = read(in->fd, in->pending.ptr + in->pending.len, room);
		if (n >= 0)
			break;
		if (errno != EINTR && errno != EAGAIN)
			return error_errno(err, ERROR_SYSTEM, "read");
	}
	wipebuf_advance(&in->pending, (size_t)n);
	return n > 0;
}

/*
 * The line that begins at start, without its LF: 1 when it is there whole, 0
 * at EOF with nothing behind start.
 */
static int record_wait(struct record_reader *in, size_t start, int number,
	struct slice *line, int64_t deadline, struct error *err)
{
	size_t seen = start;

	for (;;) {
		const char *p = in->pending.ptr, *lf = NULL;
		size_t len =
			in->pending.len - start; /* at least, of the line */
		int more;

		if (seen < in->pending.len)
			lf = memchr(p + seen, '\n', in->pending.len - seen);
		if (lf)
			len = (size_t)(lf - (p + start));
		if (len >= RECORD_LINE_MAX)
			return error_set(err, ERROR_INPUT,
				"line %d of the record is longer than %d bytes",
				number, RECORD_LINE_MAX);
		if (lf) {
			*line = (struct slice){ p + start, len };
			return 1;
		}
		seen = in->pending.len;
		more = record_fill(in, deadline, err);
		/* A writer that died: half a host name is a host. */
		if (!more && len)
			return error_set(err, ERROR_INPUT,
				"the record ends in the middle of line %d",
				number);
		if (more <= 0)
			return more;
	}
}

/*
 * Append the line, of which the record has end bytes so far, to r, without its
 * CR: 1 done, 0 it is the empty one.
 */
static int record_line(struct record *r, struct slice line, size_t end,
	int number, struct error *err)
{
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (!line.len)
		return 0;
	/* Also what keeps a reader's pending bytes below their maximum. */
	if (end > RECORD_MAX)
		return error_set(err, ERROR_INPUT,
			"the record is longer than %d bytes", RECORD_MAX);
	if (record_holds(line, '\0'))
		return error_set(err, ERROR_INPUT,
			"line %d of the record holds a NUL byte", number);
	if (line.ptr[0] == '=' || !record_holds(line, '='))
		return error_set(err, ERROR_INPUT,
			"line %d of the record is not key=value", number);
	if (wipebuf_addslice(&r->bytes, line, err) < 0 ||
		wipebuf_add(&r->bytes, "\n", 1, err) < 0)
		return -1;
	return 1;
}

/* Wipe the first n bytes of pending and move the rest to the front. */
static void record_consume(struct record_reader *in, size_t n)
{
	struct wipebuf *b = &in->pending;
	size_t rest = b->len - n;

	if (!n)
		return;
	memmove(b->ptr, b->ptr + n, rest);
	explicit_bzero(b->ptr + rest, n);
	b->len = rest;
}

int record_read(struct record_reader *in, struct record *r, int64_t deadline,
	struct error *err)
{
	size_t start = 0; /* of the next line in pending */
	struct slice line = SLICE_NONE;
	int got;

	record_reset(r);
	for (int number = 1;; number++) {
		got = record_wait(in, start, number, &line, deadline, err);
		in->eof = !got;
		if (got <= 0)
			break;
		start += line.len + 1;
		got = record_line(r, line, start, number, err);
		if (got <= 0)
			break;
	}
	if (got < 0) {
		record_reset(r);
		return -1;
	}
	record_consume(in, start);
	return start > 0;
}

int record_write(const struct record *r, int fd, bool end, int64_t deadline,
	struct error *err)
{
	struct slice parts[2] = { wipebuf_slice(&r->bytes),
		end ? slice_of("\n") : SLICE_NONE };

	for (int i = 0; i < 2; i++) {
		if (deadline_write(fd, parts[i], deadline) == 0)
			continue;
		if (errno == ETIMEDOUT)
			return error_set(err, ERROR_TIMEOUT,
				"the other side did not read in time");
		return error_errno(err, ERROR_SYSTEM, "write");
	}
	return 0;
}
