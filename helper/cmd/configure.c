#include "helper/cmd/configure.h"

#include "helper/base/buf.h"
#include "helper/base/path.h"
#include "helper/cmd/configured.h"
#include "helper/cmd/git.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIGURE_HELPER "git-credential-conda-go"

/* The links and the program, each as it stands beside this executable. */
struct configure {
	const char *scope; /* git's option */
	struct buf dir; /* of our executable */
	struct buf value; /* for credential.helper */
	struct buf place; /* configured.h */
	struct buf created;
	int undone;
};

static int configure_scope(
	int argc, char **argv, const char **scope, struct error *err)
{
	static const char *const scopes[] = { "--global", "--system",
		"--local" };

	*scope = scopes[0];
	if (argc == 1)
		return 0;
	for (size_t i = 0; argc == 2 && i < 3; i++)
		if (!strcmp(argv[1], scopes[i])) {
			*scope = scopes[i];
			return 0;
		}
	return error_set(err, ERROR_USAGE,
		"usage: conda-go %s [--global|--system|--local]", argv[0]);
}

static int configure_dir(struct buf *dir, struct error *err)
{
	char self[PATH_LIMIT];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n < 0)
		return error_errno(err, ERROR_SYSTEM, "/proc/self/exe");
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	return buf_adds(dir, self, err);
}

/*
 * git takes a helper that begins with '/' for shell text, and a name for
 * `git credential-NAME`, one process more. So the whole path, its odd
 * characters behind backslashes: in quotes it would not begin with '/'.
 */
static int configure_value(struct configure *c, struct error *err)
{
	struct buf path;
	int got = 0;

	buf_init(&path, PATH_LIMIT);
	if (buf_addf(&path, err, "%s/" CONFIGURE_HELPER, c->dir.ptr) < 0)
		got = -1;
	else if (access(path.ptr, X_OK) < 0)
		got = error_errno(err, ERROR_UNAVAILABLE,
			"%s (make install puts it there)", path.ptr);
	for (const char *p = path.ptr; got == 0 && *p; p++) {
		if (strchr(" \t'\"\\$`;&|<>()*?[]#~!{}", *p))
			got = buf_adds(&c->value, "\\", err);
		if (got == 0)
			got = buf_add(&c->value, p, 1, err);
	}
	buf_release(&path);
	return got;
}

/* --local means this repository, wherever unconfigure is run from. */
static int configure_place(struct configure *c, struct error *err)
{
	static const char *const args[] = { "rev-parse", "--absolute-git-dir",
		NULL };
	int got;

	if (strcmp(c->scope, "--local") != 0)
		return 0;
	got = git_run(args, &c->place, err);
	if (got > 0)
		return error_set(err, ERROR_UNAVAILABLE,
			"--local works inside a git repository only");
	while (got == 0 && c->place.len &&
		c->place.ptr[c->place.len - 1] == '\n')
		c->place.ptr[--c->place.len] = '\0';
	return got;
}

/* The file that `git config --global` will make, if there is none. */
static int configure_created(struct configure *c, struct error *err)
{
	const char *global = getenv("GIT_CONFIG_GLOBAL");
	const char *xdg = getenv("XDG_CONFIG_HOME");
	struct buf other;
	bool none;

	if (strcmp(c->scope, "--global") != 0)
		return 0;
	if (global && *global)
		return access(global, F_OK) < 0
			       ? buf_adds(&c->created, global, err)
			       : 0;
	if (path_home(&c->created, err) < 0)
		return -1;
	buf_init(&other, PATH_LIMIT);
	if (xdg && *xdg)
		buf_addf(&other, NULL, "%s/git/config", xdg);
	else
		buf_addf(&other, NULL, "%s/.config/git/config", c->created.ptr);
	none = access(other.ptr, F_OK) < 0;
	buf_release(&other);
	if (buf_adds(&c->created, "/.gitconfig", err) < 0)
		return -1;
	if (!none || access(c->created.ptr, F_OK) == 0)
		buf_reset(&c->created);
	return 0;
}

static int configure_init(
	struct configure *c, int argc, char **argv, struct error *err)
{
	memset(c, 0, sizeof(*c));
	if (configure_scope(argc, argv, &c->scope, err) < 0)
		return -1;
	buf_init(&c->dir, PATH_LIMIT);
	buf_init(&c->value, 2 * PATH_LIMIT);
	buf_init(&c->place, PATH_LIMIT);
	buf_init(&c->created, PATH_LIMIT);
	return 0;
}

static void configure_release(struct configure *c)
{
	buf_release(&c->created);
	buf_release(&c->place);
	buf_release(&c->value);
	buf_release(&c->dir);
}

/* Returns 1 if credential.helper of the scope has our value already. */
static int configure_present(struct configure *c, struct error *err)
{
	const char *args[] = { "config", c->scope, "--get-all",
		"credential.helper", NULL };
	struct buf all;
	int got, found = 0;

	buf_init(&all, 1 << 16);
	got = git_run(args, &all, err);
	for (char *line = all.ptr, *next; got == 0 && *line; line = next) {
		size_t n = strcspn(line, "\n");

		next = line + n + (line[n] == '\n');
		if (slice_eq((struct slice){ line, n }, buf_slice(&c->value)))
			found = 1;
	}
	buf_release(&all);
	return got < 0 ? -1 : found;
}

static bool configure_is_ours(
	const struct configure *c, const struct configured *done)
{
	return slice_is(done->scope, c->scope) &&
	       slice_eq(done->place, buf_slice(&c->place));
}

static int configure_forget_one(
	const struct configured *done, void *arg, struct error *err)
{
	const struct configure *c = arg;

	(void)err;
	return !configure_is_ours(c, done) ||
	       !slice_eq(done->value, buf_slice(&c->value));
}

