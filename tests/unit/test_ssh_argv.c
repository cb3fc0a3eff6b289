#include "transport/ssh_argv.h"

#include "tests/unit/unit.h"

#include <fcntl.h>

#define WORDS 12
#define UPLOAD "git-upload-pack '/team/x.git'"

struct row {
	const char *words[WORDS]; /* behind argv[0] */
	const char *user, *host; /* host NULL: refused */
	int port;
	const char *command, *path;
	bool offline;
};

static const struct row good[] = {
	/* what git writes (connect.c) */
	{ { "-o", "SendEnv=GIT_PROTOCOL", "git@h", UPLOAD }, "git", "h", 0,
		UPLOAD, "team/x.git" },
	{ { "-o", "SendEnv=GIT_PROTOCOL", "-4", "-p", "2222", "git@h", UPLOAD },
		"git", "h", 2222, UPLOAD, "team/x.git" },
	{ { "-G", "-o", "SendEnv=GIT_PROTOCOL", "-p", "2222", "git@h" }, "git",
		"h", 2222, NULL, NULL, true },
	{ { "-6", "git@::1", UPLOAD }, "git", "::1", 0, UPLOAD, "team/x.git" },
	{ { "fe80::1%eth0" }, NULL, "fe80::1%eth0", 0, NULL, NULL },
	/* what Go puts before it */
	{ { "-o", "ControlMaster=no", "-o", "BatchMode=yes", "git@h", UPLOAD },
		"git", "h", 0, UPLOAD, "team/x.git" },
	{ { "h" }, NULL, "h", 0, NULL, NULL },
	/* values attached, options in one word */
	{ { "-oBatchMode=yes", "-p22", "-lme", "h" }, "me", "h", 22, NULL,
		NULL },
	{ { "-4vvTp22", "h" }, NULL, "h", 22, NULL, NULL },
	{ { "-vlme", "-Tnp", "22", "h" }, "me", "h", 22, NULL, NULL },
	{ { "-Gp22", "h" }, NULL, "h", 22, NULL, NULL, true },
	/* behind the host */
	{ { "h", "-p", "22", "-l", "me", "ls" }, "me", "h", 22, "ls", NULL },
	{ { "h", "-p22", "--", "-ls" }, NULL, "h", 22, "-ls", NULL },
	{ { "h", "ls", "-p", "22" }, NULL, "h", 0, "ls -p 22", NULL },
	{ { "h", "--", "ls" }, NULL, "h", 0, "ls", NULL },
	/* behind "--" nothing is an option */
	{ { "--", "h", "-p", "22" }, NULL, "h", 0, "-p 22", NULL },
	{ { "-4", "--", "h", "ls" }, NULL, "h", 0, "ls", NULL },
	{ { "--", "h", "--" }, NULL, "h", 0, "--", NULL },
	/* the first one counts */
	{ { "-p", "22", "-p", "23", "h" }, NULL, "h", 22, NULL, NULL },
	{ { "-l", "a", "-l", "b", "h" }, "a", "h", 0, NULL, NULL },
	{ { "-l", "a", "b@h" }, "a", "h", 0, NULL, NULL },
	{ { "b@h", "-l", "a" }, "b", "h", 0, NULL, NULL },
	{ { "-p", "22", "ssh://h:23" }, NULL, "h", 22, NULL, NULL },
	{ { "ssh://h:23", "-p", "22" }, NULL, "h", 23, NULL, NULL },
	/* the last '@' splits */
	{ { "a@b@h" }, "a@b", "h", 0, NULL, NULL },
	{ { "DOMAIN\\me@h" }, "DOMAIN\\me", "h", 0, NULL, NULL },
	{ { "u:p@h" }, "u:p", "h", 0, NULL, NULL },
	{ { "u$x%y@h" }, "u$x%y", "h", 0, NULL, NULL },
	{ { "h:22" }, NULL, "h:22", 0, NULL, NULL },
	/* URLs */
	{ { "ssh://h" }, NULL, "h", 0, NULL, NULL },
	{ { "ssh://h/" }, NULL, "h", 0, NULL, NULL },
	{ { "ssh://h:" }, NULL, "h", 0, NULL, NULL },
	{ { "ssh://u@h:2222/" }, "u", "h", 2222, NULL, NULL },
	{ { "ssh://u@[::1]:2222", UPLOAD }, "u", "::1", 2222, UPLOAD,
		"team/x.git" },
	{ { "ssh://[fe80::1]" }, NULL, "fe80::1", 0, NULL, NULL },
	{ { "SSH://h" }, NULL, "SSH://h", 0, NULL, NULL },
	/* ports */
	{ { "-p", "1", "h" }, NULL, "h", 1, NULL, NULL },
	{ { "-p", "65535", "h" }, NULL, "h", 65535, NULL, NULL },
	{ { "-p", "0022", "h" }, NULL, "h", 22, NULL, NULL },
	/* values that look like something else */
	{ { "-o", "-p", "h" }, NULL, "h", 0, NULL, NULL },
	{ { "-i", "--", "h" }, NULL, "h", 0, NULL, NULL },
	{ { "-F", "", "h" }, NULL, "h", 0, NULL, NULL },
	/* the path */
	{ { "h", "git-receive-pack 'x'" }, NULL, "h", 0, "git-receive-pack 'x'",
		"x" },
	{ { "h", "git-upload-archive '//x'" }, NULL, "h", 0,
		"git-upload-archive '//x'", "x" },
	{ { "h", "git-upload-pack '~me/x y'" }, NULL, "h", 0,
		"git-upload-pack '~me/x y'", "~me/x y" },
	{ { "h", "git-upload-pack 'it'\\''s'" }, NULL, "h", 0,
		"git-upload-pack 'it'\\''s'", NULL },
	{ { "h", "git-upload-pack ''" }, NULL, "h", 0, "git-upload-pack ''",
		"" },
	{ { "h", "git-upload-pack '" }, NULL, "h", 0, "git-upload-pack '",
		NULL },
	{ { "h", "git-upload-pack x" }, NULL, "h", 0, "git-upload-pack x",
		NULL },
	{ { "h", "rm 'x'; git-upload-pack 'y'" }, NULL, "h", 0,
		"rm 'x'; git-upload-pack 'y'", NULL },
	{ { "h", "rm 'x'" }, NULL, "h", 0, "rm 'x'", NULL },
	{ { "h", "git-upload-pack 'x'; rm y" }, NULL, "h", 0,
		"git-upload-pack 'x'; rm y", NULL },
	{ { "h", "" }, NULL, "h", 0, "", NULL },
	/* the words are one text to the server, and so to us */
	{ { "h", "git-upload-pack", "'x'" }, NULL, "h", 0,
		"git-upload-pack 'x'", "x" },
	{ { "h", "git-upload-pack 'x'", "; rm y" }, NULL, "h", 0,
		"git-upload-pack 'x' ; rm y", NULL },
	{ { "h", "a", "", "b " }, NULL, "h", 0, "a  b ", NULL },
};

