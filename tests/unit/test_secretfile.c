#include "helper/base/path.h"
#include "helper/source/secretfile.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define US 1000
#define OTHER 2000

/*
 * What the header says, in other words: others may not write, ever; they may
 * not read and no stranger may own, except on a read-only mount; lenient turns
 * the second into a warning.
 */
static enum secretfile_verdict expected(
	const struct secretfile_facts *f, bool lenient)
{
	bool writable = f->mode & (S_IWGRP | S_IWOTH);
	bool loose = f->mode & (S_IRGRP | S_IROTH) ||
		     (f->owner != f->us && f->owner != 0);

	if (!S_ISREG(f->mode) || writable)
		return SECRETFILE_REFUSED;
	if (!loose || f->readonly)
		return SECRETFILE_FINE;
	return lenient ? SECRETFILE_WARN : SECRETFILE_REFUSED;
}

static void judge(mode_t mode, uid_t owner, uid_t us, int bits)
{
	struct secretfile_facts f = { mode, owner, us, bits & 1 };
	struct error why = ERROR_INIT;
	enum secretfile_verdict got =
		secretfile_judge(&f, bits & 2, "/path/x", &why);
	const char *end = owner == us ? "; type: chmod 600 /path/x"
				      : "; type: sudo chown \"$(id -u)\" "
					"/path/x && chmod 600 /path/x";
	size_t n = strlen(why.text), e = strlen(end);

	assert_int_equal(got, expected(&f, bits & 2));
	if (got == SECRETFILE_FINE) {
		assert_int_equal(why.kind, ERROR_NONE);
		return;
	}
	assert_int_equal(why.kind, ERROR_DENIED);
	assert_non_null(strstr(why.text, "/path/x"));
	if (S_ISREG(mode))
		assert_true(n > e && !strcmp(why.text + n - e, end));
	assert_int_equal(secretfile_judge(&f, bits & 2, "/path/x", NULL), got);
}

/* Every mode, with every owner, mount and leniency. */
static void test_judge(void **state)
{
	static const uid_t owners[][2] = { { US, US }, { 0, US }, { OTHER, US },
		{ 0, 0 }, { US, 0 } };
	static const mode_t types[] = { S_IFREG, S_IFDIR, S_IFIFO, S_IFSOCK,
		S_IFCHR, S_IFBLK, S_IFLNK };

	(void)state;
	for (size_t o = 0; o < COUNT(owners); o++)
		for (int bits = 0; bits < 4; bits++) {
			for (mode_t mode = 0; mode < 010000; mode++)
				judge(S_IFREG | mode, owners[o][0],
					owners[o][1], bits);
			for (size_t t = 0; t < COUNT(types); t++)
				judge(types[t] | 0600, owners[o][0],
					owners[o][1], bits);
		}
}

/* A command that was cut would be chmod of another file. */
static void test_long_path(void **state)
{
	static const struct secretfile_facts facts[] = {
		{ S_IFREG | 0644, US, US, false },
		{ S_IFREG | 0666, US, US, false },
		{ S_IFREG | 0600, OTHER, US, false },
		{ S_IFREG | 0666, OTHER, US, false },
	};
	char path[PATH_LIMIT];

	(void)state;
	for (size_t i = 0; i < COUNT(facts); i++)
		for (size_t n = 2; n < 1000; n++) {
			struct error why = ERROR_INIT;
			const char *type;

			memset(path, 'p', n);
			path[0] = '/';
			path[n - 1] = 'Z';
			path[n] = '\0';
			secretfile_judge(&facts[i], false, path, &why);
			type = strstr(why.text, "chmod");
			assert_true(n > 60 || type);
			assert_true(
				!type || why.text[strlen(why.text) - 1] == 'Z');
			assert_true(strstr(why.text, "mode") ||
				    strstr(why.text, "uid 2000"));
		}
}

/* --- files ---------------------------------------------------------------- */

static char dir[128];

