#include "helper/source/question.h"

#include "helper/base/caller.h"
#include "helper/base/deadline.h"
#include "helper/base/trace.h"
#include "helper/source/credential.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define QUESTION_URL_MAX 8192

/* The first event of every call: what is asked for, which rail, and why. */
static void question_trace(const struct question *q, const char *what)
{
	const struct route *r = &q->route;
	struct slice account = slice_of(r->value[POLICY_KEY_ACCOUNT].text);
	char sources[256] = "";
	size_t used = 0;

	/* who called is read from /proc: not for a trace that nobody wants */
	if (!what || !trace_on())
		return;
	for (size_t i = 0; i < r->sources && used < sizeof(sources); i++)
		used += (size_t)snprintf(sources + used, sizeof(sources) - used,
			"%s%s", i ? "," : "", r->source[i]);
	trace_event(what, TRACE_STR("url", q->url.ptr),
		TRACE_SLICE("user", credential_user_shown(
					    q->target.user, SLICE_NONE, true)),
		TRACE_STR("by", caller_get()->name),
		TRACE_STR("rail", route_rail_name(r->rail)),
		TRACE_BOOL("allowed", r->allowed), TRACE_STR("why", r->why),
		TRACE_STR("sources", sources),
		TRACE_SLICE("account",
			credential_user_shown(account, SLICE_NONE, false)));
}

int question_init(struct question *q, const char *what,
	const struct target *target, const struct policy *policy,
	struct error *err)
{
	memset(q, 0, sizeof(*q));
	q->began = deadline_micros();
	q->target = *target;
	q->policy = policy;
	buf_init(&q->url, QUESTION_URL_MAX);
	source_answer_init(&q->answer);
	target_format(target, &q->url);
	if (route_choose(policy, target, &q->route, err) < 0)
		return -1;
	question_trace(q, what);
	return 0;
}

void question_release(struct question *q)
{
	source_answer_release(&q->answer);
	buf_release(&q->url);
}

/*
 * What the gravest said comes first, and what the others said behind it while
 * it fits whole: a reason may end in a command.
 */
static void question_add_reason(
	struct error *why, const struct error *reason, bool graver)
{
	struct error first = graver ? *reason : *why;
	struct error second = graver ? *why : *reason;

	if (!reason->kind)
		return;
	*why = first.kind ? first : second;
	if (first.kind && second.kind &&
		strlen(first.text) + strlen(second.text) + 3 <
			sizeof(why->text))
		error_set(why, first.kind, "%s; %s", first.text, second.text);
}

/* Ask one source; the answer is kept where it has one, if only in part. */
static enum source_outcome question_ask_one(struct question *q,
	const struct source *s, const struct source_query *query,
	struct error *why)
{
	struct error reason = ERROR_INIT;
	enum source_outcome got;
	bool graver;

	source_answer_reset(&q->answer);
	got = s->get(query, &q->answer, &reason);
	graver = got > SOURCE_ABSENT && got > q->outcome;
	if (got > q->outcome)
		q->outcome = got;
	if (got == SOURCE_FOUND)
		return got;
	trace_event("source", TRACE_STR("name", s->name),
		TRACE_STR("outcome", source_outcome_text(got)),
		TRACE_STR("why", reason.kind ? reason.text : NULL));
	if (got == SOURCE_PARTIAL)
		return got;
	question_add_reason(why, &reason, graver);
	source_answer_reset(&q->answer);
	return got;
}

/*
 * In order. A login without a password must not hide the whole credential
 * that a later source has; only where none has one is it asked for again.
 */
static const struct source *question_ask_all(
	struct question *q, const struct source_query *query, struct error *why)
{
	const struct source *partial = NULL, *last = NULL;

	for (size_t i = 0; i < q->route.sources; i++) {
		const struct source *s = source_find(q->route.source[i]);
		enum source_outcome got;

		if (!s)
			continue;
		got = question_ask_one(q, s, query, why);
		if (got == SOURCE_FOUND)
			return s;
		if (got == SOURCE_PARTIAL && !partial)
			partial = s;
		last = s;
	}
	if (partial && partial != last)
		question_ask_one(q, partial, query, why);
	return partial;
}

const struct source *question_ask(struct question *q, struct error *why)
{
	struct source_query query = { &q->target, &q->route, q->target.user };

	/* The name in the URL is the user's own word, the policy's is next. */
	if (!query.login.ptr)
		query.login = slice_of(q->route.value[POLICY_KEY_ACCOUNT].text);
	if (!q->route.allowed || !q->route.sources)
		q->outcome = SOURCE_DENIED;
	if (!q->route.allowed) {
		error_set(why, ERROR_POLICY, "%s", q->route.why);
		return NULL;
	}
	if (!q->route.sources)
		error_set(why, ERROR_POLICY, "the policy's sources are none");
	return question_ask_all(q, &query, why);
}

/* Why nobody is to keep c, whoever could; NULL: it may be kept. */
static const char *question_not_kept(
	const struct question *q, const struct credential *c)
{
	if (!q->route.allowed)
		return q->route.why;
	if (q->route.store_none)
		return "the policy says store = none";
	if (c->ephemeral)
		return "the credential is ephemeral";
	if (!c->username.ptr || !c->password.ptr)
		return "it lacks the user name or the password";
	if (credential_expired(c, time(NULL)))
		return "its password has expired";
	return NULL;
}

/* Does s, which keeps nothing, give the very same? Then it is kept there. */
static bool question_gives(
	struct question *q, const struct source *s, const struct credential *c)
{
	struct source_query query = { &q->target, &q->route, c->username };
	struct error ignored = ERROR_INIT;
	bool same;

	source_answer_reset(&q->answer);
	same = s->get(&query, &q->answer, &ignored) == SOURCE_FOUND &&
	       slice_eq(record_get(&q->answer.record, "username"),
		       c->username) &&
	       slice_eq(record_get(&q->answer.record, "password"), c->password);
	if (!same)
		source_answer_reset(&q->answer);
	return same;
}

const struct source *question_store(
	struct question *q, const struct credential *c, struct error *why)
{
	struct source_query query = { &q->target, &q->route, c->username };
	const char *not_kept = question_not_kept(q, c);

	q->outcome = SOURCE_UNCHANGED;
	if (not_kept)
		error_set(why, ERROR_POLICY, "%s", not_kept);
	for (size_t i = 0; !not_kept && i < q->route.sources; i++) {
		const struct source *s = source_find(q->route.source[i]);

		if (s && s->store) {
			source_answer_reset(&q->answer);
			q->outcome = s->store(&query, c, &q->answer, why);
			return s;
		}
		if (s && question_gives(q, s, c)) {
			error_set(why, ERROR_POLICY, "it came from there");
			return s;
		}
	}
	if (!not_kept)
		error_set(
			why, ERROR_POLICY, "no source of this route can store");
	return NULL;
}

const struct source *question_erase(struct question *q,
	const struct credential *c, size_t *at, struct error *why)
{
	struct source_query query = { &q->target, &q->route, c->username };

	while (q->route.allowed && *at < q->route.sources) {
		const struct source *s = source_find(q->route.source[(*at)++]);

		if (!s)
			continue;
		*why = (struct error)ERROR_INIT;
		source_answer_reset(&q->answer);
		if (s->erase)
			q->outcome = s->erase(&query, c, &q->answer, why);
		else
			q->outcome = s->get(&query, &q->answer, why);
		return s;
	}
	return NULL;
}
