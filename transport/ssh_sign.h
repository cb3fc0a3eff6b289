/*
 * ssh_sign: between libssh2's signing callback and an ssh-agent.
 *
 * libssh2_userauth_publickey gives the callback the bytes that RFC 4252
 * section 7 has signed, and wants the signature without the algorithm's name
 * before it. Pure: slices in, slices out.
 */
#ifndef SSH_SIGN_H
#define SSH_SIGN_H

#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdint.h>

/*
 * What the agent is to be asked for data, which blob's key shall sign: the
 * algorithm's name, a slice of data, and the agent's flags. Returns -1 with
 * ERROR_INPUT where data is no request to log in by just this key and by an
 * algorithm of its type: nothing else is signed, and no RSA with SHA-1.
 */
int ssh_sign_request(struct slice data, struct slice blob,
	struct slice *algorithm, uint32_t *flags, struct error *err);

/*
 * The bytes that libssh2 wants, a slice of the agent's signature. Returns -1
 * with ERROR_INPUT where it is malformed or by another algorithm.
 */
int ssh_sign_raw(struct slice signature, struct slice algorithm,
	struct slice *raw, struct error *err);

#endif
