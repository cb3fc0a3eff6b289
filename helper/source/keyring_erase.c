#include "helper/source/keyring_erase.h"

#include "helper/source/keyring_item.h"

/* UNCHANGED: it is not to be erased. DENIED: it is not ours to erase. */
static enum source_outcome keyring_erase_judge(
	struct keyring_call *c, const struct secretservice_item *item)
{
	bool password = c->asked.password.ptr;
	bool erased = keyring_item_erased(&item->item, &c->target, password);
	enum source_outcome got = SOURCE_FOUND;

	if (!erased &&
		!(password && keyring_item_answers(&item->item, &c->target)))
		return SOURCE_UNCHANGED;
	if (password)
		got = keyring_call_secret_of(c, item);
	if (got == SOURCE_MISS ||
		(password && got == SOURCE_FOUND &&
			!slice_eq(c->found.password, c->asked.password)))
		return SOURCE_UNCHANGED;
	if (got != SOURCE_FOUND || erased)
		return got;
	error_set(&c->why, ERROR_DENIED,
		"Git Credential Manager keeps it (%.200s): erase it there",
		item->label);
	return SOURCE_DENIED;
}

static enum source_outcome keyring_erase_one(
	struct keyring_call *c, const struct secretservice_item *item)
{
	enum source_outcome got = keyring_erase_judge(c, item);

	if (got == SOURCE_FOUND)
		got = secretservice_delete(
			&c->service, item->path, c->ask, &c->why);
	if (got == SOURCE_FOUND)
		keyring_call_name(c, item);
	return got == SOURCE_FOUND ? SOURCE_CHANGED : got;
}

/*
 * Item by item (one that MISSes has gone by itself): what cannot be erased
 * keeps none of the others. With nobody else writing: what is compared is what
 * is erased.
 */
enum source_outcome keyring_erase(struct keyring_call *c)
{
	enum source_outcome got, failed = SOURCE_FOUND;
	bool changed = false;

	secretservice_exclude(&c->service);
	got = keyring_call_find(c, c->asked.password.ptr);
	if (got != SOURCE_FOUND)
		return got;
	for (size_t i = 0; i < c->items.count; i++) {
		got = keyring_erase_one(c, &c->items.item[i]);
		changed = changed || got == SOURCE_CHANGED;
		if (got > SOURCE_MISS && got > failed)
			failed = got;
	}
	if (failed != SOURCE_FOUND)
		return failed;
	if (changed)
		return SOURCE_CHANGED;
	if (!c->items.locked_count)
		return SOURCE_UNCHANGED;
	error_set(&c->why, ERROR_DENIED,
		"the keyring is locked: nothing in it is erased");
	return SOURCE_LOCKED;
}
