#include "helper/base/trace.h"

#include "helper/base/caller.h"
#include "helper/base/deadline.h"
#include "helper/base/trace_sink.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TRACE_SCHEMA "conda-go=1"

struct trace_target {
	const char *variable;
	void (*format)(char *out, size_t size, const char *name,
		const struct trace_field *fields, size_t count);
	int fd;
};

static struct trace_target trace_targets[] = {
	{ "GOCONDA_TRACE", trace_text, -1 },
	{ "GOCONDA_TRACE_EVENT", trace_json, -1 },
};
#define TRACE_TARGETS (sizeof(trace_targets) / sizeof(trace_targets[0]))

static void trace_complain(const char *variable, const struct error *why)
{
	char line[512];
	int n;

	/* a role has none of its starter's fds, and that one has complained */
	if (!caller_get()->speak || caller_get()->role)
		return;
	n = snprintf(line, sizeof(line), "conda-go: %s: no trace: %s\n",
		variable, why->text);
	if (n > 0)
		trace_sink_write(STDERR_FILENO, line, strlen(line));
}

static void trace_open(void)
{
	static bool opened;

	if (opened)
		return;
	opened = true;
	for (size_t i = 0; i < TRACE_TARGETS; i++) {
		struct trace_target *t = &trace_targets[i];
		struct error why = ERROR_INIT;

		t->fd = trace_sink_open(getenv(t->variable), &why);
		if (t->fd < 0 && why.kind)
			trace_complain(t->variable, &why);
	}
}

bool trace_on(void)
{
	trace_open();
	for (size_t i = 0; i < TRACE_TARGETS; i++)
		if (trace_targets[i].fd >= 0)
			return true;
	return false;
}

/* A line under construction that is cut, never overrun, at its size. */
struct trace_line {
	char *out;
	size_t len, size;
};

static void trace_put(struct trace_line *l, char c)
{
	if (l->len + 1 < l->size)
		l->out[l->len++] = c;
	l->out[l->len] = '\0';
}

static void trace_puts(struct trace_line *l, const char *s)
{
	while (*s)
		trace_put(l, *s++);
}

/* What stands as the password where the user is the secret. */
static bool trace_no_password(struct slice v)
{
	return !v.len || slice_is(v, "x-oauth-basic");
}

/*
 * The secret in the user info of the URL whose "://" is at i. RFC 3986 section
 * 3.2: scheme "://" user ":" password "@". A token may stand where the user
 * does, except for ssh, which has no tokens. Returns false if there is none.
 */
static bool trace_userinfo(struct slice v, size_t i, size_t *start, size_t *end)
{
	bool ssh = i >= 3 && !memcmp(v.ptr + i - 3, "ssh", 3);
	size_t colon = 0, at = 0;

	for (size_t j = i + 3; j < v.len && !strchr("/?# \t\n", v.ptr[j]);
		j++) {
		if (v.ptr[j] == ':' && !colon)
			colon = j;
		if (v.ptr[j] == '@')
			at = j;
	}
	if (!at)
		return false;
	*start = i + 3;
	*end = at;
	if (!colon || colon > at)
		return !ssh && *start < at;
	if (!trace_no_password(
		    (struct slice){ v.ptr + colon + 1, at - colon - 1 }))
		*start = colon + 1;
	return true;
}

/* The first secret of a URL at or behind from; false if there is none. */
static bool trace_password(
	struct slice v, size_t from, size_t *start, size_t *end)
{
	for (size_t i = from; i + 3 <= v.len; i++)
		if (!memcmp(v.ptr + i, "://", 3) &&
			trace_userinfo(v, i, start, end))
			return true;
	*start = *end = v.len;
	return false;
}

/*
 * Bytes of the character at i, 0 where it cannot be shown: C0, DEL, the C1
 * controls (U+009B begins a sequence), and what is not UTF-8 (RFC 3629).
 */