static const struct row bad[] = {
	{ { NULL } },
	{ { "-4" } },
	{ { "-G" } },
	{ { "--" } },
	{ { "-p" } },
	{ { "h", "-p" } },
	{ { "-vp" } },
	{ { "-o" } },
	{ { "h", "-l" } },
	{ { "-d1", "h" } },
	{ { "-u", "h" } },
	{ { "-4z", "h" } },
	{ { "-:", "h" } },
	{ { "--help" } },
	{ { "-4-", "h" } },
	{ { "-", "x" } },
	{ { "" } },
	{ { "u@" } },
	{ { "@h" } },
	{ { "@" } },
	{ { "-l", "", "h" } },
	{ { "-p", "", "h" } },
	{ { "-p", "0", "h" } },
	{ { "-p", "65536", "h" } },
	{ { "-p", "99999999999999999999", "h" } },
	{ { "-p", "22x", "h" } },
	{ { "-p", "-1", "h" } },
	{ { "-p", "+22", "h" } },
	{ { "-p", " 22", "h" } },
	{ { "-p", "0x16", "h" } },
	{ { "h", "-p", "x" } },
	{ { "ssh://" } },
	{ { "ssh:///x" } },
	{ { "ssh://u@" } },
	{ { "ssh://@h" } },
	{ { "ssh://:22" } },
	{ { "ssh://h:x" } },
	{ { "ssh://h:0" } },
	{ { "ssh://h:65536" } },
	{ { "ssh://h:22:23" } },
	{ { "ssh://::1" } },
	{ { "ssh://[::1" } },
	{ { "ssh://[::1]x" } },
	{ { "ssh://[]" } },
	{ { "ssh://h/path" } },
	{ { "ssh://a@b@h" } },
	{ { "ssh://a%20b@h" } },
	{ { "ssh://a+b@h" } },
	{ { "ssh://a;fingerprint=x@h" } },
	{ { "-l", "x", "ssh://a%20b@h" } },
	/* CVE-2017-1000117, CVE-2023-51385: the names a shell could see */
	{ { "--", "-oProxyCommand=x" } },
	{ { "x@-oProxyCommand=x" } },
	{ { "-l", "-oProxyCommand=x", "h" } },
	{ { "h", "-l", "-oProxyCommand=x" } },
	{ { "-oProxyCommand=x@h" } },
	{ { "--", "-x@h" } },
	{ { "h", "-l", "a;b" } },
	{ { "h'" } },
	{ { "h`id`" } },
	{ { "h\"" } },
	{ { "$(id)" } },
	{ { "h$x" } },
	{ { "h\\" } },
	{ { "h;id" } },
	{ { "h&" } },
	{ { "h<x" } },
	{ { "h>x" } },
	{ { "h|x" } },
	{ { "h(x" } },
	{ { "h)" } },
	{ { "{h" } },
	{ { "h}" } },
	{ { "a,b" } },
	{ { "a b" } },
	{ { "h\n" } },
	{ { "h\tx" } },
	{ { "h\033" } },
	{ { "h\177" } },
	{ { "u'@h" } },
	{ { "u`@h" } },
	{ { "u\"@h" } },
	{ { "u;@h" } },
	{ { "u&@h" } },
	{ { "u<@h" } },
	{ { "u>@h" } },
	{ { "u|@h" } },
	{ { "u(@h" } },
	{ { "u)@h" } },
	{ { "u{@h" } },
	{ { "u}@h" } },
	{ { "u\n@h" } },
	{ { "u -x@h" } },
	{ { "u\\@h" } },
	{ { "ssh://u;x@h" } },
	{ { "ssh://h'" } },
	{ { "ssh://[-h]" } },
	{ { "ssh://-h" } },
};

