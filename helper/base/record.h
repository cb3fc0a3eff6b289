/*
 * record: `key=value` lines ended by an empty line or EOF.
 *
 * The format of git's credential protocol (git-credential(1), INPUT/OUTPUT
 * FORMAT), which every role of this program speaks as well. One reader and
 * one writer for all of them. The bytes are a wipebuf: passwords are in it.
 *
 * Rules: LF ends a line, one CR before it is dropped, any other CR stays in
 * the value. A line holds a key that is not empty, '=', and a value; neither
 * holds LF or NUL. The first '=' splits. A line of more than RECORD_LINE_MAX
 * bytes, a record whose lines have more than RECORD_MAX bytes, a line without
 * '=' and a last line without LF are errors: nothing is ever split or cut.
 */
#ifndef RECORD_H
#define RECORD_H

#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "helper/base/wipebuf.h"

#include <stdbool.h>
#include <stdint.h>

#define RECORD_LINE_MAX 65535 /* bytes with the LF, as git documents */
#define RECORD_MAX (1 << 20) /* bytes of one whole record */
#define RECORD_FDS_MAX 4 /* that travel beside one record */

struct record {
	struct wipebuf bytes; /* private: complete lines, each ended by LF */
};

void record_init(struct record *r);
void record_release(struct record *r);

/* Forget every line, wiping them. */
void record_reset(struct record *r);

/*
 * Append one line. A key that is empty or holds '=' or LF, a value that holds
 * LF or NUL or ends in CR (a reader would drop it), or one over the limits is
 * ERROR_INPUT; no failure changes r. An absent value adds nothing and
 * succeeds. The value must not lie inside r.
 */
int record_add(struct record *r, const char *key, struct slice value,
	struct error *err);

/*
 * The value of the last line with this key: a later line replaces an earlier
 * one. SLICE_NONE if there is none. Valid until the record changes.
 */
struct slice record_get(const struct record *r, const char *key);

/*
 * Walk the lines: *pos starts at 0. Returns false after the last one.
 */
bool record_next(const struct record *r, size_t *pos, struct slice *key,
	struct slice *value);

/*
 * Reads successive records from one fd. The fd stays the caller's; bytes that
 * came behind a record's end are kept for the next one.
 */
struct record_reader {
	int fd;
	bool eof; /* EOF ended the last record, not its empty line */
	bool socket; /* private: fds may come with the bytes */
	struct wipebuf pending; /* private */
	int fds[RECORD_FDS_MAX]; /* private: that came and were not taken */
	size_t fds_count; /* private */
};

void record_reader_init(struct record_reader *in, int fd);
void record_reader_release(struct record_reader *in);

/* The same for a unix(7) socket whose other side may send fds (record_send). */
void record_reader_socket(struct record_reader *in, int fd);

/*
 * The fds that came since this was last called: the first count of them are
 * the caller's now, CLOEXEC, and in fds; what came beyond is closed. Returns
 * how many there are. They belong to the record read last as long as who sends
 * fds waits for an answer before sending more.
 */
size_t record_take_fds(struct record_reader *in, int *fds, size_t count);

/*
 * Read one record into r (what it held is wiped). Returns 1 when there is one
 * (possibly of no lines, if the empty line came at once), 0 at EOF before the
 * first byte, -1 with ERROR_INPUT (malformed; the message counts the line and
 * never shows it), ERROR_TIMEOUT (deadline.h), ERROR_MEMORY or ERROR_SYSTEM.
 * On failure r is empty and nothing is consumed: after a timeout one may read
 * on, while what is malformed stays so, and its tail never becomes a record.
 */
int record_read(struct record_reader *in, struct record *r, int64_t deadline,
	struct error *err);

/*
 * Write r to fd until the deadline; with end, also the empty line that ends
 * it where EOF does not. Returns 0, or -1 with ERROR_TIMEOUT or ERROR_SYSTEM
 * (EPIPE: the reader is gone).
 */
int record_write(const struct record *r, int fd, bool end, int64_t deadline,
	struct error *err);

/*
 * Write r and the empty line to a unix(7) stream socket, and with its first
 * byte pass count fds (SCM_RIGHTS, at most RECORD_FDS_MAX), which stay the
 * caller's. Where that byte cannot be sent, the other side got no fd. Errors
 * as record_write.
 */
int record_send(const struct record *r, int sock, const int *fds, size_t count,
	int64_t deadline, struct error *err);

#endif
