/*
 * Trees of processes: each level is a fork that takes a name (PR_SET_NAME sets
 * what exec of a file so called would), the last one is this program again,
 * since the caller is looked up once in a process.
 */
#include "helper/base/caller.h"

#include "tests/unit/unit.h"

#include <sys/prctl.h>

#define LEVELS 12

/* What --look prints: the pids of go and of the caller as levels. */
struct seen {
	char name[32];
	int go, level, speak; /* 0: outside of the tree */
};

struct tree {
	const char *names[LEVELS]; /* outermost first, ended by NULL */
	pid_t pids[LEVELS];
	int out;
};

static int look(void)
{
	const struct caller *c = caller_get();

	assert_ptr_equal(c, caller_get());
	printf("%ld %ld %d [%s]\n", (long)c->go, (long)c->pid, c->speak,
		c->name);
	return 0;
}

/* Become the tree, level by level, and at its end --look. */
static void grow(struct tree *t)
{
	char *argv[] = { (char *)"look", (char *)"--look", NULL };
	int status;

	for (int i = 0; t->names[i]; i++) {
		pid_t pid;

		t->pids[i] = getpid();
		prctl(PR_SET_NAME, t->names[i]);
		pid = fork();
		if (pid) {
			CHECK(waitpid(pid, &status, 0) == pid);
			_exit(WEXITSTATUS(status));
		}
	}
	dup2(t->out, STDOUT_FILENO);
	for (int i = 0; t->names[i]; i++)
		dprintf(STDOUT_FILENO, "%ld ", (long)t->pids[i]);
	dprintf(STDOUT_FILENO, "| ");
	execv("/proc/self/exe", argv);
	_exit(127);
}

static int number_of(pid_t pid, const pid_t *pids, int count)
{
	for (int i = 0; i < count; i++)
		if (pids[i] == pid)
			return i + 1;
	return 0;
}

static struct seen look_from(struct tree *t)
{
	char text[512] = "", *p = text, *end;
	struct seen seen = { "", 0, 0, 0 };
	pid_t pids[LEVELS], pid, go, caller;
	int fds[2], count = 0, status;

