#include "helper/policy/policy.h"

#include "helper/base/buf.h"
#include "helper/policy/policy_source.h"
#include "helper/policy/policy_store.h"

#include <stdlib.h>

struct policy *policy_new(struct error *err)
{
	struct policy *p = calloc(1, sizeof(*p));

	if (!p) {
		error_set(err, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	if (policy_store_init(p, err) < 0) {
		free(p);
		return NULL;
	}
	return p;
}

void policy_free(struct policy *p)
{
	if (!p)
		return;
	policy_store_release(p);
	free(p);
}

/* No list of sources is longer. */
#define POLICY_LIST_MAX 256

/* An entry and the section it stands in; both NULL where there is none. */
struct policy_hit {
	const struct policy_section *section;
	const struct policy_entry *entry;
};

/* Both hold the same target: is a the more specific one? */
static bool policy_closer(
	const struct policy_section *a, const struct policy_section *b)
{
	if (a->is_default || b->is_default)
		return !a->is_default && b->is_default;
	if (a->host.path.len != b->host.path.len)
		return a->host.path.len > b->host.path.len;
	return a->host.port && !b->host.port;
}

static const struct policy_entry *policy_section_get(
	const struct policy_section *s, enum policy_key key, bool env)
{
	const struct policy_entry *e = s->entries;

	while (e && (e->key != key || (e->value.scope == POLICY_ENV) != env))
		e = e->next;
	return e;
}

/* The closest entry among the environment's, or among all others. */
static struct policy_hit policy_find(const struct policy *p,
	const struct target *t, enum policy_key key, bool env)
{
	struct policy_hit hit = { NULL, NULL };

	for (const struct policy_section *s = &p->top; s; s = s->next) {
		const struct policy_entry *e = policy_section_get(s, key, env);

		if (!e || (hit.section && !policy_closer(s, hit.section)))
			continue;
		if (s->is_default || target_matches(&s->host, t))
			hit = (struct policy_hit){ s, e };
	}
	return hit;
}

static void policy_fill(struct policy_value *out, const struct policy_hit *hit)
{
	const struct policy_section *s = hit->section;

	*out = hit->entry->value;
	if (s->is_default)
		out->why = "no host's section says otherwise";
	else if (s->host.path.len)
		out->why = "the longest path that holds it";
	else if (s->host.port)
		out->why = "the section for this host and port";
	else
		out->why = "the section for this host";
}

static bool policy_list_has(const char *list, struct slice name)
{
	struct slice rest = slice_of(list), one;

	while ((one = policy_source_next(&rest)).ptr)
		if (slice_eq(one, name))
			return true;
	return false;
}

/*
 * Those of the environment's list that hold without it. Where memory fails
 * nothing is left: narrower than what was meant, never wider.
 */
static void policy_narrow(const struct policy *p, struct policy_value *out,
	const struct policy_value *env)
{
	struct slice rest = slice_of(env->text), name;
	const char *text = NULL;
	struct buf both;
	bool ok = true;

	buf_init(&both, POLICY_LIST_MAX);
	while (ok && (name = policy_source_next(&rest)).ptr) {
		if (!policy_source_find(name) ||
			!policy_list_has(out->text, name))
			continue;
		ok = (!both.len || buf_adds(&both, " ", NULL) == 0) &&
		     buf_addslice(&both, name, NULL) == 0;
	}
	if (ok && both.len)
		text = policy_store_intern(p, buf_slice(&both));
	buf_release(&both);
	*out = *env;
	out->text = text ? text : POLICY_SOURCE_NONE;
	out->why = "what the environment's own file leaves of the list";
}

void policy_lookup(const struct policy *p, const struct target *t,
	enum policy_key key, struct policy_value *out)
{
	const struct policy_key_row *row = policy_key_row(key);
	struct policy_hit base = policy_find(p, t, key, false);
	struct policy_hit env = policy_find(p, t, key, true);

	*out = (struct policy_value){ .text = row->preset };
	if (base.entry)
		policy_fill(out, &base);
	if (!env.entry)
		return;
	if (row->env == POLICY_KEY_ENV_SUBSET)
		policy_narrow(p, out, &env.entry->value);
	else if (base.entry && row->env == POLICY_KEY_ENV_IF_UNSET)
		out->why = "set outside the environment, whose own file may "
			   "not change it";
	else if (!base.entry || !policy_closer(base.section, env.section))
		policy_fill(out, &env);
}

static const char *policy_why_not(const struct policy_entry *e)
{
	enum policy_key_env env = policy_key_row(e->key)->env;

	if (e->value.scope != POLICY_ENV)
		return env == POLICY_KEY_ENV_SUBSET
			       ? "overridden or narrowed by a later file"
			       : "overridden by a later file";
	if (env == POLICY_KEY_ENV_IF_UNSET)
		return "set outside the environment, whose own file may not "
		       "change it";
	return "overridden";
}

static int policy_each_key(const struct policy *p,
	const struct policy_section *s, enum policy_key key, policy_each_fn *fn,
	void *arg)
{
	static const struct target nowhere;
	struct policy_value now;
	int rc = 0;
	struct policy_item item = { .section = s->name, .key = key };

	/* A lookup walks every section: none for what is not there. */
	if (!s->is_default && !policy_section_get(s, key, false) &&
		!policy_section_get(s, key, true))
		return 0;
	item.host = s->is_default ? NULL : &s->host;
	policy_lookup(p, item.host ? item.host : &nowhere, key, &now);
	for (const struct policy_entry *e = s->entries; e && !rc; e = e->next) {
		if (e->key != key)
			continue;
		item.value = e->value;
		item.in_force =
			e->value.file == now.file && e->value.line == now.line;
		item.value.why = item.in_force ? now.why : policy_why_not(e);
		rc = fn(arg, &item);
	}
	if (rc || !s->is_default || now.file || !now.text)
		return rc;
	item.value = now;
	item.in_force = true;
	return fn(arg, &item);
}

int policy_each(const struct policy *p, policy_each_fn *fn, void *arg)
{
	int rc = 0;

	for (const struct policy_section *s = &p->top; s && !rc; s = s->next)
		for (unsigned k = 0; k < POLICY_KEYS && !rc; k++)
			rc = policy_each_key(p, s, (enum policy_key)k, fn, arg);
	return rc;
}

int policy_each_host(const struct policy *p, policy_each_host_fn *fn, void *arg)
{
	const struct policy_section *s = p->top.next;
	int rc = 0;

	for (; s && !rc; s = s->next)
		rc = fn(arg, &s->host, s->name);
	return rc;
}

const char *policy_scope_name(enum policy_scope scope)
{
	static const char *const names[] = { "built in", "system", "user",
		"environment" };

	return names[scope];
}
