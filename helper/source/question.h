/*
 * question: one credential that is asked for, from the target to the answer.
 *
 * What git's helper and Go's credential command have in common: the policy
 * chooses a route for the target, the route's sources are asked in order, and
 * every step is an event of the trace.
 */
#ifndef QUESTION_H
#define QUESTION_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/policy/policy.h"
#include "helper/policy/route.h"
#include "helper/policy/target.h"
#include "helper/source/source.h"

#include <stdint.h>

struct question {
	int64_t began; /* deadline_micros */
	struct target target; /* its slices are the caller's */
	struct buf url; /* the target for people */
	const struct policy *policy; /* the caller's */
	struct route route;
	struct source_answer answer;
	/* the gravest of those asked; DENIED where none was to be asked */
	enum source_outcome outcome;
};

/*
 * Take target and choose its route. what names the call in the trace
 * ("credential.get"), whose first event has the route and why; NULL leaves it
 * out. Whatever this returns, question_release follows.
 */
int question_init(struct question *q, const char *what,
	const struct target *target, const struct policy *policy,
	struct error *err);
void question_release(struct question *q);

/*
 * Ask the route's sources in order, for the target's user or, where it names
 * none, the policy's account. Returns the source that answered (the answer is
 * then in q->answer, with user name, password or both), or NULL; then why
 * says where was looked and what to do.
 */
const struct source *question_ask(struct question *q, struct error *why);

/*
 * Keep c for the target, with the first of the route's sources that can. Not
 * where the policy says store = none, the credential is ephemeral, has expired
 * or is not whole, nor where a source before that one gives the same already:
 * what is in a netrc is not copied anywhere. Returns the source that has it or
 * was to have it; q->outcome is CHANGED, UNCHANGED or why it was not kept,
 * q->answer says where. NULL where nobody keeps it. why is set but for CHANGED.
 */
const struct source *question_store(
	struct question *q, const struct credential *c, struct error *why);

/*
 * Have the next source of the route, *at (0 first) and on, erase what matches
 * c. Returns it, with q->outcome as of source.h; a source that cannot erase is
 * asked for what it has, which is then in q->answer. NULL behind the last.
 */
const struct source *question_erase(struct question *q,
	const struct credential *c, size_t *at, struct error *why);

#endif