static int setup(void **state)
{
	(void)state;
	unit_mkdir(dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unit_rmdir(dir);
	return 0;
}

static const char *in_dir(const char *name)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void make(const char *path, const char *content, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	close(fd);
	assert_int_equal(chmod(path, mode), 0);
}

static int read_max(
	const char *path, bool lenient, size_t max, struct error *why)
{
	struct wipebuf out;
	int got;

	*why = (struct error)ERROR_INIT;
	wipebuf_init(&out, max);
	wipebuf_adds(&out, "before ", NULL);
	alarm(10); /* whatever blocks fails the test */
	got = secretfile_read(path, lenient, &out, why);
	alarm(0);
	assert_string_equal(out.ptr, got < 0 ? "before " : "before the secret");
	wipebuf_release(&out);
	return got;
}

static void test_read(void **state)
{
	const char *path = in_dir("file");
	struct error why;

	(void)state;
	make(path, "the secret", 0600);
	assert_int_equal(read_max(path, false, 100, &why), 0);
	assert_int_equal(why.kind, ERROR_NONE);
	assert_int_equal(read_max(path, false, 17, &why), 0);
	assert_int_equal(read_max(path, false, 16, &why), -1);
	assert_int_equal(why.kind, ERROR_INPUT);
	assert_non_null(strstr(why.text, "file: "));
	make(path, "the secret", 0644);
	assert_int_equal(read_max(path, false, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_DENIED);
	assert_int_equal(read_max(path, true, 100, &why), 1);
	assert_int_equal(why.kind, ERROR_DENIED);
	assert_non_null(strstr(why.text, "chmod 600 "));
	make(path, "the secret", 0620);
	assert_int_equal(read_max(path, true, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_DENIED);
}

static void test_links(void **state)
{
	struct error why;

	(void)state;
	make(in_dir("file"), "the secret", 0600);
	assert_int_equal(symlink("file", in_dir("good")), 0);
	assert_int_equal(symlink("nothing", in_dir("dangling")), 0);
	assert_int_equal(symlink("loop", in_dir("loop")), 0);
	assert_int_equal(read_max(in_dir("good"), false, 100, &why), 0);
	make(in_dir("file"), "the secret", 0644);
	assert_int_equal(read_max(in_dir("good"), false, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_DENIED);
	assert_int_equal(read_max(in_dir("dangling"), false, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_UNAVAILABLE);
	assert_int_equal(read_max(in_dir("loop"), false, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_DENIED);
}

static void test_no_file(void **state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct error why;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(mkfifo(in_dir("fifo"), 0600), 0);
	assert_int_equal(read_max(in_dir("fifo"), false, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_DENIED);
	assert_non_null(strstr(why.text, "not a regular file"));
	assert_int_equal(read_max(dir, false, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_DENIED);
	assert_int_equal(read_max("/dev/null", true, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_DENIED);
	assert_true(strlen(in_dir("socket")) < sizeof(sun.sun_path));
	memcpy(sun.sun_path, in_dir("socket"), strlen(in_dir("socket")));
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_int_equal(read_max(in_dir("socket"), false, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_DENIED);
	close(fd);
	assert_int_equal(read_max(in_dir("nothing"), false, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_UNAVAILABLE);
	assert_int_equal(read_max(in_dir("fifo/x"), false, 100, &why), -1);
	assert_int_equal(why.kind, ERROR_UNAVAILABLE);
}

static void child_reads(void *arg)
{
	struct error why = ERROR_INIT;
	struct wipebuf out;

	CHECK(!setuid(54321));
	wipebuf_init(&out, 100);
	CHECK(secretfile_read(arg, true, &out, &why) < 0);
	CHECK(why.kind == ERROR_DENIED);
	CHECK(strstr(why.text, "Permission denied"));
}

static void child_has_no_fd(void *arg)
{
	struct error why = ERROR_INIT;
	struct wipebuf out;

	wipebuf_init(&out, 100);
	while (open("/dev/null", O_RDONLY) >= 0)
		;
	CHECK(secretfile_read(arg, true, &out, &why) < 0);
	CHECK(why.kind == ERROR_SYSTEM);
}

static void test_unreadable(void **state)
{
	(void)state;
	make(in_dir("file"), "the secret", 0600);
	assert_int_equal(
		unit_child(child_has_no_fd, (char *)in_dir("file")), 0);
	if (!geteuid()) { /* who can still become another one */
		assert_int_equal(chmod(dir, 0755), 0);
		assert_int_equal(
			unit_child(child_reads, (char *)in_dir("file")), 0);
	}
}

/* The command in the message, given to a shell, mends it. */
static void test_command(void **state)
{
	static const char *const names[] = { "plain", "with space", "it's",
		"$(false)", "a;b", "back\\slash", "~", "-x", "caf\xc3\xa9",
		"\"q\"", "*" };
	const char *homes[] = { dir, "/nowhere" };
	char copy[256];

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(names); i++) {
		const char *path = in_dir(names[i / 2]);
		struct error why;
		struct stat st;
		char *type;

		setenv("HOME", homes[i % 2], 1);
		make(path, "the secret", 0666);
		assert_int_equal(read_max(path, true, 100, &why), -1);
		ROW(names[i / 2], !!strstr(why.text, "~/") == (i % 2 == 0) ||
					  !strcmp(names[i / 2], "~"));
		snprintf(copy, sizeof(copy), "%s", why.text);
		type = strstr(copy, "; type: ");
		ROW(names[i / 2], type);
		ROW(names[i / 2], !system(type + strlen("; type: ")));
		assert_int_equal(stat(path, &st), 0);
		ROW(names[i / 2], (st.st_mode & 07777) == 0600);
		assert_int_equal(read_max(path, false, 100, &why), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_long_path),
		cmocka_unit_test_setup_teardown(test_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_links, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_file, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_unreadable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_command, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("secretfile", tests, NULL, NULL);
}
