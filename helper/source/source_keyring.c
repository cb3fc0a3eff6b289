#include "helper/source/source_keyring.h"

#include "helper/base/deadline.h"
#include "helper/base/role.h"
#include "helper/base/trace.h"
#include "helper/source/keyring.h"
#include "helper/source/keyring_bus.h"

#include <stdlib.h>
#include <string.h>

/* One question to the role, from the request to what it said. */
struct source_keyring_call {
	const char *action;
	struct record request, answer;
	struct buf address;
	const char *quiet; /* why nobody may be asked; NULL: somebody may */
	bool asked; /* somebody was */
};

static int source_keyring_prepare(
	struct source_keyring_call *c, struct error *why)
{
	const char *space = getenv("GCM_NAMESPACE");

	if (keyring_bus_address(&c->address, why) < 0)
		return -1;
	if (keyring_bus_may_ask(&c->quiet) &&
		record_add(&c->request, KEYRING_ASK, slice_of("1"), why) < 0)
		return -1;
	if (!space || !*space)
		space = "git";
	if (record_add(&c->request, KEYRING_ACTION, slice_of(c->action), why) <
		0)
		return -1;
	if (record_add(&c->request, KEYRING_NAMESPACE, slice_of(space), why) <
		0)
		return -1;
	return record_add(
		&c->request, KEYRING_ADDRESS, buf_slice(&c->address), why);
}

static enum source_outcome source_keyring_failed(
	const struct source_keyring_call *c, struct error *why)
{
	if (why->kind != ERROR_TIMEOUT)
		return SOURCE_UNAVAILABLE;
	if (c->asked)
		error_set(why, ERROR_TIMEOUT,
			"the keyring was not unlocked within %d s",
			SOURCE_KEYRING_ASK_MS / 1000);
	else
		error_set(why, ERROR_TIMEOUT,
			"the keyring gave no answer within %d s",
			SOURCE_KEYRING_MS / 1000);
	return SOURCE_TIMEOUT;
}

/* Waits longer from the first time on that the role asks a person. */
static int source_keyring_wait(
	struct source_keyring_call *c, struct role *role, struct error *err)
{
	int64_t deadline = deadline_in(SOURCE_KEYRING_MS);

	if (role_call(role, &c->request, &c->answer, deadline, err) < 0)
		return -1;
	while (record_get(&c->answer, KEYRING_ASKING).ptr) {
		if (!c->asked)
			deadline = deadline_in(SOURCE_KEYRING_ASK_MS);
		c->asked = true;
		trace_event("keyring.unlock",
			TRACE_STR("why", "the keyring is locked, and asks for "
					 "its password"));
		if (role_answer(role, &c->answer, deadline, err) < 0)
			return -1;
	}
	return 0;
}

static enum source_outcome source_keyring_ask(
	struct source_keyring_call *c, struct error *why)
{
	enum source_outcome got = SOURCE_UNAVAILABLE;
	struct error inner = ERROR_INIT;
	struct slice said;
	struct role role;

	if (role_start(&role, "keyring", why) < 0)
		return SOURCE_UNAVAILABLE;
	if (source_keyring_wait(c, &role, &inner) < 0) {
		got = source_keyring_failed(c, &inner);
		*why = inner;
	} else {
		source_outcome_parse(
			record_get(&c->answer, KEYRING_OUTCOME), &got);
		said = record_get(&c->answer, KEYRING_WHY);
		if (said.ptr)
			error_set(why, ERROR_UNAVAILABLE, "%.*s", (int)said.len,
				said.ptr);
	}
	role_end(&role, 0);
	return got;
}

static void source_keyring_trace(const struct source_keyring_call *c,
	enum source_outcome got, const struct error *why, int64_t began)
{
	struct slice user =
		credential_user_shown(record_get(&c->answer, "username"),
			record_get(&c->answer, "password"), false);

