/*
 * tcp: a connection to a host, within a deadline.
 */
#ifndef TCP_H
#define TCP_H

#include "helper/base/buf.h"
#include "helper/base/error.h"

#include <stdint.h>

/*
 * Look the name up (getaddrinfo(3), which has no deadline of its own: the
 * caller's caller has) and connect to its addresses in order, each with a fair
 * share of what is left. family is AF_UNSPEC, AF_INET or AF_INET6. Returns a
 * socket, non-blocking, CLOEXEC, TCP_NODELAY, and appends its numeric address
 * to address (may be NULL); or -1 with ERROR_UNAVAILABLE (no such name, or
 * what the last address answered) or ERROR_TIMEOUT.
 */
int tcp_connect(const char *host, int port, int family, int64_t deadline,
	struct buf *address, struct error *err);

#endif
