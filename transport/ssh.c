#include "transport/ssh.h"

#include "helper/base/buf.h"
#include "helper/base/caller.h"
#include "helper/base/path.h"
#include "helper/base/trace.h"
#include "helper/policy/policy.h"
#include "helper/policy/route.h"
#include "helper/policy/target.h"
#include "transport/openssh.h"
#include "transport/ssh_argv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

/*
 * What Go puts into GIT_SSH_COMMAND where nobody set it; since we are set, Go
 * no longer does, and twenty parallel prompts would fight for the terminal.
 */
static size_t ssh_go_words(char **words)
{
	static char *go[] = { (char *)"-o", (char *)"ControlMaster=no",
		(char *)"-o", (char *)"BatchMode=yes" };

	if (!caller_get()->go)
		return 0;
	memcpy(words, go, sizeof(go));
	return sizeof(go) / sizeof(go[0]);
}

static int ssh_identity_words(
	char **words, struct buf *file, const char *identity, struct error *err)
{
	if (!identity)
		return 0;
	if (path_expand(file, slice_of(identity), err) < 0)
		return -1;
	words[0] = (char *)"-i";
	words[1] = file->ptr;
	words[2] = (char *)"-o";
	words[3] = (char *)"IdentitiesOnly=yes";
	return 4;
}

static const char *ssh_why(const struct route *route)
{
	if (route->openssh)
		return "the policy says ssh = openssh";
	return "this version has no SSH of its own";
}

/* The way out of all that is ours, a policy file that is wrong as well. */
static bool ssh_wants_openssh(void)
{
	const char *variable = getenv("GOCONDA_SSH");

	return variable && !strcmp(variable, "openssh");
}

static int ssh_openssh(int argc, char **argv, struct error *err)
{
	char *words[OPENSSH_WORDS_MAX + 1] = { NULL };

	ssh_go_words(words);
	return openssh_exec(argc, argv, words, "GOCONDA_SSH=openssh", err);
}

static int ssh_handover(
	int argc, char **argv, const struct route *route, struct error *err)
{
	char *words[OPENSSH_WORDS_MAX + 1] = { NULL };
	struct buf identity;
	size_t n = ssh_go_words(words);
	int more, got = -1;

	buf_init(&identity, PATH_LIMIT);
	more = ssh_identity_words(words + n, &identity,
		route->value[POLICY_KEY_IDENTITY].text, err);
	if (more >= 0)
		got = openssh_exec(argc, argv, words, ssh_why(route), err);
	buf_release(&identity);
	return got;
}

static int ssh_route(const struct ssh_argv *a, struct policy *policy,
	struct route *route, struct error *err)
{
	struct target target;
	struct buf host, url;
	int got = -1;

	buf_init(&host, PATH_LIMIT);
	buf_init(&url, 8192);
	if (policy_load(policy, err) < 0 ||
		ssh_target(&target, a, &host, err) < 0 ||
		route_choose(policy, &target, route, err) < 0)
		goto out;
	target_format(&target, &url);
	trace_event("ssh.call", TRACE_STR("url", url.ptr),
		TRACE_STR("by", caller_get()->name));
	trace_event("route", TRACE_STR("rail", route_rail_name(route->rail)),
		TRACE_STR("why", route->why),
		TRACE_STR("identity", route->value[POLICY_KEY_IDENTITY].text),
		TRACE_BOOL("allowed", route->allowed));
	got = 0;
	if (!route->allowed)
		got = error_set(err, ERROR_POLICY, "no connection to %s: %s",
			url.ptr, route->why);
out:
	buf_release(&url);
	buf_release(&host);
	return got;
}

int ssh_run(int argc, char **argv, struct error *err)
{
	struct ssh_argv a;
	struct route route;
	struct policy *policy;
	int got = -1;

	if (ssh_wants_openssh())
		return ssh_openssh(argc, argv, err);
	if (ssh_argv_parse(&a, argc, argv, err) < 0)
		return -1;
	if (a.offline)
		return openssh_exec(argc, argv, (char *const[]){ NULL },
			"a question about ssh itself, no connection", err);
	policy = policy_new(err);
	if (policy && ssh_route(&a, policy, &route, err) == 0)
		got = ssh_handover(argc, argv, &route, err);
	policy_free(policy);
	return got;
}
