#include "transport/session.h"

#include "helper/base/buf.h"
#include "helper/base/deadline.h"
#include "helper/base/path.h"
#include "helper/base/trace.h"
#include "transport/connection.h"
#include "transport/host_algorithms.h"
#include "transport/identity.h"
#include "transport/login.h"
#include "transport/relay.h"
#include "transport/ssh2.h"
#include "transport/ssh_agent.h"
#include "transport/tcp.h"
#include "transport/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Where no ConnectTimeout is given; for TCP, and again for the handshake. */
#define SESSION_CONNECT_MS 30000
/* A key may want a touch or a confirmation. */
#define SESSION_LOGIN_MS 60000
#define SESSION_EXEC_MS 30000
#define SESSION_RECORD_MS 10000
#define SESSION_DAY_S 86400 /* what is longer poll(2) cannot count */
#define SESSION_ASK_S 15
#define SESSION_SILENCE_MS 60000
#define SESSION_AGENT_MS 10000 /* to list its keys, which asks nobody */
#define SESSION_SAY_MAX 16384 /* bytes */
#define SESSION_FDS 3

struct session {
	struct record_reader *in;
	struct ssh_settings settings;
	struct buf peer; /* "git.corp.example port 2222", for people */
	struct buf say; /* lines for people, each ended by LF */
	const struct ssh2 *lib;
	struct trust trust;
	struct ssh_agent agent;
	struct identity_list keys;
	struct connection connection;
	int64_t began;
};

static int session_connect_ms(const struct ssh_settings *s)
{
	if (s->connecttimeout <= 0)
		return SESSION_CONNECT_MS;
	if (s->connecttimeout > SESSION_DAY_S)
		return SESSION_DAY_S * 1000;
	return s->connecttimeout * 1000;
}

int session_open_ms(const struct ssh_settings *s)
{
	return SESSION_AGENT_MS + 2 * session_connect_ms(s) + SESSION_LOGIN_MS +
	       SESSION_RECORD_MS;
}

/* --- answers ------------------------------------------------------------ */

/* A starter that is gone is noticed where it matters: it closes the socket. */
static void session_send(struct session *s, const struct record *r)
{
	record_write(r, s->in->fd, true, deadline_in(SESSION_RECORD_MS), NULL);
}

static void session_answer(struct session *s, const char *state,
	const char *key, const char *value)
{
	struct record r;

	record_init(&r);
	if (record_add(&r, "state", slice_of(state), NULL) == 0 &&
		record_add(&r, key, slice_of(value), NULL) == 0)
		session_send(s, &r);
	record_release(&r);
}

/* Names from outside are in the lines: one that cannot be sent costs itself. */
static void session_answer_failed(struct session *s, const struct error *why)
{
	struct record r;
	char kind[16];

	snprintf(kind, sizeof(kind), "%d", (int)why->kind);
	record_init(&r);
	record_add(&r, "state", slice_of("failed"), NULL);
	record_add(&r, "kind", slice_of(kind), NULL);
	record_add(&r, "text", slice_of(why->text), NULL);
	for (char *at = s->say.ptr, *lf; (lf = strchr(at, '\n')); at = lf + 1)
		record_add(&r, "say[]", (struct slice){ at, (size_t)(lf - at) },
			NULL);
	session_send(s, &r);
	record_release(&r);
}

static void session_answer_exit(struct session *s, const struct relay_exit *end)
{
	char status[16];

	trace_event("session.exit", TRACE_INT("status", end->status),
		TRACE_STR("signal", *end->signal ? end->signal : NULL),
		TRACE_INT("received", (int64_t)s->connection.wire.received),
		TRACE_SINCE("ms", s->began));
	snprintf(status, sizeof(status), "%d", end->status);
	if (*end->signal)
		session_answer(s, "exit", "signal", end->signal);
	else
		session_answer(s, "exit", "status", status);
}

/* --- the connection ----------------------------------------------------- */

static int session_family(const struct ssh_settings *s)
{
	static const int family[] = {
		[SSH_SETTINGS_FAMILY_ANY] = AF_UNSPEC,
		[SSH_SETTINGS_FAMILY_INET] = AF_INET,
		[SSH_SETTINGS_FAMILY_INET6] = AF_INET6,
	};

	return family[s->addressfamily];
}

