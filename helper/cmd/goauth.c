#include "helper/cmd/goauth.h"

#include "helper/base/deadline.h"
#include "helper/base/trace.h"
#include "helper/base/wipebuf.h"
#include "helper/policy/policy.h"
#include "helper/policy/target.h"
#include "helper/source/credential.h"
#include "helper/source/question.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define GOAUTH_OUT_MAX (1 << 20)
#define GOAUTH_WRITE_MS 10000

struct goauth_call {
	const struct policy *policy;
	struct wipebuf out;
	struct error *err;
};

/* user-id and password of RFC 7617, encoded into out. */
static int goauth_basic(
	struct wipebuf *out, const struct credential *c, struct error *err)
{
	struct wipebuf pair;
	size_t room, n;
	int got = -1;

	wipebuf_init(&pair, 2 * RECORD_LINE_MAX);
	if (wipebuf_addslice(&pair, c->username, err) < 0 ||
		wipebuf_add(&pair, ":", 1, err) < 0 ||
		wipebuf_addslice(&pair, c->password, err) < 0)
		goto out;
	n = BASE64_ENCODE_RAW_LENGTH(pair.len);
	if (wipebuf_room(out, n, &room, err) < 0)
		goto out;
	if (room < n) {
		error_set(err, ERROR_MEMORY, "more credentials than fit");
		goto out;
	}
	base64_encode_raw(
		out->ptr + out->len, pair.len, (const uint8_t *)pair.ptr);
	wipebuf_advance(out, n);
	got = 0;
out:
	wipebuf_release(&pair);
	return got;
}

static int goauth_block(struct wipebuf *out, struct slice url,
	const struct credential *c, struct error *err)
{
	if (wipebuf_addslice(out, url, err) < 0 ||
		wipebuf_adds(out, "\n\nAuthorization: Basic ", err) < 0 ||
		goauth_basic(out, c, err) < 0 ||
		wipebuf_adds(out, "\n\n", err) < 0)
		return -1;
	return 0;
}

/* Why a credential cannot be put into a Basic header, or NULL. */
static const char *goauth_unfit(const struct credential *c)
{
	if (!c->username.ptr || !c->password.ptr)
		return "it lacks the user name or the password";
	if (memchr(c->username.ptr, ':', c->username.len))
		return "a user name with ':' cannot be sent (RFC 7617)";
	return NULL;
}

/* url is what go is to match: the host, or the URL it gave us. */
static int goauth_answer(
	struct goauth_call *call, const struct target *t, struct slice url)
{
	struct error why = ERROR_INIT;
	const struct source *from;
	struct credential found;
	struct question q;
	const char *unfit;
	int got = -1;

	if (question_init(&q, "goauth.get", t, call->policy, call->err) < 0)
		goto out;
	got = 0;
	from = question_ask(&q, &why);
	if (!from) {
		trace_event("goauth.miss", TRACE_STR("url", q.url.ptr),
			TRACE_STR("why", why.text));
		goto out;
	}
	/* what is wrong with one host must not cost the others theirs */
	unfit = credential_read(&found, &q.answer.record, &why) < 0
			? why.text
			: goauth_unfit(&found);
	trace_event("goauth.answer", TRACE_STR("url", q.url.ptr),
		TRACE_STR("source", from->name),
		TRACE_STR("at", q.answer.place.ptr),
		TRACE_SLICE("user", credential_user_shown(found.username,
					    found.password, false)),
		TRACE_BOOL("answered", !unfit), TRACE_STR("why", unfit),
		TRACE_SINCE("ms", q.began));
	if (!unfit)
		got = goauth_block(&call->out, url, &found, call->err);
out:
	question_release(&q);
	return got;
}

static int goauth_url(struct goauth_call *call, const char *url)
{
	struct target t;

	if (slice_has_control(slice_of(url)))
		return error_set(call->err, ERROR_INPUT,
			"a control character in the URL");
	if (target_from_url(&t, slice_of(url), call->err) < 0)
		return -1;
	if (!slice_eq_nocase(t.scheme, slice_of("https"))) {
		trace_event("goauth.miss", TRACE_STR("url", url),
			TRACE_STR("why", "only https gets a credential"));
		return 0;
	}
	return goauth_answer(call, &t, slice_of(url));
}

/* `https://host` and no more: go 1.24 cuts what it looks up at the host. */
static int goauth_host(
	void *arg, const struct target *host, const char *section)
{
	struct target t = *host;
	struct goauth_call *call = arg;
	struct buf url;
	int got = 0;

	(void)section;
	if (t.path.ptr)
		return 0;
	t.scheme = slice_of("https");
	buf_init(&url, 1024);
	if (buf_addf(&url, call->err, "https://%.*s", (int)t.host.len,
		    t.host.ptr) < 0 ||
		(t.port && buf_addf(&url, call->err, ":%d", t.port) < 0))
		got = -1;
	if (got == 0)
		got = goauth_answer(call, &t, buf_slice(&url));
	buf_release(&url);
	return got;
}

int goauth_run(int argc, char **argv, struct error *err)
{
	struct goauth_call call = { .err = err };
	struct policy *policy;
	int got = -1;

	if (argc > 2)
		return error_set(
			err, ERROR_USAGE, "usage: conda-go goauth [url]");
	wipebuf_init(&call.out, GOAUTH_OUT_MAX);
	policy = policy_new(err);
	if (!policy || policy_load(policy, err) < 0)
		goto out;
	call.policy = policy;
	if (argc == 2)
		got = goauth_url(&call, argv[1]);
	else
		got = policy_each_host(policy, goauth_host, &call);
	if (got == 0 && deadline_write(STDOUT_FILENO, wipebuf_slice(&call.out),
				deadline_in(GOAUTH_WRITE_MS)) < 0)
		got = error_errno(err, ERROR_SYSTEM, "stdout");
out:
	policy_free(policy);
	wipebuf_release(&call.out);
	return got;
}
