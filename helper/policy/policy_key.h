/*
 * policy_key: the keywords of the policy file, one row of a table each.
 *
 * A later keyword adds its enum and its row; the reader, the lookup,
 * `conda-go config` and the suggestions follow the table.
 */
#ifndef POLICY_KEY_H
#define POLICY_KEY_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdbool.h>

enum policy_key {
	POLICY_KEY_SOURCES,
	POLICY_KEY_ACCOUNT,
	POLICY_KEY_IDENTITY,
	POLICY_KEY_RAIL,
	POLICY_KEY_STORE,
	POLICY_KEY_NETRC,
	POLICY_KEY_NETRC_DEFAULT,
	POLICY_KEY_NETRC_PERMISSIONS,
	POLICY_KEY_SSH,
	POLICY_KEYS
};

/*
 * What an environment's own file may do with a key. It may narrow and never
 * widen, since any package could have put it there.
 */
enum policy_key_env {
	POLICY_KEY_ENV_ALLOWED, /* as any other file */
	POLICY_KEY_ENV_IF_UNSET, /* where no other file says anything */
	POLICY_KEY_ENV_SUBSET, /* some of the list that holds without it */
	POLICY_KEY_ENV_ONLY, /* only the row's env_word */
	POLICY_KEY_ENV_REFUSED, /* not at all */
};

struct policy_key_row {
	const char *name;
	/* Append the value in its one spelling, or say what is wrong. */
	int (*parse)(const struct policy_key_row *row, struct slice value,
		struct buf *out, struct error *err);
	const char *const *words; /* allowed ones, NULL ends; NULL: any */
	const char *preset; /* what holds where no file says; NULL: nothing */
	enum policy_key_env env;
	const char *env_word; /* for POLICY_KEY_ENV_ONLY */
	const char *help; /* one line for people */
};

/* The row of a key; key must be below POLICY_KEYS. */
const struct policy_key_row *policy_key_row(enum policy_key key);

/*
 * Find a key by its name, which is case-sensitive. Returns -1 with
 * ERROR_POLICY, "unknown key 'x'; did you mean 'y'?"; section is quoted.
 */
int policy_key_find(enum policy_key *key, struct slice name,
	const char *section, struct error *err);

/*
 * Check a value, and append it to out in its one spelling (yes is "on",
 * commas are blanks). Returns -1 with ERROR_POLICY and a text that names the
 * key, or ERROR_MEMORY.
 */
int policy_key_parse(enum policy_key key, struct slice value, struct buf *out,
	struct error *err);

/* May an environment's own file say so? value is as policy_key_parse left it.
 */
int policy_key_check_env(
	enum policy_key key, const char *value, struct error *err);

#endif
