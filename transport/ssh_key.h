/*
 * ssh_key: what a key file says without its passphrase.
 *
 * A private key file in any format that ssh(1) reads (PROTOCOL.key of
 * OpenSSH, RFC 7468, RFC 1421 "traditional"), or a public key's line. Nothing
 * is decrypted: what is found out is whether that would be needed.
 */
#ifndef SSH_KEY_H
#define SSH_KEY_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "helper/base/wipebuf.h"

#include <stdbool.h>
#include <sys/types.h>

#define SSH_KEY_FILE_MAX (64 * 1024) /* bytes */
#define SSH_KEY_NAME_MAX 64 /* of a key type or cipher (RFC 4251, 6) */

enum ssh_key_format {
	SSH_KEY_PUBLIC, /* "type base64 [comment]" */
	SSH_KEY_OPENSSH,
	SSH_KEY_PEM_RSA,
	SSH_KEY_PEM_EC,
	SSH_KEY_PEM_DSA,
	SSH_KEY_PKCS8,
	SSH_KEY_PKCS8_ENCRYPTED,
};

struct ssh_key {
	enum ssh_key_format format;
	bool encrypted;
	char cipher[SSH_KEY_NAME_MAX + 1]; /* "": none, or not told */
	char type[SSH_KEY_NAME_MAX + 1]; /* "ssh-ed25519"; "": not told */
	struct buf blob; /* the public key (RFC 4253, 6.6); empty: not told */
	struct buf comment; /* for people: control bytes became '?' */
};

void ssh_key_init(struct ssh_key *k);
void ssh_key_release(struct ssh_key *k);

/*
 * Read the text of a private key file into an initialised k. What is decoded
 * of it is wiped. Returns -1 with ERROR_INPUT where it is no private key, is
 * malformed, or of a kind that SSH has not, and k as it was.
 */
int ssh_key_private(struct ssh_key *k, struct slice text, struct error *err);

/*
 * Read a public key: the first line of text that is one, as ssh(1) does; the
 * type in front must be the one in the base64. Returns -1 with ERROR_INPUT
 * where there is none before the text's end or the begin of a private key.
 */
int ssh_key_public(struct ssh_key *k, struct slice text, struct error *err);

/* Set k, initialised, to the public key of a blob and its comment. */
int ssh_key_blob(struct ssh_key *k, struct slice blob, struct slice comment,
	struct error *err);

/* The type that stands in a public key's blob; absent: it is none. */
struct slice ssh_key_blob_type(struct slice blob);

/* Is it the name of a certificate's type? */
bool ssh_key_is_certificate(const char *type);

/*
 * May ssh(1) use a private key file with this mode and owner (authfile.c,
 * sshkey_perm_ok)? Not where it is ours and others may do anything with it.
 */
bool ssh_key_is_private(mode_t mode, uid_t owner, uid_t us);

/*
 * Append the file to out, at most SSH_KEY_FILE_MAX bytes; symbolic links are
 * followed and no FIFO waited for. *exposed (may be NULL) becomes its mode
 * where ssh_key_is_private says no, else 0: its public part may be believed.
 * Returns -1 with ERROR_UNAVAILABLE (not there), ERROR_DENIED (not readable,
 * no regular file), ERROR_INPUT (too long) or ERROR_SYSTEM; the text does not
 * name the path.
 */
int ssh_key_read(const char *path, struct wipebuf *out, mode_t *exposed,
	struct error *err);

#endif
