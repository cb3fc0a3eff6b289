#include "transport/known_hosts.h"

#include "transport/host_names.h"

#include <nettle/base64.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define KNOWN_HOSTS_PORT 22

/* The words of one line; names is absent where there is nothing on it. */
struct known_hosts_line {
	enum known_hosts_marker marker;
	struct slice names, type, base64;
};

static const struct {
	const char *word;
	enum known_hosts_marker marker;
} known_hosts_markers[] = {
	{ "@revoked", KNOWN_HOSTS_MARKER_REVOKED },
	{ "@cert-authority", KNOWN_HOSTS_MARKER_AUTHORITY },
};

#define KNOWN_HOSTS_MARKERS                                                    \
	(sizeof(known_hosts_markers) / sizeof(known_hosts_markers[0]))

void known_hosts_init(struct known_hosts *kh)
{
	memset(kh, 0, sizeof(*kh));
	buf_init(&kh->name, KNOWN_HOSTS_NAME_MAX + sizeof("[]:65535"));
	buf_init(&kh->plain, KNOWN_HOSTS_NAME_MAX);
}

void known_hosts_release(struct known_hosts *kh)
{
	for (size_t i = 0; i < kh->count; i++)
		free((void *)kh->entries[i].key.blob.ptr);
	free(kh->entries);
	buf_release(&kh->name);
	buf_release(&kh->plain);
	known_hosts_init(kh);
}

static int known_hosts_check_name(struct slice name, struct error *err)
{
	if (!name.len || name.len > KNOWN_HOSTS_NAME_MAX ||
		slice_has_control(name))
		return error_set(err, ERROR_INPUT,
			"a host name that is empty, too long, or has control "
			"characters");
	return 0;
}

static void known_hosts_lower(struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if (b->ptr[i] >= 'A' && b->ptr[i] <= 'Z')
			b->ptr[i] = (char)(b->ptr[i] - 'A' + 'a');
}

int known_hosts_host(struct known_hosts *kh, struct slice host, int port,
	struct slice alias, struct error *err)
{
	if (known_hosts_check_name(alias.ptr ? alias : host, err) < 0)
		return -1;
	if (alias.ptr || port == KNOWN_HOSTS_PORT) {
		if (buf_addslice(&kh->name, alias.ptr ? alias : host, err) < 0)
			return -1;
	} else if (buf_addslice(&kh->plain, host, err) < 0 ||
		   buf_addf(&kh->name, err, "[%s]:%d", kh->plain.ptr, port) <
			   0) {
		return -1;
	}
	known_hosts_lower(&kh->name);
	known_hosts_lower(&kh->plain);
	return 0;
}

static bool known_hosts_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void known_hosts_skip(struct slice *rest)
{
	for (; rest->len && known_hosts_is_blank(*rest->ptr); rest->len--)
		rest->ptr++;
}

/* The next word is taken off rest, with the blanks behind it. */
static struct slice known_hosts_word(struct slice *rest)
{
	struct slice word = { rest->ptr, 0 };

	while (word.len < rest->len &&
		!known_hosts_is_blank(rest->ptr[word.len]))
		word.len++;
	rest->ptr += word.len;
	rest->len -= word.len;
	known_hosts_skip(rest);
	return word;
}

static enum known_hosts_marker known_hosts_marker_of(struct slice word)
{
	for (size_t i = 0; i < KNOWN_HOSTS_MARKERS; i++)
		if (slice_is(word, known_hosts_markers[i].word))
			return known_hosts_markers[i].marker;
	return KNOWN_HOSTS_MARKER_NONE;
}

/* Returns what is wrong with the line, NULL where nothing is. */
static const char *known_hosts_split(
	struct known_hosts_line *l, struct slice rest)
{
	memset(l, 0, sizeof(*l));
	known_hosts_skip(&rest);
	if (!rest.len || *rest.ptr == '#')
		return NULL;
	if (*rest.ptr == '@') {
		l->marker = known_hosts_marker_of(known_hosts_word(&rest));
		if (l->marker == KNOWN_HOSTS_MARKER_NONE)
			return "a marker other than @revoked and "
			       "@cert-authority";
		if (rest.len && *rest.ptr == '@')
			return "a second marker";
	}
	l->names = known_hosts_word(&rest);
	if (!rest.len || *rest.ptr == '#')
		return "no key behind the host names";
	l->type = known_hosts_word(&rest);
	l->base64 = known_hosts_word(&rest);
	return NULL;
}

static void known_hosts_spoilt(struct known_hosts *kh,
	const struct known_hosts_entry *e, const char *why)
{
	if (kh->bad_count < KNOWN_HOSTS_BAD_MAX)
		kh->bad[kh->bad_count] =
			(struct known_hosts_bad){ e->file, e->line, why };
	kh->bad_count++;
}

/* The name with its port first: its entries are worth more. */
static enum host_names_result known_hosts_means(const struct known_hosts *kh,
	struct slice names, struct known_hosts_entry *e)
{
	enum host_names_result result =
		host_names_match(names, buf_slice(&kh->name));

