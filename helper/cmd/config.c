#include "helper/cmd/config.h"

#include "helper/base/buf.h"
#include "helper/base/path.h"
#include "helper/policy/route.h"
#include "helper/source/question.h"
#include "helper/source/source_netrc.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Where the provenance of a value begins, in columns. */
#define CONFIG_COLUMN 34

struct config_args {
	bool json;
	const char *target; /* NULL: the whole policy */
};

static int config_parse(
	struct config_args *args, int argc, char **argv, struct error *err)
{
	bool options = true;

	*args = (struct config_args){ false, NULL };
	for (int i = 1; i < argc; i++) {
		if (options && !strcmp(argv[i], "--"))
			options = false;
		else if (options && !strcmp(argv[i], "--json"))
			args->json = true;
		else if (options && argv[i][0] == '-')
			return error_set(err, ERROR_USAGE,
				"config: unknown option '%s'; there is --json",
				argv[i]);
		else if (args->target)
			return error_set(err, ERROR_USAGE,
				"config: one URL or host at a time");
		else
			args->target = argv[i];
	}
	return 0;
}

/* The argument may hold a password: it is not quoted. */
static int config_target(
	struct target *t, const char *written, struct error *err)
{
	struct error why;
	int rc;

	if (strstr(written, "://")) {
		rc = target_from_url(t, slice_of(written), &why);
	} else {
		rc = target_from_name(t, slice_of(written), &why);
		t->scheme = slice_of("https");
	}
	if (rc < 0)
		return error_set(err, ERROR_USAGE, "config: %s", why.text);
	return 0;
}

/* The host's line in ~/.netrc, which git's own libcurl reads; 0: none. */
static size_t config_git_first(const struct target *host)
{
	struct target t = *host;

	if (!t.scheme.ptr)
		t.scheme = slice_of("https");
	return slice_starts(t.scheme, "http") ? source_netrc_git_first(&t) : 0;
}

/* git's own libcurl asks that file before any helper: no policy holds. */
static void config_note_netrc(const struct target *host)
{
	size_t line = config_git_first(host);

	if (line)
		printf("# git answers from ~/.netrc:%zu by itself, before it "
		       "asks a helper; to have this\n# policy hold for git, "
		       "move that entry to a file that a line `netrc =` "
		       "names\n",
			line);
}

/* Who says it, as a person would look for it. */
static void config_where(struct buf *out, const struct policy_value *v)
{
	if (!v->file) {
		buf_adds(out, policy_scope_name(v->scope), NULL);
		return;
	}
	path_shorten(out, v->file);
	for (size_t i = 0; i < out->len; i++)
		if ((unsigned char)out->ptr[i] < 0x20 || out->ptr[i] == 0x7f)
			out->ptr[i] = '?';
	buf_addf(out, NULL, ":%d", v->line);
}

static void config_print_value(const char *mark, enum policy_key key,
	const struct policy_value *v, const char *why)
{
	struct buf where;
	int n;

	buf_init(&where, PATH_LIMIT + 16);
	config_where(&where, v);
	n = printf("%s%s = %s", mark, policy_key_row(key)->name, v->text);
	printf("%*s ; %s%s%s\n", n < CONFIG_COLUMN ? CONFIG_COLUMN - n : 0, "",
		where.ptr, why ? ", " : "", why ? why : "");
	buf_release(&where);
}

struct config_text {
	const char *section; /* of the last line; NULL: none yet */
};

static int config_print_item(void *arg, const struct policy_item *item)
{
	struct config_text *text = arg;

	if (text->section != item->section) {
		if (item->host)
			printf("\n[host \"%s\"]\n", item->section);
		else
			printf("[default]\n");
		text->section = item->section;
		if (item->host)
			config_note_netrc(item->host);
	}
	config_print_value(item->in_force ? "" : "; ", item->key, &item->value,
		item->in_force ? NULL : item->value.why);
	return 0;
}

/* Who would answer now, or why nobody: the same question as git's helper. */
static void config_print_answer(const struct target *t, const struct policy *p)
{
	struct error why = ERROR_INIT;
	struct question q;

	if (question_init(&q, NULL, t, p, &why) == 0 &&
		q.route.rail == ROUTE_HTTPS) {
		if (question_ask(&q, &why))
			printf("answers: %s\n", q.answer.place.ptr);
		else
			printf("answers: nobody (%s)\n", why.text);
	}
	question_release(&q);
}