static int parse(struct ssh_argv *a, const struct row *row, struct error *err)
{
	char *argv[WORDS + 2] = { (char *)"conda-go-ssh" };
	int argc = 1;

	for (size_t i = 0; i < WORDS && row->words[i]; i++)
		argv[argc++] = (char *)row->words[i];
	return ssh_argv_parse(a, argc, argv, err);
}

static const char *name_of(const struct row *row)
{
	static char name[256];
	size_t n = 0;

	name[0] = '\0';
	for (size_t i = 0; i < WORDS && row->words[i]; i++)
		n += (size_t)snprintf(name + n, sizeof(name) - n, "%s[%s]",
			i ? " " : "", row->words[i]);
	return name;
}

static bool same(struct slice s, const char *text)
{
	return slice_eq(s, slice_of(text));
}

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		const struct row *row = &good[i];
		struct error err = ERROR_INIT;
		struct ssh_argv a;

		memset(&a, 0xff, sizeof(a));
		ROW(name_of(row), parse(&a, row, &err) == 0);
		ROW(name_of(row), err.kind == ERROR_NONE);
		ROW(name_of(row), same(a.user, row->user));
		ROW(name_of(row), same(a.host, row->host));
		ROW(name_of(row), a.port == row->port);
		ROW(name_of(row), a.offline == row->offline);
		ROW(name_of(row), same(a.command, row->command));
		ROW(name_of(row), same(a.path, row->path));
		ssh_argv_release(&a);
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct error err = ERROR_INIT;
		struct ssh_argv a;

		ROW(name_of(&bad[i]), parse(&a, &bad[i], &err) == -1);
		ROW(name_of(&bad[i]), err.kind == ERROR_USAGE);
		ROW(name_of(&bad[i]), err.text[0]);
		ssh_argv_release(&a);
		ROW(name_of(&bad[i]), parse(&a, &bad[i], NULL) == -1);
	}
}

