#include "helper/base/buf.h"
#include "helper/base/path.h"
#include "helper/policy/policy.h"
#include "helper/policy/policy_file.h"
#include "helper/policy/policy_ini.h"

#ifndef CONDA_GO_SYSCONFDIR
#define CONDA_GO_SYSCONFDIR "/etc"
#endif

static int policy_load_file(struct policy *p, const char *path,
	enum policy_scope scope, struct error *err)
{
	struct buf bytes;
	int rc;

	if (!path)
		return 0;
	buf_init(&bytes, POLICY_INI_FILE_MAX);
	rc = policy_file_read(path, scope != POLICY_ENV, &bytes, err);
	if (rc == 0)
		rc = policy_read_bytes(p, buf_slice(&bytes), path, scope, err);
	buf_release(&bytes);
	return rc < 0 ? -1 : 0;
}

int policy_load_paths(struct policy *p, const char *system, const char *user,
	const char *env, struct error *err)
{
	if (policy_load_file(p, system, POLICY_SYSTEM, err) < 0 ||
		policy_load_file(p, user, POLICY_USER, err) < 0)
		return -1;
	return policy_load_file(p, env, POLICY_ENV, err);
}

/* NULL in *path where there is no such place: no home, no environment. */
static int policy_load_place(
	int (*place)(struct buf *, const char *, struct error *),
	struct buf *buf, const char **path, struct error *err)
{
	struct error why;

	*path = NULL;
	if (place(buf, "config", &why) == 0)
		*path = buf->ptr;
	else if (why.kind != ERROR_UNAVAILABLE)
		return error_set(err, why.kind, "%s", why.text);
	return 0;
}

int policy_load(struct policy *p, struct error *err)
{
	const char *user, *env;
	struct buf a, b;
	int rc = -1;

	buf_init(&a, PATH_LIMIT);
	buf_init(&b, PATH_LIMIT);
	if (policy_load_place(path_config, &a, &user, err) == 0 &&
		policy_load_place(path_env, &b, &env, err) == 0)
		rc = policy_load_paths(p,
			CONDA_GO_SYSCONFDIR "/conda-go/config", user, env, err);
	buf_release(&a);
	buf_release(&b);
	return rc;
}
