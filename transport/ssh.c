#include "transport/ssh.h"

#include "helper/base/buf.h"
#include "helper/base/caller.h"
#include "helper/base/path.h"
#include "helper/base/trace.h"
#include "helper/policy/policy.h"
#include "helper/policy/route.h"
#include "helper/policy/target.h"
#include "transport/client.h"
#include "transport/openssh.h"
#include "transport/session.h"
#include "transport/ssh_argv.h"
#include "transport/ssh_config_env.h"
#include "transport/ssh_config_resolve.h"
#include "transport/ssh_sendenv.h"
#include "transport/ssh_settings.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A policy writes an IPv6 address in brackets, git gives it to ssh without. */
static int ssh_target(struct target *t, const struct ssh_argv *a,
	struct buf *host, struct error *err)
{
	bool bare = a->host.len && memchr(a->host.ptr, ':', a->host.len);

	if (buf_adds(host, bare ? "[" : "", err) < 0 ||
		buf_addslice(host, a->host, err) < 0 ||
		buf_adds(host, bare ? "]" : "", err) < 0)
		return -1;
	*t = (struct target){ .scheme = slice_of("ssh"),
		.host = buf_slice(host),
		.path = a->path,
		.user = a->user,
		.port = a->port };
	return 0;
}

/* Words for ssh, and presets for us, that say the same: at most this many. */
#define SSH_PRESETS_MAX 4
#define SSH_LINE_MAX 60000 /* bytes, of a record's 65535 */

/* One call of git's, and what is known of it so far. */
struct ssh_call {
	int argc;
	char **argv;
	struct ssh_argv a;
	struct policy *policy;
	struct route route;
	struct buf identity; /* the policy's, as an absolute path */
	struct ssh_config_preset preset[SSH_PRESETS_MAX + 1]; /* NULL ends */
	const char *option[SSH_PRESETS_MAX]; /* the same for OpenSSH */
	size_t presets;
	struct ssh_config_env_own env;
	struct ssh_settings settings;
	struct buf why; /* the call is OpenSSH's */
};

static struct ssh_call *ssh_call_new(int argc, char **argv, struct error *err)
{
	struct ssh_call *c = calloc(1, sizeof(*c));

