#include "helper/source/question.h"

#include "helper/base/caller.h"
#include "helper/base/deadline.h"
#include "helper/base/trace.h"
#include "helper/source/credential.h"

#include <stdio.h>
#include <string.h>

#define QUESTION_URL_MAX 8192

static void question_trace_route(const struct route *r)
{
	struct slice account = slice_of(r->value[POLICY_KEY_ACCOUNT].text);
	char sources[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < r->sources && used < sizeof(sources); i++)
		used += (size_t)snprintf(sources + used, sizeof(sources) - used,
			"%s%s", i ? "," : "", r->source[i]);
	trace_event("route", TRACE_STR("rail", route_rail_name(r->rail)),
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
	/* who called is read from /proc: not for a trace that nobody wants */
	if (what && trace_on())
		trace_event(what, TRACE_STR("url", q->url.ptr),
			TRACE_SLICE("user", credential_user_shown(target->user,
						    SLICE_NONE, true)),
			TRACE_STR("by", caller_get()->name));
	if (route_choose(policy, target, &q->route, err) < 0)
		return -1;
	if (what)
		question_trace_route(&q->route);
	return 0;
}

void question_release(struct question *q)
{
	source_answer_release(&q->answer);
	buf_release(&q->url);
}

/* Ask one source; the answer is kept where it has one, if only in part. */
static enum source_outcome question_ask_one(struct question *q,
	const struct source *s, const struct source_query *query,
	struct error *why)
{
	struct error reason = ERROR_INIT;
	enum source_outcome got;

	source_answer_reset(&q->answer);
	got = s->get(query, &q->answer, &reason);
	if (got > q->outcome)
		q->outcome = got;
	if (got == SOURCE_FOUND)
		return got;
	trace_event("source", TRACE_STR("name", s->name),
		TRACE_STR("outcome", source_outcome_text(got)),
		TRACE_STR("why", reason.kind ? reason.text : NULL));
	if (got == SOURCE_PARTIAL)
		return got;
	if (reason.kind)
		*why = reason;
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
