#include "transport/identity.h"

#include "helper/base/path.h"

#include <stdlib.h>

/* Ranks: the agent's keys that are named have lower ones. */
#define IDENTITY_OTHERS ((size_t)SSH_AGENT_MSG_KEYS_MAX)
#define IDENTITY_FILES (2 * IDENTITY_OTHERS)

void identity_init(struct identity_list *list)
{
	*list = (struct identity_list){ .agent_why = ERROR_INIT };
}

static void identity_free(struct identity *id)
{
	free(id->path);
	ssh_key_release(&id->key);
	wipebuf_release(&id->text);
}

void identity_release(struct identity_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		identity_free(&list->item[i]);
	free(list->item);
	identity_init(list);
}

struct identity *identity_add(struct identity_list *list, struct error *err)
{
	struct identity *item, *id;

	item = reallocarray(list->item, list->count + 1, sizeof(*item));
	if (!item) {
		error_set(err, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	list->item = item;
	id = &item[list->count++];
	*id = (struct identity){ .fault = ERROR_INIT, .why = ERROR_INIT };
	ssh_key_init(&id->key);
	wipebuf_init(&id->text, SSH_KEY_FILE_MAX);
	return id;
}

void identity_drop(struct identity_list *list)
{
	identity_free(&list->item[--list->count]);
}

/* The first key of a file that is this one and was not found before. */
static struct identity *identity_find(
	struct identity_list *list, struct slice blob)
{
	for (size_t i = 0; i < list->count; i++) {
		struct identity *id = &list->item[i];

		if (!id->in_agent && id->key.blob.len &&
			slice_eq(buf_slice(&id->key.blob), blob))
			return id;
	}
	return NULL;
}

static int identity_take(struct identity_list *list,
	const struct ssh_agent_msg_key *key, size_t nth, bool only,
	struct error *err)
{
	struct identity *id = identity_find(list, key->blob);

	if (!id && only)
		return 0;
	if (id) {
		id->rank = nth;
		wipebuf_release(&id->text); /* the agent signs */
	} else {
		id = identity_add(list, err);
		if (!id)
			return -1;
		id->rank = IDENTITY_OTHERS + nth;
	}
	id->in_agent = true;
	return ssh_key_blob(&id->key, key->blob, key->comment, err);
}

static int identity_compare(const void *a, const void *b)
{
	const struct identity *x = a, *y = b;

	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

int identity_merge(struct identity_list *list,
	const struct ssh_agent_msg_keys *keys, bool only, struct error *err)
{
	for (size_t i = 0; i < list->count; i++)
		list->item[i].rank = IDENTITY_FILES + i;
	for (size_t i = 0; i < keys->count; i++)
		if (identity_take(list, &keys->key[i], i, only, err) < 0)
			return -1;
	if (list->count)
		qsort(list->item, list->count, sizeof(*list->item),
			identity_compare);
	return 0;
}

void identity_label(const struct identity *id, struct buf *out)
{
	if (id->path)
		path_shorten(out, id->path);
	else if (id->key.comment.len)
		buf_addf(out, NULL, "%s in the ssh-agent", id->key.comment.ptr);
	else
		buf_addf(out, NULL, "a key in the ssh-agent");
}

/* One reason more, behind those that are there. */
static void identity_reason(
	struct buf *out, const char *label, const char *text)
{
	buf_addf(out, NULL, "%s%s%s%s", out->len ? "; " : "", label,
		*label ? ": " : "", text);
}

void identity_explain(const struct identity_list *list, struct buf *out)
{
	struct buf label;

	buf_init(&label, PATH_LIMIT);
	for (size_t i = 0; i < list->count; i++) {
		const struct identity *id = &list->item[i];

		if (id->why.kind == ERROR_NONE)
			continue;
		buf_reset(&label);
		identity_label(id, &label);
		identity_reason(out, label.ptr, id->why.text);
	}
	if (list->agent_why.kind != ERROR_NONE)
		identity_reason(out, "", list->agent_why.text);
	buf_release(&label);
}
