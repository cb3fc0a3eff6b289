#include "transport/login.h"

#include "helper/base/deadline.h"
#include "helper/base/trace.h"
#include "transport/host_key.h"
#include "transport/ssh_sign.h"

#include <string.h>

/* One key that is offered. */
struct login {
	struct connection *c;
	const char *user;
	struct slice shown; /* the user, for people */
	const struct identity *key;
	struct ssh_agent *agent;
	int64_t deadline;
	void *self; /* for the callback */
	struct error why; /* of the agent */
};

static int login_agent_sign(struct login *l, struct slice data,
	struct slice *raw, struct error *err)
{
	struct slice blob = buf_slice(&l->key->key.blob), algorithm, signature;
	uint32_t flags;

	if (ssh_sign_request(data, blob, &algorithm, &flags, err) < 0 ||
		ssh_agent_sign(l->agent, blob, data, flags, &signature,
			l->deadline, err) < 0)
		return -1;
	return ssh_sign_raw(signature, algorithm, raw, err);
}

/* libssh2's LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC */
static int login_sign_cb(LIBSSH2_SESSION *session, unsigned char **sig,
	size_t *sig_len, const unsigned char *data, size_t data_len,
	void **abstract)
{
	struct login *l = *abstract;
	struct slice raw;

	(void)session;
	if (login_agent_sign(l, (struct slice){ (const char *)data, data_len },
		    &raw, &l->why) < 0)
		return -1;
	*sig = ssh2_alloc(raw.len);
	if (!*sig)
		return -1;
	memcpy(*sig, raw.ptr, raw.len);
	*sig_len = raw.len;
	return 0;
}

static long login_step(struct connection *c, void *arg)
{
	struct login *l = arg;
	const struct identity *key = l->key;

	if (key->in_agent)
		return c->lib->userauth_publickey(c->ssh, l->user,
			(const unsigned char *)key->key.blob.ptr,
			key->key.blob.len, login_sign_cb, &l->self);
	return c->lib->userauth_publickey_frommemory(c->ssh, l->user,
		strlen(l->user), NULL, 0, key->text.ptr, key->text.len, NULL);
}

static void login_fingerprint(
	const struct identity *key, char out[HOST_KEY_FINGERPRINT_SIZE])
{
	struct host_key k;

	out[0] = '\0';
	if (host_key_read(&k, buf_slice(&key->key.blob), NULL) == 0)
		host_key_fingerprint(out, &k);
}

/* The reason that libssh2 gives, or the agent where it was asked. */
static const char *login_reason(struct login *l)
{
	char *text = NULL;

	if (l->why.kind)
		return l->why.text;
	l->c->lib->session_last_error(l->c->ssh, &text, NULL, 0);
	return text;
}

/* Returns libssh2's result, or 1 where the connection is over. */
static long login_try(struct login *l, struct buf *say, struct error *err)
{
	char print[HOST_KEY_FINGERPRINT_SIZE];
	int64_t began = deadline_micros();
	struct buf label;
	long result;
	int got = connection_run(
		l->c, "logging in", login_step, l, &result, l->deadline, err);

	buf_init(&label, 4096);
	identity_label(l->key, &label);
	login_fingerprint(l->key, print);
	trace_event("auth.key", TRACE_SLICE("user", l->shown),
		TRACE_STR("key", label.ptr),
		TRACE_STR("type", l->key->key.type),
		TRACE_STR("fingerprint", print),
		TRACE_STR("from", l->key->in_agent ? "agent" : "file"),
		TRACE_BOOL("accepted", got == 0 && result == 0),
		TRACE_STR("why", got < 0 || result ? login_reason(l) : NULL),
		TRACE_SINCE("ms", began));
	if (got == 0 && result)
		buf_addf(say, NULL, "offered and not accepted: %s%s%s%s%s\n",
			label.ptr, *print ? " " : "", print,
			l->why.kind ? ": " : "",
			l->why.kind ? l->why.text : "");
	buf_release(&label);
	return got < 0 ? 1 : result;
}

static long login_step_list(struct connection *c, void *arg)
{
	struct login *l = arg;
	char *list = c->lib->userauth_list(
		c->ssh, l->user, (unsigned)strlen(l->user));

	if (list) {
		l->self = list;
		return 0;
	}
	return c->lib->session_last_errno(c->ssh);
}

/* The server says what it takes only to who asks; that may fail as well. */
static const char *login_taken(struct login *l)
{
	long result = -1;

	l->self = NULL;
	if (connection_run(l->c, "asking what it takes", login_step_list, l,
		    &result, l->deadline, NULL) < 0 ||
		result < 0)
		return NULL;
	return l->self;
}

/* Where it takes no key now, it may have taken one, and want more than that. */
static int login_refused(struct login *l, struct buf *say, struct error *err)
{
	const char *taken = login_taken(l);

	if (taken && !slice_has_control(slice_of(taken)))
		buf_addf(say, NULL, "it takes: %s\n", taken);
	if (taken && !strstr(taken, "publickey"))
		return error_set(err, ERROR_DENIED,
			"%s wants more than a key of %.*s, which is left to "
			"OpenSSH; set ssh = openssh for it in the policy",
			l->c->peer, (int)l->shown.len, l->shown.ptr);
	return error_set(err, ERROR_DENIED,
		"%s lets %.*s in with none of these keys; add one to that "
		"account, or name another with IdentityFile or the policy's "
		"identity",
		l->c->peer, (int)l->shown.len, l->shown.ptr);
}

int login_run(struct connection *c, const struct ssh_settings *s,
	const struct identity_list *keys, struct ssh_agent *agent,
	int64_t deadline, struct buf *say, struct error *err)
{
	struct login l = { .c = c,
		.user = s->user,
		.shown = ssh_settings_user_shown(s),
		.agent = agent,
		.deadline = deadline };

	for (size_t i = 0; i < keys->count; i++) {
		long result;

		if (keys->item[i].verdict != IDENTITY_USABLE)
			continue;
		l.key = &keys->item[i];
		l.self = &l;
		l.why = (struct error)ERROR_INIT;
		result = login_try(&l, say, err);
		if (result == 0)
			return 0;
		if (result > 0 && c->dismissed && say->len)
			buf_adds(say,
				"one key would do: name it with IdentityFile "
				"and IdentitiesOnly, or the policy's "
				"identity\n",
				NULL);
		if (result > 0)
			return -1;
	}
	return login_refused(&l, say, err);
}
