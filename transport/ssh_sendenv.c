#include "transport/ssh_sendenv.h"

#include "transport/ssh_pattern.h"

#include <string.h>

static bool ssh_sendenv_split(
	const char *entry, struct slice *name, struct slice *value)
{
	const char *equals = strchr(entry, '=');

	if (!equals)
		return false;
	*name = (struct slice){ entry, (size_t)(equals - entry) };
	*value = slice_of(equals + 1);
	return true;
}

static bool ssh_sendenv_wanted(const struct ssh_settings *s, struct slice name)
{
	for (size_t i = 0; i < s->sendenv.count; i++)
		if (ssh_pattern_match(slice_of(s->sendenv.item[i]), name))
			return true;
	return false;
}

bool ssh_sendenv_next(
	struct ssh_sendenv *e, struct slice *name, struct slice *value)
{
	size_t count = 0;

	while (e->environ && e->environ[count])
		count++;
	while (e->at < count)
		if (ssh_sendenv_split(e->environ[e->at++], name, value) &&
			ssh_sendenv_wanted(e->s, *name))
			return true;
	while (e->at < count + e->s->setenv.count)
		if (ssh_sendenv_split(
			    e->s->setenv.item[e->at++ - count], name, value))
			return true;
	return false;
}