	if (result == HOST_NAMES_NO && kh->plain.len) {
		result = host_names_match(names, buf_slice(&kh->plain));
		e->portless = result == HOST_NAMES_YES;
	}
	e->pattern = host_names_is_pattern(names);
	return result;
}

/* blob gets malloced bytes; more than a key may have is no bad line. */
static int known_hosts_decode(struct slice text, struct slice *blob,
	const char **why, struct error *err)
{
	struct base64_decode_ctx ctx;
	uint8_t *bytes;
	size_t n = 0;

	if (BASE64_DECODE_LENGTH(text.len) > HOST_KEY_MAX)
		return error_set(err, ERROR_INPUT,
			"a key of more than %d bytes", HOST_KEY_MAX);
	bytes = malloc(BASE64_DECODE_LENGTH(text.len) + 1);
	if (!bytes)
		return error_set(err, ERROR_MEMORY, "out of memory");
	base64_decode_init(&ctx);
	if (!base64_decode_update(&ctx, &n, bytes, text.len, text.ptr) ||
		!base64_decode_final(&ctx))
		*why = "a key that is not base64";
	*blob = (struct slice){ (char *)bytes, n };
	return 0;
}

/* OpenSSH takes the names of RSA's signatures for that of its keys. */
static bool known_hosts_is_type(struct slice written, struct slice type)
{
	return slice_eq(written, type) ||
	       (slice_is(type, "ssh-rsa") &&
		       (slice_is(written, "rsa-sha2-256") ||
			       slice_is(written, "rsa-sha2-512")));
}

static int known_hosts_key(struct known_hosts_entry *e,
	const struct known_hosts_line *l, const char **why, struct error *err)
{
	struct slice blob = SLICE_NONE;

	if (known_hosts_decode(l->base64, &blob, why, err) < 0)
		return -1;
	if (!*why && host_key_read(&e->key, blob, NULL) < 0)
		*why = "a malformed key";
	if (!*why && !known_hosts_is_type(l->type, e->key.type))
		*why = "a key of another type than the line says";
	if (*why)
		free((void *)blob.ptr);
	return 0;
}

static int known_hosts_room(
	struct known_hosts *kh, size_t key_bytes, struct error *err)
{
	size_t cap = kh->cap ? kh->cap * 2 : 8;
	struct known_hosts_entry *entries;

	if (kh->count == KNOWN_HOSTS_ENTRIES_MAX)
		return error_set(err, ERROR_INPUT,
			"more than %d keys for one host",
			KNOWN_HOSTS_ENTRIES_MAX);
	if (key_bytes > KNOWN_HOSTS_KEYS_MAX - kh->key_bytes)
		return error_set(err, ERROR_INPUT,
			"more than %d bytes of keys for one host",
			KNOWN_HOSTS_KEYS_MAX);
	if (kh->count < kh->cap)
		return 0;
	entries = realloc(kh->entries, cap * sizeof(*entries));
	if (!entries)
		return error_set(err, ERROR_MEMORY, "out of memory");
	kh->entries = entries;
	kh->cap = cap;
	return 0;
}

static int known_hosts_keep(struct known_hosts *kh, struct known_hosts_entry *e,
	const struct known_hosts_line *l, struct error *err)
{
	const char *why = NULL;

	if (known_hosts_key(e, l, &why, err) < 0)
		return -1;
	if (why) {
		known_hosts_spoilt(kh, e, why);
		return 0;
	}
	if (known_hosts_room(kh, e->key.blob.len, err) < 0) {
		free((void *)e->key.blob.ptr);
		return -1;
	}
	e->marker = l->marker;
	kh->key_bytes += e->key.blob.len;
	kh->entries[kh->count++] = *e;
	return 0;
}

static int known_hosts_line(struct known_hosts *kh, struct known_hosts_entry *e,
	struct slice text, struct error *err)
{
	struct known_hosts_line l;
	const char *why, *nul = memchr(text.ptr, '\0', text.len);

	if (text.len > KNOWN_HOSTS_LINE_MAX)
		return error_set(err, ERROR_INPUT,
			"a line of more than %d bytes", KNOWN_HOSTS_LINE_MAX);
	if (text.len && text.ptr[text.len - 1] == '\r')
		text.len--;
	if (nul)
		text.len = (size_t)(nul - text.ptr);
	why = known_hosts_split(&l, text);
	if (!why && !l.names.ptr)
		return 0;
	if (!why) {
		switch (known_hosts_means(kh, l.names, e)) {
		case HOST_NAMES_NO:
			return 0;
		case HOST_NAMES_YES:
			return known_hosts_keep(kh, e, &l, err);
		case HOST_NAMES_BAD:
			why = "a malformed hashed name";
		}
	}
	known_hosts_spoilt(kh, e, why);
	return 0;
}

int known_hosts_read(struct known_hosts *kh, const char *file,
	struct slice text, struct error *err)
{
	struct error why = ERROR_INIT;
	size_t number = 0;

