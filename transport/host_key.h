/*
 * host_key: a server's public key, as it crosses the wire and as people name
 * it.
 */
#ifndef HOST_KEY_H
#define HOST_KEY_H

#include "helper/base/error.h"
#include "helper/base/slice.h"

/* Bytes of a blob. RSA of 16384 bits has 2 KiB, a certificate some more. */
#define HOST_KEY_MAX 65536

/* "SHA256:", 43 characters, NUL. */
#define HOST_KEY_FINGERPRINT_SIZE 51

struct host_key {
	struct slice type; /* "ssh-ed25519"; inside blob */
	struct slice blob; /* the whole key (RFC 4253, 6.6) */
};

/*
 * Look at a blob, which must outlive key. A blob of a type that we know is
 * checked whole: its fields, their lengths, nothing behind them, and RSA of
 * 1024 to 16384 bits, as OpenSSH has it. (That a point is on its curve is for
 * who verifies with it.) Of other types only the name is looked at: 1 to 64
 * printable characters (RFC 4251, 6). Returns -1 with ERROR_INPUT for what is
 * no key or is longer than HOST_KEY_MAX.
 */
int host_key_read(struct host_key *key, struct slice blob, struct error *err);

/*
 * The same key? Compared as bytes, type included; OpenSSH compares numbers,
 * which differs only for encodings that no program writes.
 */
bool host_key_eq(const struct host_key *a, const struct host_key *b);

/*
 * What people call keys of this type, as `ssh-keygen -l` does: ED25519, ECDSA,
 * RSA, …; the type itself where there is no such name. Valid as long as type.
 */
struct slice host_key_type_name(struct slice type);

/* As `ssh-keygen -l` prints it: SHA256:, and base64 without its padding. */
void host_key_fingerprint(
	char out[HOST_KEY_FINGERPRINT_SIZE], const struct host_key *key);

#endif
