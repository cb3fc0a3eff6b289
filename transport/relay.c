#include "transport/relay.h"

#include "helper/base/deadline.h"
#include "helper/base/trace.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* sshd sends best with this much ahead of it; above it slows itself down. */
#define RELAY_WINDOW (4 << 20)
/* So much later than it was to be, and more: we were stopped. */
#define RELAY_LATE_S 5

/* What is on its way from or to one of the command's fds. */
struct relay_pipe {
	int fd; /* -1: closed */
	bool socket;
	size_t at, len;
	char bytes[64 << 10];
};

enum { RELAY_IN, RELAY_OUT, RELAY_ERR, RELAY_PIPES };

struct relay {
	struct connection *c;
	LIBSSH2_CHANNEL *channel;
	const struct relay_patience *patience;
	struct relay_pipe pipe[RELAY_PIPES];
	bool eof_sent; /* the command was told that its stdin has ended */
	bool ended; /* the command's last byte has come */
	bool closed; /* by the server: its exit has come */
	int64_t looked; /* when the silence was last looked at */
	bool moved; /* in this turn: there may be more to do at once */
};

/* --- starting the command ------------------------------------------------ */

struct relay_start {
	struct slice name, value; /* of one variable, or the command */
	LIBSSH2_CHANNEL *channel;
};

static long relay_step_open(struct connection *c, void *arg)
{
	struct relay_start *s = arg;

	s->channel = c->lib->channel_open_ex(c->ssh, "session",
		sizeof("session") - 1, RELAY_WINDOW,
		LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);
	return s->channel ? 0 : c->lib->session_last_errno(c->ssh);
}

static long relay_step_setenv(struct connection *c, void *arg)
{
	struct relay_start *s = arg;

	return c->lib->channel_setenv_ex(s->channel, s->name.ptr,
		(unsigned)s->name.len, s->value.ptr, (unsigned)s->value.len);
}

static long relay_step_exec(struct connection *c, void *arg)
{
	struct relay_start *s = arg;

	return c->lib->channel_process_startup(s->channel, "exec",
		sizeof("exec") - 1, s->value.ptr, (unsigned)s->value.len);
}

/* A refusal is the server's right: the command runs without the variable. */
static int relay_setenv(struct connection *c, struct relay_start *s,
	struct slice line, int64_t deadline, struct error *err)
{
	const char *eq = memchr(line.ptr, '=', line.len);
	long result;

	if (!eq)
		return 0;
	s->name = (struct slice){ line.ptr, (size_t)(eq - line.ptr) };
	s->value = (struct slice){ eq + 1, line.len - s->name.len - 1 };
	if (connection_run(c, "an environment variable", relay_step_setenv, s,
		    &result, deadline, err) < 0)
		return -1;
	trace_event("session.env", TRACE_SLICE("name", s->name),
		TRACE_BOOL("accepted", result == 0));
	return 0;
}

LIBSSH2_CHANNEL *relay_exec(struct connection *c, struct slice command,
	const struct slice *env, size_t env_count, int64_t deadline,
	struct error *err)
{
	struct relay_start s = { 0 };
	int64_t began = deadline_micros();
	long result;

	if (connection_run(c, "opening a channel", relay_step_open, &s, &result,
		    deadline, err) < 0)
		return NULL;
	if (result < 0) {
		connection_failed(c, ERROR_DENIED, "opening a channel", err);
		return NULL;
	}
	for (size_t i = 0; i < env_count; i++)
		if (relay_setenv(c, &s, env[i], deadline, err) < 0)
			return NULL;
	s.value = command;
	if (connection_run(c, "starting the command", relay_step_exec, &s,
		    &result, deadline, err) < 0)
		return NULL;
	if (result < 0) {
		connection_failed(c, ERROR_DENIED, "starting the command", err);
		return NULL;
	}
	/* from here on both sides talk */
	c->wire.quickack = false;
	trace_event("session.exec", TRACE_STR("peer", c->peer),
		TRACE_SLICE("command", command), TRACE_SINCE("ms", began));
	return s.channel;
}

/* --- one pipe ------------------------------------------------------------ */

static void relay_pipe_close(struct relay_pipe *p)
{
	if (p->fd < 0)
		return;
	close(p->fd);
	p->fd = -1;
	p->len = 0;
}

static void relay_pipe_init(struct relay_pipe *p, int fd)
{
	struct stat st;

	p->fd = fd;
	p->socket = fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
	p->at = p->len = 0;
}

/* Read what is there. Returns false at EOF; nothing yet is no EOF. */
static bool relay_pipe_fill(struct relay_pipe *p)
{
	ssize_t n = p->socket ? recv(p->fd, p->bytes, sizeof(p->bytes),
					MSG_DONTWAIT)
			      : read(p->fd, p->bytes, sizeof(p->bytes));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	p->at = 0;
	p->len = (size_t)n;
	return n > 0;
}

