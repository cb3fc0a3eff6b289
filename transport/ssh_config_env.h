/*
 * ssh_config_env: what a configuration is read in: homes, names, folders.
 *
 * Given as values, so that a test needs neither root nor another home.
 */
#ifndef SSH_CONFIG_ENV_H
#define SSH_CONFIG_ENV_H

#include "helper/base/buf.h"
#include "helper/base/error.h"

#include <limits.h>
#include <sys/types.h>

struct ssh_config_env {
	/*
	 * What "~" and %d mean. $HOME, as git and go have it, else the passwd
	 * entry's. OpenSSH asks the passwd entry alone, so that where HOME is
	 * another folder the two read different files. NULL: there is none.
	 */
	const char *home;
	const char *cwd; /* relative paths begin here; NULL: it is gone */
	const char *etc; /* "/etc/ssh" */
	const char *tmp; /* where Kerberos keeps tickets: "/tmp" */
	const char *login; /* NULL: the passwd entry's, asked when needed */
	const char *machine; /* gethostname(2) */
	char *const *environ;
	uid_t uid;
};

/* This process's, and the memory of its strings. */
struct ssh_config_env_own {
	struct ssh_config_env env;
	struct buf home, cwd;
	char machine[HOST_NAME_MAX + 1];
};

void ssh_config_env_init(struct ssh_config_env_own *own);
void ssh_config_env_release(struct ssh_config_env_own *own);

/* The value of a variable, or NULL. */
const char *ssh_config_env_get(
	const struct ssh_config_env *env, struct slice name);

/*
 * Append the login name. Returns -1 with ERROR_UNAVAILABLE where the uid has
 * no passwd entry.
 */
int ssh_config_env_login(
	const struct ssh_config_env *env, struct buf *out, struct error *err);

#endif
