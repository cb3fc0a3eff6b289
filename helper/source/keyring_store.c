#include "helper/source/keyring_store.h"

#include "helper/source/keyring_item.h"
#include "helper/source/keyring_secret.h"

#include <stdlib.h>
#include <time.h>

/* Git's own item for exactly this; of several the one that get takes. */
static struct secretservice_item *keyring_store_same(struct keyring_call *c)
{
	struct secretservice_item *best = NULL;

	for (size_t i = 0; i < c->items.count; i++) {
		struct secretservice_item *at = &c->items.item[i];

		if (!at->path || !keyring_item_same(&at->item, &c->target))
			continue;
		if (!best ||
			keyring_item_before(&at->item, &best->item, &c->target))
			best = at;
	}
	return best;
}

static enum source_outcome keyring_store_create(
	struct keyring_call *c, struct slice text)
{
	struct keyring_item item;
	char number[8], *collection = NULL;
	bool locked = false;
	enum source_outcome got = secretservice_collection(
		&c->service, &collection, &locked, &c->why);

	if (got == SOURCE_FOUND && locked)
		got = keyring_call_unlock(
			c, (const char *const[]){ collection, NULL });
	keyring_item_of(&item, &c->target, number);
	buf_reset(&c->label);
	keyring_item_label(&c->target, &c->label);
	if (got == SOURCE_FOUND)
		got = secretservice_create(&c->service, collection,
			c->label.ptr, &item, text, &c->why);
	free(collection);
	return got;
}

/* Into item; into a new one where it is NULL, or has gone since. */
static enum source_outcome keyring_store_write(
	struct keyring_call *c, const struct secretservice_item *item)
{
	struct slice stored = item ? wipebuf_slice(&c->secret) : SLICE_NONE;
	enum source_outcome got = SOURCE_UNAVAILABLE;
	struct wipebuf text;

	wipebuf_init(&text, 2 * KEYRING_SECRET_MAX);
	if (keyring_secret_write(
		    stored, &c->asked, time(NULL), &text, &c->why) == 0)
		got = item ? secretservice_set(&c->service, item->path,
				     wipebuf_slice(&text), &c->why)
			   : SOURCE_MISS;
	if (got == SOURCE_MISS)
		got = keyring_store_create(c, wipebuf_slice(&text));
	wipebuf_release(&text);
	return got == SOURCE_FOUND ? SOURCE_CHANGED : got;
}

/*
 * UNCHANGED: it is there already. FOUND: *item, or else a new one, is to be
 * written.
 */
static enum source_outcome keyring_store_look(
	struct keyring_call *c, struct secretservice_item **item)
{
	enum source_outcome got = keyring_call_find(c, true);
	const struct secretservice_item *at;

	if (got != SOURCE_FOUND)
		return got;
	*item = keyring_store_same(c);
	at = *item ? *item : keyring_call_best(c);
	wipebuf_reset(&c->secret);
	if (!at)
		return SOURCE_FOUND;
	keyring_call_name(c, at);
	got = keyring_call_secret_of(c, at);
	/* what is not git's own and cannot be read is in nobody's way */
	if (got != SOURCE_FOUND)
		return got == SOURCE_MISS || !*item ? SOURCE_FOUND : got;
	return keyring_secret_holds(
		       wipebuf_slice(&c->secret), &c->asked, time(NULL))
		       ? SOURCE_UNCHANGED
		       : SOURCE_FOUND;
}

/*
 * What is unlocked and holds it, or is to be written, needs no other item; only
 * before a new one is made may the one that is locked be the one.
 */
static enum source_outcome keyring_store_compare(
	struct keyring_call *c, struct secretservice_item **item)
{
	enum source_outcome got = keyring_store_look(c, item);

	if (got != SOURCE_FOUND || *item || !c->items.locked_count)
		return got;
	got = keyring_call_unlock(c, c->items.locked);
	return got == SOURCE_FOUND ? keyring_store_look(c, item) : got;
}

/* Looked at again once nobody else writes: twenty gits store the same. */
enum source_outcome keyring_store(struct keyring_call *c)
{
	struct secretservice_item *item = NULL;
	enum source_outcome got = keyring_store_compare(c, &item);

	if (got != SOURCE_FOUND)
		return got;
	secretservice_exclude(&c->service);
	got = keyring_store_compare(c, &item);
	return got == SOURCE_FOUND ? keyring_store_write(c, item) : got;
}
