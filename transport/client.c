#include "transport/client.h"

#include "helper/base/deadline.h"
#include "helper/base/role.h"
#include "helper/base/trace.h"
#include "transport/session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CLIENT_ANSWER_MS 10000

/* Bytes between one of our fds and a pipe of the session's. */
struct client_pump {
	int from, to; /* -1: it has ended */
	bool ours; /* `from` is a pipe of ours: its last byte must come out */
	size_t at, len;
	char bytes[16 << 10];
};

enum { CLIENT_IN, CLIENT_OUT, CLIENT_ERR, CLIENT_FDS };

struct client {
	struct role role;
	int pass[CLIENT_FDS]; /* for the session */
	struct client_pump pump[CLIENT_FDS];
};

/* --- what the session gets ------------------------------------------------ */

/*
 * An fd that may be made non-blocking: O_NONBLOCK belongs to the open file,
 * which others have too, so a pipe is opened anew; a socket can be asked for it
 * call by call. Returns -1 for what is neither.
 */
static int client_own(int fd, int mode)
{
	char path[32];
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (S_ISSOCK(st.st_mode))
		return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (!S_ISFIFO(st.st_mode))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, mode | O_NONBLOCK | O_CLOEXEC);
}

/* A pipe of ours; the side that the session gets does not block. */
static int client_pipe(int *session, int *us, bool in)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	*session = ends[in ? 0 : 1];
	*us = ends[in ? 1 : 0];
	return 0;
}

static int client_prepare(struct client *c, int i, struct error *err)
{
	struct client_pump *p = &c->pump[i];
	int us;

	if (i != CLIENT_ERR)
		c->pass[i] =
			client_own(i, i == CLIENT_IN ? O_RDONLY : O_WRONLY);
	if (c->pass[i] >= 0)
		return 0;
	if (client_pipe(&c->pass[i], &us, i == CLIENT_IN) < 0)
		return error_errno(err, ERROR_SYSTEM, "pipe");
	p->ours = i != CLIENT_IN;
	p->from = p->ours ? us : i;
	p->to = p->ours ? i : us;
	return 0;
}

/* The session has them now: who waits for their end shall not wait for us. */
static void client_let_go(struct client *c)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < CLIENT_FDS; i++) {
		close(c->pass[i]);
		c->pass[i] = -1;
	}
	for (int i = 0; null >= 0 && i <= CLIENT_OUT; i++)
		if (c->pump[i].from < 0)
			dup2(null, i);
	if (null >= 0)
		close(null);
}

/* --- pumping -------------------------------------------------------------- */

static void client_pump_end(struct client_pump *p)
{
	if (p->from < 0)
		return;
	/* what is not ours stays open until we end */
	close(p->ours ? p->from : p->to);
	p->from = p->to = -1;
	p->len = 0;
}

static void client_pump_read(struct client_pump *p)
{
	ssize_t n = read(p->from, p->bytes, sizeof(p->bytes));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		client_pump_end(p);
		return;
	}
	p->at = 0;
	p->len = (size_t)n;
}

/*
 * Where nobody reads it any more, what comes is dropped: the session must not
 * wait for us.
 */
static void client_pump_write(struct client_pump *p)
{
	/* what is not ours may block, and poll(2) promises it no more room */
	size_t some = p->ours && p->len > PIPE_BUF ? PIPE_BUF : p->len;
	ssize_t n = write(p->to, p->bytes + p->at, some);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 && !p->ours) {
		client_pump_end(p);
		return;
	}
	p->at += n < 0 ? p->len : (size_t)n;
	p->len -= n < 0 ? p->len : (size_t)n;
}

static struct pollfd client_pump_poll(const struct client_pump *p)
{
	return p->len ? (struct pollfd){ .fd = p->to, .events = POLLOUT }
		      : (struct pollfd){ .fd = p->from, .events = POLLIN };
}

/* One wait for the pumps and, with role set, the session. Returns poll's. */
static int client_turn(struct client *c, struct pollfd *role, int timeout)
{
	struct pollfd p[CLIENT_FDS + 1];
	int got;

	for (int i = 0; i < CLIENT_FDS; i++)
		p[i] = client_pump_poll(&c->pump[i]);
	p[CLIENT_FDS] = role ? *role : (struct pollfd){ .fd = -1 };
	got = poll(p, CLIENT_FDS + 1, timeout);
	for (int i = 0; got > 0 && i < CLIENT_FDS; i++) {
		if (!p[i].revents)
			continue;
		if (c->pump[i].len)
			client_pump_write(&c->pump[i]);
		else
			client_pump_read(&c->pump[i]);
	}
	if (role)
		role->revents = got > 0 ? p[CLIENT_FDS].revents : 0;
	return got;
}

/*
 * What the command wrote before its exit may still be in our pipes. Their other
 * end is closed, so only our own reader is waited for, as long as it likes:
 * a success that lost its last bytes would be none.
 */
static void client_drain(struct client *c)
{
	client_pump_end(&c->pump[CLIENT_IN]);
	while (c->pump[CLIENT_OUT].from >= 0 || c->pump[CLIENT_ERR].from >= 0)
		if (client_turn(c, NULL, -1) < 0 && errno != EINTR)
			return;
}

/* --- the session's answers ------------------------------------------------ */

