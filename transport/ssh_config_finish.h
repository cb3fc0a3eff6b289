/*
 * ssh_config_finish: what was read, made into what is used: defaults, the
 * last form of names, paths.
 */
#ifndef SSH_CONFIG_FINISH_H
#define SSH_CONFIG_FINISH_H

#include "transport/ssh_config.h"

/*
 * Complete c's settings, whose host is there. Looks whether the socket of a
 * ControlPath and a cache of Kerberos tickets exist, and does no other I/O but
 * for the login name. What cannot be expanded is left as it was written, and
 * is a reason. Returns 0, or -1 with ERROR_UNAVAILABLE (no user name) or
 * ERROR_MEMORY.
 */
int ssh_config_finish(struct ssh_config *c, struct error *err);

#endif
