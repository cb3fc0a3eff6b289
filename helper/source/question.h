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
 * ("credential.get"); NULL leaves call and route out of it. Whatever this
 * returns, question_release follows.
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

#endif