static int client_number(struct slice text)
{
	int n = 0;

	for (size_t i = 0; i < text.len && n < 1000; i++)
		if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
			n = n * 10 + (text.ptr[i] - '0');
	return n;
}

/* What happened comes first, and then what there is to say of it. */
static int client_failure(const struct record *answer, struct error *err)
{
	struct slice text = record_get(answer, "text"), key, value;
	int kind = client_number(record_get(answer, "kind"));
	struct buf line;
	size_t pos = 0;

	buf_init(&line, RECORD_LINE_MAX);
	if (record_get(answer, "say[]").ptr &&
		buf_addslice(&line, text, NULL) == 0) {
		trace_tell(line.ptr);
		text = SLICE_NONE;
	}
	while (record_next(answer, &pos, &key, &value)) {
		buf_reset(&line);
		if (slice_is(key, "say[]") &&
			buf_addslice(&line, value, NULL) == 0)
			trace_tell(line.ptr);
	}
	buf_release(&line);
	return error_set(err, kind ? (enum error_kind)kind : ERROR_SYSTEM,
		"%.*s", (int)text.len, text.ptr ? text.ptr : "");
}

/*
 * The answer to the settings: 1 ready, 0 with handover, -1. On its way the
 * session says what it is at, which is all there is to say if it hangs there.
 */
static int client_open(struct client *c, const struct ssh_settings *s,
	struct buf *handover, struct error *err)
{
	int64_t deadline = deadline_in(session_open_ms(s));
	struct error why = ERROR_INIT;
	char step[128] = "its start";
	struct record r;
	int got = -1;

	record_init(&r);
	if (ssh_settings_write(s, &r, err) < 0 ||
		role_send(&c->role, &r, NULL, 0, deadline, err) < 0)
		goto out;
	for (;;) {
		struct slice state, text;

		if (role_answer(&c->role, &r, deadline, &why) < 0) {
			error_set(err, why.kind, "%s: %s (%s)", s->hostname,
				why.text, step);
			break;
		}
		state = record_get(&r, "state");
		text = record_get(&r, "text");
		if (slice_is(state, "step")) {
			snprintf(step, sizeof(step), "%.*s", (int)text.len,
				text.ptr);
			continue;
		}
		if (slice_is(state, "ready"))
			got = 1;
		else if (slice_is(state, "handover"))
			got = buf_addslice(handover, text, err);
		else
			client_failure(&r, err);
		break;
	}
out:
	record_release(&r);
	return got;
}

static int client_request(
	const struct client_call *call, struct record *r, struct error *err)
{
	if (record_add(r, "command", call->command, err) < 0)
		return -1;
	for (size_t i = 0; i < call->env_count; i++)
		if (record_add(r, "env[]", call->env[i], err) < 0)
			return -1;
	return 0;
}

static int client_exit(
	const struct record *answer, int *status, struct error *err)
{
	if (!slice_is(record_get(answer, "state"), "exit"))
		return client_failure(answer, err);
	*status = client_number(record_get(answer, "status"));
	if (record_get(answer, "signal").ptr)
		*status = 255;
	return 0;
}

static int client_exec(struct client *c, const struct client_call *call,
	int *status, struct error *err)
{
	struct pollfd role = { .fd = c->role.in.fd, .events = POLLIN };
	int64_t deadline = deadline_in(CLIENT_ANSWER_MS);
	struct record r;
	int got = -1;

	record_init(&r);
	for (int i = 0; i < CLIENT_FDS; i++)
		if (client_prepare(c, i, err) < 0)
			goto out;
	if (client_request(call, &r, err) < 0 ||
		role_send(&c->role, &r, c->pass, CLIENT_FDS, deadline, err) < 0)
		goto out;
	client_let_go(c);
	/* without a deadline: a command may take as long as it likes, and the
	 * session, which would notice a dead server, is noticed when it dies */
	while (!role.revents)
		if (client_turn(c, &role, -1) < 0 && errno != EINTR) {
			error_errno(err, ERROR_SYSTEM, "poll");
			goto out;
		}
	got = role_answer(&c->role, &r, deadline_in(CLIENT_ANSWER_MS), err);
	client_drain(c);
	if (got == 0)
		got = client_exit(&r, status, err);
out:
	record_release(&r);
	return got;
}

static struct client *client_new(struct error *err)
{
	struct client *c = calloc(1, sizeof(*c));

	for (int i = 0; c && i < CLIENT_FDS; i++) {
		c->pass[i] = -1;
		c->pump[i].from = c->pump[i].to = -1;
	}
	if (!c)
		error_set(err, ERROR_MEMORY, "out of memory");
	return c;
}

static void client_free(struct client *c)
{
	for (int i = 0; i < CLIENT_FDS; i++) {
		client_pump_end(&c->pump[i]);
		if (c->pass[i] >= 0)
			close(c->pass[i]);
	}
	/* it has said good-bye, or must not live on */
	role_end(&c->role, 0);
	free(c);
}

int client_run(const struct client_call *call, int *status,
	struct buf *handover, struct error *err)
{
	struct client *c = client_new(err);
	int got;

	if (!c)
		return -1;
	got = role_start(&c->role, "session", err);
	if (got == 0)
		got = client_open(c, call->settings, handover, err);
	if (got > 0)
		got = client_exec(c, call, status, err);
	client_free(c);
	return got;
}
