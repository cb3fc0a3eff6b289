/*
 * Every line of every vector file: what the dialect answers, and whether
 * curl, Go and git answer the same.
 *
 * A vector's `warn` belongs to one query; the warnings belong to a file. So a
 * query with `warn` wants a warning that tells of a difference, or the rule
 * that does; a file none of whose queries has `warn` wants none, but for the
 * few ids in overcautious[].
 */
#include "netrc/netrc.h"
#include "netrc/netrc_warn.h"

#include "helper/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#define VALUE_MAX (2u * 1024u * 1024u)

/*
 * Static reading cannot know which query comes, nor add up what one
 * difference does to another. Each of these files has what its warning says,
 * and all three answer the queries there are alike all the same.
 */
static const char *const overcautious[] = {
	"curl685", /* password only, in the midst of complete entries */
	"py-opt-d0", "py-opt-d1", "py-opt-d3", "py-opt-d6", /* bare default */
	"p-nul-end", /* NUL where no line follows */
	"p-scheme-http", /* machine http://: nobody matches that */
	"p-comment-nospace", /* keywords in a comment outside any entry */
	"p-q-unterminated-later", /* asked only for an earlier entry */
};

struct tally {
	size_t lines, answers, skipped, warned, silent, cautious, bad;
};

struct seen {
	size_t differs;
	char names[256];
};

static void note(const struct netrc_warn *warn, void *arg)
{
	struct seen *s = arg;
	size_t n = strlen(s->names);

	if (!warn->differs)
		return;
	s->differs++;
	snprintf(s->names + n, sizeof(s->names) - n, " %s:%zu", warn->name,
		warn->line);
}

static void add_json(struct buf *b, json_t *v)
{
	struct error err = ERROR_INIT;

	assert_int_equal(
		buf_add(b, json_string_value(v), json_string_length(v), &err),
		0);
}

static void add_times(struct buf *b, json_t *text, json_t *count)
{
	json_int_t i;

	for (i = 0; i < json_integer_value(count); i++)
		add_json(b, text);
}

static int base64_digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

static void add_base64(struct buf *b, const char *s)
{
	unsigned int bits = 0, n = 0;
	struct error err = ERROR_INIT;
	int d;

	for (; (d = base64_digit(*s)) >= 0; s++) {
		bits = bits << 6 | (unsigned int)d;
		n += 6;
		if (n >= 8) {
			char c = (char)(bits >> (n -= 8));

			assert_int_equal(buf_add(b, &c, 1, &err), 0);
		}
	}
}

/* False where the vector has no text (a directory, a missing file). */
static bool netrc_text(json_t *v, struct buf *b)
{
	json_t *parts = json_object_get(v, "netrc_parts"), *part;
	json_t *b64 = json_object_get(v, "netrc_b64");
	json_t *text = json_object_get(v, "netrc");
	size_t i;

	json_array_foreach(parts, i, part)
		add_times(b, json_array_get(part, 0), json_array_get(part, 1));
	if (b64)
		add_base64(b, json_string_value(b64));
	if (json_is_string(text))
		add_json(b, text);
	return parts || b64 || json_is_string(text);
}

static struct slice json_slice(json_t *v)
{
	if (!json_is_string(v))
		return SLICE_NONE;
	return (struct slice){ json_string_value(v), json_string_length(v) };
}

/* What a value is expected to be, as bytes; false: absent. */
static bool expected(json_t *want, json_t *encoding, struct buf *b)
{
	const unsigned char *p;
	struct error err = ERROR_INIT;

	if (json_is_object(want)) {
		add_times(b, json_object_get(want, "repeat"),
			json_object_get(want, "count"));
		return true;
	}
	if (!json_is_string(want))
		return false;
	if (!encoding) {
		add_json(b, want);
		return true;
	}
	/* latin-1: each character is one byte. */
	p = (const unsigned char *)json_string_value(want);
	for (; *p; p++) {
		unsigned char c = *p;

		if (c >= 0xc0)
			c = (unsigned char)(c << 6 | (*++p & 0x3f));
		assert_int_equal(buf_add(b, &c, 1, &err), 0);
	}
	return true;
}

