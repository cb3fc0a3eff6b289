#include "helper/cmd/credential.h"

#include "helper/base/caller.h"
#include "helper/base/deadline.h"
#include "helper/base/path.h"
#include "helper/base/trace.h"
#include "helper/policy/policy.h"
#include "helper/policy/target.h"
#include "helper/source/credential.h"
#include "helper/source/question.h"
#include "helper/source/source.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* git writes its record at once; by hand one types for a while. */
#define CREDENTIAL_READ_MS 60000
#define CREDENTIAL_WRITE_MS 10000

/* One call of git: what it sent, and the question in it. */
struct credential_call {
	struct record_reader reader;
	struct record record;
	struct credential asked;
	struct wipebuf url; /* of git-remote-https, for its path */
	struct policy *policy;
	struct question q;
};

static void credential_call_release(struct credential_call *c)
{
	question_release(&c->q);
	policy_free(c->policy);
	wipebuf_release(&c->url);
	record_release(&c->record);
	record_reader_release(&c->reader);
}

static int credential_has_path(
	void *arg, const struct target *host, const char *section)
{
	const struct target *asked = arg;

	(void)section;
	return host->path.ptr && slice_eq_nocase(host->host, asked->host);
}

static int credential_hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The path in its own bytes, decoded as git decodes what it sends a helper. */
static struct slice credential_decode(struct wipebuf *url, struct slice path)
{
	char *out = url->ptr + (path.ptr - url->ptr);
	size_t n = 0;

	for (size_t i = 0; i < path.len; i++) {
		int high = -1, low = -1;

		if (path.ptr[i] == '%' && i + 2 < path.len) {
			high = credential_hex(path.ptr[i + 1]);
			low = credential_hex(path.ptr[i + 2]);
		}
		if (high >= 0 && low >= 0)
			i += 2;
		out[n++] = high >= 0 && low >= 0 ? (char)(high << 4 | low)
						 : path.ptr[i];
	}
	for (; n && *out == '/'; out++)
		n--;
	return (struct slice){ out, n };
}

/*
 * git leaves the path out unless credential.useHttpPath is set. Where the
 * policy has a path for this host, the URL that git-remote-https was started
 * with tells it, if it is the host that git asks for (it may have been
 * redirected since).
 */
static void credential_learn_path(
	struct credential_call *c, struct target *target)
{
	struct target whole;

	if (target->path.ptr ||
		!policy_each_host(c->policy, credential_has_path, target) ||
		!caller_url(&c->url) ||
		target_from_url(&whole, wipebuf_slice(&c->url), NULL) < 0)
		return;
	if (!whole.path.ptr || !slice_eq_nocase(whole.scheme, target->scheme) ||
		!slice_eq_nocase(whole.host, target->host) ||
		target_port(&whole) != target_port(target))
		return;
	whole.path = credential_decode(&c->url, whole.path);
	if (whole.path.len && !slice_has_control(whole.path))
		target->path = whole.path;
}

static int credential_call_read(struct credential_call *c, struct error *err)
{
	memset(c, 0, sizeof(*c));
	record_reader_init(&c->reader, STDIN_FILENO);
	record_init(&c->record);
	wipebuf_init(&c->url, 1 << 16);
	if (record_read(&c->reader, &c->record, deadline_in(CREDENTIAL_READ_MS),
		    err) < 0)
		return -1;
	return credential_read(&c->asked, &c->record, err);
}

/* git asks for a certificate's pass phrase so: cert:///PATH, an empty host. */
static bool credential_call_hostless(const struct credential_call *c)
{
	return c->asked.protocol.len && c->asked.host.ptr &&
	       !c->asked.host.len && c->asked.path.len;
}

static int credential_call_ask(
	struct credential_call *c, const char *what, struct error *err)
{
	struct credential *asked = &c->asked;
	struct target target;

	if (target_from_credential(&target, asked->protocol, asked->host,
		    asked->path, asked->username, err) < 0)
		return -1;
	c->policy = policy_new(err);
	if (!c->policy || policy_load(c->policy, err) < 0)
		return -1;
	credential_learn_path(c, &target);
	return question_init(&c->q, what, &target, c->policy, err);
}

static int credential_reply(
	struct credential_call *c, const struct source *from, struct error *err)
{
	struct question *q = &c->q;
	struct credential found;
	struct record reply;
	int got = -1;

	record_init(&reply);
	if (credential_read(&found, &q->answer.record, err) < 0 ||
		credential_write(&found, &reply, err) < 0 ||
		record_write(&reply, STDOUT_FILENO, false,
			deadline_in(CREDENTIAL_WRITE_MS), err) < 0)
		goto out;
	trace_event("credential.answer", TRACE_STR("url", q->url.ptr),
		TRACE_STR("source", from->name),
		TRACE_STR("at", q->answer.place.ptr),
		TRACE_SLICE("user", credential_user_shown(found.username,
					    found.password, false)),
		TRACE_BOOL("password", found.password.ptr),
		TRACE_SINCE("ms", q->began));
	got = 0;
out:
	record_release(&reply);
	return got;
}

/* The path is whoever's who wrote the URL: what is typed must be one word. */
static void credential_say_miss(
	const struct credential_call *c, const struct error *why)
{
	struct buf word;

	buf_init(&word, 4 * c->q.url.max);
	path_quote(&word, c->q.url.ptr);
	trace_say("no credential for %s: %s; see: conda-go config %s",
		c->q.url.ptr, why->text, word.ptr);
	buf_release(&word);
}