	assert_int_equal(pipe(fds), 0);
	t->out = fds[1];
	pid = fork();
	if (!pid)
		grow(t);
	close(fds[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(read(fds[0], text, sizeof(text) - 1) > 0);
	close(fds[0]);
	while (*p != '|' && count < LEVELS) {
		pids[count++] = (pid_t)strtol(p, &end, 10);
		p = end + 1;
	}
	go = (pid_t)strtol(p + 1, &p, 10);
	caller = (pid_t)strtol(p, &p, 10);
	seen.speak = (int)strtol(p, &p, 10);
	snprintf(seen.name, sizeof(seen.name), "%s", p + 2);
	*strrchr(seen.name, ']') = '\0';
	seen.go = number_of(go, pids, count);
	seen.level = number_of(caller, pids, count);
	return seen;
}

/*
 * Each tree begins with "top", which is neither a shell nor git, so that what
 * runs the tests cannot be the answer.
 */
static const struct {
	const char *what, *names[LEVELS - 1];
	int go, level; /* 1 is top */
	const char *name;
	bool speak;
} trees[] = {
	{ "go get over https", { "go", "git", "git-remote-https", "sh", "git" },
		2, 4, "git-remote-http", true },
	{ "and http", { "go", "git", "git-remote-http", "sh", "git" }, 2, 4,
		"git-remote-http", true },
	{ "no shell between", { "go", "git", "git-remote-https", "git" }, 2, 4,
		"git-remote-http", true },
	{ "an absolute helper", { "go", "git", "git-remote-https", "sh" }, 2, 4,
		"git-remote-http", true },
	{ "GOAUTH=git", { "go", "git", "sh", "git" }, 2, 2, "go", false },
	{ "GOAUTH=git, no shell", { "go", "git", "git" }, 2, 2, "go", false },
	{ "ssh under go", { "go", "git", "sh" }, 2, 2, "go", false },
	{ "goauth", { "go" }, 2, 2, "go", true },
	{ "go in go", { "go", "make", "go", "git", "git-remote-https", "sh" },
		2, 6, "git-remote-http", true },
	{ "go1.22", { "go1.22.3", "git", "sh" }, 2, 2, "go1.22.3", false },
	{ "not go", { "gopls", "gofmt", "god", "git", "sh" }, 0, 4, "god",
		false },
	{ "a person", { "bash" }, 0, 2, "bash", true },
	{ "a person in a script", { "bash", "bash" }, 0, 3, "bash", true },
	{ "a person's git credential", { "bash", "git", "sh", "git" }, 0, 2,
		"bash", false },
	{ "a person's fetch",
		{ "bash", "git", "git-remote-https", "sh", "git" }, 0, 4,
		"git-remote-http", true },
	{ "an editor", { "code", "git", "git-remote-https", "sh" }, 0, 4,
		"git-remote-http", true },
	{ "odd names", { ") S 1 (x", "git", "sh" }, 0, 2, ") S 1 (x", false },
	{ "two words", { "a b) R 2 3", "zsh", "git" }, 0, 3, "zsh", false },
	{ "a name that ends in )", { "go", "x)" }, 2, 3, "x)", true },
	{ "lfs is not git", { "go", "git-lfs", "sh" }, 2, 4, "sh", true },
	{ "deep", { "go", "sh", "sh", "sh", "sh", "git", "git", "sh", "git" },
		2, 6, "sh", false },
	{ "a helper in a script",
		{ "go", "git", "git-remote-https", "sh", "bash", "sh" }, 2, 4,
		"git-remote-http", true },
	{ "GOAUTH=git, in a script", { "go", "git", "sh", "bash", "git" }, 2, 2,
		"go", false },
};

static void test_trees(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(trees); i++) {
		struct tree t = { .names = { "top" } };
		struct seen seen;

		memcpy(t.names + 1, trees[i].names, sizeof(trees[i].names));
		seen = look_from(&t);
		if (strcmp(seen.name, trees[i].name) != 0 ||
			seen.level != trees[i].level)
			print_message("# %s: level %d, [%s]\n", trees[i].what,
				seen.level, seen.name);
		ROW(trees[i].what, seen.go == trees[i].go);
		ROW(trees[i].what, !strcmp(seen.name, trees[i].name));
		ROW(trees[i].what, seen.level == trees[i].level);
		ROW(trees[i].what, seen.speak == trees[i].speak);
	}
}

/* The name is the kernel's: that of the file, whatever argv[0] says. */
static void test_file_name(void **state)
{
	char dir[128], command[400], line[128] = "";
	FILE *p;

	(void)state;
	unit_mkdir(dir);
	snprintf(command, sizeof(command),
		"cp /bin/sh %s/git-remote-https && %s/git-remote-https -c "
		"'/proc/%ld/exe --look; :'",
		dir, dir, (long)getpid());
	p = popen(command, "r");
	assert_non_null(p);
	assert_non_null(fgets(line, sizeof(line), p));
	assert_int_equal(pclose(p), 0);
	assert_non_null(strstr(line, " 1 [git-remote-http]\n"));
	unit_rmdir(dir);
}

static int url(void)
{
	struct wipebuf b;
	bool found;

	wipebuf_init(&b, 1000);
	wipebuf_adds(&b, "[", NULL);
	found = caller_url(&b);
	printf("%d %s]\n", found, b.ptr);
	wipebuf_release(&b);
	return 0;
}

/* `git-remote-https origin URL`; a shell takes the same two words. */
static void test_url(void **state)
{
	static const struct {
		const char *name, *seen;
	} rows[] = {
		{ "git-remote-https", "1 [/proc/" },
		{ "git-remote-http", "1 [/proc/" },
		{ "git-remote-ftp", "0 []" },
		{ "editor", "0 []" },
	};
	char dir[128], command[600], line[200];

	(void)state;
	unit_mkdir(dir);
	for (size_t i = 0; i < COUNT(rows); i++) {
		FILE *p;

		snprintf(command, sizeof(command),
			"cp /bin/sh %s/%s && %s/%s -c '/proc/%ld/exe --url; :'",
			dir, rows[i].name, dir, rows[i].name, (long)getpid());
		p = popen(command, "r");
		assert_non_null(p);
		assert_non_null(fgets(line, sizeof(line), p));
		assert_int_equal(pclose(p), 0);
		ROW(rows[i].name,
			!strncmp(line, rows[i].seen, strlen(rows[i].seen)));
		ROW(rows[i].name,
			(line[0] == '1') == !!strstr(line, "/exe --url; :]\n"));
	}
	unit_rmdir(dir);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_file_name),
		cmocka_unit_test(test_url),
	};

	if (argc == 2 && !strcmp(argv[1], "--look"))
		return look();
	if (argc == 2 && !strcmp(argv[1], "--url"))
		return url();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("caller", tests, NULL, NULL);
}
