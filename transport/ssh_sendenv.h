/*
 * ssh_sendenv: the variables that go to the server with a command.
 */
#ifndef SSH_SENDENV_H
#define SSH_SENDENV_H

#include "helper/base/slice.h"
#include "transport/ssh_settings.h"

#include <stdbool.h>
#include <stddef.h>

struct ssh_sendenv {
	const struct ssh_settings *s;
	char *const *environ; /* of who asks for the command; ends with NULL */
	size_t at; /* private, 0 at first */
};

/*
 * The next variable; false behind the last one. As OpenSSH sends them: those
 * of environ whose name a pattern of SendEnv matches, in environ's order, then
 * those of SetEnv. A name may come twice: with the server the later one wins,
 * which is SetEnv's. Slices point into environ and s. Pure.
 */
bool ssh_sendenv_next(
	struct ssh_sendenv *e, struct slice *name, struct slice *value);

#endif