/* Write what it takes. Returns false where nobody reads it any more. */
static bool relay_pipe_drain(struct relay_pipe *p)
{
	ssize_t n = p->socket ? send(p->fd, p->bytes + p->at, p->len,
					MSG_DONTWAIT | MSG_NOSIGNAL)
			      : write(p->fd, p->bytes + p->at, p->len);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	p->at += (size_t)n;
	p->len -= (size_t)n;
	return true;
}

/* --- the two directions -------------------------------------------------- */

/* Its stdin: read by the poll loop, written into the channel here. */
static int relay_feed(struct relay *r, struct error *err)
{
	struct relay_pipe *p = &r->pipe[RELAY_IN];
	const struct ssh2 *lib = r->c->lib;
	ssize_t n = 0;

	if (r->eof_sent)
		return 0;
	while (p->len && r->c->wire.out_len < WIRE_OUT_ENOUGH) {
		n = lib->channel_write_ex(
			r->channel, 0, p->bytes + p->at, p->len);
		if (n <= 0)
			break;
		p->at += (size_t)n;
		p->len -= (size_t)n;
		r->moved = true;
	}
	if (n == 0 && !p->len && p->fd < 0) {
		n = lib->channel_send_eof(r->channel);
		r->eof_sent = n != LIBSSH2_ERROR_EAGAIN;
	}
	/* a command may end without having read all of it */
	if (n >= 0 || n == LIBSSH2_ERROR_EAGAIN ||
		n == LIBSSH2_ERROR_CHANNEL_CLOSED ||
		n == LIBSSH2_ERROR_CHANNEL_EOF_SENT)
		return 0;
	return connection_failed(r->c, ERROR_UNAVAILABLE, "sending", err);
}

/*
 * Its stdout or stderr: until it would block on either side. Where nobody
 * reads stderr it is dropped; where nobody reads stdout there is no use in
 * going on.
 */
static int relay_fetch(struct relay *r, int which, struct error *err)
{
	struct relay_pipe *p = &r->pipe[which];
	int stream = which == RELAY_ERR ? SSH_EXTENDED_DATA_STDERR : 0;

	for (;;) {
		ssize_t n;

		if (p->len && p->fd >= 0 && !relay_pipe_drain(p))
			relay_pipe_close(p);
		if (p->fd < 0 && which == RELAY_OUT)
			return error_set(err, ERROR_UNAVAILABLE,
				"nobody reads the output of the command any "
				"more");
		if (p->len)
			return 0;
		n = r->c->lib->channel_read_ex(
			r->channel, stream, p->bytes, sizeof(p->bytes));
		if (n == 0 || n == LIBSSH2_ERROR_EAGAIN)
			return 0;
		if (n < 0)
			return connection_failed(
				r->c, ERROR_UNAVAILABLE, "receiving", err);
		p->at = 0;
		p->len = p->fd >= 0 ? (size_t)n : 0;
		r->moved = true;
	}
}

/* Its end: EOF on both streams first, then its exit and the channel's close. */
static int relay_finish(struct relay *r, struct error *err)
{
	const struct ssh2 *lib = r->c->lib;
	int got;

	if (r->pipe[RELAY_OUT].len || r->pipe[RELAY_ERR].len ||
		!lib->channel_eof(r->channel))
		return 0;
	if (!r->ended) {
		r->ended = true;
		relay_pipe_close(&r->pipe[RELAY_OUT]);
		relay_pipe_close(&r->pipe[RELAY_ERR]);
	}
	got = lib->channel_wait_closed(r->channel);
	r->closed = got == 0;
	if (got < 0 && got != LIBSSH2_ERROR_EAGAIN)
		return connection_failed(
			r->c, ERROR_UNAVAILABLE, "waiting for the end", err);
	return 0;
}

/*
 * Each direction once, and back to poll(2): a server that never stops talking
 * must not keep us from reading stdin.
 */
static int relay_turn(struct relay *r, struct error *err)
{
	r->moved = false;
	if (!r->ended && (relay_fetch(r, RELAY_OUT, err) < 0 ||
				 relay_fetch(r, RELAY_ERR, err) < 0))
		return -1;
	if (relay_feed(r, err) < 0 || relay_finish(r, err) < 0)
		return -1;
	if (wire_move(&r->c->wire))
		r->moved = true;
	return 0;
}

/* --- waiting ------------------------------------------------------------- */