static int credential_get(struct credential_call *c, struct error *err)
{
	struct error why = ERROR_INIT;
	const struct source *from = question_ask(&c->q, &why);

	if (from) {
		/* three seconds that went by are to be explained */
		if (c->q.outcome == SOURCE_TIMEOUT)
			trace_say("%s; asked %s next for %s", why.text,
				from->name, c->q.url.ptr);
		return credential_reply(c, from, err);
	}
	trace_event("credential.miss", TRACE_STR("url", c->q.url.ptr),
		TRACE_STR("why", why.text), TRACE_SINCE("ms", c->q.began));
	/*
	 * That nothing is there is no news to git's own user, whose next helper
	 * may have it; under go it is the only word there is. What was refused
	 * or is broken is said to both.
	 */
	if (c->q.outcome > SOURCE_ABSENT || caller_get()->go)
		credential_say_miss(c, &why);
	return 0;
}

/* What could not be kept is said; that nobody here keeps anything is not. */
static int credential_store(struct credential_call *c, struct error *err)
{
	struct question *q = &c->q;
	struct error why = ERROR_INIT;
	const struct source *to = question_store(q, &c->asked, &why);

	(void)err;
	trace_event("credential.stored", TRACE_STR("url", q->url.ptr),
		TRACE_BOOL("stored", q->outcome == SOURCE_CHANGED),
		TRACE_STR("source", to ? to->name : NULL),
		TRACE_STR(
			"at", q->answer.place.len ? q->answer.place.ptr : NULL),
		TRACE_STR(
			"outcome", to ? source_outcome_text(q->outcome) : NULL),
		TRACE_STR("why", why.kind ? why.text : NULL),
		TRACE_SINCE("ms", q->began));
	if (to && q->outcome > SOURCE_ABSENT)
		trace_say("the credential for %s was not kept: %s", q->url.ptr,
			why.text);
	return 0;
}

/* What a source that cannot erase has of it is for its owner to mend. */
static void credential_not_erased(
	const struct credential_call *c, const struct source *from)
{
	const struct question *q = &c->q;
	struct slice ours = record_get(&q->answer.record, "password");

	if (q->outcome != SOURCE_FOUND ||
		(c->asked.password.ptr && !slice_eq(c->asked.password, ours)))
		return;
	trace_event("credential.erased", TRACE_STR("url", q->url.ptr),
		TRACE_BOOL("erased", false), TRACE_STR("source", from->name),
		TRACE_STR("at", q->answer.place.ptr),
		TRACE_STR("why", "a netrc is its owner's to edit"));
	trace_say("%s refused the credential of %s; it cannot be erased "
		  "there: put the new password into that line",
		q->url.ptr, q->answer.place.ptr);
}

static int credential_erase(struct credential_call *c, struct error *err)
{
	struct question *q = &c->q;
	struct error why = ERROR_INIT;
	const struct source *from;
	size_t at = 0;

	(void)err;
	while ((from = question_erase(q, &c->asked, &at, &why))) {
		if (!from->erase) {
			credential_not_erased(c, from);
			continue;
		}
		trace_event("credential.erased", TRACE_STR("url", q->url.ptr),
			TRACE_BOOL("erased", q->outcome == SOURCE_CHANGED),
			TRACE_STR("source", from->name),
			TRACE_STR("at", q->answer.place.ptr),
			TRACE_STR("outcome", source_outcome_text(q->outcome)),
			TRACE_STR("why", why.kind ? why.text : NULL));
		if (q->outcome > SOURCE_ABSENT)
			trace_say("the credential for %s was not erased: %s",
				q->url.ptr, why.text);
	}
	return 0;
}

static int credential_capability(void)
{
	static const char text[] = "version 0\n"
				   "capability authtype\n"
				   "capability state\n";

	fputs(text, stdout);
	return 0;
}

static const struct {
	const char *name, *what; /* the verb, and its event in the trace */
	int (*run)(struct credential_call *c, struct error *err);
} credential_verbs[] = {
	{ "get", "credential.get", credential_get },
	{ "store", "credential.store", credential_store },
	{ "erase", "credential.erase", credential_erase },
};
#define CREDENTIAL_VERBS                                                       \
	(sizeof(credential_verbs) / sizeof(credential_verbs[0]))

static int credential_verb(size_t i, struct error *err)
{
	struct credential_call call;
	int got = credential_call_read(&call, err);

	if (got == 0 && credential_call_hostless(&call)) {
		trace_event("credential.hostless",
			TRACE_SLICE("protocol", call.asked.protocol),
			TRACE_STR("why", "no source of ours has what belongs "
					 "to no host"));
	} else if (got == 0) {
		got = credential_call_ask(&call, credential_verbs[i].what, err);
		if (got == 0)
			got = credential_verbs[i].run(&call, err);
	}
	credential_call_release(&call);
	return got;
}

int credential_run(int argc, char **argv, struct error *err)
{
	if (argc != 2)
		return error_set(err, ERROR_USAGE,
			"usage: conda-go credential "
			"get|store|erase|capability");
	if (!strcmp(argv[1], "capability"))
		return credential_capability();
	for (size_t i = 0; i < CREDENTIAL_VERBS; i++)
		if (!strcmp(argv[1], credential_verbs[i].name))
			return credential_verb(i, err);
	return 0;
}