static bool value_is(const struct netrc_token *t, json_t *want, json_t *enc)
{
	static char value[VALUE_MAX];
	struct buf b;
	size_t n;
	bool ok;

	buf_init(&b, VALUE_MAX);
	if (!expected(want, enc, &b)) {
		ok = !netrc_token_present(t);
	} else {
		n = netrc_token_copy(t, value, sizeof(value));
		ok = netrc_token_present(t) && n == b.len &&
		     !memcmp(value, b.ptr, n) &&
		     netrc_token_eq(t, buf_slice(&b));
	}
	buf_release(&b);
	return ok;
}

static const char *const result_texts[] = { "an entry", "null", "error" };

static const char *answer_differs(
	json_t *expect, enum netrc_result result, const struct netrc_match *m)
{
	json_t *login = json_object_get(expect, "login");
	json_t *password = json_object_get(expect, "password");
	json_t *enc = json_object_get(expect, "encoding");
	enum netrc_result want = NETRC_FOUND;

	if (json_is_null(expect))
		want = NETRC_NOT_FOUND;
	else if (json_is_string(expect))
		want = NETRC_ERROR;
	if (result != want)
		return result_texts[result];
	if (want != NETRC_FOUND)
		return NULL;
	if (!value_is(&m->login, login, enc))
		return "another login";
	if (!value_is(&m->password, password, enc))
		return "another password";
	if (m->complete == (json_is_null(login) || json_is_null(password)))
		return "complete or not";
	return NULL;
}

static bool is_overcautious(const char *id)
{
	const char *slash = strchr(id, '/');
	size_t n = slash ? (size_t)(slash - id) : strlen(id), i;

	for (i = 0; i < sizeof(overcautious) / sizeof(overcautious[0]); i++)
		if (strlen(overcautious[i]) == n &&
			!strncmp(overcautious[i], id, n))
			return true;
	return false;
}

static bool same_key(json_t *a, json_t *b, const char *key)
{
	json_t *x = json_object_get(a, key), *y = json_object_get(b, key);

	return x && y ? json_equal(x, y) : x == y;
}

static bool warns(json_t *v)
{
	return json_is_true(
		json_object_get(json_object_get(v, "dialect"), "warn"));
}

/* Does any vector of the same file have warn? */
static bool file_warns(json_t *all, json_t *v)
{
	json_t *o;
	size_t i;

	json_array_foreach(all, i,
		o) if (warns(o) && !json_object_get(o, "file") &&
		       same_key(o, v, "netrc") && same_key(o, v, "netrc_b64") &&
		       same_key(o, v, "netrc_parts")) return true;
	return false;
}

/* Directories, missing files and permissions are the reader's of the file. */
static bool belongs_to_source(json_t *v)
{
	json_t *file = json_object_get(v, "file");
	const char *mode = json_string_value(json_object_get(file, "mode"));

	return json_object_get(file, "kind") ||
	       (mode && (strtol(mode, NULL, 8) & 077));
}

static void mismatch(
	struct tally *t, const char *id, const char *what, const char *names)
{
	t->bad++;
	print_message("# %s: %s%s\n", id, what, names);
}

static void check_warn(struct tally *t, json_t *all, json_t *v,
	struct slice text, const struct netrc_match *m)
{
	const char *id = json_string_value(json_object_get(v, "id"));
	struct seen seen = { 0, "" };

	netrc_warn_each(text, note, &seen);
	if (warns(v)) {
		t->warned++;
		if (!seen.differs && m->rule != NETRC_RULE_ANY_PORT)
			mismatch(t, id, "no warning", "");
	} else if (!file_warns(all, v)) {
		t->silent++;
		if (seen.differs && is_overcautious(id))
			t->cautious++;
		else if (seen.differs)
			mismatch(t, id, "warned of", seen.names);
	}
}

