#include "transport/wire.h"

#include "helper/base/deadline.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

void wire_init(struct wire *w, int sock)
{
	w->sock = sock;
	w->eof = w->quickack = false;
	w->error = 0;
	w->heard = deadline_now();
	w->received = 0;
	w->in_at = w->in_len = w->out_at = w->out_len = 0;
}

ssize_t wire_recv_cb(
	int sock, void *buffer, size_t length, int flags, void **abstract)
{
	struct wire *w = *abstract;

	(void)sock;
	(void)flags;
	if (!w->in_len)
		return -EAGAIN;
	if (length > w->in_len)
		length = w->in_len;
	memcpy(buffer, w->in + w->in_at, length);
	w->in_at += length;
	w->in_len -= length;
	return (ssize_t)length;
}

ssize_t wire_send_cb(
	int sock, const void *buffer, size_t length, int flags, void **abstract)
{
	struct wire *w = *abstract;

	(void)sock;
	(void)flags;
	if (w->out_at + w->out_len + length > WIRE_OUT_MAX) {
		memmove(w->out, w->out + w->out_at, w->out_len);
		w->out_at = 0;
	}
	if (w->out_len + length > WIRE_OUT_MAX)
		return -ENOBUFS; /* only if nobody heeds WIRE_OUT_ENOUGH */
	memcpy(w->out + w->out_at + w->out_len, buffer, length);
	w->out_len += length;
	return (ssize_t)length;
}

bool wire_ended(const struct wire *w)
{
	return (w->eof || w->error) && !w->in_len;
}

static bool wire_over(const struct wire *w)
{
	return w->eof || w->error;
}

short wire_events(const struct wire *w)
{
	short events = 0;

	if (!wire_over(w) && w->in_len < WIRE_IN_MAX)
		events |= POLLIN;
	if (!w->error && w->out_len)
		events |= POLLOUT;
	return events;
}

/* Anything but "not now" ends the wire; the reason is kept. */
static void wire_failed(struct wire *w)
{
	if (errno != EAGAIN && errno != EINTR)
		w->error = errno;
}

static void wire_receive(struct wire *w)
{
	int on = 1;
	ssize_t n;

	if (wire_over(w) || w->in_len == WIRE_IN_MAX)
		return;
	if (w->in_at) {
		memmove(w->in, w->in + w->in_at, w->in_len);
		w->in_at = 0;
	}
	n = recv(w->sock, w->in + w->in_len, WIRE_IN_MAX - w->in_len,
		MSG_DONTWAIT);
	if (n < 0) {
		wire_failed(w);
		return;
	}
	w->eof = n == 0;
	w->in_len += (size_t)n;
	w->received += (uint64_t)n;
	w->heard = deadline_now();
	/* the kernel forgets it; a delayed acknowledgement costs 40 ms */
	if (w->quickack)
		setsockopt(w->sock, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

static void wire_send(struct wire *w)
{
	ssize_t n;

	if (w->error || !w->out_len)
		return;
	n = send(w->sock, w->out + w->out_at, w->out_len,
		MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0) {
		wire_failed(w);
		return;
	}
	w->out_at += (size_t)n;
	w->out_len -= (size_t)n;
	if (!w->out_len)
		w->out_at = 0;
}

bool wire_move(struct wire *w)
{
	size_t unsent = w->out_len;
	uint64_t received = w->received;

	wire_send(w);
	wire_receive(w);
	return w->out_len != unsent || w->received != received;
}

int wire_explain(const struct wire *w, struct error *err)
{
	if (!w->error)
		return error_set(
			err, ERROR_UNAVAILABLE, "closed the connection");
	errno = w->error;
	return error_errno(err, ERROR_UNAVAILABLE, "broke the connection");
}

int wire_wait(struct wire *w, int64_t deadline, struct error *err)
{
	short events = wire_events(w);
	int got;

	if (wire_ended(w))
		return wire_explain(w, err);
	got = events ? deadline_poll(w->sock, events, deadline) : 0;
	if (got == 0)
		return error_set(err, ERROR_TIMEOUT, "gave no answer in time");
	if (got < 0)
		return error_errno(err, ERROR_SYSTEM, "poll");
	wire_move(w);
	return 0;
}
