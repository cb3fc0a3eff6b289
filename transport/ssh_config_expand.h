/*
 * ssh_config_expand: "~", the tokens of ssh_config(5), and ${VARIABLE}.
 */
#ifndef SSH_CONFIG_EXPAND_H
#define SSH_CONFIG_EXPAND_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "transport/ssh_config_env.h"
#include "transport/ssh_settings.h"

#include <stdbool.h>

/*
 * Append text to out with its tokens replaced: %% %C %d %h %i %j %k %L %l %n
 * %p %r %u and ${VARIABLE}. s has host, hostname, port, user and hostkeyalias
 * as they will be; %j, the jump host, is empty (with one, the call is
 * OpenSSH's). Returns 0; 1 with why set, for what we cannot expand (a token
 * that is not one of these, a variable that is not set); -1 with ERROR_MEMORY.
 */
int ssh_config_expand(const struct ssh_config_env *env,
	const struct ssh_settings *s, const char *text, struct buf *out,
	struct error *why);

/* HostName has %% and %h alone; %h is host. Returns as above. */
int ssh_config_expand_hostname(
	const char *host, const char *text, struct buf *out, struct error *why);

/*
 * The same for a path: first a "~" or "~/" at its front, then the tokens if
 * it has some, at last the current folder before what is not absolute. "~who"
 * is one more thing that we cannot expand.
 */
int ssh_config_expand_path(const struct ssh_config_env *env,
	const struct ssh_settings *s, const char *text, bool tokens,
	struct buf *out, struct error *why);

#endif