static int session_connect(struct session *s, struct error *err)
{
	const struct ssh_settings *set = &s->settings;
	struct error why = ERROR_INIT;
	int sock;

	session_answer(s, "step", "text", "looking its name up");
	sock = tcp_connect(set->hostname, set->port, session_family(set),
		deadline_in(session_connect_ms(set)), NULL, &why);
	if (sock < 0)
		return error_set(
			err, why.kind, "%s: %s", s->peer.ptr, why.text);
	return connection_init(&s->connection, s->lib, sock, s->peer.ptr, err);
}

static int session_handshake(struct session *s, struct error *err)
{
	int64_t deadline = deadline_in(session_connect_ms(&s->settings));
	struct buf algorithms;
	int got = -1;

	buf_init(&algorithms, HOST_ALGORITHMS_MAX);
	if (host_algorithms_list(
		    &s->trust.known, &s->lib->can, &algorithms, err) == 0 &&
		connection_handshake(
			&s->connection, algorithms.ptr, deadline, err) == 0)
		got = trust_check(&s->trust, connection_hostkey(&s->connection),
			&s->say, err);
	buf_release(&algorithms);
	return got;
}

/*
 * Everything from outside, before the first byte goes to the server; so also
 * whether the system's ssh has to do it, which why says then.
 */
static int session_prepare(
	struct session *s, struct buf *why, struct error *err)
{
	const struct ssh_settings *set = &s->settings;
	int64_t deadline = deadline_in(SESSION_AGENT_MS);
	struct error missing = ERROR_INIT;

	s->lib = ssh2_load(&missing);
	if (!s->lib)
		return buf_adds(why, missing.text, err);
	if (trust_load(&s->trust, set, err) < 0)
		return -1;
	if (trust_handover(&s->trust, &s->lib->can, why))
		return 0;
	ssh_agent_open(&s->agent, set->identityagent, deadline);
	if (identity_load(&s->keys, set, &s->agent, deadline, err) < 0)
		return -1;
	identity_judge(&s->keys, &s->lib->can, set->batchmode, why);
	return 0;
}

/* Never connect to try something out: it would count against us. */
static int session_has_key(struct session *s, struct error *err)
{
	struct slice user = ssh_settings_user_shown(&s->settings);
	struct buf why;

	if (identity_judge_usable(&s->keys))
		return 0;
	buf_init(&why, SESSION_SAY_MAX);
	identity_explain(&s->keys, &why);
	buf_addf(&s->say, NULL, "%s\n", why.ptr);
	buf_release(&why);
	return error_set(err, ERROR_DENIED,
		"no key to log in to %s with as %.*s; name one with IdentityFile "
		"or the policy's identity, give one to an ssh-agent with "
		"ssh-add, or make one with ssh-keygen",
		s->peer.ptr, (int)user.len, user.ptr);
}

/*
 * A server may have ciphers or key exchanges only that libssh2 lacks, which
 * shows when it is asked. It has seen no name and no key by then, and ssh asks
 * it for its host key anew.
 */
static int session_greet(struct session *s, struct buf *why, struct error *err)
{
	struct error failed = ERROR_INIT;

	if (session_handshake(s, &failed) == 0)
		return 0;
	if (!s->connection.foreign)
		return error_set(err, failed.kind, "%s", failed.text);
	return buf_addf(why, err,
		"libssh2 %s has no algorithms in common with %s; it is not "
		"tried where the policy says ssh = openssh",
		s->lib->can.version, s->peer.ptr);
}

/* Returns 1 with a connection that stands, 0 where why has a reason. */
static int session_open(struct session *s, struct buf *why, struct error *err)
{
	if (session_prepare(s, why, err) < 0)
		return -1;
	if (why->len)
		return 0;
	if (session_has_key(s, err) < 0 || session_connect(s, err) < 0 ||
		session_greet(s, why, err) < 0)
		return -1;
	if (why->len)
		return 0;
	if (login_run(&s->connection, &s->settings, &s->keys, &s->agent,
		    deadline_in(SESSION_LOGIN_MS), &s->say, err) < 0)
		return -1;
	/* nobody signs any more, and no private key is needed */
	identity_release(&s->keys);
	ssh_agent_close(&s->agent);
	trace_event("session.ready", TRACE_STR("peer", s->peer.ptr),
		TRACE_SINCE("ms", s->began));
	return 1;
}

/* --- the command -------------------------------------------------------- */

