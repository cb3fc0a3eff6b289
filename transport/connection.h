/*
 * connection: one SSH connection, from a socket to a server whose key is
 * known, driven without blocking.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "transport/ssh2.h"
#include "transport/wire.h"

#include <stdbool.h>
#include <stdint.h>

struct connection {
	const struct ssh2 *lib;
	LIBSSH2_SESSION *ssh;
	const char *peer; /* for people: "git.corp.example port 2222" */
	bool dismissed; /* the server said good-bye */
	bool foreign; /* it has no algorithm of ours */
	char words[160]; /* as it put it */
	struct wire wire;
};

/*
 * A connection over sock, which it takes, to peer, which stays the caller's.
 * c is large: not for the stack. Returns -1 with ERROR_MEMORY; sock is closed
 * then. connection_release says good-bye to the server without waiting for it,
 * and is harmless on one that is all zero.
 */
int connection_init(struct connection *c, const struct ssh2 *lib, int sock,
	const char *peer, struct error *err);
void connection_release(struct connection *c);

/*
 * Versions, key exchange and the request for authentication (RFC 4253).
 * algorithms is the list of the host key's, the best first. ERROR_TIMEOUT,
 * ERROR_UNAVAILABLE (it closed, or is no SSH server; with c->foreign it has no
 * algorithm of ours).
 */
int connection_handshake(struct connection *c, const char *algorithms,
	int64_t deadline, struct error *err);

/* The server's key as on the wire (RFC 4253, 6.6), until c is released. */
struct slice connection_hostkey(const struct connection *c);

/*
 * One call of libssh2 that may have to be made again: step(c, arg) is called
 * until it returns something else than LIBSSH2_ERROR_EAGAIN, which goes to
 * *result, and bytes are moved meanwhile. Returns -1 with ERROR_TIMEOUT or
 * ERROR_UNAVAILABLE, saying during what.
 */
int connection_run(struct connection *c, const char *what,
	long (*step)(struct connection *c, void *arg), void *arg, long *result,
	int64_t deadline, struct error *err);

/* Of a negative result of libssh2: kind, with peer, what and its own words. */
int connection_failed(struct connection *c, enum error_kind kind,
	const char *what, struct error *err);

#endif