	if (!c) {
		error_set(err, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	c->argc = argc;
	c->argv = argv;
	buf_init(&c->identity, PATH_LIMIT);
	buf_init(&c->why, SSH_CONFIG_REASON_MAX);
	ssh_config_env_init(&c->env);
	ssh_settings_init(&c->settings);
	return c;
}

static void ssh_call_free(struct ssh_call *c)
{
	ssh_settings_release(&c->settings);
	ssh_config_env_release(&c->env);
	buf_release(&c->why);
	buf_release(&c->identity);
	policy_free(c->policy);
	ssh_argv_release(&c->a);
	free(c);
}

/* option is what ssh is told with -o; NULL: value with -i. */
static void ssh_call_preset(struct ssh_call *c, const char *keyword,
	const char *value, const char *option, const char *by)
{
	c->option[c->presets] = option;
	c->preset[c->presets++] =
		(struct ssh_config_preset){ keyword, value, by };
}

/*
 * What Go puts into GIT_SSH_COMMAND where nobody set it; since we are set, Go
 * no longer does, and twenty parallel prompts would fight for the terminal.
 */
static void ssh_call_under_go(struct ssh_call *c)
{
	if (caller_get()->go)
		ssh_call_preset(c, "BatchMode", "yes", "BatchMode=yes", "go's");
}

/*
 * The file, or the public key of one that an agent has. Where there is neither
 * OpenSSH would fall back to the default keys, which the policy does not mean.
 */
static int ssh_call_identity_file(
	struct ssh_call *c, const char *identity, struct error *err)
{
	if (path_expand(&c->identity, slice_of(identity), err) < 0)
		return -1;
	if (access(c->identity.ptr, F_OK) == 0)
		return 0;
	if (buf_adds(&c->identity, ".pub", err) < 0)
		return -1;
	if (access(c->identity.ptr, F_OK) == 0)
		return 0;
	return error_set(err, ERROR_POLICY,
		"the policy's identity for this host, %s, is not there; "
		"`conda-go config ssh://%.*s` says which file names it",
		identity, (int)c->a.host.len, c->a.host.ptr);
}

static int ssh_call_identity(struct ssh_call *c, struct error *err)
{
	static const char by[] = "the policy's identity";
	const char *identity = c->route.value[POLICY_KEY_IDENTITY].text;

	if (!identity)
		return 0;
	if (ssh_call_identity_file(c, identity, err) < 0)
		return -1;
	ssh_call_preset(c, "IdentityFile", c->identity.ptr, NULL, by);
	ssh_call_preset(c, "IdentitiesOnly", "yes", "IdentitiesOnly=yes", by);
	return 0;
}

/* --- OpenSSH's ---------------------------------------------------------- */

/*
 * The same command line, with what we would have preset before it. Under go
 * no master is to be started: it would hold go's stderr.
 */
static int ssh_handover(struct ssh_call *c, const char *why, struct error *err)
{
	char *words[OPENSSH_WORDS_MAX + 1] = { NULL };
	size_t n = 0;

	for (size_t i = 0; i < c->presets; i++) {
		const char *option = c->option[i];

		words[n++] = (char *)(option ? "-o" : "-i");
		words[n++] = (char *)(option ? option : c->preset[i].value);
	}
	if (caller_get()->go) {
		words[n++] = (char *)"-o";
		words[n++] = (char *)"ControlMaster=no";
	}
	return openssh_exec(c->argc, c->argv, words, why, err);
}

/* The way out of all that is ours, a policy file that is wrong as well. */
static bool ssh_wants_openssh(void)
{
	const char *variable = getenv("GOCONDA_SSH");

	if (!variable || !*variable || !strcmp(variable, "auto"))
		return false;
	if (!strcmp(variable, "openssh"))
		return true;
	trace_tell("GOCONDA_SSH is neither openssh nor auto, and is ignored");
	return false;
}

/* A call that no policy has been asked about. */
static void ssh_trace_unrouted(const char *why)
{
	trace_event("ssh.call", TRACE_STR("by", caller_get()->name),
		TRACE_STR("rail", route_rail_name(ROUTE_SSH)),
		TRACE_STR("why", why));
}

/* Is there anybody whom ssh could ask, on a terminal or by ssh-askpass(1)? */
static bool ssh_somebody(void)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (tty >= 0)
		close(tty);
	return tty >= 0 || getenv("DISPLAY") || getenv("WAYLAND_DISPLAY") ||
	       getenv("SSH_ASKPASS_REQUIRE");
}

/* --- -G ----------------------------------------------------------------- */

static int ssh_resolve(struct ssh_call *c, struct error *err)
{
	if (ssh_config_resolve(&c->a, &c->env.env, c->preset, &c->settings,
		    &c->why, err) < 0)
		return -1;
	trace_event("ssh.settings", TRACE_STR("host", c->settings.hostname),
		TRACE_SLICE("user", ssh_settings_user_shown(&c->settings)),
		TRACE_INT("port", c->settings.port),
		TRACE_STR("openssh", c->why.len ? c->why.ptr : NULL));
	return 0;
}

/* git asks it before a call, to learn that we are an ssh. */
static int ssh_print(struct ssh_call *c, struct error *err)
{
	struct buf text;
	int got = -1;

	ssh_call_under_go(c);
	buf_init(&text, 4 << 20);
	if (ssh_resolve(c, err) == 0)
		got = ssh_settings_print(&c->settings, &text, err);
	if (got == 0 && fputs(text.ptr, stdout) == EOF)
		got = error_errno(err, ERROR_SYSTEM, "stdout");
	buf_release(&text);
	return got;
}

/* --- a connection ------------------------------------------------------- */

static int ssh_route_to(
	struct ssh_call *c, const struct target *target, struct error *err)
{
	const struct route *route = &c->route;
	struct buf url;
	int got;

