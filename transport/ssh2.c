#include "transport/ssh2.h"

#include "helper/base/library.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SSH2_SONAME "libssh2.so.1"
#define SSH2_MSG_CHANNEL_REQUEST 98

LIBRARY_NOTE(ssh, SSH2_SONAME, "SSH connections of our own");

/* More than one message or key takes; a server may name any length. */
#define SSH2_ALLOC_MAX (1 << 20)

/* OpenSSL's, which libssh2 may be built on: include/openssl/crypto.h. */
#define SSH2_OPENSSL_CONFIG 0x40L

static struct ssh2 ssh2_loaded;
static int (*ssh2_openssl_init)(uint64_t, const void *);
static bool ssh2_exit_seen;

static const struct library_symbol ssh2_symbols[] = {
#define SSH2_SYMBOL(name) { "libssh2_" #name, &ssh2_loaded.name, false },
	SSH2_FUNCTIONS(SSH2_SYMBOL)
#undef SSH2_SYMBOL
		{ "OPENSSL_init_crypto", &ssh2_openssl_init, true },
};

/* 1.11.0 and later; what is no number is nothing that was measured. */
static bool ssh2_at_least(const char *version, long major, long minor)
{
	char *end;
	long a = strtol(version, &end, 10);
	long b = *end == '.' ? strtol(end + 1, NULL, 10) : 0;

	return a > major || (a == major && b >= minor);
}

struct ssh2_can ssh2_can(const char *version)
{
	return (struct ssh2_can){ .version = version,
		.rsa_sha2 = ssh2_at_least(version, 1, 11) };
}

const struct ssh2 *ssh2_load(struct error *err)
{
	const char *version;

	if (ssh2_loaded.can.version)
		return &ssh2_loaded;
	if (library_open(SSH2_SONAME, ssh2_symbols,
		    sizeof(ssh2_symbols) / sizeof(ssh2_symbols[0]), err) < 0)
		return NULL;
	version = ssh2_loaded.version(0);
	if (!version || ssh2_loaded.init(0) != 0) {
		error_set(err, ERROR_UNAVAILABLE,
			SSH2_SONAME " cannot be initialised");
		return NULL;
	}
	/* libssh2 leaves it to the first use, which a server causes */
	if (ssh2_openssl_init)
		ssh2_openssl_init(SSH2_OPENSSL_CONFIG, NULL);
	ssh2_loaded.can = ssh2_can(version);
	return &ssh2_loaded;
}

/* Zeroed: libssh2 reads an exit-signal that was cut short up to a NUL. */
void *ssh2_alloc(size_t size)
{
	return size <= SSH2_ALLOC_MAX ? calloc(1, size ? size : 1) : NULL;
}

static void *ssh2_alloc_cb(size_t size, void **abstract)
{
	(void)abstract;
	return ssh2_alloc(size);
}

/*
 * libssh2 says 0 where no exit status came as well. But it frees each message
 * when it has dealt with it, and then it is seen here: RFC 4254, 6.10.
 */
static void ssh2_see(const char *message, size_t size)
{
	static const char request[] = "\0\0\0\vexit-status";
	const size_t behind = 1 + 4; /* the type and the channel */

	if (size >= behind + sizeof(request) &&
		message[0] == SSH2_MSG_CHANNEL_REQUEST &&
		!memcmp(message + behind, request, sizeof(request) - 1))
		ssh2_exit_seen = true;
}

bool ssh2_exit_came(void)
{
	return ssh2_exit_seen;
}

static void ssh2_free_cb(void *p, void **abstract)
{
	size_t size = p ? malloc_usable_size(p) : 0;

	(void)abstract;
	if (!p)
		return;
	ssh2_see(p, size);
	explicit_bzero(p, size);
	free(p);
}

static void *ssh2_realloc_cb(void *p, size_t size, void **abstract)
{
	size_t had = p ? malloc_usable_size(p) : 0;
	void *more;

	if (p && had >= size)
		return p;
	more = ssh2_alloc(size);
	if (more && p) {
		memcpy(more, p, had);
		ssh2_free_cb(p, abstract);
	}
	return more;
}

LIBSSH2_SESSION *ssh2_session_new(const struct ssh2 *ssh2, void *abstract)
{
	LIBSSH2_SESSION *session = ssh2->session_init_ex(
		ssh2_alloc_cb, ssh2_free_cb, ssh2_realloc_cb, abstract);

	ssh2_exit_seen = false;
	if (session)
		ssh2->session_set_blocking(session, 0);
	return session;
}