static void config_print_route(
	const struct target *t, const struct route *r, const struct policy *p)
{
	struct buf url;

	buf_init(&url, PATH_LIMIT);
	target_format(t, &url);
	printf("%s\n", url.ptr);
	buf_release(&url);
	printf("rail: %s%s (%s)\n", route_rail_name(r->rail),
		r->allowed ? "" : ", refused", r->why);
	printf("sources in order:%s", r->sources ? "" : " none");
	for (size_t i = 0; i < r->sources; i++)
		printf(" %zu. %s", i + 1, r->source[i]);
	printf("\n");
	for (unsigned k = 0; k < POLICY_KEYS; k++)
		if (r->value[k].text)
			config_print_value("", (enum policy_key)k, &r->value[k],
				r->value[k].why);
	config_print_answer(t, p);
	config_note_netrc(t);
}

/* JSON has no bytes but UTF-8; a path may have others, shown as '?'. */
static json_t *config_json_text(const char *s)
{
	json_t *made = s ? json_string(s) : json_null();
	struct buf ascii;

	if (made || !s)
		return made;
	buf_init(&ascii, PATH_LIMIT);
	for (; *s; s++)
		buf_add(&ascii, *s < 0 ? "?" : s, 1, NULL);
	made = json_string(ascii.ptr);
	buf_release(&ascii);
	return made;
}

static json_t *config_json_value(const struct policy_value *v)
{
	return json_pack("{s:o, s:o, s:i, s:s, s:o}", "value",
		config_json_text(v->text), "file", config_json_text(v->file),
		"line", v->line, "scope", policy_scope_name(v->scope), "why",
		config_json_text(v->why));
}

static int config_json_item(void *arg, const struct policy_item *item)
{
	json_t *one = config_json_value(&item->value);

	json_object_set_new(one, "section", config_json_text(item->section));
	json_object_set_new(
		one, "key", json_string(policy_key_row(item->key)->name));
	json_object_set_new(one, "in_force", json_boolean(item->in_force));
	return json_array_append_new(arg, one);
}

static json_t *config_json_route(const struct target *t, const struct route *r)
{
	json_t *sources = json_array(), *values = json_object();
	struct buf url;
	json_t *made;

	for (size_t i = 0; i < r->sources; i++)
		json_array_append_new(sources, json_string(r->source[i]));
	for (unsigned k = 0; k < POLICY_KEYS; k++)
		json_object_set_new(values,
			policy_key_row((enum policy_key)k)->name,
			config_json_value(&r->value[k]));
	buf_init(&url, PATH_LIMIT);
	target_format(t, &url);
	made = json_pack("{s:o, s:s, s:b, s:o, s:o, s:o, s:I}", "target",
		config_json_text(url.ptr), "rail", route_rail_name(r->rail),
		"allowed", r->allowed, "why", config_json_text(r->why),
		"sources", sources, "values", values, "git_netrc_line",
		(json_int_t)config_git_first(t));
	buf_release(&url);
	return made;
}

/* Takes the reference to what is printed; NULL is out of memory. */
static int config_print_json(json_t *made, struct error *err)
{
	int rc = made ? json_dumpf(made, stdout, JSON_INDENT(2)) : -1;

	json_decref(made);
	if (rc < 0)
		return error_set(err, ERROR_SYSTEM,
			"config: the JSON could not be made or written");
	putchar('\n');
	return 0;
}

static int config_show_all(const struct policy *p, bool json, struct error *err)
{
	struct config_text text = { NULL };
	json_t *items;

	if (!json)
		return policy_each(p, config_print_item, &text);
	items = json_array();
	if (!items || policy_each(p, config_json_item, items) != 0) {
		json_decref(items);
		return error_set(err, ERROR_MEMORY, "out of memory");
	}
	return config_print_json(json_pack("{s:o}", "policy", items), err);
}

static int config_show_target(const struct policy *p,
	const struct config_args *args, struct error *err)
{
	struct target t;
	struct route r;

	if (config_target(&t, args->target, err) < 0 ||
		route_choose(p, &t, &r, err) < 0)
		return -1;
	if (args->json)
		return config_print_json(config_json_route(&t, &r), err);
	config_print_route(&t, &r, p);
	return 0;
}

int config_run(int argc, char **argv, struct error *err)
{
	struct config_args args;
	struct policy *p;
	int rc = -1;

	if (config_parse(&args, argc, argv, err) < 0)
		return -1;
	p = policy_new(err);
	if (!p)
		return -1;
	if (policy_load(p, err) == 0)
		rc = args.target ? config_show_target(p, &args, err)
				 : config_show_all(p, args.json, err);
	policy_free(p);
	return rc;
}
