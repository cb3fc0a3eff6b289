#include "helper/policy/policy_store.h"

#include <stdlib.h>
#include <string.h>

/* A string that lives as long as the policy. */
struct policy_text {
	struct policy_text *next;
	char text[];
};

int policy_store_init(struct policy *p, struct error *err)
{
	p->texts = calloc(1, sizeof(struct policy_text *));
	if (!p->texts)
		return error_set(err, ERROR_MEMORY, "out of memory");
	p->top.name = "default";
	p->top.is_default = true;
	p->last = &p->top;
	return 0;
}

static void policy_store_free_entries(struct policy_entry *e)
{
	while (e) {
		struct policy_entry *next = e->next;

		free(e);
		e = next;
	}
}

void policy_store_release(struct policy *p)
{
	policy_store_free_entries(p->top.entries);
	for (struct policy_section *s = p->top.next, *next; s; s = next) {
		next = s->next;
		policy_store_free_entries(s->entries);
		free(s);
	}
	for (struct policy_text *t = *p->texts, *next; t; t = next) {
		next = t->next;
		free(t);
	}
	free(p->texts);
}

const char *policy_store_keep(const struct policy *p, struct slice s)
{
	struct policy_text *t = malloc(sizeof(*t) + s.len + 1);

	if (!t)
		return NULL;
	memcpy(t->text, s.ptr, s.len);
	t->text[s.len] = '\0';
	t->next = *p->texts;
	*p->texts = t;
	return t->text;
}

const char *policy_store_intern(const struct policy *p, struct slice s)
{
	for (struct policy_text *t = *p->texts; t; t = t->next)
		if (slice_is(s, t->text))
			return t->text;
	return policy_store_keep(p, s);
}

static bool policy_store_same(const struct target *a, const struct target *b)
{
	return slice_eq_nocase(a->host, b->host) && a->port == b->port &&
	       slice_eq(a->path, b->path);
}

struct policy_section *policy_store_section(
	struct policy *p, struct slice host, struct error *err)
{
	struct policy_section *s;
	struct target named;

	if (!host.ptr)
		return &p->top;
	if (target_from_name(&named, host, err) < 0)
		return NULL;
	for (s = p->top.next; s; s = s->next)
		if (policy_store_same(&s->host, &named))
			return s;
	s = calloc(1, sizeof(*s));
	if (s)
		s->name = policy_store_keep(p, host);
	if (!s || !s->name ||
		target_from_name(&s->host, slice_of(s->name), err) < 0) {
		free(s);
		error_set(err, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	p->last->next = s;
	p->last = s;
	return s;
}

int policy_store_add(struct policy_section *s, enum policy_key key,
	const struct policy_value *value, struct error *err)
{
	struct policy_entry **at = &s->entries;
	struct policy_entry *e = calloc(1, sizeof(*e));

	if (!e)
		return error_set(err, ERROR_MEMORY, "out of memory");
	e->key = key;
	e->value = *value;
	while (*at && (*at)->value.scope > value->scope)
		at = &(*at)->next;
	e->next = *at;
	*at = e;
	return 0;
}
