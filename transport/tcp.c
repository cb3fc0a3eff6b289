#include "transport/tcp.h"

#include "helper/base/deadline.h"
#include "helper/base/trace.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int tcp_lookup(const char *host, int port, int family,
	struct addrinfo **list, struct error *err)
{
	struct addrinfo hints = { .ai_family = family,
		.ai_socktype = SOCK_STREAM };
	char service[16];
	int64_t began = deadline_micros();
	int got;

	snprintf(service, sizeof(service), "%d", port);
	got = getaddrinfo(host, service, &hints, list);
	trace_event("session.lookup", TRACE_STR("host", host),
		TRACE_BOOL("found", got == 0),
		TRACE_STR("why", got ? gai_strerror(got) : NULL),
		TRACE_SINCE("ms", began));
	if (got)
		return error_set(err, ERROR_UNAVAILABLE,
			"the name cannot be looked up: %s", gai_strerror(got));
	return 0;
}

/* Returns 0 when it stands, else errno. */
static int tcp_stands(int sock, int64_t deadline)
{
	int error = 0, got = deadline_poll(sock, POLLOUT, deadline);
	socklen_t size = sizeof(error);

	if (got == 0)
		return ETIMEDOUT;
	if (got < 0 ||
		getsockopt(sock, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return errno;
	return error;
}

/* One address. Returns its socket, or -1 with errno. */
static int tcp_try(const struct addrinfo *a, int64_t deadline)
{
	int on = 1, error = 0;
	int sock = socket(a->ai_family,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);

	if (sock < 0)
		return -1;
	setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(sock, a->ai_addr, a->ai_addrlen) < 0)
		error = errno == EINPROGRESS ? tcp_stands(sock, deadline)
					     : errno;
	if (!error)
		return sock;
	close(sock);
	errno = error;
	return -1;
}

static void tcp_numeric(const struct addrinfo *a, char text[NI_MAXHOST])
{
	if (getnameinfo(a->ai_addr, a->ai_addrlen, text, NI_MAXHOST, NULL, 0,
		    NI_NUMERICHOST) != 0)
		text[0] = '\0';
}

static int tcp_any(const struct addrinfo *list, int64_t deadline,
	struct buf *address, struct error *err)
{
	int left = 0, sock = -1;
	char text[NI_MAXHOST];

	for (const struct addrinfo *a = list; a; a = a->ai_next)
		left++;
	for (const struct addrinfo *a = list; a && sock < 0;
		a = a->ai_next, left--) {
		int64_t began = deadline_micros();
		int why;

		sock = tcp_try(a, deadline_in(deadline_left(deadline) / left));
		why = sock < 0 ? errno : 0;
		tcp_numeric(a, text);
		trace_event("session.connect", TRACE_STR("address", text),
			TRACE_BOOL("connected", sock >= 0),
			TRACE_STR("why", why ? strerror(why) : NULL),
			TRACE_SINCE("ms", began));
		errno = why;
	}
	if (sock >= 0)
		return address ? (buf_adds(address, text, NULL), sock) : sock;
	if (errno == ETIMEDOUT)
		return error_set(err, ERROR_TIMEOUT,
			"the connection was not made in time");
	return error_errno(err, ERROR_UNAVAILABLE, "no connection to %s", text);
}

int tcp_connect(const char *host, int port, int family, int64_t deadline,
	struct buf *address, struct error *err)
{
	struct addrinfo *list = NULL;
	int sock;

	if (tcp_lookup(host, port, family, &list, err) < 0)
		return -1;
	sock = tcp_any(list, deadline, address, err);
	freeaddrinfo(list);
	return sock;
}
