/*
 * credential: the attributes of git's credential protocol, typed.
 *
 * git-credential(1), INPUT/OUTPUT FORMAT, up to capability, authtype and
 * state (git 2.46). One table reads and writes them; attributes it does not
 * have are ignored, as the protocol asks. Slices point into the record or
 * buffer they came from and live as long as that.
 */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include "helper/base/error.h"
#include "helper/base/record.h"
#include "helper/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* Values of one key[] that are kept; what a server sends beyond is dropped. */
#define CREDENTIAL_LIST_MAX 64

struct credential_list {
	struct slice items[CREDENTIAL_LIST_MAX];
	size_t count;
};

struct credential {
	struct slice protocol, host, path, username;
	struct slice password, authtype, credential, oauth_refresh_token;
	int64_t password_expiry_utc; /* seconds since the epoch, 0: never */
	bool ephemeral, continue_; /* `continue`, which C keeps for itself */
	bool quit;
	struct credential_list capability, wwwauth, state;
};

/*
 * Read every attribute of r into c. A later line replaces an earlier one, an
 * empty `key[]=` empties its list. Returns -1 with ERROR_INPUT where
 * protocol, host, path or username holds a control byte.
 */
int credential_read(
	struct credential *c, const struct record *r, struct error *err);

/*
 * Append every attribute that c has to r, in git's order. Returns -1 with
 * ERROR_INPUT where a value cannot be sent (record_add); r is then as it was.
 */
int credential_write(
	const struct credential *c, struct record *r, struct error *err);

/*
 * The user name as a trace or message may show it: "***" where it may be a
 * secret itself. People put a token there, with no password or with
 * "x-oauth-basic" beside it, or alone into a URL (https://TOKEN@host): so also
 * what came from_url with no password (absent) known for it, and what looks
 * like a token.
 */
struct slice credential_user_shown(
	struct slice username, struct slice password, bool from_url);

/* Had its password expired by now (seconds since the epoch)? */
bool credential_expired(const struct credential *c, int64_t now);

/* Does the list hold this item? */
bool credential_list_has(const struct credential_list *l, const char *item);

#endif
