/*
 * keys: real keys and a real ssh-agent for the unit tests, made by OpenSSH's
 * own tools in a folder that goes away; none of them is anybody's.
 */
#ifndef KEYS_H
#define KEYS_H

#include "tests/unit/unit.h"

#include "helper/base/wipebuf.h"
#include "transport/ssh_key.h"

#include <signal.h>
#include <sys/stat.h>

/* Why tests with them cannot be run here; NULL: they can. */
static inline const char *keys_missing(void)
{
	return system("command -v ssh-keygen ssh-add ssh-agent >/dev/null")
		       ? "OpenSSH's tools are not installed"
		       : NULL;
}

/* sh -c "cd DIR && COMMAND" must succeed. */
static inline void keys_run(const char *dir, const char *command)
{
	char line[1024];

	snprintf(line, sizeof(line), "cd '%s' && { %s; } >/dev/null 2>&1", dir,
		command);
	if (system(line))
		fail_msg("failed: %s", line);
}

/* A key DIR/NAME, with NAME.pub, made by `ssh-keygen OPTIONS`. */
static inline void keys_make(
	const char *dir, const char *name, const char *options)
{
	char line[512];

	snprintf(line, sizeof(line),
		"rm -f %s %s.pub; ssh-keygen -q -C 'test %s' -f %s -N '' %s",
		name, name, name, name, options);
	keys_run(dir, line);
}

/* A file DIR/NAME with this text and mode. */
static inline void keys_write(
	const char *dir, const char *name, const char *text, mode_t mode)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fputs(text, f) < 0, 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

/* Read DIR/NAME into k, initialised, as a private key or a public one. */
static inline int keys_read(struct ssh_key *k, const char *dir,
	const char *name, bool private, struct error *err)
{
	struct wipebuf text;
	char path[256];
	int result;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	wipebuf_init(&text, SSH_KEY_FILE_MAX);
	result = ssh_key_read(path, &text, NULL, err);
	if (!result)
		result = private ? ssh_key_private(k, wipebuf_slice(&text), err)
				 : ssh_key_public(k, wipebuf_slice(&text), err);
	wipebuf_release(&text);
	return result;
}

static pid_t keys_agent_pid;

static inline void keys_agent_kill(void)
{
	if (keys_agent_pid > 0)
		kill(keys_agent_pid, SIGTERM);
}

/*
 * An ssh-agent that listens at DIR/agent, one at a time. Returns its pid, for
 * keys_end; a test that fails before does not leave it behind.
 */
static inline pid_t keys_agent(const char *dir)
{
	char path[256];
	struct stat st;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/agent", dir);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execlp("ssh-agent", "ssh-agent", "-D", "-a", path,
			(char *)NULL);
		_exit(127);
	}
	assert_true(pid > 0);
	keys_agent_pid = pid;
	atexit(keys_agent_kill);
	for (int i = 0; i < 500 && stat(path, &st); i++)
		usleep(10000);
	/* bind(2) comes before listen(2) */
	keys_run(dir, "for i in 1 2 3 4 5 6 7 8 9; do "
		      "SSH_AUTH_SOCK=$PWD/agent ssh-add -l; "
		      "[ $? = 2 ] || exit 0; sleep 0.1; done; exit 1");
	return pid;
}

static inline void keys_end(pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	keys_agent_pid = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

#endif