static size_t session_env(const struct record *r, struct slice *env, size_t max)
{
	struct slice key, value;
	size_t pos = 0, count = 0;

	while (count < max && record_next(r, &pos, &key, &value))
		if (slice_is(key, "env[]"))
			env[count++] = value;
	return count;
}

/* Ours where ServerAliveInterval is not given: no wait is without an end. */
static struct relay_patience session_patience(const struct ssh_settings *s)
{
	int64_t ask = s->serveraliveinterval, times = s->serveralivecountmax;

	if (ask <= 0)
		return (struct relay_patience){ SESSION_ASK_S,
			SESSION_SILENCE_MS };
	if (ask > SESSION_DAY_S)
		ask = SESSION_DAY_S;
	return (struct relay_patience){ (int)ask, ask * 1000 * (times + 1) };
}

/* Takes the fds. */
static int session_command(struct session *s, const struct record *r,
	const int fds[SESSION_FDS], struct relay_exit *end, struct error *err)
{
	struct slice env[SESSION_ENV_MAX];
	size_t count = session_env(r, env, SESSION_ENV_MAX);
	struct relay_patience patience = session_patience(&s->settings);
	LIBSSH2_CHANNEL *channel =
		relay_exec(&s->connection, record_get(r, "command"), env, count,
			deadline_in(SESSION_EXEC_MS), err);

	if (channel)
		return relay_run(&s->connection, channel, fds, s->in->fd,
			&patience, end, err);
	for (int i = 0; i < SESSION_FDS; i++)
		close(fds[i]);
	return -1;
}

static int session_exec(
	struct session *s, struct relay_exit *end, struct error *err)
{
	int fds[SESSION_FDS], got;
	struct record r;
	size_t count;

	record_init(&r);
	got = record_read(s->in, &r, deadline_in(SESSION_RECORD_MS), err);
	count = record_take_fds(s->in, fds, SESSION_FDS);
	if (got > 0 && count == SESSION_FDS) {
		got = session_command(s, &r, fds, end, err);
	} else {
		while (count)
			close(fds[--count]);
		got = error_set(err, ERROR_INPUT,
			"a command came without its three fds");
	}
	record_release(&r);
	return got;
}

/* --- the role ----------------------------------------------------------- */

static int session_begin(struct session *s, struct error *err)
{
	struct record r;
	int got;

	record_init(&r);
	got = record_read(s->in, &r, deadline_in(SESSION_RECORD_MS), err);
	if (got == 0)
		got = error_set(err, ERROR_INPUT, "no settings came");
	if (got > 0)
		got = ssh_settings_read(&s->settings, &r, err);
	record_release(&r);
	if (got < 0)
		return -1;
	return buf_addf(&s->peer, err, "%s port %d", s->settings.hostname,
		s->settings.port);
}

static struct session *session_new(struct record_reader *in)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->in = in;
	s->began = deadline_micros();
	ssh_settings_init(&s->settings);
	trust_init(&s->trust);
	identity_init(&s->keys);
	s->agent.fd = -1;
	buf_init(&s->peer, PATH_LIMIT);
	buf_init(&s->say, SESSION_SAY_MAX);
	return s;
}

static void session_free(struct session *s)
{
	connection_release(&s->connection);
	ssh_agent_close(&s->agent);
	identity_release(&s->keys);
	trust_release(&s->trust);
	ssh_settings_release(&s->settings);
	buf_release(&s->peer);
	buf_release(&s->say);
	free(s);
}

/* One connection, one command. */
static int session_run(struct session *s, struct error *err)
{
	struct relay_exit end = { 0 };
	struct buf why;
	int got;

	buf_init(&why, RECORD_LINE_MAX / 2);
	got = session_begin(s, err);
	if (got == 0)
		got = session_open(s, &why, err);
	if (got == 0)
		session_answer(s, "handover", "text", why.ptr);
	buf_release(&why);
	if (got <= 0)
		return got;
	session_answer(s, "ready", "text", "");
	got = session_exec(s, &end, err);
	connection_release(&s->connection);
	if (got == 0)
		session_answer_exit(s, &end);
	return got;
}

int session_serve(struct record_reader *in)
{
	struct session *s = session_new(in);
	struct error err = ERROR_INIT;
	int got;

	if (!s)
		return 1;
	got = session_run(s, &err);
	if (got < 0)
		session_answer_failed(s, &err);
	session_free(s);
	return got < 0;
}
