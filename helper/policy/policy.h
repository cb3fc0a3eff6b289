/*
 * policy: what people, their administrator and their conda environment have
 * said about hosts; the merged policy files.
 *
 * The files are, the later over the earlier: /etc/conda-go/config,
 * path_config("config"), path_env("config"). For one target the most
 * specific section that sets a key wins: the longest path, then a section
 * that names the port, then the host's, then [default]. Only between equal
 * sections does the later file win. The environment's own file may narrow
 * and never widen: see enum policy_key_env.
 *
 * Pure but for policy_load and policy_load_paths. Every string that comes
 * out lives as long as the policy. Not for two threads at once: a lookup
 * may keep a string for later.
 */
#ifndef POLICY_H
#define POLICY_H

#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "helper/policy/policy_key.h"
#include "helper/policy/target.h"

#include <stdbool.h>

/* Who says it. The order is that of precedence. */
enum policy_scope {
	POLICY_BUILTIN,
	POLICY_SYSTEM,
	POLICY_USER,
	POLICY_ENV,
};

struct policy_value {
	const char *text; /* NULL: nothing holds (a key without a preset) */
	const char *file; /* the path as it was given; NULL: built in */
	int line;
	enum policy_scope scope;
	const char *why; /* why this one, constant text; NULL: built in */
};

/* One line of a policy file, or a preset, as policy_each shows it. */
struct policy_item {
	const char *section; /* "default", or the host's name as written */
	const struct target *host; /* NULL in [default] */
	enum policy_key key;
	struct policy_value value; /* why: why it is (not) in force */
	bool in_force; /* for what the section names and nothing closer does */
};

struct policy;

/* An empty policy: presets only. NULL with ERROR_MEMORY. */
struct policy *policy_new(struct error *err);

/* Free it and every string that came out of it. NULL is fine. */
void policy_free(struct policy *p);

/*
 * Read the three files; one that is missing says nothing. Returns -1 at the
 * first thing that is wrong: ERROR_POLICY with "FILE:LINE: ..." or "FILE:
 * ...", or ERROR_DENIED where others can write the system's or the user's.
 * The policy is then fit only for policy_free.
 */
int policy_load(struct policy *p, struct error *err);

/* The same with the given paths; NULL leaves one out. */
int policy_load_paths(struct policy *p, const char *system, const char *user,
	const char *env, struct error *err);

/*
 * Add what a file says; pure. file is copied and only ever quoted. Returns
 * -1 with ERROR_POLICY and "FILE:LINE: ...", or ERROR_MEMORY.
 */
int policy_read_bytes(struct policy *p, struct slice bytes, const char *file,
	enum policy_scope scope, struct error *err);

/*
 * What holds for a target. Always fills *out. A list of sources that an
 * environment's own file narrows to nothing is "none".
 */
void policy_lookup(const struct policy *p, const struct target *t,
	enum policy_key key, struct policy_value *out);

/*
 * Everything in merged order: [default] and its presets, then the hosts in
 * order of their first line; keys in the table's order, and of one key the
 * later file first. Ends when fn returns non-zero, and returns that.
 */
typedef int policy_each_fn(void *arg, const struct policy_item *item);
int policy_each(const struct policy *p, policy_each_fn *fn, void *arg);

/* Each host section once, in the order of its first line; likewise. */
typedef int policy_each_host_fn(
	void *arg, const struct target *host, const char *section);
int policy_each_host(
	const struct policy *p, policy_each_host_fn *fn, void *arg);

/* "built in", "system", "user" or "environment". */
const char *policy_scope_name(enum policy_scope scope);

#endif
