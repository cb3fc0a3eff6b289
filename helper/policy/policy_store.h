/*
 * policy_store: the lines of the policy files in memory. Private to policy.c
 * and policy_read.c; everybody else has policy.h.
 */
#ifndef POLICY_STORE_H
#define POLICY_STORE_H

#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "helper/policy/policy.h"
#include "helper/policy/target.h"

#include <stdbool.h>

struct policy_text;

/* One key in one file. */
struct policy_entry {
	struct policy_entry *next; /* the later file first */
	enum policy_key key;
	struct policy_value value; /* without why */
};

struct policy_section {
	struct policy_section *next; /* in order of the first line */
	const char *name;
	struct target host; /* slices into name */
	bool is_default;
	struct policy_entry *entries;
};

struct policy {
	struct policy_section top; /* [default] */
	struct policy_section *last;
	/* Apart from the policy, so that a lookup can add a text. */
	struct policy_text **texts;
};

/* Make an empty policy in zeroed memory; -1 with ERROR_MEMORY. */
int policy_store_init(struct policy *p, struct error *err);

/* Free what p holds, not p. */
void policy_store_release(struct policy *p);

/* A copy that lives as long as p; NULL when out of memory. */
const char *policy_store_keep(const struct policy *p, struct slice s);

/* The same, without a second copy of the same text. */
const char *policy_store_intern(const struct policy *p, struct slice s);

/*
 * The section of that host, made where there is none; [default] where host
 * is absent. NULL with ERROR_INPUT (as target_from_name) or ERROR_MEMORY.
 */
struct policy_section *policy_store_section(
	struct policy *p, struct slice host, struct error *err);

/*
 * Add an entry to a section of p, as the first of its scope. The value's
 * strings must have been kept. -1 with ERROR_MEMORY.
 */
int policy_store_add(struct policy_section *s, enum policy_key key,
	const struct policy_value *value, struct error *err);

#endif