/* Who was stopped meanwhile, or does not read, could not hear the server. */
static bool relay_deaf(struct relay *r, int64_t now)
{
	int64_t away = now - r->looked;

	r->looked = now;
	return away > (int64_t)(r->patience->ask_s + RELAY_LATE_S) * 1000 ||
	       !(wire_events(&r->c->wire) & POLLIN);
}

static int relay_silent(struct relay *r, int *timeout, struct error *err)
{
	struct wire *w = &r->c->wire;
	int64_t now = deadline_now();
	int next = r->patience->ask_s;

	r->c->lib->keepalive_send(r->c->ssh, &next);
	wire_move(w);
	/* libssh2 goes by the clock on the wall, which may be set back */
	if (next > r->patience->ask_s)
		next = r->patience->ask_s;
	*timeout = (next > 0 ? next : 1) * 1000;
	if (relay_deaf(r, now))
		w->heard = now;
	if (now - w->heard <= r->patience->silence_ms)
		return 0;
	return error_set(err, ERROR_TIMEOUT,
		"%s has said nothing for %lld s; the connection is given up",
		r->c->peer, (long long)r->patience->silence_ms / 1000);
}

static int relay_wait(struct relay *r, int gone, struct error *err)
{
	struct relay_pipe *in = &r->pipe[RELAY_IN];
	struct pollfd p[5] = {
		{ .fd = gone, .events = POLLIN },
		{ .fd = r->c->wire.sock, .events = wire_events(&r->c->wire) },
		{ .fd = in->len ? -1 : in->fd, .events = POLLIN },
	};
	int timeout;

	if (!p[1].events) /* its HUP would end every wait at once */
		p[1].fd = -1;
	for (int i = RELAY_OUT; i <= RELAY_ERR; i++)
		p[2 + i] = (struct pollfd){
			.fd = r->pipe[i].len ? r->pipe[i].fd : -1,
			.events = POLLOUT,
		};
	if (relay_silent(r, &timeout, err) < 0)
		return -1;
	if (poll(p, 5, r->moved ? 0 : timeout) < 0 && errno != EINTR)
		return error_errno(err, ERROR_SYSTEM, "poll");
	if (p[0].revents)
		return error_set(err, ERROR_UNAVAILABLE,
			"nobody waits for the command any more");
	if (p[2].revents && !relay_pipe_fill(in))
		relay_pipe_close(in);
	wire_move(&r->c->wire);
	return 0;
}

/* What has come is delivered first: the exit may be behind it. */
static int relay_lost(const struct relay *r, struct error *err)
{
	struct error why = ERROR_INIT;

	if (r->pipe[RELAY_OUT].len || r->pipe[RELAY_ERR].len ||
		!wire_ended(&r->c->wire))
		return 0;
	wire_explain(&r->c->wire, &why);
	return error_set(err, why.kind, "%s %s before the command had ended",
		r->c->peer, why.text);
}

static int relay_exit_read(
	struct relay *r, struct relay_exit *end, struct error *err)
{
	const struct ssh2 *lib = r->c->lib;
	char *signal = NULL;
	size_t len = 0;

	memset(end, 0, sizeof(*end));
	lib->channel_get_exit_signal(
		r->channel, &signal, &len, NULL, NULL, NULL, NULL);
	snprintf(end->signal, sizeof(end->signal), "%s", signal ? signal : "");
	free(signal);
	end->status = lib->channel_get_exit_status(r->channel) & 0xff;
	if (*end->signal || ssh2_exit_came())
		return 0;
	return error_set(err, ERROR_UNAVAILABLE,
		"%s ended the command and did not say how", r->c->peer);
}

int relay_run(struct connection *c, LIBSSH2_CHANNEL *channel, const int fds[3],
	int gone, const struct relay_patience *patience, struct relay_exit *end,
	struct error *err)
{
	struct relay *r = calloc(1, sizeof(*r));
	int got = -1;

	for (int i = 0; r && i < RELAY_PIPES; i++)
		relay_pipe_init(&r->pipe[i], fds[i]);
	for (int i = 0; !r && i < RELAY_PIPES; i++)
		close(fds[i]);
	if (!r)
		return error_set(err, ERROR_MEMORY, "out of memory");
	r->c = c;
	r->channel = channel;
	r->patience = patience;
	r->looked = deadline_now();
	c->lib->keepalive_config(c->ssh, 1, (unsigned)patience->ask_s);
	do
		got = relay_turn(r, err);
	while (got == 0 && !r->closed && (got = relay_lost(r, err)) == 0 &&
		(got = relay_wait(r, gone, err)) == 0);
	if (got == 0)
		got = relay_exit_read(r, end, err);
	for (int i = 0; i < RELAY_PIPES; i++)
		relay_pipe_close(&r->pipe[i]);
	c->lib->channel_free(channel);
	free(r);
	return got;
}
