/*
 * client: the side that git started. It has a session make the connection,
 * gives it stdin and stdout, and waits for the exit status.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "transport/ssh_settings.h"

struct client_call {
	const struct ssh_settings *settings;
	struct slice command;
	const struct slice *env; /* NAME=VALUE lines for the server */
	size_t env_count;
};

/*
 * Run the command. stdin and stdout go to the session where they are pipes or
 * sockets, else their bytes do; both are /dev/null here afterwards. stderr
 * never leaves this process. Returns 0 with *status (0 to 255; 255 where a
 * signal ended the command), or 0 with handover saying in one line why the
 * system's ssh has to make this connection: then no byte went anywhere and
 * stdin and stdout are as they were. Or -1 with the session's own error; where
 * that takes more than one line they have been told, and its text is empty.
 */
int client_run(const struct client_call *call, int *status,
	struct buf *handover, struct error *err);

#endif