	if (text.len > KNOWN_HOSTS_TEXT_MAX - kh->text_bytes) {
		kh->broken = true;
		return error_set(err, ERROR_INPUT,
			"%s: more than %d bytes of known hosts", file,
			KNOWN_HOSTS_TEXT_MAX);
	}
	kh->text_bytes += text.len;
	while (text.len) {
		struct known_hosts_entry e = { .file = file, .line = ++number };
		const char *lf = memchr(text.ptr, '\n', text.len);
		size_t n = lf ? (size_t)(lf - text.ptr) : text.len;

		if (known_hosts_line(
			    kh, &e, (struct slice){ text.ptr, n }, &why) < 0) {
			kh->broken = true;
			return error_set(err, why.kind, "%s:%zu: %s", file,
				number, why.text);
		}
		n += lf != NULL;
		text.ptr += n;
		text.len -= n;
	}
	return 0;
}

/* Under which of the two names an entry is looked for. */
enum known_hosts_under {
	KNOWN_HOSTS_UNDER_EITHER,
	KNOWN_HOSTS_UNDER_NAME,
	KNOWN_HOSTS_UNDER_PLAIN,
};

struct known_hosts_query {
	enum known_hosts_marker marker;
	enum known_hosts_under under;
	const struct host_key *key; /* NULL: any */
	struct slice type; /* absent: any */
};

static const struct known_hosts_entry *known_hosts_find(
	const struct known_hosts *kh, struct known_hosts_query q)
{
	bool portless = q.under == KNOWN_HOSTS_UNDER_PLAIN;

	for (size_t i = 0; i < kh->count; i++) {
		const struct known_hosts_entry *e = &kh->entries[i];

		if (e->marker == q.marker &&
			(q.under == KNOWN_HOSTS_UNDER_EITHER ||
				e->portless == portless) &&
			(!q.key || host_key_eq(&e->key, q.key)) &&
			(!q.type.ptr || slice_eq(e->key.type, q.type)))
			return e;
	}
	return NULL;
}

int known_hosts_judge(const struct known_hosts *kh, const struct host_key *key,
	struct known_hosts_answer *answer, struct error *err)
{
	const struct {
		enum known_hosts_verdict verdict;
		struct known_hosts_query query;
	} rules[] = {
		/* the first that finds an entry decides */
		{ KNOWN_HOSTS_REVOKED,
			{ KNOWN_HOSTS_MARKER_REVOKED, KNOWN_HOSTS_UNDER_EITHER,
				key, SLICE_NONE } },
		{ KNOWN_HOSTS_KNOWN,
			{ KNOWN_HOSTS_MARKER_NONE, KNOWN_HOSTS_UNDER_NAME, key,
				SLICE_NONE } },
		{ KNOWN_HOSTS_CHANGED,
			{ KNOWN_HOSTS_MARKER_NONE, KNOWN_HOSTS_UNDER_NAME, NULL,
				key->type } },
		{ KNOWN_HOSTS_OTHER_TYPE,
			{ KNOWN_HOSTS_MARKER_NONE, KNOWN_HOSTS_UNDER_NAME, NULL,
				SLICE_NONE } },
		{ KNOWN_HOSTS_KNOWN,
			{ KNOWN_HOSTS_MARKER_NONE, KNOWN_HOSTS_UNDER_PLAIN, key,
				SLICE_NONE } },
	};

	if (kh->broken)
		return error_set(err, ERROR_INPUT,
			"the files of known hosts were not read whole");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		answer->verdict = rules[i].verdict;
		answer->entry = known_hosts_find(kh, rules[i].query);
		if (answer->entry)
			return 0;
	}
	answer->verdict = KNOWN_HOSTS_UNKNOWN;
	return 0;
}

const struct known_hosts_entry *known_hosts_authority(
	const struct known_hosts *kh)
{
	return known_hosts_find(
		kh, (struct known_hosts_query){ KNOWN_HOSTS_MARKER_AUTHORITY,
			    KNOWN_HOSTS_UNDER_EITHER, NULL, SLICE_NONE });
}

const struct known_hosts_entry *known_hosts_next(
	const struct known_hosts *kh, size_t *pos)
{
	struct known_hosts_query any = { KNOWN_HOSTS_MARKER_NONE,
		KNOWN_HOSTS_UNDER_NAME, NULL, SLICE_NONE };
	bool portless = !known_hosts_find(kh, any);

	while (*pos < kh->count) {
		const struct known_hosts_entry *e = &kh->entries[(*pos)++];
		struct known_hosts_query revoked = { KNOWN_HOSTS_MARKER_REVOKED,
			KNOWN_HOSTS_UNDER_EITHER, &e->key, SLICE_NONE };

		if (e->marker == KNOWN_HOSTS_MARKER_NONE &&
			e->portless == portless &&
			!known_hosts_find(kh, revoked))
			return e;
	}
	return NULL;
}
