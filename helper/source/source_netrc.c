#include "helper/source/source_netrc.h"

#include "helper/base/path.h"
#include "helper/base/trace.h"
#include "helper/base/wipebuf.h"
#include "helper/source/credential.h"
#include "helper/source/secretfile.h"
#include "netrc/netrc.h"
#include "netrc/netrc_warn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file of a thousand odd lines must not drown the one that matters. */
#define SOURCE_NETRC_WARNINGS 20

int source_netrc_path(const struct route *route, struct buf *path,
	const char **why, bool *named, struct error *err)
{
	const char *variable = getenv("NETRC");

	*named = true;
	if (route && route->value[POLICY_KEY_NETRC].text) {
		*why = "the policy's netrc";
		return path_expand(path,
			slice_of(route->value[POLICY_KEY_NETRC].text), err);
	}
	if (variable && *variable) {
		*why = "$NETRC";
		return buf_adds(path, variable, err);
	}
	*named = false;
	*why = "the default, $NETRC is not set";
	if (path_home(path, err) < 0)
		return -1;
	return buf_adds(path, "/.netrc", err);
}

struct netrc_place {
	struct buf path; /* to open */
	struct buf shown; /* for people */
	int warnings;
};

static void source_netrc_warn(const struct netrc_warn *w, void *arg)
{
	struct netrc_place *place = arg;
	char at[PATH_LIMIT + 32];

	if (place->warnings++ >= SOURCE_NETRC_WARNINGS)
		return;
	snprintf(at, sizeof(at), "%s:%zu", place->shown.ptr, w->line);
	trace_event("netrc.warning", TRACE_STR("at", at),
		TRACE_STR("kind", w->name), TRACE_STR("why", w->text));
}

/* FOUND: it is read. A file that somebody named is missed, ~/.netrc is not. */
static enum source_outcome source_netrc_open(const struct source_query *q,
	struct netrc_place *place, struct wipebuf *bytes, struct error *why)
{
	const char *reason = "";
	bool named;
	int got;

	if (source_netrc_path(q->route, &place->path, &reason, &named, why) < 0)
		return SOURCE_UNAVAILABLE;
	path_shorten(&place->shown, place->path.ptr);
	got = secretfile_read(
		place->path.ptr, q->route->netrc_warn, bytes, why);
	trace_event("netrc.file", TRACE_STR("file", place->shown.ptr),
		TRACE_STR("why", reason), TRACE_BOOL("read", got >= 0),
		TRACE_STR("but", got ? why->text : NULL));
	if (got > 0)
		trace_say("%s", why->text);
	if (got >= 0 && trace_on())
		netrc_warn_each(wipebuf_slice(bytes), source_netrc_warn, place);
	if (got >= 0)
		return SOURCE_FOUND;
	if (why->kind == ERROR_UNAVAILABLE && !named)
		return SOURCE_MISS;
	return why->kind == ERROR_DENIED ? SOURCE_DENIED : SOURCE_UNAVAILABLE;
}

/* Unquoted into a wipebuf first: record_add takes plain bytes. */
static int source_netrc_give(struct record *r, const char *key,
	const struct netrc_token *t, struct error *why)
{
	struct wipebuf value;
	size_t room;
	int got = -1;

	if (!netrc_token_present(t))
		return 0;
	wipebuf_init(&value, t->raw.len + 1);
	if (wipebuf_room(&value, t->raw.len + 1, &room, why) < 0)
		goto out;
	wipebuf_advance(&value, netrc_token_copy(t, value.ptr, room));
	got = record_add(r, key, wipebuf_slice(&value), why);
out:
	wipebuf_release(&value);
	return got;
}

static enum source_outcome source_netrc_answer(struct source_answer *answer,
	const struct netrc_match *m, const struct netrc_place *place,
	struct error *why)
{
	struct slice user;

