/*
 * ssh_pem: the armour of a private key file (RFC 7468, RFC 1421), and what
 * the DER in it says of the key's type. Nothing is decrypted.
 */
#ifndef SSH_PEM_H
#define SSH_PEM_H

#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "helper/base/wipebuf.h"

#include <stdbool.h>

/* The first block of a text that is a private key; slices of the text. */
struct ssh_pem {
	struct slice label; /* before "PRIVATE KEY": "RSA ", "" */
	struct slice body; /* base64 and line ends */
	struct slice cipher; /* of DEK-Info; absent: not encrypted by PEM */
	bool first; /* nothing stands before it */
};

/* Returns false where no block is a private key with both of its ends. */
bool ssh_pem_find(struct ssh_pem *pem, struct slice text);

/*
 * Append what the base64 in s says (blanks and line ends are skipped). Returns
 * -1 with ERROR_INPUT where it is none, ERROR_MEMORY over out's maximum.
 */
int ssh_pem_decode(struct wipebuf *out, struct slice s, struct error *err);

/*
 * SSH's name for the type of the key in a PrivateKeyInfo (RFC 5208: of
 * "BEGIN PRIVATE KEY") or an ECPrivateKey (RFC 5915: "BEGIN EC PRIVATE KEY").
 * NULL: malformed, or a type or curve that SSH has not.
 */
const char *ssh_pem_pkcs8_type(struct slice der);
const char *ssh_pem_ec_type(struct slice der);

#endif
