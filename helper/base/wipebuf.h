/*
 * wipebuf: the only place where a secret may be.
 *
 * Its memory comes from anonymous mappings of its own (short ones share one
 * small arena), locked where the limit allows (mlock(2); the first refusal is
 * an event of the trace), left out of core dumps (MADV_DONTDUMP) and of
 * children (MADV_WIPEONFORK). It grows by allocate-copy-wipe, so that no
 * copy is left behind, and is wiped by capacity. There is no way to detach
 * its bytes and no printf into or out of it.
 *
 * What cannot be wiped: bytes the kernel holds in a pipe or socket, the few
 * that copying leaves in the processor's registers (a core would have them,
 * so there is none: harden.h), and the copies that libraries make of what
 * they are given.
 */
#ifndef WIPEBUF_H
#define WIPEBUF_H

#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct wipebuf {
	char *ptr; /* NUL-terminated, never NULL; valid until the next change */
	size_t len; /* bytes without the final NUL */
	size_t cap; /* private */
	size_t max; /* len never exceeds it */
	bool locked; /* false: the kernel refused mlock; nothing else changes */
};

/* An empty wipebuf that will hold at most max bytes. Allocates nothing. */
void wipebuf_init(struct wipebuf *b, size_t max);

/* Wipe by capacity and free; b is empty afterwards, with the same maximum. */
void wipebuf_release(struct wipebuf *b);

/* Wipe the content by capacity, keep the memory. */
void wipebuf_reset(struct wipebuf *b);

/* Keep the first len bytes, at most those there are, and wipe the rest. */
void wipebuf_truncate(struct wipebuf *b, size_t len);

/*
 * Append. Return 0, or -1 with ERROR_MEMORY and b unchanged. The source must
 * not lie inside b.
 */
int wipebuf_add(struct wipebuf *b, const void *p, size_t n, struct error *err);
int wipebuf_adds(struct wipebuf *b, const char *s, struct error *err);
int wipebuf_addslice(struct wipebuf *b, struct slice s, struct error *err);

/*
 * read(2) from fd until EOF into b, without stdio's buffer. More than b's
 * maximum is ERROR_INPUT, never a cut; on failure b is unchanged. Blocks as
 * fd does: for files only.
 */
int wipebuf_read_file(struct wipebuf *b, int fd, struct error *err);

/*
 * Make room for up to want bytes behind the content (fewer where the maximum
 * ends it) and say how many there are in *room. The caller reads into
 * b->ptr + b->len and tells with wipebuf_advance how many bytes came.
 */
int wipebuf_room(
	struct wipebuf *b, size_t want, size_t *room, struct error *err);
void wipebuf_advance(struct wipebuf *b, size_t n);

/* The content as a slice. */
struct slice wipebuf_slice(const struct wipebuf *b);

#endif
