#include "transport/connection.h"

#include "helper/base/deadline.h"
#include "helper/base/trace.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

/* Key exchanges, the best first, none with SHA-1; the rest is libssh2's. */
static const char connection_kex[] =
	"curve25519-sha256,curve25519-sha256@libssh.org,"
	"ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
	"diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"
	"diffie-hellman-group14-sha256,"
	"diffie-hellman-group-exchange-sha256";

/* libssh2's LIBSSH2_DISCONNECT_FUNC */
static void connection_dismissed_cb(LIBSSH2_SESSION *session, int reason,
	const char *message, int message_len, const char *language,
	int language_len, void **abstract)
{
	struct wire *w = *abstract;
	struct connection *c =
		(struct connection *)(void *)((char *)w -
					      offsetof(
						      struct connection, wire));

	(void)session;
	(void)language;
	(void)language_len;
	c->dismissed = true;
	if (message && message_len > 0)
		snprintf(c->words, sizeof(c->words), "%.*s", message_len,
			message);
	else
		snprintf(c->words, sizeof(c->words), "reason %d", reason);
}

int connection_init(struct connection *c, const struct ssh2 *lib, int sock,
	const char *peer, struct error *err)
{
	c->lib = lib;
	c->peer = peer;
	c->dismissed = false;
	c->foreign = false;
	wire_init(&c->wire, sock);
	c->ssh = ssh2_session_new(lib, &c->wire);
	if (!c->ssh) {
		close(sock);
		return error_set(err, ERROR_MEMORY, "out of memory");
	}
	lib->session_callback_set(
		c->ssh, LIBSSH2_CALLBACK_RECV, (void *)wire_recv_cb);
	lib->session_callback_set(
		c->ssh, LIBSSH2_CALLBACK_SEND, (void *)wire_send_cb);
	lib->session_callback_set(c->ssh, LIBSSH2_CALLBACK_DISCONNECT,
		(void *)connection_dismissed_cb);
	return 0;
}

void connection_release(struct connection *c)
{
	if (!c->ssh)
		return;
	if (!wire_ended(&c->wire)) {
		c->lib->session_disconnect_ex(
			c->ssh, SSH_DISCONNECT_BY_APPLICATION, "bye", "");
		wire_move(&c->wire);
	}
	c->lib->session_free(c->ssh);
	c->ssh = NULL;
	close(c->wire.sock);
}

int connection_run(struct connection *c, const char *what,
	long (*step)(struct connection *c, void *arg), void *arg, long *result,
	int64_t deadline, struct error *err)
{
	struct error why = ERROR_INIT;

	for (;;) {
		uint64_t received = c->wire.received;

		*result = step(c, arg);
		wire_move(&c->wire);
		if (c->dismissed)
			return error_set(err, ERROR_UNAVAILABLE,
				"%s ended the connection: %s (%s)", c->peer,
				c->words, what);
		if (*result != LIBSSH2_ERROR_EAGAIN)
			return 0;
		if (c->wire.received != received)
			continue;
		if (wire_wait(&c->wire, deadline, &why) < 0)
			return error_set(err, why.kind, "%s %s (%s)", c->peer,
				why.text, what);
	}
}

int connection_failed(struct connection *c, enum error_kind kind,
	const char *what, struct error *err)
{
	char *text = NULL;

	c->lib->session_last_error(c->ssh, &text, NULL, 0);
	return error_set(err, kind, "%s: %s failed: %s", c->peer, what,
		text && *text ? text : "no reason given");
}

static long connection_step_handshake(struct connection *c, void *arg)
{
	(void)arg;
	return c->lib->session_handshake(c->ssh, c->wire.sock);
}

static int connection_prefer(
	struct connection *c, const char *algorithms, struct error *err)
{
	const struct ssh2 *lib = c->lib;

	if (lib->session_method_pref(
		    c->ssh, LIBSSH2_METHOD_KEX, connection_kex) == 0 &&
		lib->session_method_pref(
			c->ssh, LIBSSH2_METHOD_HOSTKEY, algorithms) == 0)
		return 0;
	return connection_failed(
		c, ERROR_UNAVAILABLE, "choosing algorithms", err);
}

static void connection_trace(struct connection *c, int64_t began)
{
	const struct ssh2 *lib = c->lib;

	trace_event("session.handshake", TRACE_STR("peer", c->peer),
		TRACE_STR("server", lib->session_banner_get(c->ssh)),
		TRACE_STR("kex",
			lib->session_methods(c->ssh, LIBSSH2_METHOD_KEX)),
		TRACE_STR("hostkey",
			lib->session_methods(c->ssh, LIBSSH2_METHOD_HOSTKEY)),
		TRACE_STR("cipher",
			lib->session_methods(c->ssh, LIBSSH2_METHOD_CRYPT_CS)),
		TRACE_STR("mac",
			lib->session_methods(c->ssh, LIBSSH2_METHOD_MAC_CS)),
		TRACE_SINCE("ms", began));
}

int connection_handshake(struct connection *c, const char *algorithms,
	int64_t deadline, struct error *err)
{
	int64_t began = deadline_micros();
	long result;

	c->wire.quickack = true;
	if (connection_prefer(c, algorithms, err) < 0 ||
		connection_run(c, "the SSH handshake",
			connection_step_handshake, NULL, &result, deadline,
			err) < 0)
		return -1;
	if (result == 0) {
		connection_trace(c, began);
		return 0;
	}
	c->foreign = result == LIBSSH2_ERROR_KEX_FAILURE;
	return connection_failed(
		c, ERROR_UNAVAILABLE, "the SSH handshake", err);
}

struct slice connection_hostkey(const struct connection *c)
{
	size_t len = 0;
	int type;
	const char *blob = c->lib->session_hostkey(c->ssh, &len, &type);

	return blob ? (struct slice){ blob, len } : SLICE_NONE;
}
