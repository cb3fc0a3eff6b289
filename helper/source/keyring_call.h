/*
 * keyring_call: one request to the keyring role, and what all of its actions
 * do: look, have it unlocked, read a secret.
 *
 * For keyring.c, keyring_store.c and keyring_erase.c alone. Functions that
 * return an outcome return SOURCE_FOUND where all went well, and else set
 * c->why; all may block (secretservice.h).
 */
#ifndef KEYRING_CALL_H
#define KEYRING_CALL_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/record.h"
#include "helper/base/wipebuf.h"
#include "helper/policy/target.h"
#include "helper/source/credential.h"
#include "helper/source/secretservice.h"
#include "helper/source/secretservice_items.h"
#include "helper/source/source.h"

#include <stdbool.h>

#define KEYRING_CALL_WAIT_MS 60000 /* for who started us; it ends us sooner */
#define KEYRING_CALL_NAME_MAX 8192

struct keyring_call {
	struct record_reader *in;
	struct record request;
	struct credential asked;
	struct target target; /* its user is the name asked for */
	bool ask; /* a person may be asked */
	struct secretservice service;
	struct secretservice_items items;
	struct wipebuf secret; /* of the item read last; found points into it */
	struct credential found;
	struct buf label;
	struct error why;
};

/*
 * Look for what may answer c->target, into c->items. With gcm also for what
 * Git Credential Manager stored.
 */
enum source_outcome keyring_call_find(struct keyring_call *c, bool gcm);

/*
 * Have the person unlock what is at paths (NULL behind the last), and tell who
 * started us that it takes a person's time. LOCKED where nobody may be asked.
 */
enum source_outcome keyring_call_unlock(
	struct keyring_call *c, const char *const *paths);

/* The best that answers; NULL: none. One with its path NULLed counts as gone.
 */
struct secretservice_item *keyring_call_best(struct keyring_call *c);

/*
 * Read the item's secret into c->secret, and c->found from it. MISS: it has
 * none, or has gone.
 */
enum source_outcome keyring_call_secret_of(
	struct keyring_call *c, const struct secretservice_item *item);

/* The answer is about this item. */
void keyring_call_name(
	struct keyring_call *c, const struct secretservice_item *item);

#endif
