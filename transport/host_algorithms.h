/*
 * host_algorithms: which kinds of host key to ask a server for.
 *
 * As OpenSSH's order_hostkeyalgs: a server that has several keys shall show one
 * that is known.
 */
#ifndef HOST_ALGORITHMS_H
#define HOST_ALGORITHMS_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "transport/known_hosts.h"
#include "transport/ssh2.h"

/* Bytes that a list has at most. */
#define HOST_ALGORITHMS_MAX 128

/*
 * Append the list, with commas, for libssh2_session_method_pref: what checks a
 * key that the host is known by (known_hosts_next) first, then everything else
 * that this libssh2 has; each in the order ed25519, ecdsa, rsa-sha2-512, -256.
 * Never SHA-1, never certificates. libssh2 takes the list for a whitelist, so
 * the rest is there for the server to show what changed. Unlike OpenSSH a host
 * known by its plain name alone is also asked for that key first.
 */
int host_algorithms_list(const struct known_hosts *kh,
	const struct ssh2_can *can, struct buf *out, struct error *err);

/*
 * Can this libssh2 check at least one of the keys that the host is known by?
 * Returns 0 if so, or if no key is known; else -1 with ERROR_UNAVAILABLE, whose
 * text is the reason to hand the host over to OpenSSH, before connecting.
 */
int host_algorithms_reach(const struct known_hosts *kh,
	const struct ssh2_can *can, struct error *err);

#endif