	trace_event("keyring", TRACE_STR("action", c->action),
		TRACE_STR("outcome", source_outcome_text(got)),
		TRACE_SLICE("item", record_get(&c->answer, KEYRING_LABEL)),
		TRACE_SLICE("user", user), TRACE_STR("not_asked", c->quiet),
		TRACE_STR("why", why->kind ? why->text : NULL),
		TRACE_SINCE("ms", began));
}

/* What the role found, without what is between it and us. */
static enum source_outcome source_keyring_give(struct source_keyring_call *c,
	enum source_outcome got, struct source_answer *answer,
	struct error *why)
{
	struct slice label = record_get(&c->answer, KEYRING_LABEL);
	struct credential found;

	buf_adds(&answer->place, "keyring", NULL);
	if (label.len)
		buf_addf(&answer->place, NULL, ": %.*s", (int)label.len,
			label.ptr);
	if (got != SOURCE_FOUND && got != SOURCE_PARTIAL)
		return got;
	if (credential_read(&found, &c->answer, why) < 0 ||
		credential_write(&found, &answer->record, why) < 0)
		return SOURCE_UNAVAILABLE;
	return got;
}

/* c is what git says: it goes to the role as it is. */
static enum source_outcome source_keyring_call(const char *action,
	const struct credential *credential, struct source_answer *answer,
	struct error *why)
{
	struct source_keyring_call c = { .action = action };
	int64_t began = deadline_micros();
	enum source_outcome got;

	record_init(&c.request);
	record_init(&c.answer);
	buf_init(&c.address, 8192);
	if (source_keyring_prepare(&c, why) < 0)
		got = SOURCE_ABSENT;
	else if (credential_write(credential, &c.request, why) < 0)
		got = SOURCE_UNAVAILABLE;
	else
		got = source_keyring_ask(&c, why);
	source_keyring_trace(&c, got, why, began);
	got = source_keyring_give(&c, got, answer, why);
	buf_release(&c.address);
	record_release(&c.answer);
	record_release(&c.request);
	return got;
}

static enum source_outcome source_keyring_get(const struct source_query *q,
	struct source_answer *answer, struct error *why)
{
	struct credential asked = {
		.protocol = q->target->scheme,
		.path = q->target->path,
		.username = q->login,
	};
	enum source_outcome got;
	struct buf host;

	buf_init(&host, 1024);
	buf_addslice(&host, q->target->host, NULL);
	if (q->target->port)
		buf_addf(&host, NULL, ":%d", q->target->port);
	asked.host = buf_slice(&host);
	got = source_keyring_call("get", &asked, answer, why);
	if (got == SOURCE_MISS && !why->kind)
		error_set(why, ERROR_UNAVAILABLE,
			"the keyring has no item for %.200s", host.ptr);
	buf_release(&host);
	return got;
}

/* Only what is git's own: capabilities and headers are no credential. */
static struct credential source_keyring_plain(const struct credential *c)
{
	struct credential plain = *c;

	memset(&plain.capability, 0, sizeof(plain.capability));
	memset(&plain.wwwauth, 0, sizeof(plain.wwwauth));
	memset(&plain.state, 0, sizeof(plain.state));
	return plain;
}

static enum source_outcome source_keyring_store(const struct source_query *q,
	const struct credential *c, struct source_answer *answer,
	struct error *why)
{
	struct credential plain = source_keyring_plain(c);

	(void)q;
	return source_keyring_call("store", &plain, answer, why);
}

static enum source_outcome source_keyring_erase(const struct source_query *q,
	const struct credential *c, struct source_answer *answer,
	struct error *why)
{
	struct credential plain = source_keyring_plain(c);

	(void)q;
	return source_keyring_call("erase", &plain, answer, why);
}

const struct source source_keyring = {
	.name = "keyring",
	.get = source_keyring_get,
	.store = source_keyring_store,
	.erase = source_keyring_erase,
};
