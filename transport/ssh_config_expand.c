#include "transport/ssh_config_expand.h"

#include "helper/base/path.h"

#include <nettle/sha1.h>
#include <string.h>

struct ssh_config_expand_in {
	const struct ssh_config_env *env;
	const struct ssh_settings *s;
};

typedef int ssh_config_expand_token(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err);

static int ssh_config_expand_home(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	if (!in->env->home) {
		error_set(err, ERROR_INPUT, "there is no home");
		return 1;
	}
	return buf_adds(out, in->env->home, err);
}

static int ssh_config_expand_remote(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	return buf_adds(out, in->s->hostname, err);
}

static int ssh_config_expand_uid(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	return buf_addf(out, err, "%lu", (unsigned long)in->env->uid);
}

static int ssh_config_expand_jump(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	(void)in;
	return buf_adds(out, "", err);
}

static int ssh_config_expand_alias(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	const char *alias = in->s->hostkeyalias;

	return buf_adds(out, alias ? alias : in->s->host, err);
}

static int ssh_config_expand_short(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	const char *machine = in->env->machine;

	return buf_add(out, machine, strcspn(machine, "."), err);
}

static int ssh_config_expand_machine(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	return buf_adds(out, in->env->machine, err);
}

static int ssh_config_expand_typed(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	return buf_adds(out, in->s->host, err);
}

static int ssh_config_expand_port(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	return buf_addf(out, err, "%d", in->s->port);
}

static int ssh_config_expand_user(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	return buf_adds(out, in->s->user, err);
}

static int ssh_config_expand_login(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	int rc = ssh_config_env_login(in->env, out, err);

	return rc < 0 ? 1 : 0;
}

/* SHA-1 of %l%h%p%r%j, in hexadecimal: a name, nothing to be trusted. */
static int ssh_config_expand_hash(const struct ssh_config_expand_in *in,
	struct buf *out, struct error *err)
{
	uint8_t digest[SHA1_DIGEST_SIZE];
	struct sha1_ctx sha;
	struct buf text;
	int rc = -1;

	buf_init(&text, 4 * PATH_LIMIT);
	if (buf_addf(&text, err, "%s%s%d%s", in->env->machine, in->s->hostname,
		    in->s->port, in->s->user) < 0)
		goto out;
	sha1_init(&sha);
	sha1_update(&sha, text.len, (const uint8_t *)text.ptr);
	sha1_digest(&sha, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		if (buf_addf(out, err, "%02x", digest[i]) < 0)
			goto out;
	rc = 0;
out:
	buf_release(&text);
	return rc;
}

static ssh_config_expand_token *const ssh_config_expand_tokens[128] = {
	['C'] = ssh_config_expand_hash,
	['L'] = ssh_config_expand_short,
	['d'] = ssh_config_expand_home,
	['h'] = ssh_config_expand_remote,
	['i'] = ssh_config_expand_uid,
	['j'] = ssh_config_expand_jump,
	['k'] = ssh_config_expand_alias,
	['l'] = ssh_config_expand_machine,
	['n'] = ssh_config_expand_typed,
	['p'] = ssh_config_expand_port,
	['r'] = ssh_config_expand_user,
	['u'] = ssh_config_expand_login,
};

/* *text is behind the '%', and then behind what was read. */
static int ssh_config_expand_percent(const struct ssh_config_expand_in *in,
	const char **text, struct buf *out, struct error *why)
{
	unsigned char c = (unsigned char)**text;

	*text += c != '\0';
	if (c == '%')
		return buf_adds(out, "%", why);
	if (c < 128 && ssh_config_expand_tokens[c])
		return ssh_config_expand_tokens[c](in, out, why);
	error_set(why, ERROR_INPUT, "the token %%%.1s", c ? *text - 1 : "");
	return 1;
}

/* *text is behind the "${". */
static int ssh_config_expand_variable(const struct ssh_config_expand_in *in,
	const char **text, struct buf *out, struct error *why)
{
	size_t n = strcspn(*text, "}");
	struct slice name = { *text, n };
	const char *value = n ? ssh_config_env_get(in->env, name) : NULL;

	if (!(*text)[n] || !value) {
		error_set(why, ERROR_INPUT, "${%.*s%s", (int)(n < 64 ? n : 64),
			*text, (*text)[n] ? "} is not set" : " has no }");
		return 1;
	}
	*text += n + 1;
	return buf_adds(out, value, why);
}

int ssh_config_expand(const struct ssh_config_env *env,
	const struct ssh_settings *s, const char *text, struct buf *out,
	struct error *why)
{
	const struct ssh_config_expand_in in = { env, s };
	int rc = 0;

	while (*text && rc == 0) {
		size_t n = strcspn(text, "%$");

		if (!n && text[0] == '$' && text[1] != '{')
			n = 1;
		if (buf_add(out, text, n, why) < 0)
			return -1;
		text += n;
		if (n)
			continue;
		if (*text == '%') {
			text++;
			rc = ssh_config_expand_percent(&in, &text, out, why);
		} else {
			text += 2;
			rc = ssh_config_expand_variable(&in, &text, out, why);
		}
	}
	return rc;
}

int ssh_config_expand_hostname(
	const char *host, const char *text, struct buf *out, struct error *why)
{
	for (; *text; text++) {
		if (*text == '%' && text[1] == 'h') {
			if (buf_adds(out, host, why) < 0)
				return -1;
			text++;
			continue;
		}
		if (*text == '%' && text[1] != '%') {
			error_set(why, ERROR_INPUT, "the token %.2s", text);
			return 1;
		}
		text += *text == '%';
		if (buf_add(out, text, 1, why) < 0)
			return -1;
	}
	return 0;
}

/* "~", "~/x", "~//x" */
static int ssh_config_expand_tilde(const struct ssh_config_env *env,
	const char *text, struct buf *out, struct error *why)
{
	size_t n = env->home ? strlen(env->home) : 0;

	if (text[0] != '~')
		return buf_adds(out, text, why);
	if (text[1] && text[1] != '/') {
		error_set(why, ERROR_INPUT, "the home of another");
		return 1;
	}
	if (!env->home) {
		error_set(why, ERROR_INPUT, "there is no home");
		return 1;
	}
	text++;
	text += strspn(text, "/");
	return buf_addf(out, why, "%s%s%s", env->home,
		n && env->home[n - 1] == '/' ? "" : "/", text);
}

static int ssh_config_expand_absolute(const struct ssh_config_env *env,
	const char *path, struct buf *out, struct error *why)
{
	if (path[0] == '/')
		return buf_adds(out, path, why);
	if (!env->cwd) {
		error_set(why, ERROR_INPUT, "the current folder is gone");
		return 1;
	}
	return buf_addf(out, why, "%s/%s", env->cwd, path);
}

int ssh_config_expand_path(const struct ssh_config_env *env,
	const struct ssh_settings *s, const char *text, bool tokens,
	struct buf *out, struct error *why)
{
	struct buf home, path;
	int rc;

	buf_init(&home, 4 * PATH_LIMIT);
	buf_init(&path, 4 * PATH_LIMIT);
	rc = ssh_config_expand_tilde(env, text, &home, why);
	if (rc == 0 && tokens)
		rc = ssh_config_expand(env, s, home.ptr, &path, why);
	else if (rc == 0)
		rc = buf_adds(&path, home.ptr, why);
	if (rc == 0)
		rc = ssh_config_expand_absolute(env, path.ptr, out, why);
	buf_release(&path);
	buf_release(&home);
	return rc;
}
