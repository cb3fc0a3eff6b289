/*
 * trace: every decision, for the person who asks why.
 *
 * GOCONDA_TRACE follows GIT_TRACE (git(1)): unset, empty, 0 or false is off;
 * 1 or true the terminal; 2 to 9 that file descriptor; an absolute path is
 * appended to. GOCONDA_TRACE_EVENT takes the same values and gets the same
 * events as JSON, one object a line. Under `go`, 1 means the stderr of the
 * outermost go process (trace_sink.h).
 *
 * Each event is one write(2) of one line of at most TRACE_LINE_MAX bytes, so
 * that parallel processes do not mix. Every line, text or JSON, holds a '=',
 * is never empty and never begins with an attribute of git's protocol: where
 * git reads our stderr as a record, it is an attribute that git ignores.
 *
 * Fields are typed and none takes a wipebuf or bytes of one: a secret cannot
 * be passed by mistake. The password in a URL's user info is replaced, as is a
 * user without one (a token may stand there; not for ssh). Control bytes and
 * what is not UTF-8 are escaped.
 */
#ifndef TRACE_H
#define TRACE_H

#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_LINE_MAX 4000

enum trace_type {
	TRACE_TYPE_STR,
	TRACE_TYPE_INT,
	TRACE_TYPE_BOOL,
	TRACE_TYPE_SINCE,
};

struct trace_field {
	const char *key;
	enum trace_type type;
	struct slice str; /* absent: the field is left out */
	int64_t number;
};

#define TRACE_STR(k, v)                                                        \
	((struct trace_field){ (k), TRACE_TYPE_STR, slice_of(v), 0 })
#define TRACE_SLICE(k, v) ((struct trace_field){ (k), TRACE_TYPE_STR, (v), 0 })
#define TRACE_INT(k, v)                                                        \
	((struct trace_field){ (k), TRACE_TYPE_INT, SLICE_NONE, (v) })
#define TRACE_BOOL(k, v)                                                       \
	((struct trace_field){ (k), TRACE_TYPE_BOOL, SLICE_NONE, (v) ? 1 : 0 })

/* How long ago the deadline_micros() v was: shown in ms, as 0.123. */
#define TRACE_SINCE(k, v)                                                      \
	((struct trace_field){ (k), TRACE_TYPE_SINCE, SLICE_NONE, (v) })

/*
 * One event: a dotted name and its fields. Does nothing, and evaluates
 * nothing but its arguments, where no trace is asked for. Cannot fail, keeps
 * errno: what cannot be written within a second is dropped.
 */
#define trace_event(name, ...)                                                 \
	trace_emit((name), (const struct trace_field[]){ __VA_ARGS__ },        \
		sizeof((const struct trace_field[]){ __VA_ARGS__ }) /          \
			sizeof(struct trace_field))
void trace_emit(
	const char *name, const struct trace_field *fields, size_t count);

/* Is any target open? For work that is done only to be traced. */
bool trace_on(void);

/*
 * Words for a person: what happened and what to type next, one line. They go
 * where the trace goes, and to our stderr where a person reads it and nobody
 * parses it (caller.h).
 */
void trace_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same where nobody parses our stderr, whoever the caller is. */
void trace_tell(const char *text);

/*
 * The two lines that events are written as, for the tests: text, and JSON.
 * Each writes a NUL-terminated line with its LF to out, cut to size.
 */
void trace_text(char *out, size_t size, const char *name,
	const struct trace_field *fields, size_t count);
void trace_json(char *out, size_t size, const char *name,
	const struct trace_field *fields, size_t count);

#endif