	buf_init(&url, 8192);
	target_format(target, &url);
	got = route_choose(c->policy, target, &c->route, err);
	if (got == 0)
		trace_event("ssh.call", TRACE_STR("url", url.ptr),
			TRACE_STR("by", caller_get()->name),
			TRACE_STR("rail", route_rail_name(route->rail)),
			TRACE_BOOL("allowed", route->allowed),
			TRACE_STR("why", route->why),
			TRACE_STR("identity",
				route->value[POLICY_KEY_IDENTITY].text));
	if (got == 0 && !route->allowed)
		got = error_set(err, ERROR_POLICY, "no connection to %s: %s",
			url.ptr, route->why);
	buf_release(&url);
	return got;
}

static int ssh_route(struct ssh_call *c, struct error *err)
{
	struct target target;
	struct buf host;
	int got = -1;

	buf_init(&host, PATH_LIMIT);
	c->policy = policy_new(err);
	if (c->policy && policy_load(c->policy, err) == 0 &&
		ssh_target(&target, &c->a, &host, err) == 0)
		got = ssh_route_to(c, &target, err);
	buf_release(&host);
	return got;
}

/* What a record cannot hold the session cannot get. */
static bool ssh_fits(struct slice line)
{
	return line.len < SSH_LINE_MAX && !memchr(line.ptr, '\n', line.len) &&
	       (!line.len || line.ptr[line.len - 1] != '\r');
}

static size_t ssh_env(const struct ssh_call *c, struct slice *env)
{
	struct ssh_sendenv e = { .s = &c->settings,
		.environ = c->env.env.environ };
	struct slice name, value;
	size_t count = 0;

	while (count < SESSION_ENV_MAX && ssh_sendenv_next(&e, &name, &value)) {
		/* both are of one string, NAME=VALUE */
		struct slice line = { name.ptr, name.len + 1 + value.len };

		if (ssh_fits(line))
			env[count++] = line;
		else
			trace_event("session.env", TRACE_SLICE("name", name),
				TRACE_BOOL("accepted", false),
				TRACE_STR("why", "it has several lines"));
	}
	return count;
}

/* Returns the exit status, or -1; with why set nothing has been done. */
static int ssh_client(struct ssh_call *c, struct error *err)
{
	struct slice env[SESSION_ENV_MAX];
	struct client_call call = {
		.settings = &c->settings, .command = c->a.command, .env = env
	};
	int status = 0;

	if (!ssh_fits(call.command))
		return buf_adds(&c->why,
			"the command has several lines, or a very long one",
			err);
	call.env_count = ssh_env(c, env);
	if (client_run(&call, &status, &c->why, err) < 0)
		return -1;
	return status;
}

static int ssh_connect(struct ssh_call *c, struct error *err)
{
	int status = 0;

	if (ssh_route(c, err) < 0)
		return -1;
	ssh_call_under_go(c);
	if (ssh_call_identity(c, err) < 0)
		return -1;
	if (c->route.openssh)
		return ssh_handover(c, "the policy says ssh = openssh", err);
	if (ssh_resolve(c, err) < 0)
		return -1;
	c->settings.batchmode = c->settings.batchmode || !ssh_somebody();
	if (!c->why.len)
		status = ssh_client(c, err);
	if (status >= 0 && c->why.len)
		return ssh_handover(c, c->why.ptr, err);
	return status;
}

static int ssh_call_run(struct ssh_call *c, struct error *err)
{
	if (ssh_wants_openssh()) {
		ssh_trace_unrouted("GOCONDA_SSH=openssh, whatever the policy");
		ssh_call_under_go(c);
		return ssh_handover(c, "GOCONDA_SSH=openssh", err);
	}
	if (ssh_argv_parse(&c->a, c->argc, c->argv, err) < 0)
		return -1;
	if (c->a.print || c->a.offline)
		ssh_trace_unrouted("a question about ssh, no connection");
	if (c->a.print)
		return ssh_print(c, err);
	if (c->a.offline)
		return openssh_exec(c->argc, c->argv, (char *const[]){ NULL },
			"a question about ssh itself, no connection", err);
	return ssh_connect(c, err);
}

int ssh_run(int argc, char **argv, struct error *err)
{
	struct ssh_call *c = ssh_call_new(argc, argv, err);
	int got = -1;

	if (c) {
		got = ssh_call_run(c, err);
		ssh_call_free(c);
	}
	return got;
}
