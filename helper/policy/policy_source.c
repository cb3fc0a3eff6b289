#include "helper/policy/policy_source.h"

#include <string.h>

const char *const policy_source_names[] = { "netrc", "keyring", NULL };

const char policy_source_order[] = "netrc keyring";

const char *policy_source_find(struct slice name)
{
	for (size_t i = 0; policy_source_names[i]; i++)
		if (slice_is(name, policy_source_names[i]))
			return policy_source_names[i];
	return NULL;
}

static bool policy_source_parts(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

struct slice policy_source_next(struct slice *list)
{
	struct slice name;

	while (list->len && policy_source_parts(list->ptr[0])) {
		list->ptr++;
		list->len--;
	}
	if (!list->len)
		return SLICE_NONE;
	name = (struct slice){ list->ptr, 0 };
	while (list->len && !policy_source_parts(list->ptr[0])) {
		name.len++;
		list->ptr++;
		list->len--;
	}
	return name;
}
