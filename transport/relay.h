/*
 * relay: one command on one channel, and its stdin, stdout and stderr.
 *
 * What comes is written on as it comes and nothing is kept: a reader that
 * does not read holds up the server through the channel's window. Each side
 * is closed when its other end is.
 */
#ifndef RELAY_H
#define RELAY_H

#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "transport/connection.h"

#include <stdbool.h>
#include <stdint.h>

/* A server that says nothing is asked, and is gone if it goes on so. */
struct relay_patience {
	int ask_s; /* after that long, and again; from 1 to 86400 */
	int64_t silence_ms; /* then it is gone */
};

/* What is said of the end of a command. */
struct relay_exit {
	int status; /* 0 to 255; of a command that ended by itself */
	char signal[32]; /* "KILL", as RFC 4254, 6.10 names it; else "" */
};

/*
 * Start command (the bytes of an exec request) with the NAME=VALUE lines of
 * env, which the server may refuse. Returns the channel, or NULL with
 * ERROR_DENIED (the server does not want it), ERROR_TIMEOUT or
 * ERROR_UNAVAILABLE.
 */
LIBSSH2_CHANNEL *relay_exec(struct connection *c, struct slice command,
	const struct slice *env, size_t env_count, int64_t deadline,
	struct error *err);

/*
 * Serve the channel until the server closes it. fds are the command's stdin,
 * stdout and stderr, non-blocking or sockets, and are closed as soon as
 * their end has come, at the latest on return. gone is an fd that becomes
 * readable when nobody waits for the command any more. Returns 0 with *end,
 * or -1 with ERROR_UNAVAILABLE (the connection ended, the server closed the
 * channel without an exit status, nobody waits, or nobody reads stdout any
 * more) or ERROR_TIMEOUT (patience). The channel is freed.
 */
int relay_run(struct connection *c, LIBSSH2_CHANNEL *channel, const int fds[3],
	int gone, const struct relay_patience *patience, struct relay_exit *end,
	struct error *err);

#endif