static void check_text(
	struct tally *t, json_t *all, json_t *v, struct slice text)
{
	const char *id = json_string_value(json_object_get(v, "id"));
	json_t *query = json_object_get(v, "query");
	json_t *dialect = json_object_get(v, "dialect");
	struct netrc_query q = {
		.host = json_slice(json_object_get(query, "host")),
		.scheme = json_slice(json_object_get(query, "scheme")),
		.login = json_slice(json_object_get(query, "login")),
		.path = json_slice(json_object_get(query, "path")),
		.port = (int)json_integer_value(json_object_get(query, "port")),
		.use_default = json_is_true(json_object_get(query, "default")),
	};
	struct netrc_match m;
	enum netrc_result result = netrc_lookup(text, &q, &m, NULL);
	const char *wrong =
		answer_differs(json_object_get(dialect, "expect"), result, &m);

	t->answers++;
	if (wrong)
		mismatch(t, id, "answers ", wrong);
	check_warn(t, all, v, text, &m);
}

static void check_vector(struct tally *t, json_t *all, json_t *v)
{
	struct buf text;
	bool there;

	t->lines++;
	buf_init(&text, VALUE_MAX);
	there = netrc_text(v, &text);
	if (belongs_to_source(v)) {
		print_message("# %s belongs to source_netrc\n",
			json_string_value(json_object_get(v, "id")));
		t->skipped++;
	} else if (!there)
		mismatch(t, json_string_value(json_object_get(v, "id")),
			"no text", "");
	else
		check_text(t, all, v, buf_slice(&text));
	buf_release(&text);
}

static json_t *read_vectors(const char *path)
{
	json_t *all = json_array(), *v;
	json_error_t err;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while ((v = json_loadf(
			f, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &err)))
		json_array_append_new(all, v);
	if (!feof(f))
		fail_msg("%s, vector %zu: %s", path, json_array_size(all) + 1,
			err.text);
	fclose(f);
	return all;
}

static struct tally check_file(const char *path)
{
	json_t *all = read_vectors(path), *v;
	struct tally t = { 0 };
	size_t i;

	json_array_foreach(all, i, v) check_vector(&t, all, v);
	json_decref(all);
	print_message("# %s: %zu lines: %zu answers checked, %zu belong to "
		      "source_netrc; %zu want a warning, %zu none (of these "
		      "%zu are known to be warned of); %zu mismatches\n",
		path, t.lines, t.answers, t.skipped, t.warned, t.silent,
		t.cautious, t.bad);
	assert_true(t.answers > 0);
	assert_int_equal(t.lines, t.answers + t.skipped);
	assert_int_equal(t.bad, 0);
	return t;
}

static void test_own(void **state)
{
	struct tally t = check_file("tests/vectors/netrc.jsonl");

	(void)state;
	assert_int_equal(t.skipped, 0);
}

/* Vectors beside the checkout, in development and CI; NULL where none are. */
static const char *shared_path(void)
{
	static const char beside[] = "../shared/vectors/netrc.jsonl";
	const char *named = getenv("NETRC_VECTORS");

	if (named && *named)
		return named;
	return access(beside, R_OK) ? NULL : beside;
}

static void test_shared(void **state)
{
	(void)state;
	check_file(shared_path());
}

/* Without the shared file there is one test less, and none is skipped. */
int main(void)
{
	const struct CMUnitTest own[] = { cmocka_unit_test(test_own) };
	const struct CMUnitTest both[] = { cmocka_unit_test(test_own),
		cmocka_unit_test(test_shared) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (shared_path())
		return cmocka_run_group_tests_name(
			"netrc_vectors", both, NULL, NULL);
	print_message("# no vectors beside the checkout, only our own\n");
	return cmocka_run_group_tests_name("netrc_vectors", own, NULL, NULL);
}
