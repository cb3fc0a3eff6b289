#include "helper/source/secretservice_items.h"

#include "helper/source/secretservice_bus.h"

#include <stdlib.h>
#include <string.h>

#define LIB secretservice_bus_lib

/* --- searching --------------------------------------------------------------
 */

/* Room for what the replies name, and a NULL behind the locked ones. */
static enum source_outcome secretservice_items_room(
	struct secretservice_items *out, struct error *why)
{
	size_t most = 0;

	for (size_t i = 0; i < SECRETSERVICE_ITEMS_SEARCHES; i++)
		for (size_t k = 0; out->held[i] && k < 2; k++) {
			GVariant *paths =
				LIB.g_variant_get_child_value(out->held[i], k);

			most += LIB.g_variant_n_children(paths);
			LIB.g_variant_unref(paths);
		}
	if (most > SECRETSERVICE_ITEMS_MAX) {
		error_set(why, ERROR_UNAVAILABLE,
			"the keyring has more than %d items for this host: "
			"remove some with seahorse",
			SECRETSERVICE_ITEMS_MAX);
		return SOURCE_UNAVAILABLE;
	}
	out->item = calloc(most + 1, sizeof(*out->item));
	out->locked = calloc(most + 1, sizeof(*out->locked));
	if (out->item && out->locked)
		return SOURCE_FOUND;
	error_set(why, ERROR_MEMORY, "out of memory");
	return SOURCE_UNAVAILABLE;
}

static void secretservice_items_take_locked(
	struct secretservice_items *out, GVariant *paths)
{
	gsize n = LIB.g_variant_n_children(paths);

	for (gsize i = 0; i < n; i++)
		LIB.g_variant_get_child(
			paths, i, "&o", &out->locked[out->locked_count++]);
}

static void secretservice_items_take_unlocked(
	struct secretservice_items *out, GVariant *paths)
{
	gsize n = LIB.g_variant_n_children(paths);

	for (gsize i = 0; i < n; i++) {
		struct secretservice_item *item = &out->item[out->count++];

		LIB.g_variant_get_child(paths, i, "&o", &item->path);
		item->label = "";
	}
}

/* The paths that a search found stay in its reply, which out holds. */
static enum source_outcome secretservice_items_take(
	struct secretservice_items *out, struct secretservice_bus_reply *r,
	size_t count, struct error *why)
{
	enum source_outcome got = SOURCE_FOUND;

	for (size_t i = 0; i < count; i++) {
		out->held[i] = r[i].value;
		if (!r[i].value)
			got = secretservice_bus_broken(r[i].error, why);
	}
	if (got == SOURCE_FOUND)
		got = secretservice_items_room(out, why);
	for (size_t i = 0; got == SOURCE_FOUND && i < count; i++) {
		GVariant *paths =
			LIB.g_variant_get_child_value(out->held[i], 0);

		secretservice_items_take_unlocked(out, paths);
		LIB.g_variant_unref(paths);
		paths = LIB.g_variant_get_child_value(out->held[i], 1);
		secretservice_items_take_locked(out, paths);
		LIB.g_variant_unref(paths);
	}
	return got;
}

static enum source_outcome secretservice_items_search(struct secretservice *s,
	const struct keyring_item *searches, size_t count, bool secrets,
	struct secretservice_items *out, struct error *why)
{
	struct secretservice_bus_reply r[SECRETSERVICE_ITEMS_SEARCHES];
	size_t sent = 0;

	for (size_t i = 0; i < count && sent < SECRETSERVICE_ITEMS_SEARCHES;
		i++) {
		GVariant *wanted =
			secretservice_bus_attributes(&searches[i], "(a{ss})");

		if (wanted)
			secretservice_bus_send(s->bus, SECRETSERVICE_BUS_PATH,
				SECRETSERVICE_BUS_SERVICE, "SearchItems",
				wanted, "(aoao)", &r[sent++]);
	}
	if (secrets)
		secretservice_begin(s);
	secretservice_bus_await(r, sent);
	return secretservice_items_take(out, r, sent, why);
}

/* a{sv} of the item's properties, which item keeps. */
static void secretservice_items_describe(
	struct secretservice_item *item, GVariant *reply)
{
	GVariant *all = LIB.g_variant_get_child_value(reply, 0), *attributes;
	guint64 modified = 0;
	const char *text;

	if (LIB.g_variant_lookup(all, "Label", "&s", &text))
		item->label = text;
	if (LIB.g_variant_lookup(all, "Modified", "t", &modified))
		item->item.modified = modified;
	attributes = item->held[1] = LIB.g_variant_lookup_value(
		all, "Attributes", secretservice_bus_type("a{ss}"));
	for (size_t i = 0; attributes && i < KEYRING_ITEM_ATTRIBUTES; i++)
		if (LIB.g_variant_lookup(
			    attributes, keyring_item_names[i], "&s", &text))
			item->item.attribute[i] = slice_of(text);
	item->held[0] = all;
}

/* What has gone meanwhile has no properties, and matches nothing. */
static enum source_outcome secretservice_items_described(
	struct secretservice_item *item, struct secretservice_bus_reply *r,
	struct error *why)
{
	struct error gone = ERROR_INIT;
	enum source_outcome got;

	if (r->value) {
		secretservice_items_describe(item, r->value);
		LIB.g_variant_unref(r->value);
		return SOURCE_FOUND;
	}
	got = secretservice_bus_failed(r->error, &gone);
	if (got == SOURCE_MISS)
		return SOURCE_FOUND;
	*why = gone;
	return got;
}

static enum source_outcome secretservice_items_describe_all(
	struct secretservice *s, struct secretservice_items *out, bool secrets,
	struct error *why)
{
	struct secretservice_bus_reply *r = calloc(out->count + 1, sizeof(*r));
	enum source_outcome got = SOURCE_FOUND, one;

	if (!r) {
		error_set(why, ERROR_MEMORY, "out of memory");
		return SOURCE_UNAVAILABLE;
	}
	for (size_t i = 0; i < out->count; i++)
		secretservice_bus_send(s->bus, out->item[i].path,
			SECRETSERVICE_BUS_PROPERTIES, "GetAll",
			LIB.g_variant_new("(s)", SECRETSERVICE_BUS_ITEM),
			"(a{sv})", &r[i]);
	if (secrets && out->count)
		got = secretservice_session(s, why);
	secretservice_bus_await(r, out->count);
	for (size_t i = 0; i < out->count; i++) {
		one = secretservice_items_described(&out->item[i], &r[i], why);
		if (one != SOURCE_FOUND)
			got = one;
	}
	free(r);
	return got;
}

enum source_outcome secretservice_items_find(struct secretservice *s,
	const struct keyring_item *searches, size_t count, bool secrets,
	struct secretservice_items *out, struct error *why)
{
	enum source_outcome got;

	memset(out, 0, sizeof(*out));
	got = secretservice_items_search(s, searches, count, secrets, out, why);
	if (got != SOURCE_FOUND)
		return got;
	return secretservice_items_describe_all(s, out, secrets, why);
}

void secretservice_items_release(struct secretservice_items *items)
{
	for (size_t i = 0; i < items->count; i++)
		for (size_t k = 0; k < 2; k++)
			if (items->item[i].held[k])
				LIB.g_variant_unref(items->item[i].held[k]);
	for (size_t i = 0; i < SECRETSERVICE_ITEMS_SEARCHES; i++)
		if (items->held[i])
			LIB.g_variant_unref(items->held[i]);
	free(items->item);
	free(items->locked);
	memset(items, 0, sizeof(*items));
}
