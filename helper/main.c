/*
 * conda-go: git's credential helper, git's ssh and Go's credential command.
 *
 * The only place that prints an error and picks an exit status.
 */
#include "helper/base/error.h"
#include "helper/base/harden.h"
#include "helper/base/role.h"
#include "helper/base/trace.h"
#include "helper/cmd/cmd.h"
#include "helper/cmd/config.h"
#include "helper/cmd/configure.h"
#include "helper/cmd/credential.h"
#include "helper/cmd/goauth.h"
#include "helper/cmd/trace_log.h"
#include "helper/source/keyring.h"
#include "transport/session.h"
#include "transport/ssh.h"

#include <stdio.h>
#include <string.h>

#ifndef CONDA_GO_VERSION
#define CONDA_GO_VERSION "unversioned"
#endif

static int main_help(int argc, char **argv, struct error *err);
static int main_version(int argc, char **argv, struct error *err);

static const struct cmd main_commands[] = {
	{ "credential", "git-credential-conda-go", credential_run, 0,
		"get|store|erase|capability",
		"git's credential helper (credential.helper conda-go)" },
	{ "ssh", "conda-go-ssh", ssh_run, 255, "[options] host command",
		"git's ssh (GIT_SSH_COMMAND=conda-go-ssh)" },
	{ "goauth", NULL, goauth_run, 0, "[url]",
		"Go's credential command (GOAUTH='conda-go goauth')" },
	{ "config", NULL, config_run, 0, "[--json] [url]",
		"show the merged policy and where each value comes from" },
	{ "configure", NULL, configure_run, 0, "[--global|--system|--local]",
		"make git use the helper, and say what to export" },
	{ "unconfigure", NULL, configure_undo, 0, "[--global|--system|--local]",
		"undo what configure did" },
	{ "trace", NULL, trace_log_run, 0, "[--path]",
		"show the trace that had no terminal to go to" },
	{ "version", NULL, main_version, 0, "", "print the version" },
	{ "help", NULL, main_help, 0, "[--list-commands]", "print this list" },
};
#define MAIN_COMMANDS (sizeof(main_commands) / sizeof(main_commands[0]))

static const struct role_row main_roles[] = {
	{ "keyring", keyring_serve },
	{ "session", session_serve },
	{ NULL, NULL },
};

static int main_help(int argc, char **argv, struct error *err)
{
	bool list = argc == 2 && !strcmp(argv[1], "--list-commands");

	if (argc > 1 && !list)
		return error_set(err, ERROR_USAGE,
			"usage: conda-go help [--list-commands]");
	if (!list)
		puts("usage: conda-go command [arguments]\n");
	for (size_t i = 0; i < MAIN_COMMANDS; i++) {
		const struct cmd *c = &main_commands[i];

		if (list)
			puts(c->name);
		else
			printf("  %-12s %-28s %s\n", c->name, c->synopsis,
				c->summary);
	}
	if (!list)
		puts("\nGOCONDA_TRACE=1 shows every decision, on the terminal "
		     "of go as well.");
	return 0;
}

static int main_version(int argc, char **argv, struct error *err)
{
	(void)argv;
	if (argc > 1)
		return error_set(err, ERROR_USAGE, "usage: conda-go version");
	puts("conda-go " CONDA_GO_VERSION);
	return 0;
}

static const char *main_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const struct cmd *main_find(const char *word, bool argv0)
{
	for (size_t i = 0; i < MAIN_COMMANDS; i++) {
		const char *name =
			argv0 ? main_commands[i].argv0 : main_commands[i].name;

		if (name && !strcmp(name, word))
			return &main_commands[i];
	}
	return NULL;
}

/* `git credential` has its helper's stderr parsed by Go: not a word there. */
static void main_complain(const struct cmd *c, const struct error *err)
{
	if (!*err->text)
		return;
	if (c && c->run == credential_run)
		trace_say("%s", err->text);
	else
		trace_tell(err->text);
}

static int main_status(const struct cmd *c, const struct error *err)
{
	if (c && c->failed)
		return c->failed;
	return err->kind == ERROR_USAGE ? 2 : 1;
}

/* What failed while the buffer was full is no failure of the last flush. */
static int main_flush(int status, struct error *err)
{
	if (fflush(stdout) != 0)
		return error_errno(err, ERROR_SYSTEM, "stdout");
	if (ferror(stdout))
		return error_set(err, ERROR_SYSTEM,
			"stdout: not all of it could be written");
	return status;
}

static const struct cmd *main_choose(int *argc, char ***argv, struct error *err)
{
	static char *help[] = { (char *)"help", NULL };
	const char *self = *argc ? main_basename((*argv)[0]) : "conda-go";
	const struct cmd *c = main_find(self, true);

	if (c)
		return c;
	if (*argc < 2) {
		*argc = 1;
		*argv = help;
		return main_find("help", false);
	}
	*argc -= 1;
	*argv += 1;
	if (!strcmp((*argv)[0], "--version"))
		return main_find("version", false);
	if (!strcmp((*argv)[0], "--help") || !strcmp((*argv)[0], "-h"))
		return main_find("help", false);
	c = main_find((*argv)[0], false);
	/* A URL may hold a password: what looks like one is not repeated. */
	if (!c)
		error_set(err, ERROR_USAGE,
			"'%s' is not a command; `conda-go help` lists them",
			strpbrk((*argv)[0], ":@/") ? "that" : (*argv)[0]);
	return c;
}

int main(int argc, char **argv)
{
	struct error err = ERROR_INIT;
	const struct cmd *c;
	int status = -1;

	harden_process();
	role_main(main_roles, argc, argv);
	c = main_choose(&argc, &argv, &err);
	if (c)
		status = c->run(argc, argv, &err);
	if (status >= 0)
		status = main_flush(status, &err);
	if (status >= 0)
		return status;
	main_complain(c, &err);
	return main_status(c, &err);
}
