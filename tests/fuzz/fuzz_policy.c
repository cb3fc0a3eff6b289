/*
 * The first byte says whose file it is (bit 0: the environment's, bit 1: the
 * system's); the rest is one policy file, or two with a form feed between. What
 * was read is then looked up and shown, since that is what holds pointers.
 */
#include "helper/policy/policy.h"
#include "helper/policy/route.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int show(void *arg, const struct policy_item *item)
{
	size_t *sum = arg;

	*sum += strlen(item->section) + strlen(item->value.text);
	if ((item->value.file == NULL) != (item->value.line == 0))
		abort();
	return 0;
}

/* A section is the closest one to what it names. */
static int ask(void *arg, const struct target *host, const char *section)
{
	const struct policy *p = arg;
	struct target t = *host;
	struct route r;

	(void)section;
	t.scheme = slice_of("https");
	if (!t.port && !target_matches(host, &t))
		abort();
	if (route_choose(p, &t, &r, NULL) < 0)
		abort();
	for (size_t i = 0; i < r.sources; i++)
		if (!policy_source_find(slice_of(r.source[i])))
			abort();
	return 0;
}

static int read_one(struct policy *p, const uint8_t *data, size_t size,
	enum policy_scope scope)
{
	struct error err = ERROR_INIT;
	struct slice bytes = { (const char *)data, size };

	if (policy_read_bytes(p, bytes, "FILE", scope, &err) == 0)
		return 0;
	if (err.kind != ERROR_POLICY || strncmp(err.text, "FILE:", 5) != 0)
		abort();
	return -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *second;
	struct policy *p;
	size_t sum = 0;

	if (!size)
		return 0;
	p = policy_new(NULL);
	/* A form feed, which no policy file has, ends the first file. */
	second = memchr(data + 1, '\f', size - 1);
	if (second) {
		read_one(p, second + 1, (size_t)(data + size - second - 1),
			POLICY_ENV);
		size = (size_t)(second - data);
	}
	read_one(p, data + 1, size - 1,
		data[0] & 1   ? POLICY_ENV
		: data[0] & 2 ? POLICY_SYSTEM
			      : POLICY_USER);
	policy_each(p, show, &sum);
	policy_each_host(p, ask, p);
	policy_free(p);
	return 0;
}
