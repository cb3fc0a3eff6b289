#include "transport/openssh.h"

#include "helper/base/buf.h"
#include "helper/base/harden.h"
#include "helper/base/path.h"
#include "helper/base/trace.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A folder is no program, though it may be entered (X_OK). Some link us as
 * `ssh`; exec of that would never end.
 */
static bool openssh_usable(const char *path)
{
	struct stat self, other;

	if (access(path, X_OK) < 0 || stat(path, &other) < 0 ||
		!S_ISREG(other.st_mode))
		return false;
	return stat("/proc/self/exe", &self) < 0 ||
	       self.st_dev != other.st_dev || self.st_ino != other.st_ino;
}

static int openssh_find(struct buf *found, const char *why, struct error *err)
{
	const char *path = getenv("PATH");

	for (const char *p = path ? path : "/usr/bin:/bin"; p;) {
		size_t n = strcspn(p, ":");
		struct slice dir = n ? (struct slice){ p, n } : slice_of(".");

		buf_reset(found);
		if (buf_addslice(found, dir, NULL) == 0 &&
			buf_adds(found, "/ssh", NULL) == 0 &&
			openssh_usable(found->ptr))
			return 0;
		p = p[n] ? p + n + 1 : NULL;
	}
	return error_set(err, ERROR_UNAVAILABLE,
		"no ssh found on PATH, which has to make this connection "
		"(%s); install openssh-client",
		why);
}

int openssh_exec(int argc, char **argv, char *const *words, const char *why,
	struct error *err)
{
	struct buf ssh;
	size_t n = 0;
	char **out = calloc((size_t)argc + OPENSSH_WORDS_MAX + 1, sizeof(*out));

	if (!out)
		return error_set(err, ERROR_MEMORY, "out of memory");
	buf_init(&ssh, PATH_LIMIT);
	if (openssh_find(&ssh, why, err) < 0)
		goto out;
	out[n++] = (char *)"ssh";
	for (size_t i = 0; i < OPENSSH_WORDS_MAX && words[i]; i++)
		out[n++] = words[i];
	for (int i = 1; i < argc; i++)
		out[n++] = argv[i];
	trace_event("ssh.handover", TRACE_STR("to", ssh.ptr),
		TRACE_STR("why", why));
	harden_undo();
	execv(ssh.ptr, out);
	error_errno(err, ERROR_UNAVAILABLE, "%s", ssh.ptr);
out:
	buf_release(&ssh);
	free(out);
	return -1;
}
