#include "transport/ssh_config_resolve.h"

#include "helper/base/path.h"
#include "helper/base/trace.h"
#include "transport/ssh_config_file.h"
#include "transport/ssh_config_finish.h"

#include <sys/stat.h>

/* The options that win over every -o, wherever they stand; the last first. */
static const struct ssh_config_assigned {
	char letter;
	const char *by, *keyword, *value;
} ssh_config_assigned[] = {
	{ '4', "-4", "AddressFamily", "inet" },
	{ '6', "-6", "AddressFamily", "inet6" },
	{ 'T', "-T", "RequestTTY", "no" },
	{ 'a', "-a", "ForwardAgent", "no" },
	{ 'x', "-x", "ForwardX11", "no" },
};

static int ssh_config_resolve_assigned(
	struct ssh_config *c, char letter, struct error *err)
{
	size_t count =
		sizeof(ssh_config_assigned) / sizeof(ssh_config_assigned[0]);

	for (size_t i = 0; i < count; i++) {
		const struct ssh_config_assigned *row = &ssh_config_assigned[i];

		if (row->letter == letter)
			return ssh_config_set(c, row->by, row->keyword,
				slice_of(row->value), err);
	}
	return 0;
}

/* Only a file that is there, by a path that may begin with "~". */
static int ssh_config_resolve_identity(
	struct ssh_config *c, struct slice file, struct error *err)
{
	struct buf path;
	struct stat st;
	int rc = -1;

	buf_init(&path, PATH_LIMIT);
	if (slice_starts(file, "~/") && c->env->home) {
		if (buf_adds(&path, c->env->home, err) < 0)
			goto out;
		file = (struct slice){ file.ptr + 1, file.len - 1 };
	}
	if (buf_addslice(&path, file, err) < 0)
		goto out;
	rc = 0;
	if (stat(path.ptr, &st) == 0)
		rc = ssh_config_set(
			c, "-i", "IdentityFile", buf_slice(&path), err);
	else
		trace_event("ssh.identity", TRACE_STR("file", path.ptr),
			TRACE_STR("outcome", "not there: -i is ignored"));
out:
	buf_release(&path);
	return rc;
}

static int ssh_config_resolve_option(struct ssh_config *c,
	const struct ssh_argv_option *o, struct error *err)
{
	switch (o->letter) {
	case 'o':
		return ssh_config_option(c, o->value, err);
	case 'i':
		return ssh_config_resolve_identity(c, o->value, err);
	case 'l':
		return ssh_config_set(c, "-l", "User", o->value, err);
	case 'p':
		return ssh_config_set(c, "-p", "Port", o->value, err);
	default:
		return 0;
	}
}

static int ssh_config_resolve_line(struct ssh_config *c,
	const struct ssh_argv *a, const struct ssh_config_preset *preset,
	struct error *err)
{
	const char *user;

	for (; preset && preset->keyword; preset++)
		if (ssh_config_set(c, preset->by, preset->keyword,
			    slice_of(preset->value), err) < 0)
			return -1;
	for (size_t i = a->options; i > 0; i--)
		if (ssh_config_resolve_assigned(
			    c, a->option[i - 1].letter, err) < 0)
			return -1;
	for (size_t i = 0; i < a->options; i++)
		if (ssh_config_resolve_option(c, &a->option[i], err) < 0)
			return -1;
	user = c->settings->user;
	if (user && !ssh_argv_user_ok(slice_of(user)))
		return error_set(err, ERROR_USAGE,
			"the user name holds characters that ssh refuses");
	return 0;
}

int ssh_config_resolve(const struct ssh_argv *a,
	const struct ssh_config_env *env,
	const struct ssh_config_preset *presets, struct ssh_settings *out,
	struct buf *handover, struct error *err)
{
	struct ssh_config c;
	int rc;

	if (ssh_settings_replace(&out->host, a->host, err) < 0)
		return -1;
	out->stricthostkeychecking = SSH_SETTINGS_STRICT_ASK;
	ssh_config_init(&c, out, handover, env, out->host);
	ssh_argv_why(a, handover);
	rc = ssh_config_resolve_line(&c, a, presets, err);
	if (rc == 0)
		rc = a->config.ptr ? ssh_config_file_given(&c, a->config, err)
				   : ssh_config_file_defaults(&c, err);
	if (rc == 0)
		rc = ssh_config_finish(&c, err);
	ssh_config_release(&c);
	return rc;
}
