#include "helper/source/keyring.h"

#include "helper/base/deadline.h"
#include "helper/source/keyring_call.h"
#include "helper/source/keyring_erase.h"
#include "helper/source/keyring_item.h"
#include "helper/source/keyring_secret.h"
#include "helper/source/keyring_store.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- get --------------------------------------------------------------------
 */

/* A password that git cannot be sent is none either: a NUL, a CR at its end. */
static enum source_outcome keyring_sendable(struct keyring_call *c)
{
	struct record r;
	int got;

	record_init(&r);
	got = credential_write(&c->found, &r, &c->why);
	record_release(&r);
	return got < 0 ? SOURCE_UNAVAILABLE : SOURCE_FOUND;
}

/* A password that has expired is none; with what is left it can be renewed. */
static enum source_outcome keyring_answer(
	struct keyring_call *c, const struct secretservice_item *item)
{
	struct slice user = keyring_item_user(&item->item);
	enum source_outcome got = keyring_call_secret_of(c, item);

	keyring_call_name(c, item);
	c->found.username = user.ptr ? user : c->target.user;
	if (got == SOURCE_FOUND)
		got = keyring_sendable(c);
	if (got != SOURCE_FOUND)
		return got;
	if (!credential_expired(&c->found, time(NULL)))
		return c->found.username.ptr ? SOURCE_FOUND : SOURCE_PARTIAL;
	c->found.password = SLICE_NONE;
	c->found.password_expiry_utc = 0;
	error_set(&c->why, ERROR_UNAVAILABLE,
		"the password in the keyring has expired");
	return SOURCE_PARTIAL;
}

/* What is of no use hides nothing behind it: the first whole one, else a part.
 */
static enum source_outcome keyring_pick(struct keyring_call *c)
{
	struct secretservice_item *at, partial = { .path = NULL };
	enum source_outcome failed = SOURCE_MISS;

	while ((at = keyring_call_best(c))) {
		enum source_outcome got = keyring_answer(c, at);

		if (got == SOURCE_FOUND)
			return got;
		if (got == SOURCE_PARTIAL && !partial.path)
			partial = *at;
		if (got > failed)
			failed = got;
		at->path = NULL;
	}
	return partial.path ? keyring_answer(c, &partial) : failed;
}

static enum source_outcome keyring_get(struct keyring_call *c)
{
	enum source_outcome got = keyring_call_find(c, true);

	if (got == SOURCE_FOUND)
		got = keyring_pick(c);
	if (got != SOURCE_MISS || !c->items.locked_count)
		return got;
	got = keyring_call_unlock(c, c->items.locked);
	if (got == SOURCE_FOUND)
		got = keyring_call_find(c, true);
	return got == SOURCE_FOUND ? keyring_pick(c) : got;
}

/* --- the call ---------------------------------------------------------------
 */

static const struct {
	const char *name;
	enum source_outcome (*run)(struct keyring_call *c);
} keyring_actions[] = {
	{ "get", keyring_get },
	{ "store", keyring_store },
	{ "erase", keyring_erase },
};
#define KEYRING_ACTIONS (sizeof(keyring_actions) / sizeof(keyring_actions[0]))

static enum source_outcome keyring_open(struct keyring_call *c)
{
	struct slice value = record_get(&c->request, KEYRING_ADDRESS);
	enum source_outcome got;
	struct buf address;

	buf_init(&address, KEYRING_CALL_NAME_MAX);
	if (buf_addslice(&address, value, &c->why) < 0)
		got = SOURCE_ABSENT;
	else
		got = secretservice_open(&c->service, address.ptr, &c->why);
	buf_release(&address);
	return got;
}

static enum source_outcome keyring_run(struct keyring_call *c)
{
	struct slice action = record_get(&c->request, KEYRING_ACTION);
	enum source_outcome got;

	if (credential_read(&c->asked, &c->request, &c->why) < 0 ||
		target_from_credential(&c->target, c->asked.protocol,
			c->asked.host, c->asked.path, c->asked.username,
			&c->why) < 0)
		return SOURCE_UNAVAILABLE;
	c->ask = record_get(&c->request, KEYRING_ASK).ptr;
	got = keyring_open(c);
	if (got != SOURCE_FOUND)
		return got;
	for (size_t i = 0; i < KEYRING_ACTIONS; i++)
		if (slice_is(action, keyring_actions[i].name))
			return keyring_actions[i].run(c);
	return SOURCE_UNAVAILABLE;
}

static int keyring_reply(struct keyring_call *c, enum source_outcome got)
{
	struct record r;
	bool gives = got == SOURCE_FOUND || got == SOURCE_PARTIAL;
	int sent = -1;

	record_init(&r);
	if (gives && credential_write(&c->found, &r, &c->why) < 0)
		got = SOURCE_UNAVAILABLE; /* a secret that git cannot be sent */
	record_add(&r, KEYRING_LABEL, buf_slice(&c->label), NULL);
	if (c->why.kind && got != SOURCE_FOUND && got != SOURCE_CHANGED)
		record_add(&r, KEYRING_WHY, slice_of(c->why.text), NULL);
	if (record_add(&r, KEYRING_OUTCOME, slice_of(source_outcome_text(got)),
		    NULL) == 0)
		sent = record_write(&r, c->in->fd, true,
			deadline_in(KEYRING_CALL_WAIT_MS), NULL);
	record_release(&r);
	return sent;
}

int keyring_serve(struct record_reader *in)
{
	struct keyring_call *c = calloc(1, sizeof(*c));
	int got = 1;

	/* each of GLib's threads would map a heap of its own */
	mallopt(M_ARENA_MAX, 1);
	if (!c)
		return 1;
	c->in = in;
	record_init(&c->request);
	wipebuf_init(&c->secret, KEYRING_SECRET_MAX);
	buf_init(&c->label, KEYRING_CALL_NAME_MAX);
	if (record_read(in, &c->request, deadline_in(KEYRING_CALL_WAIT_MS),
		    NULL) > 0)
		got = keyring_reply(c, keyring_run(c)) < 0;
	secretservice_items_release(&c->items);
	buf_release(&c->label);
	wipebuf_release(&c->secret);
	record_release(&c->request);
	free(c);
	return got;
}
