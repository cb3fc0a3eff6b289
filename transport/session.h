/*
 * session: the role that is one SSH connection.
 *
 * One process a connection: it parses a remote's bytes, so that a crash or an
 * exploit is one connection's. Everything from outside (settings, known_hosts,
 * key files, the ssh-agent's socket, libraries) is opened before the first
 * byte goes to the server; stderr and questions are its starter's.
 *
 * In records (record.h), the starter's first: the settings (ssh_settings.h);
 * answered by `state=` step (text says at what it is; another answer follows),
 * handover (text says why the system's ssh has to do it; the server was sent
 * nothing, or a list of algorithms of which it has none), failed (kind is an
 * enum error_kind, text the message, say[] lines for people before it) or
 * ready. Then `command=` and env[] (NAME=VALUE) with three fds, the command's
 * stdin, stdout and stderr; answered by `state=` exit (status, or signal) or
 * failed, when all three are closed.
 */
#ifndef SESSION_H
#define SESSION_H

#include "helper/base/record.h"
#include "transport/ssh_settings.h"

#define SESSION_ENV_MAX 500 /* variables for the server; more are left out */

/* Serve one starter (role.h). */
int session_serve(struct record_reader *in);

/*
 * How long, in ms, the starter shall wait for ready at most: the sum of the
 * session's own deadlines and something for what has none, as looking up a
 * name.
 */
int session_open_ms(const struct ssh_settings *s);

#endif
