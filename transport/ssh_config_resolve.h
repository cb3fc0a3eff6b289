/*
 * ssh_config_resolve: from a command line to the settings of a connection, or
 * to the reason why the call is OpenSSH's.
 */
#ifndef SSH_CONFIG_RESOLVE_H
#define SSH_CONFIG_RESOLVE_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "transport/ssh_argv.h"
#include "transport/ssh_config.h"
#include "transport/ssh_settings.h"

/* One value that is to win over the command line. */
struct ssh_config_preset {
	const char *keyword; /* NULL ends a list of them */
	const char *value; /* whole: not split into words */
	const char *by; /* for a reason or an error: "the policy's" */
};

/*
 * Read the command line, then the files that it names or the usual ones, and
 * fill the initialised out, all of it: defaults, names in their last form,
 * paths expanded and absolute. handover, empty and of SSH_CONFIG_REASON_MAX
 * bytes, stays empty where we can do it, and else gets one line that says why
 * OpenSSH must; out is then the best that is known. presets may be NULL.
 *
 * An -i FILE that does not exist is left out, as in OpenSSH, whose warning
 * goes to the trace.
 *
 * Returns 0, or -1 with ERROR_USAGE (an option OpenSSH would refuse),
 * ERROR_INPUT and ERROR_DENIED (ssh_config_file.h), ERROR_UNAVAILABLE (nobody
 * knows the user's name) or ERROR_MEMORY.
 */
int ssh_config_resolve(const struct ssh_argv *a,
	const struct ssh_config_env *env,
	const struct ssh_config_preset *presets, struct ssh_settings *out,
	struct buf *handover, struct error *err);

#endif
