#include "transport/ssh_config_env.h"

#include "helper/base/path.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

void ssh_config_env_init(struct ssh_config_env_own *own)
{
	char cwd[PATH_LIMIT];

	memset(own, 0, sizeof(*own));
	buf_init(&own->home, PATH_LIMIT);
	buf_init(&own->cwd, PATH_LIMIT);
	own->env = (struct ssh_config_env){ .etc = "/etc/ssh",
		.tmp = "/tmp",
		.machine = own->machine,
		.environ = environ,
		.uid = getuid() };
	if (path_home(&own->home, NULL) == 0)
		own->env.home = own->home.ptr;
	if (getcwd(cwd, sizeof(cwd)) && buf_adds(&own->cwd, cwd, NULL) == 0)
		own->env.cwd = own->cwd.ptr;
	if (gethostname(own->machine, sizeof(own->machine)) < 0)
		own->machine[0] = '\0';
	own->machine[sizeof(own->machine) - 1] = '\0';
}

void ssh_config_env_release(struct ssh_config_env_own *own)
{
	buf_release(&own->home);
	buf_release(&own->cwd);
}

const char *ssh_config_env_get(
	const struct ssh_config_env *env, struct slice name)
{
	for (char *const *e = env->environ; e && *e; e++)
		if (!strncmp(*e, name.ptr, name.len) && (*e)[name.len] == '=')
			return *e + name.len + 1;
	return NULL;
}

int ssh_config_env_login(
	const struct ssh_config_env *env, struct buf *out, struct error *err)
{
	struct passwd pw, *found = NULL;
	char scratch[4096];

	if (env->login)
		return buf_adds(out, env->login, err);
	if (getpwuid_r(env->uid, &pw, scratch, sizeof(scratch), &found) ||
		!found)
		return error_set(err, ERROR_UNAVAILABLE,
			"uid %lu has no entry in the passwd database; write "
			"the user as user@host",
			(unsigned long)env->uid);
	return buf_adds(out, found->pw_name, err);
}
