#include "helper/base/wipebuf.h"

#include "helper/base/trace.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char wipebuf_empty[1];

void wipebuf_init(struct wipebuf *b, size_t max)
{
	*b = (struct wipebuf){ .ptr = wipebuf_empty, .max = max };
}

/*
 * Pages of our own, since mlock and madvise work on pages and malloc's are
 * shared with everything else. Most secrets are short: they share one arena
 * of blocks, made at the first use, so that a start pays for one mapping.
 */
#define WIPEBUF_BLOCK 512u
#define WIPEBUF_BLOCKS 64u /* bits of a uint64_t */

static struct {
	char *base; /* NULL: none yet, or none to be had */
	uint64_t used; /* a bit for each block */
	bool tried, locked;
} wipebuf_arena;

/* The kernel's word goes into the trace once; nothing else changes. */
static void wipebuf_unlocked(size_t size)
{
	static bool said;
	int error = errno;

	if (said)
		return;
	said = true;
	trace_event("memory.unlocked", TRACE_INT("bytes", (int64_t)size),
		TRACE_STR("why", strerror(error)));
}

static char *wipebuf_map(size_t size, bool *locked)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	/* locked as it is touched: most of the arena never is */
	*locked = !mlock2(p, size, MLOCK_ONFAULT) || !mlock(p, size);
	if (!*locked)
		wipebuf_unlocked(size);
	madvise(p, size, MADV_DONTDUMP);
	madvise(p, size, MADV_WIPEONFORK);
	return p;
}

/* The bits of blocks first to first + count - 1. */
static uint64_t wipebuf_bits(size_t first, size_t count)
{
	uint64_t bits = count < WIPEBUF_BLOCKS ? (1ull << count) - 1 : ~0ull;

	return bits << first;
}

static char *wipebuf_arena_take(size_t size)
{
	size_t count = size / WIPEBUF_BLOCK;

	if (!wipebuf_arena.tried)
		wipebuf_arena.base = wipebuf_map(
			WIPEBUF_BLOCK * WIPEBUF_BLOCKS, &wipebuf_arena.locked);
	wipebuf_arena.tried = true;
	if (!wipebuf_arena.base)
		return NULL;
	for (size_t i = 0; i + count <= WIPEBUF_BLOCKS; i++) {
		uint64_t bits = wipebuf_bits(i, count);

		if (wipebuf_arena.used & bits)
			continue;
		wipebuf_arena.used |= bits;
		return wipebuf_arena.base + i * WIPEBUF_BLOCK;
	}
	return NULL;
}

/* Wipe cap bytes and give them back to where they came from. */
static void wipebuf_free(char *p, size_t cap)
{
	uintptr_t from = (uintptr_t)wipebuf_arena.base, at = (uintptr_t)p;

	if (!cap)
		return;
	explicit_bzero(p, cap);
	if (from && at >= from && at < from + WIPEBUF_BLOCK * WIPEBUF_BLOCKS)
		wipebuf_arena.used &= ~wipebuf_bits(
			(at - from) / WIPEBUF_BLOCK, cap / WIPEBUF_BLOCK);
	else
		munmap(p, cap);
}

/* cap bytes, rounded up to what is given; NULL if out of memory. */
static char *wipebuf_alloc(size_t *cap, bool *locked)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t small =
		(*cap + WIPEBUF_BLOCK - 1) / WIPEBUF_BLOCK * WIPEBUF_BLOCK;
	char *p = NULL;

	if (small <= WIPEBUF_BLOCK * WIPEBUF_BLOCKS)
		p = wipebuf_arena_take(small);
	if (p) {
		*cap = small;
		*locked = wipebuf_arena.locked;
		return p;
	}
	*cap = (*cap + page - 1) / page * page;
	return wipebuf_map(*cap, locked);
}

void wipebuf_release(struct wipebuf *b)
{
	wipebuf_free(b->ptr, b->cap);
	wipebuf_init(b, b->max);
}

void wipebuf_reset(struct wipebuf *b)
{
	if (b->cap)
		explicit_bzero(b->ptr, b->cap);
	b->len = 0;
}