static size_t trace_character(struct slice v, size_t i)
{
	const unsigned char *p = (const unsigned char *)v.ptr + i;
	size_t n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (p[0] < 0x80)
		return p[0] >= 0x20 && p[0] != 0x7f;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n > v.len - i)
		return 0;
	for (size_t k = 1; k < n; k++)
		if ((p[k] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xe0 && p[1] < 0xa0) ||
		(p[0] == 0xed && p[1] > 0x9f) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static void trace_byte(struct trace_line *l, unsigned char c, bool escape)
{
	static const char hex[] = "0123456789abcdef";

	trace_puts(l, escape ? "\\x" : "%");
	trace_put(l, hex[c >> 4]);
	trace_put(l, hex[c & 15]);
}

/* v as it may be shown: no control byte, no password of a URL. */
static void trace_value(struct trace_line *l, struct slice v, bool escape)
{
	size_t start, end, n;

	trace_password(v, 0, &start, &end);
	for (size_t i = 0; i < v.len; i += n) {
		n = trace_character(v, i);
		if (i == start) {
			trace_puts(l, "***");
			n = end - i;
			trace_password(v, end, &start, &end);
		} else if (!n) {
			trace_byte(l, (unsigned char)v.ptr[i], escape);
			n = 1;
		} else if (l->len + n >= l->size) {
			l->size = l->len + 1; /* half a character is none */
			break;
		} else {
			if (escape && (v.ptr[i] == '"' || v.ptr[i] == '\\'))
				trace_put(l, '\\');
			for (size_t k = 0; k < n; k++)
				trace_put(l, v.ptr[i + k]);
		}
	}
}

static bool trace_plain(struct slice v)
{
	if (!v.len)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.ptr[i];

		if (c <= ' ' || c == 0x7f || c == '"' || c == '\\')
			return false;
	}
	return true;
}

static double trace_since(const struct trace_field *f)
{
	return (double)(deadline_micros() - f->number) / 1000;
}

static void trace_text_field(struct trace_line *l, const struct trace_field *f)
{
	char number[24];
	bool plain;

	if (f->type == TRACE_TYPE_STR && !f->str.ptr)
		return;
	trace_put(l, ' ');
	trace_puts(l, f->key);
	trace_put(l, '=');
	switch (f->type) {
	case TRACE_TYPE_INT:
		snprintf(number, sizeof(number), "%lld", (long long)f->number);
		trace_puts(l, number);
		break;
	case TRACE_TYPE_BOOL:
		trace_puts(l, f->number ? "yes" : "no");
		break;
	case TRACE_TYPE_SINCE:
		snprintf(number, sizeof(number), "%.3f", trace_since(f));
		trace_puts(l, number);
		break;
	case TRACE_TYPE_STR:
		plain = trace_plain(f->str);
		if (!plain)
			trace_put(l, '"');
		trace_value(l, f->str, !plain);
		if (!plain)
			trace_put(l, '"');
		break;
	}
}

static struct timespec trace_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts;
}

void trace_text(char *out, size_t size, const char *name,
	const struct trace_field *fields, size_t count)
{
	struct trace_line l = { out, 0, size - 1 };
	struct timespec now = trace_now();
	struct tm tm;
	char head[96], go[32] = "";

	localtime_r(&now.tv_sec, &tm);
	if (caller_get()->go)
		snprintf(go, sizeof(go), "go=%ld ", (long)caller_get()->go);
	snprintf(head, sizeof(head),
		"conda-go %02d:%02d:%02d.%03ld [%spid=%ld] ", tm.tm_hour,
		tm.tm_min, tm.tm_sec, now.tv_nsec / 1000000, go,
		(long)getpid());
	trace_puts(&l, head);
	trace_puts(&l, name);
	for (size_t i = 0; i < count; i++)
		trace_text_field(&l, &fields[i]);
	l.size++;
	trace_put(&l, '\n');
}

static json_t *trace_json_string(struct slice v)
{
	char shown[TRACE_LINE_MAX / 4];
	struct trace_line l = { shown, 0, sizeof(shown) };

	shown[0] = '\0';
	trace_value(&l, v, false);
	return json_string(shown);
}

