/*
 * source: where a credential can come from, behind one interface.
 *
 * A source answers with a record of git's attributes, as a role does. What
 * it finds is checked by the caller no further: a source returns only what
 * matches the question exactly (design: scheme, host, port, longest path,
 * user). No outcome but CHANGED changes anything anywhere.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/record.h"
#include "helper/policy/route.h"
#include "helper/policy/target.h"
#include "helper/source/credential.h"

/* In order of gravity. */
enum source_outcome {
	SOURCE_FOUND, /* the answer holds username and password */
	SOURCE_CHANGED, /* stored, or erased */
	SOURCE_UNCHANGED, /* it was stored already; there was none to erase */
	SOURCE_PARTIAL, /* the answer holds only a part of it */
	SOURCE_MISS, /* looked, and it is not there */
	SOURCE_ABSENT, /* there is nothing to look into here: why says what */
	SOURCE_UNAVAILABLE, /* could not look: why says what to do */
	SOURCE_TIMEOUT, /* no answer in time */
	SOURCE_LOCKED, /* it may be there: why says how to unlock */
	SOURCE_DENIED, /* looked at, and refused: why says what to type */
	SOURCE_OUTCOMES,
};

/* The word for an outcome in the trace, and in a role's answer. */
const char *source_outcome_text(enum source_outcome outcome);

/* The outcome of that word; false where it is none. */
bool source_outcome_parse(struct slice word, enum source_outcome *outcome);

struct source_query {
	const struct target *target;
	const struct route *route;
	struct slice login; /* the user name asked for, or absent: any */
};

struct source_answer {
	struct record record; /* username, password, … */
	struct buf place; /* for people: "~/.netrc:3" */
};

void source_answer_init(struct source_answer *a);
void source_answer_release(struct source_answer *a);

/* Forget what the last source answered, wiping it. */
void source_answer_reset(struct source_answer *a);

struct source {
	const char *name; /* as in the policy's `sources` */
	/*
	 * Ask. The error is set for UNAVAILABLE and DENIED, and may be set
	 * for MISS: one sentence on where was looked.
	 */
	enum source_outcome (*get)(const struct source_query *query,
		struct source_answer *answer, struct error *why);
	/*
	 * Keep c, which has user name and password, for the query's target; or
	 * erase what matches it: with a password only what has that one. NULL
	 * where the source cannot. c says what git said, without what the
	 * policy or the URL adds. CHANGED or UNCHANGED, with the answer's
	 * place; else why is set, and nothing was changed (after TIMEOUT and
	 * UNAVAILABLE: as far as is known; erase takes what it can of several).
	 */
	enum source_outcome (*store)(const struct source_query *query,
		const struct credential *c, struct source_answer *answer,
		struct error *why);
	enum source_outcome (*erase)(const struct source_query *query,
		const struct credential *c, struct source_answer *answer,
		struct error *why);
};

/* The source of that name, or NULL: one the policy knows and we have not. */
const struct source *source_find(const char *name);

#endif
