/*
 * The bytes as a URL, as a section's name, and, cut at LF, as protocol, host,
 * path and user name. What is taken must be safe to match and to show.
 */
#include "helper/policy/target.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct target *t)
{
	struct buf out;

	if (!t->host.len || slice_has_control(t->host) ||
		slice_has_control(t->path) || slice_has_control(t->user) ||
		slice_has_control(t->scheme))
		abort();
	if (memchr(t->host.ptr, '/', t->host.len) ||
		memchr(t->host.ptr, '@', t->host.len))
		abort();
	if (t->port < 0 || t->port > 65535 || (t->path.ptr && !t->path.len))
		abort();
	buf_init(&out, 65536);
	target_format(t, &out);
	for (size_t i = 0; i < out.len; i++)
		if (out.ptr[i] <= ' ' || out.ptr[i] > '~')
			abort();
	buf_release(&out);
}

static struct slice cut(struct slice *rest)
{
	const char *lf = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
	struct slice first = *rest;

	if (lf) {
		first.len = (size_t)(lf - rest->ptr);
		rest->ptr += first.len + 1;
		rest->len -= first.len + 1;
		return first;
	}
	*rest = SLICE_NONE;
	return first;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = { (const char *)data, size }, part[4];
	struct target url, name, credential;
	int have = 0;

	if (target_from_url(&url, all, NULL) == 0) {
		check(&url);
		have |= 1;
	}
	if (target_from_name(&name, all, NULL) == 0) {
		check(&name);
		if (!target_matches(&name, &name) &&
			target_port(&name) == name.port)
			abort();
		have |= 2;
	}
	for (size_t i = 0; i < 4; i++)
		part[i] = cut(&all);
	if (target_from_credential(&credential, part[0], part[1], part[2],
		    part[3], NULL) == 0) {
		check(&credential);
		if (have & 2)
			target_matches(&name, &credential);
	}
	return 0;
}