static json_t *trace_json_field(const struct trace_field *f)
{
	switch (f->type) {
	case TRACE_TYPE_INT:
		return json_integer(f->number);
	case TRACE_TYPE_BOOL:
		return json_boolean(f->number);
	case TRACE_TYPE_SINCE:
		return json_real(trace_since(f));
	default:
		return f->str.ptr ? trace_json_string(f->str) : NULL;
	}
}

/*
 * The head that joins our events to those of git (GIT_TRACE2) and of go. The
 * schema's '=' makes of the line an attribute that git ignores (trace.h).
 */
static json_t *trace_json_head(const char *name)
{
	const char *git = getenv("GIT_TRACE2_PARENT_SID");
	struct timespec now = trace_now();
	json_t *o = json_object();
	char when[64];
	struct tm tm;
	size_t n;

	gmtime_r(&now.tv_sec, &tm);
	n = strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(when + n, sizeof(when) - n, ".%06ldZ", now.tv_nsec / 1000);
	json_object_set_new(o, "schema", json_string(TRACE_SCHEMA));
	json_object_set_new(o, "event", json_string(name));
	json_object_set_new(o, "time", json_string(when));
	json_object_set_new(o, "pid", json_integer(getpid()));
	if (caller_get()->go)
		json_object_set_new(o, "go", json_integer(caller_get()->go));
	if (git)
		json_object_set_new(
			o, "git_sid", trace_json_string(slice_of(git)));
	return o;
}

void trace_json(char *out, size_t size, const char *name,
	const struct trace_field *fields, size_t count)
{
	json_t *o = trace_json_head(name);
	size_t n;

	for (size_t i = 0; i < count; i++) {
		json_t *v = trace_json_field(&fields[i]);

		if (v)
			json_object_set_new(o, fields[i].key, v);
	}
	n = json_dumpb(o, out, size - 2, JSON_COMPACT);
	if (n > size - 2) {
		/* half an object is no JSON: its head is */
		json_decref(o);
		o = trace_json_head(name);
		json_object_set_new(o, "cut", json_true());
		n = json_dumpb(o, out, size - 2, JSON_COMPACT);
	}
	json_decref(o);
	if (n > size - 2)
		n = 0;
	/* without memory there is no line: an empty one would end a record */
	if (n)
		out[n++] = '\n';
	out[n] = '\0';
}

void trace_emit(
	const char *name, const struct trace_field *fields, size_t count)
{
	char line[TRACE_LINE_MAX];
	int saved = errno;

	trace_open();
	for (size_t i = 0; i < TRACE_TARGETS; i++) {
		struct trace_target *t = &trace_targets[i];

		if (t->fd < 0)
			continue;
		t->format(line, sizeof(line), name, fields, count);
		trace_sink_write(t->fd, line, strlen(line));
	}
	errno = saved;
}

/*
 * Cut to size where a space stands, if at all: of a URL that is cut before
 * its '@' nobody could tell the password.
 */
__attribute__((format(printf, 3, 0))) static void trace_say_format(
	char *text, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(text, size, fmt, ap);
	char *space;

	if (n >= 0 && (size_t)n < size)
		return;
	space = n < 0 ? NULL : strrchr(text, ' ');
	*(space ? space : text) = '\0';
}

static void trace_stderr(const char *text)
{
	char line[1100];
	struct trace_line l = { line, 0, sizeof(line) - 1 };

	trace_puts(&l, "conda-go: ");
	trace_value(&l, slice_of(text), false);
	l.size++;
	trace_put(&l, '\n');
	trace_sink_write(STDERR_FILENO, line, l.len);
}

/*
 * Under `go` with a trace, the trace already reaches the person. Without one
 * our stderr is Go's pipe, which Go shows where the command failed.
 */
void trace_say(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	trace_say_format(text, sizeof(text), fmt, ap);
	va_end(ap);
	trace_event("say", TRACE_STR("text", text));
	if (caller_get()->speak)
		trace_stderr(text);
}

void trace_tell(const char *text)
{
	trace_event("say", TRACE_STR("text", text));
	trace_stderr(text);
}
