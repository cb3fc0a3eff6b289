/*
 * buf: a growable string with a maximum, for anything but secrets.
 *
 * The bytes are always NUL-terminated and never NULL, so buf.ptr can be
 * passed as a string at any time. A secret belongs in a wipebuf.
 */
#ifndef BUF_H
#define BUF_H

#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *ptr; /* read it freely; valid until the next change */
	size_t len; /* bytes without the final NUL */
	size_t cap; /* private */
	size_t max; /* len never exceeds it */
};

/* An empty buf that will hold at most max bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t max);

/* Free the bytes and make b empty again, with the same maximum. */
void buf_release(struct buf *b);

/* Forget the content, keep the memory. */
void buf_reset(struct buf *b);

/*
 * Append. All return 0, or -1 with ERROR_MEMORY and b unchanged where the
 * maximum or memory does not allow it. What is appended must not lie inside b.
 */
int buf_add(struct buf *b, const void *p, size_t n, struct error *err);
int buf_adds(struct buf *b, const char *s, struct error *err);
int buf_addslice(struct buf *b, struct slice s, struct error *err);
int buf_addf(struct buf *b, struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The content as a slice. */
struct slice buf_slice(const struct buf *b);

/*
 * Give the content to the caller, who frees it with free(); b is empty
 * afterwards. NULL when out of memory (only where b never held a byte).
 */
char *buf_detach(struct buf *b);

#endif