/* They ask what ssh is: no host, and what follows is not looked at. */
static void test_offline(void **state)
{
	static const struct row rows[] = { { { "-V" } }, { { "-Q", "key" } },
		{ { "-Qkey" } }, { { "-4V" } }, { { "-V", "-u" } },
		{ { "-Q", "mac", "x;y" } } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ssh_argv a;

		ROW(name_of(&rows[i]), parse(&a, &rows[i], NULL) == 0);
		ROW(name_of(&rows[i]), a.offline && !a.print);
	}
}

/* Every option that OpenSSH's getopt has, with and without its value. */
static void test_all_options(void **state)
{
	static const char flags[] = "1246ACGKMNTXYZafgknqstvxy";
	static const char valued[] = "BDEFIJLOPRSWbceimow";

	(void)state;
	for (int c = 1; c < 127; c++) {
		char word[3] = { '-', (char)c, '\0' };
		struct row alone = { { word, "h" } };
		struct row with = { { word, "22", "h" } };
		struct ssh_argv a;

		if (strchr("VQlp-", c))
			continue;
		ROW(word, (parse(&a, &alone, NULL) == 0) == !!strchr(flags, c));
		ssh_argv_release(&a);
		ROW(word, (parse(&a, &with, NULL) == 0 && same(a.host, "h")) ==
				  !!strchr(valued, c));
		ssh_argv_release(&a);
	}
}

/* Each option is ours, or it is the reason why the call is OpenSSH's. */
static void test_foreign(void **state)
{
	static const char ours[] = "246GTakqvxFiop";
	static const char theirs[] = "1ACKMNXYZfgnstyBDEIJLOPRSWbcemw";

	(void)state;
	assert_int_equal(strlen(ours) + strlen(theirs) + strlen("lVQ"), 48);
	for (size_t i = 0; i < strlen(ours); i++) {
		char word[] = { '-', ours[i], '\0' };
		struct row row = { { "h", word, "22", "ls" } };
		struct ssh_argv a;

		assert_int_equal(parse(&a, &row, NULL), 0);
		ROW(word, !a.foreign);
		ssh_argv_release(&a);
	}
	for (size_t i = 0; i < strlen(theirs); i++) {
		char word[] = { '-', theirs[i], '\0' }, said[8];
		struct row row = { { word, "22", "h", "-J", "x", "ls" } };
		struct buf why;
		struct ssh_argv a;

		buf_init(&why, 64);
		parse(&a, &row, NULL);
		ssh_argv_why(&a, &why);
		snprintf(said, sizeof(said), "-%c", theirs[i]);
		ROW(word, !strcmp(why.ptr, said));
		buf_release(&why);
		ssh_argv_release(&a);
	}
}

static void test_why(void **state)
{
	static const struct {
		struct row row;
		const char *why;
	} rows[] = {
		{ { { "h", "ls" } }, "" },
		{ { { "-4qvTi", "x", "h", "ls" } }, "" },
		{ { { "h" } }, "no command: a login shell" },
		{ { { "h", "" } }, "no command: a login shell" },
		{ { { "h", "", "" } }, "" },
		{ { { "-G", "h" } }, "" },
		{ { { "-J", "j", "h" } }, "-J" },
		{ { { "-4N", "-L", "1:h:2", "h", "ls" } }, "-N" },
		{ { { "h", "-nv", "ls" } }, "-n" },
		{ { { "h", "ls", "-J" } }, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ssh_argv a;
		struct buf why;

		buf_init(&why, 64);
		assert_int_equal(parse(&a, &rows[i].row, NULL), 0);
		ssh_argv_why(&a, &why);
		ROW(name_of(&rows[i].row), !strcmp(why.ptr, rows[i].why));
		buf_release(&why);
		ssh_argv_release(&a);
	}
}

/* What is carried out keeps its order, user@ and :port as the options. */
static void test_order(void **state)
{
	struct row row = { { "-oA", "-4", "u@h", "-o", "B", "-Ff", "-p22",
		"-Fg", "-l", "v", "ls" } };
	struct row url = { { "ssh://u@h:23", "-i", "k", "ls" } };
	static const struct ssh_argv_option want[] = { { 'o', { "A", 1 } },
		{ '4', { NULL, 0 } }, { 'l', { "u", 1 } }, { 'o', { "B", 1 } },
		{ 'p', { "22", 2 } }, { 'l', { "v", 1 } } };
	struct ssh_argv a;

	(void)state;
	assert_int_equal(parse(&a, &row, NULL), 0);
	assert_int_equal(a.options, COUNT(want));
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_int_equal(a.option[i].letter, want[i].letter);
		assert_true(slice_eq(a.option[i].value, want[i].value));
	}
	assert_true(slice_is(a.config, "g"));
	ssh_argv_release(&a);
	assert_int_equal(parse(&a, &url, NULL), 0);
	assert_int_equal(a.options, 3);
	assert_int_equal(a.option[0].letter, 'l');
	assert_int_equal(a.option[1].letter, 'p');
	assert_true(slice_is(a.option[1].value, "23"));
	ssh_argv_release(&a);
}

