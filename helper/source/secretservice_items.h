/*
 * secretservice_items: what a search in the Secret Service finds.
 *
 * May block for ever, as all of secretservice.h.
 */
#ifndef SECRETSERVICE_ITEMS_H
#define SECRETSERVICE_ITEMS_H

#include "helper/base/error.h"
#include "helper/source/keyring_item.h"
#include "helper/source/secretservice.h"
#include "helper/source/source.h"

#include <stdbool.h>
#include <stddef.h>

/* The most items that are looked at (a path for each repository makes many),
 * and searches at once. */
#define SECRETSERVICE_ITEMS_MAX 1024
#define SECRETSERVICE_ITEMS_SEARCHES 3

struct _GVariant;

struct secretservice_item {
	const char *path; /* its name on the bus */
	const char *label; /* for people; "" where it has none */
	struct keyring_item item;
	struct _GVariant *held[2]; /* private: what the strings are in */
};

struct secretservice_items {
	struct secretservice_item *item; /* unlocked ones */
	size_t count;
	const char **locked; /* paths, NULL behind */
	size_t locked_count;
	struct _GVariant *held[SECRETSERVICE_ITEMS_SEARCHES]; /* private */
};

/*
 * Every item with the attributes that one of count searches has. Who is
 * unlocked comes with attributes and label, who is locked by its path alone.
 * With secrets, the session for them is opened meanwhile where there is an
 * unlocked item. UNAVAILABLE where they are more than
 * SECRETSERVICE_ITEMS_MAX: some would be left out. out is released by
 * secretservice_items_release whatever this returns.
 */
enum source_outcome secretservice_items_find(struct secretservice *s,
	const struct keyring_item *searches, size_t count, bool secrets,
	struct secretservice_items *out, struct error *why);
void secretservice_items_release(struct secretservice_items *items);

#endif