	buf_addf(&answer->place, NULL, "%s:%zu", place->shown.ptr, m->line);
	if (source_netrc_give(&answer->record, "username", &m->login, why) <
			0 ||
		source_netrc_give(
			&answer->record, "password", &m->password, why) < 0)
		return SOURCE_DENIED;
	user = credential_user_shown(record_get(&answer->record, "username"),
		record_get(&answer->record, "password"), false);
	trace_event("netrc.match", TRACE_STR("at", answer->place.ptr),
		TRACE_SLICE("user", user),
		TRACE_BOOL("password", netrc_token_present(&m->password)),
		TRACE_STR("why", netrc_rule_text(m->rule)));
	return m->complete ? SOURCE_FOUND : SOURCE_PARTIAL;
}

static enum source_outcome source_netrc_look(const struct source_query *q,
	const struct netrc_place *place, struct slice bytes,
	struct source_answer *answer, struct error *why)
{
	struct netrc_query query = {
		.host = q->target->host,
		.scheme = q->target->scheme,
		.login = q->login,
		.path = q->target->path,
		.port = q->target->port,
		.use_default = q->route->netrc_default,
	};
	struct slice login = credential_user_shown(
		q->login, SLICE_NONE, q->target->user.ptr);
	struct netrc_fault fault;
	struct netrc_match m;
	enum netrc_result got = netrc_lookup(bytes, &query, &m, &fault);

	if (fault.text)
		trace_event("netrc.fault", TRACE_STR("file", place->shown.ptr),
			TRACE_INT("line", (int64_t)fault.line),
			TRACE_STR("why", fault.text));
	if (got == NETRC_FOUND)
		return source_netrc_answer(answer, &m, place, why);
	if (got == NETRC_ERROR) {
		error_set(why, ERROR_INPUT, "%s:%zu: %s", place->shown.ptr,
			fault.line, fault.text);
		return SOURCE_UNAVAILABLE;
	}
	error_set(why, ERROR_UNAVAILABLE, "%s has no entry for %.*s%s%.*s",
		place->shown.ptr, (int)q->target->host.len, q->target->host.ptr,
		login.ptr ? " and login " : "", (int)login.len,
		login.ptr ? login.ptr : "");
	trace_event("netrc.miss", TRACE_STR("file", place->shown.ptr),
		TRACE_INT("machines", (int64_t)m.machines),
		TRACE_SLICE("user", login),
		TRACE_STR("why", "no entry matches the host, port and user"));
	return SOURCE_MISS;
}

static enum source_outcome source_netrc_get(const struct source_query *q,
	struct source_answer *answer, struct error *why)
{
	enum source_outcome got;
	struct netrc_place place = { .warnings = 0 };
	struct wipebuf bytes;

	buf_init(&place.path, PATH_LIMIT);
	buf_init(&place.shown, PATH_LIMIT);
	wipebuf_init(&bytes, NETRC_FILE_MAX);
	got = source_netrc_open(q, &place, &bytes, why);
	if (got == SOURCE_FOUND)
		got = source_netrc_look(
			q, &place, wipebuf_slice(&bytes), answer, why);
	wipebuf_release(&bytes);
	buf_release(&place.shown);
	buf_release(&place.path);
	return got;
}

size_t source_netrc_git_first(const struct target *target)
{
	struct netrc_query query = {
		.host = target->host,
		.scheme = target->scheme,
		.login = target->user,
		.use_default = true, /* libcurl does */
	};
	struct netrc_match m = { .line = 0 };
	struct wipebuf bytes;
	struct buf path;

	buf_init(&path, PATH_LIMIT);
	wipebuf_init(&bytes, NETRC_FILE_MAX);
	/* lenient: libcurl asks neither for mode nor for owner */
	if (path_home(&path, NULL) == 0 &&
		buf_adds(&path, "/.netrc", NULL) == 0 &&
		secretfile_read(path.ptr, true, &bytes, NULL) >= 0)
		netrc_lookup(wipebuf_slice(&bytes), &query, &m, NULL);
	wipebuf_release(&bytes);
	buf_release(&path);
	return m.line;
}

const struct source source_netrc = {
	.name = "netrc",
	.get = source_netrc_get,
};