void wipebuf_truncate(struct wipebuf *b, size_t len)
{
	if (len >= b->len)
		return;
	explicit_bzero(b->ptr + len, b->cap - len);
	b->len = len;
}

static int wipebuf_grow(struct wipebuf *b, size_t more, struct error *err)
{
	size_t want, cap;
	bool locked = false;
	char *p;

	if (b->len > b->max || more > b->max - b->len)
		return error_set(err, ERROR_MEMORY,
			"more than the %zu bytes that are allowed", b->max);
	if (more > SIZE_MAX / 4 - b->len)
		return error_set(err, ERROR_MEMORY, "out of memory");
	want = b->len + more + 1;
	if (want <= b->cap)
		return 0;
	cap = want > 2 * b->cap ? want : 2 * b->cap;
	p = wipebuf_alloc(&cap, &locked);
	if (!p)
		return error_set(err, ERROR_MEMORY, "out of memory");
	memcpy(p, b->ptr, b->len);
	p[b->len] = '\0';
	wipebuf_free(b->ptr, b->cap);
	b->ptr = p;
	b->cap = cap;
	b->locked = locked;
	return 0;
}

int wipebuf_add(struct wipebuf *b, const void *p, size_t n, struct error *err)
{
	if (wipebuf_grow(b, n, err) < 0)
		return -1;
	if (n)
		memcpy(b->ptr + b->len, p, n);
	wipebuf_advance(b, n);
	return 0;
}

int wipebuf_adds(struct wipebuf *b, const char *s, struct error *err)
{
	return wipebuf_add(b, s, strlen(s), err);
}

int wipebuf_addslice(struct wipebuf *b, struct slice s, struct error *err)
{
	return wipebuf_add(b, s.ptr, s.len, err);
}

int wipebuf_room(
	struct wipebuf *b, size_t want, size_t *room, struct error *err)
{
	size_t left = b->max - b->len;

	if (want > left)
		want = left;
	if (wipebuf_grow(b, want, err) < 0)
		return -1;
	*room = want;
	return 0;
}

void wipebuf_advance(struct wipebuf *b, size_t n)
{
	b->len += n;
	if (b->cap)
		b->ptr[b->len] = '\0';
}

/*
 * How much to read next: what a file says it has, and one byte to see its end
 * with, so that it is copied and wiped only where it grows meanwhile.
 */
static size_t wipebuf_next(const struct wipebuf *b, int fd)
{
	size_t spare = b->cap ? b->cap - b->len - 1 : 0;
	struct stat st;

	if (spare)
		return spare;
	if (b->len == 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) &&
		(uintmax_t)st.st_size < b->max)
		return (size_t)st.st_size + 1;
	return 4096;
}

/* Returns 1 when bytes came, 0 at EOF. */
static int wipebuf_read_some(struct wipebuf *b, int fd, struct error *err)
{
	char probe = 0;
	size_t room;
	ssize_t n;

	if (wipebuf_room(b, wipebuf_next(b, fd), &room, err) < 0)
		return -1;
	do
		/* At the maximum one more byte tells a full file from a cut. */
		n = room ? read(fd, b->ptr + b->len, room)
			 : read(fd, &probe, 1);
	while (n < 0 && errno == EINTR);
	explicit_bzero(&probe, 1);
	if (n < 0)
		return error_errno(err, ERROR_SYSTEM, "read");
	if (n > 0 && !room)
		return error_set(err, ERROR_INPUT,
			"larger than the %zu bytes that are allowed", b->max);
	wipebuf_advance(b, (size_t)n);
	return n > 0;
}

int wipebuf_read_file(struct wipebuf *b, int fd, struct error *err)
{
	size_t before = b->len;
	int got;

	do
		got = wipebuf_read_some(b, fd, err);
	while (got > 0);
	if (got < 0)
		wipebuf_truncate(b, before);
	return got;
}

struct slice wipebuf_slice(const struct wipebuf *b)
{
	return (struct slice){ b->ptr, b->len };
}
