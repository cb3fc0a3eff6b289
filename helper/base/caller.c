#include "helper/base/caller.h"

#include "helper/base/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Deeper than any real tree of processes; a loop cannot happen, only races. */
#define CALLER_DEPTH 64

/* What stands between git and a helper (`sh -c 'git credential-x get'`). */
static const char *const caller_between[] = { "sh", "bash", "dash", "ash",
	"busybox", "zsh", "ksh", "mksh" };

/* /proc/PID/stat: "pid (name) state ppid …"; a name may hold ')' and ' '. */
static bool caller_stat(pid_t pid, char name[16], pid_t *parent)
{
	char text[512], *open_paren, *close_paren;

	if (!proc_read(pid, "stat", text, sizeof(text)))
		return false;
	open_paren = strchr(text, '(');
	close_paren = strrchr(text, ')');
	if (!open_paren || !close_paren || strlen(close_paren) < 5)
		return false;
	*close_paren = '\0';
	snprintf(name, 16, "%s", open_paren + 1);
	*parent = (pid_t)strtol(close_paren + 4, NULL, 10);
	return true;
}

static bool caller_is_go(const char *name)
{
	return !strcmp(name, "go") || !strncmp(name, "go1.", 4);
}

static bool caller_is_between(const char *name)
{
	for (size_t i = 0;
		i < sizeof(caller_between) / sizeof(caller_between[0]); i++)
		if (!strcmp(name, caller_between[i]))
			return true;
	return false;
}

/* The kernel keeps 15 bytes of a name, so https looks the same. */
static bool caller_is_remote(const struct caller *c)
{
	return !strncmp(c->name, "git-remote-http", 15);
}

static void caller_name(struct caller *c, pid_t pid, const char name[16])
{
	c->pid = pid;
	memcpy(c->name, name, sizeof(c->name));
}

/* The pid above the roles we are in and the program that started them. */
static pid_t caller_above_starter(void)
{
	char name[16];
	pid_t pid = getppid(), parent = 0;

	for (int i = 0; i < CALLER_DEPTH; i++, pid = parent)
		if (!caller_stat(pid, name, &parent) ||
			strncmp(name, CALLER_ROLE_PREFIX,
				strlen(CALLER_ROLE_PREFIX)) != 0)
			break;
	return parent;
}

/*
 * Upwards from our parent. A shell counts as the caller only where neither
 * git nor a remote helper of git started it.
 */
static void caller_look(struct caller *c)
{
	char name[16], shell_name[16] = "";
	pid_t pid = c->role ? caller_above_starter() : getppid();
	pid_t parent, shell = 0;
	bool git = false, found = false, blind = false;

	for (int i = 0; i < CALLER_DEPTH && pid > 0; i++, pid = parent) {
		blind = !caller_stat(pid, name, &parent);
		if (blind)
			break;
		if (caller_is_go(name))
			c->go = pid;
		if (found)
			continue;
		if (!strcmp(name, "git")) {
			git = true;
			shell = 0;
		} else if (caller_is_between(name)) {
			if (!shell)
				memcpy(shell_name, name, sizeof(name));
			shell = shell ? shell : pid;
		} else {
			if (shell && strncmp(name, "git-remote-", 11) != 0)
				caller_name(c, shell, shell_name);
			else
				caller_name(c, pid, name);
			found = true;
		}
	}
	if (!found && shell)
		caller_name(c, shell, shell_name);
	/* whom we cannot see may be a git whose stderr is parsed */
	c->speak = caller_is_remote(c) || (!git && (found || !blind));
}

static struct caller caller_ours;

void caller_as_role(void)
{
	caller_ours.role = true;
}

const struct caller *caller_get(void)
{
	static bool looked;

	if (!looked)
		caller_look(&caller_ours);
	looked = true;
	return &caller_ours;
}

bool caller_url(struct wipebuf *out)
{
	const struct caller *c = caller_get();
	struct wipebuf args;
	struct slice word[3] = { SLICE_NONE };
	char path[32];
	size_t at = 0;
	int fd, got;

	if (!caller_is_remote(c))
		return false;
	snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)c->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	wipebuf_init(&args, 1 << 16);
	got = wipebuf_read_file(&args, fd, NULL);
	close(fd);
	for (int i = 0; got == 0 && i < 3 && at < args.len; i++) {
		word[i] = (struct slice){ args.ptr + at,
			strnlen(args.ptr + at, args.len - at) };
		at += word[i].len + 1;
	}
	if (!word[2].len || wipebuf_addslice(out, word[2], NULL) < 0)
		got = -1;
	wipebuf_release(&args);
	return got == 0;
}
