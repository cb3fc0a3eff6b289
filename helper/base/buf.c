#include "helper/base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char buf_empty[1];

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .ptr = buf_empty, .max = max };
}

void buf_release(struct buf *b)
{
	if (b->cap)
		free(b->ptr);
	buf_init(b, b->max);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->cap)
		b->ptr[0] = '\0';
}

static int buf_grow(struct buf *b, size_t more, struct error *err)
{
	size_t want, cap;
	char *p;

	if (b->len > b->max || more > b->max - b->len)
		return error_set(err, ERROR_MEMORY,
			"more than the %zu bytes that are allowed", b->max);
	if (more > SIZE_MAX / 4 - b->len)
		return error_set(err, ERROR_MEMORY, "out of memory");
	want = b->len + more + 1;
	if (want <= b->cap)
		return 0;
	for (cap = b->cap ? b->cap : 64; cap < want; cap *= 2)
		;
	p = realloc(b->cap ? b->ptr : NULL, cap);
	if (!p)
		return error_set(err, ERROR_MEMORY, "out of memory");
	b->ptr = p;
	b->cap = cap;
	return 0;
}

int buf_add(struct buf *b, const void *p, size_t n, struct error *err)
{
	if (buf_grow(b, n, err) < 0)
		return -1;
	if (n)
		memcpy(b->ptr + b->len, p, n);
	b->len += n;
	b->ptr[b->len] = '\0';
	return 0;
}

int buf_adds(struct buf *b, const char *s, struct error *err)
{
	return buf_add(b, s, strlen(s), err);
}

int buf_addslice(struct buf *b, struct slice s, struct error *err)
{
	return buf_add(b, s.ptr, s.len, err);
}

int buf_addf(struct buf *b, struct error *err, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return error_errno(err, ERROR_MEMORY, "formatting");
	if (buf_grow(b, (size_t)n, err) < 0)
		return -1;
	va_start(ap, fmt);
	vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

struct slice buf_slice(const struct buf *b)
{
	return (struct slice){ b->ptr, b->len };
}

char *buf_detach(struct buf *b)
{
	char *p = b->cap ? b->ptr : calloc(1, 1);

	buf_init(b, b->max);
	return p;
}