static void test_many(void **state)
{
	char *argv[SSH_ARGV_OPTIONS_MAX + 4] = { (char *)"ssh" };
	struct ssh_argv a;
	struct buf why;
	int argc = 1;

	(void)state;
	while (argc <= SSH_ARGV_OPTIONS_MAX)
		argv[argc++] = (char *)"-v";
	argv[argc++] = (char *)"h";
	argv[argc++] = (char *)"ls";
	buf_init(&why, 64);
	assert_int_equal(ssh_argv_parse(&a, argc, argv, NULL), 0);
	ssh_argv_why(&a, &why);
	assert_string_equal(why.ptr, "");
	ssh_argv_release(&a);
	argv[argc++] = (char *)"ls";
	argv[argc - 3] = (char *)"-4";
	argv[argc - 2] = (char *)"h";
	assert_int_equal(ssh_argv_parse(&a, argc, argv, NULL), 0);
	ssh_argv_why(&a, &why);
	assert_string_equal(why.ptr, "more than 128 options");
	buf_release(&why);
	ssh_argv_release(&a);
}

/* ssh -G prints what ssh makes of a command line. */
static bool ask_ssh(
	const struct row *row, char user[64], char host[64], int *port)
{
	char line[1024];
	bool found = false;
	int fds[2], status;
	pid_t pid;
	FILE *f;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		char *argv[WORDS + 5] = { (char *)"ssh", (char *)"-G",
			(char *)"-F", (char *)"/dev/null" };

		for (size_t i = 0; i < WORDS && row->words[i]; i++)
			argv[4 + i] = (char *)row->words[i];
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		execvp("ssh", argv);
		_exit(127);
	}
	close(fds[1]);
	f = fdopen(fds[0], "r");
	user[0] = host[0] = '\0';
	*port = 0;
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "user ", 5))
			sscanf(line, "user %63s", user);
		sscanf(line, "port %d", port);
		found |= sscanf(line, "hostname %63s", host) == 1;
	}
	fclose(f);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return found && WIFEXITED(status) && !WEXITSTATUS(status);
}

/* Where ours is stricter or more generous, on purpose. */
static bool differs(const struct row *row)
{
	/* OpenSSH before 9.7 has no brackets in URLs; -F "" is its own matter
	 */
	for (size_t i = 0; i < WORDS && row->words[i]; i++)
		if (!strncmp(row->words[i], "ssh://", 6) &&
			strchr(row->words[i], '['))
			return true;
	return !strcmp(row->words[0], "-F") || !strcmp(row->words[0], "-o") ||
	       !strcmp(row->words[0], "SSH://h");
}

static void test_like_ssh(void **state)
{
	char user[64], host[64], me[64];
	int port, compared = 0;

	(void)state;
	assert_true(ask_ssh(&(struct row){ { "h" } }, me, host, &port));
	for (size_t i = 0; i < COUNT(good); i++) {
		const struct row *row = &good[i];

		if (differs(row))
			continue;
		ROW(name_of(row), ask_ssh(row, user, host, &port));
		ROW(name_of(row), !strcmp(host, row->host));
		ROW(name_of(row), !strcmp(user, row->user ? row->user : me));
		ROW(name_of(row), port == (row->port ? row->port : 22));
		compared++;
	}
	assert_true(compared > 35);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_offline),
		cmocka_unit_test(test_all_options),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_like_ssh),
	};

	return unit_run("ssh_argv", tests, COUNT(tests), NULL,
		system("ssh -V >/dev/null 2>&1")
			? "there is no ssh to compare with"
			: NULL);
}
