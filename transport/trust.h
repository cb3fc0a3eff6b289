/*
 * trust: is this the server that it says it is?
 *
 * The files of known hosts are read before connecting, and the server's key is
 * judged by them before anything of ours goes to it.
 */
#ifndef TRUST_H
#define TRUST_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "transport/known_hosts.h"
#include "transport/ssh2.h"
#include "transport/ssh_settings.h"

struct trust {
	struct known_hosts known;
	struct buf unread; /* lines on what cannot be read, each ended by LF */
	const struct ssh_settings *settings; /* the caller's */
};

void trust_init(struct trust *t);
void trust_release(struct trust *t);

/*
 * Read UserKnownHostsFile and GlobalKnownHostsFile for the settings' host. What
 * is not there or cannot be read has no keys, as in OpenSSH; the trace says so,
 * and names bad lines. Returns -1 with ERROR_INPUT over a limit
 * (known_hosts.h).
 */
int trust_load(
	struct trust *t, const struct ssh_settings *s, struct error *err);

/*
 * Must the system's ssh make this connection? So where the host is signed for
 * by a certificate authority, is known only by keys that this libssh2 cannot
 * check, has no key yet and ssh would ask or add it (StrictHostKeyChecking),
 * and always with StrictHostKeyChecking=no, which goes on with a changed key.
 * Then one line for why is appended.
 */
bool trust_handover(
	const struct trust *t, const struct ssh2_can *can, struct buf *why);

/*
 * Judge the server's key (RFC 4253, 6.6). Returns 0 where it is known, else -1
 * with ERROR_DENIED, and lines, each ended by LF, appended to say: what to do
 * (host_refusal.h), and which files and lines could not be read, since the key
 * may stand there.
 */
int trust_check(const struct trust *t, struct slice blob, struct buf *say,
	struct error *err);

#endif