static int configure_add(struct configure *c, struct error *err)
{
	const char *args[] = { "config", c->scope, "--add", "credential.helper",
		c->value.ptr, NULL };
	struct configured done = { slice_of(c->scope), buf_slice(&c->place),
		buf_slice(&c->value), buf_slice(&c->created) };
	int got = configure_present(c, err);

	if (got < 0)
		return -1;
	if (got) {
		printf("# credential.helper (%s) has it already: %s\n",
			c->scope + 2, c->value.ptr);
		return 0;
	}
	/* written down first: what was done but not noted is never undone */
	if (configured_add(&done, err) < 0)
		return -1;
	got = git_run(args, NULL, err);
	if (got != 0)
		configured_each(configure_forget_one, c, NULL);
	if (got > 0)
		return error_set(err, ERROR_UNAVAILABLE,
			"git config %s failed; nothing was changed", c->scope);
	if (got == 0)
		printf("# added to credential.helper (%s): %s\n", c->scope + 2,
			c->value.ptr);
	return got;
}

/* The bare name where PATH leads to this very program, else the path. */
static void configure_word(
	const struct configure *c, const char *name, struct buf *out)
{
	const char *path = getenv("PATH");
	struct stat self, there;
	struct buf candidate;
	bool found = false;

	buf_init(&candidate, PATH_LIMIT);
	if (stat("/proc/self/exe", &self) < 0)
		path = NULL;
	while (path && !found) {
		size_t n = strcspn(path, ":");

		buf_reset(&candidate);
		if (n &&
			buf_addf(&candidate, NULL, "%.*s/%s", (int)n, path,
				name) == 0 &&
			!stat(candidate.ptr, &there)) {
			found = there.st_dev == self.st_dev &&
				there.st_ino == self.st_ino;
			break;
		}
		path = path[n] ? path + n + 1 : NULL;
	}
	buf_reset(&candidate);
	if (!found)
		buf_addf(&candidate, NULL, "%s/", c->dir.ptr);
	buf_adds(&candidate, name, NULL);
	path_quote(out, candidate.ptr);
	buf_release(&candidate);
}

/* A value of the environment that is itself read as a command line. */
static void configure_export(const struct configure *c, const char *variable,
	const char *name, const char *more)
{
	struct buf word, value;

	buf_init(&word, 4 * PATH_LIMIT);
	buf_init(&value, 16 * PATH_LIMIT);
	configure_word(c, name, &word);
	buf_adds(&word, more, NULL);
	path_quote(&value, word.ptr);
	printf("export %s=%s\n", variable, value.ptr);
	buf_release(&value);
	buf_release(&word);
}

static void configure_exports(const struct configure *c)
{
	puts("# For go, put these lines into your shell's start-up file, or\n"
	     "# type: eval \"$(conda-go configure)\"");
	configure_export(c, "GIT_SSH_COMMAND", "conda-go-ssh", "");
	puts("export GIT_SSH_VARIANT=ssh");
	configure_export(c, "GOAUTH", "conda-go", " goauth");
	puts("# (go before 1.24 ignores GOAUTH. A host that stands in ~/.netrc\n"
	     "# is taken from there by git itself, before any helper is asked.)");
}

int configure_run(int argc, char **argv, struct error *err)
{
	struct configure c;
	int got = -1;

	if (configure_init(&c, argc, argv, err) < 0)
		return -1;
	if (configure_dir(&c.dir, err) == 0 && configure_value(&c, err) == 0 &&
		configure_place(&c, err) == 0 &&
		configure_created(&c, err) == 0)
		got = configure_add(&c, err);
	if (got == 0)
		configure_exports(&c);
	configure_release(&c);
	return got;
}

/* git leaves an empty file; where there was none, there is none again. */
static void configure_remove_created(struct slice created)
{
	char path[PATH_LIMIT];
	struct stat st;

	if (!created.len || created.len >= sizeof(path))
		return;
	memcpy(path, created.ptr, created.len);
	path[created.len] = '\0';
	if (!lstat(path, &st) && S_ISREG(st.st_mode) && st.st_size == 0)
		unlink(path);
}

static int configure_undo_one(
	const struct configured *done, void *arg, struct error *err)
{
	struct configure *c = arg;
	struct buf value;
	int got;

	if (!configure_is_ours(c, done))
		return 1;
	buf_init(&value, 2 * PATH_LIMIT);
	got = buf_addslice(&value, done->value, err);
	if (got == 0) {
		const char *args[] = { "config", c->scope, "--fixed-value",
			"--unset-all", "credential.helper", value.ptr, NULL };

		got = git_run(args, NULL, err);
	}
	/* 5: it is not there any more; somebody was faster */
	if (got == 0 || got == 5) {
		configure_remove_created(done->created);
		printf("# removed from credential.helper (%s): %s\n",
			c->scope + 2, value.ptr);
		c->undone++;
		got = 0;
	} else if (got > 0) {
		got = error_set(err, ERROR_UNAVAILABLE,
			"git config %s --unset-all credential.helper failed",
			c->scope);
	}
	buf_release(&value);
	return got;
}

int configure_undo(int argc, char **argv, struct error *err)
{
	struct configure c;
	int got = -1;

	if (configure_init(&c, argc, argv, err) < 0)
		return -1;
	if (configure_place(&c, err) == 0)
		got = configured_each(configure_undo_one, &c, err);
	if (got == 0 && !c.undone)
		printf("# nothing to undo (%s): configure did nothing here\n",
			c.scope + 2);
	if (got == 0)
		puts("unset GIT_SSH_COMMAND GIT_SSH_VARIANT GOAUTH");
	configure_release(&c);
	return got;
}
