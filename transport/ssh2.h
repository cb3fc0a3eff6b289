/*
 * ssh2: libssh2, loaded when a session needs it, and what this version can do.
 *
 * What it cannot do is found out before connecting, so that the system's ssh
 * can be asked instead: OpenSSH 9.8 and later lock out who comes and fails.
 */
#ifndef SSH2_H
#define SSH2_H

#include "helper/base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* What works with 1.10 as well is what we call. */
#define LIBSSH2_DISABLE_DEPRECATION
#include <libssh2.h>

/* Measured with 1.10.0 and 1.11.1 against sshd 9.2 and 10.0. */
struct ssh2_can {
	const char *version; /* "1.10.0" */
	/* RSA with SHA-2, for our key and for the host's; never SHA-1 */
	bool rsa_sha2;
};

/* Every function of libssh2 that is used, without its libssh2_. */
#define SSH2_FUNCTIONS(X)                                                      \
	X(init)                                                                \
	X(version)                                                             \
	X(session_init_ex)                                                     \
	X(session_free)                                                        \
	X(session_set_blocking)                                                \
	X(session_callback_set)                                                \
	X(session_method_pref)                                                 \
	X(session_methods)                                                     \
	X(session_handshake)                                                   \
	X(session_banner_get)                                                  \
	X(session_hostkey)                                                     \
	X(session_last_error)                                                  \
	X(session_last_errno)                                                  \
	X(session_disconnect_ex)                                               \
	X(userauth_list)                                                       \
	X(userauth_publickey)                                                  \
	X(userauth_publickey_frommemory)                                       \
	X(channel_open_ex)                                                     \
	X(channel_setenv_ex)                                                   \
	X(channel_process_startup)                                             \
	X(channel_read_ex)                                                     \
	X(channel_write_ex)                                                    \
	X(channel_send_eof)                                                    \
	X(channel_eof)                                                         \
	X(channel_close)                                                       \
	X(channel_wait_closed)                                                 \
	X(channel_get_exit_status)                                             \
	X(channel_get_exit_signal)                                             \
	X(channel_free)                                                        \
	X(keepalive_config)                                                    \
	X(keepalive_send)

struct ssh2 {
#define SSH2_FUNCTION(name) __typeof__(libssh2_##name) *(name);
	SSH2_FUNCTIONS(SSH2_FUNCTION)
#undef SSH2_FUNCTION
	struct ssh2_can can;
};

/*
 * Load libssh2 and initialise it (with its crypto library, which reads its
 * configuration here). Returns the functions, the same at every call, or NULL
 * with ERROR_UNAVAILABLE.
 */
const struct ssh2 *ssh2_load(struct error *err);

/* What a libssh2 of this version can do. Pure. */
struct ssh2_can ssh2_can(const char *version);

/*
 * A session that does not block, whose callbacks get abstract; NULL when out
 * of memory. What libssh2 allocates for it is wiped when it is freed. What
 * cannot be wiped: the copies of a key that its crypto library keeps.
 */
LIBSSH2_SESSION *ssh2_session_new(const struct ssh2 *ssh2, void *abstract);

/*
 * Has a command's exit status come, since the last session was made? One
 * command a session, or it says nothing of which.
 */
bool ssh2_exit_came(void);

/* Memory that libssh2 frees (a signature), size bytes; NULL: none left. */
void *ssh2_alloc(size_t size);

#endif
