#include "helper/base/record.h"

#include "helper/base/deadline.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
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
	in->socket = false;
	in->fds_count = 0;
	wipebuf_init(&in->pending, RECORD_MAX + RECORD_LINE_MAX);
}

void record_reader_socket(struct record_reader *in, int fd)
{
	record_reader_init(in, fd);
	in->socket = true;
}

size_t record_take_fds(struct record_reader *in, int *fds, size_t count)
{
	size_t taken = 0;

	for (size_t i = 0; i < in->fds_count; i++) {
		if (i < count)
			fds[taken++] = in->fds[i];
		else
			close(in->fds[i]);
	}
	in->fds_count = 0;
	return taken;
}

void record_reader_release(struct record_reader *in)
{
	record_take_fds(in, NULL, 0);
	wipebuf_release(&in->pending);
}

/* The other side is not trusted: what we have no room for is closed. */
static void record_keep_fds(struct record_reader *in, struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		int fd;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			if (in->fds_count < RECORD_FDS_MAX)
				in->fds[in->fds_count++] = fd;
			else
				close(fd);
		}
	}
}

static ssize_t record_receive(struct record_reader *in, size_t room)
{
	char *to = in->pending.ptr + in->pending.len;
	union {
		char bytes[CMSG_SPACE(RECORD_FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec io = { to, room };
	struct msghdr m = { .msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	ssize_t n;

	if (!in->socket)
		return read(in->fd, to, room);
	n = recvmsg(in->fd, &m, MSG_CMSG_CLOEXEC);
	if (n >= 0)
		record_keep_fds(in, &m);
	return n;
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
		n = record_receive(in, room);
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

/* Neither errno nor its kind depends on which call failed. */
static int record_unwritten(struct error *err)
{
	if (errno == ETIMEDOUT)
		return error_set(err, ERROR_TIMEOUT,
			"the other side did not read in time");
	return error_errno(err, ERROR_SYSTEM, "write");
}

int record_write(const struct record *r, int fd, bool end, int64_t deadline,
	struct error *err)
{
	struct slice parts[2] = { wipebuf_slice(&r->bytes),
		end ? slice_of("\n") : SLICE_NONE };

	for (int i = 0; i < 2; i++)
		if (deadline_write(fd, parts[i], deadline) < 0)
			return record_unwritten(err);
	return 0;
}

/* One byte, and the fds that must not be sent twice. */
static int record_send_fds(
	int sock, char byte, const int *fds, size_t count, int64_t deadline)
{
	union {
		char bytes[CMSG_SPACE(RECORD_FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	struct iovec io = { &byte, 1 };
	struct msghdr m = { .msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(c), fds, count * sizeof(int));
	for (;;) {
		int ready;

		if (sendmsg(sock, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == 1)
			return 0;
		if (errno != EINTR && errno != EAGAIN)
			return -1;
		ready = deadline_poll(sock, POLLOUT, deadline);
		if (ready == 0)
			errno = ETIMEDOUT;
		if (ready <= 0)
			return -1;
	}
}

int record_send(const struct record *r, int sock, const int *fds, size_t count,
	int64_t deadline, struct error *err)
{
	struct slice rest = wipebuf_slice(&r->bytes);

	if (!fds || !count)
		return record_write(r, sock, true, deadline, err);
	if (!rest.len || count > RECORD_FDS_MAX)
		return error_set(err, ERROR_INPUT,
			"an empty record, or %zu fds, cannot be sent", count);
	if (record_send_fds(sock, *rest.ptr, fds, count, deadline) < 0)
		return record_unwritten(err);
	rest.ptr++;
	rest.len--;
	if (deadline_write(sock, rest, deadline) < 0 ||
		deadline_write(sock, slice_of("\n"), deadline) < 0)
		return record_unwritten(err);
	return 0;
}
