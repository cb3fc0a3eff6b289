#include "helper/cmd/configured.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char dir[128], path[200];

static int setup(void **state)
{
	(void)state;
	unit_mkdir(dir);
	snprintf(path, sizeof(path), "%s/conda-go/configured", dir);
	return setenv("XDG_STATE_HOME", dir, 1);
}

static int teardown(void **state)
{
	(void)state;
	unit_rmdir(dir);
	return 0;
}

static int add(const char *value, struct error *err)
{
	struct configured c = { slice_of("--global"), slice_of(""),
		slice_of(value), SLICE_NONE };

	return configured_add(&c, err);
}

/* What each is told to answer, and what it saw. */
struct script {
	const char *answers; /* '1', '0', 'e' for each; then '1' */
	char seen[4096];
};

static int follow(const struct configured *c, void *arg, struct error *err)
{
	struct script *s = arg;
	size_t n = strlen(s->seen);
	char answer = *s->answers ? *s->answers++ : '1';

	snprintf(s->seen + n, sizeof(s->seen) - n, "%.*s,", (int)c->value.len,
		c->value.ptr);
	if (answer == 'e')
		return error_set(err, ERROR_DENIED, "no");
	return answer == '1';
}

static const char *each(const char *answers, int want)
{
	static struct script s;
	struct error err = ERROR_INIT;
	int got;

	s = (struct script){ answers, "" };
	got = configured_each(follow, &s, &err);
	if (got != want)
		fail_msg("%d, not %d: %s", got, want, err.text);
	assert_int_equal(err.kind != ERROR_NONE, got < 0);
	return s.seen;
}

static void test_none(void **state)
{
	(void)state;
	assert_string_equal(each("", 0), "");
	assert_int_equal(access(path, F_OK), -1);
}

static int look_at_all(const struct configured *c, void *arg, struct error *err)
{
	(void)arg;
	(void)err;
	assert_true(slice_is(c->scope, "--local"));
	assert_true(slice_is(c->place, "/repo/.git"));
	assert_true(slice_is(c->value, "a=b c"));
	assert_true(slice_is(c->created, "/home/u/.gitconfig"));
	return 1;
}

static void test_fields(void **state)
{
	struct configured c = { slice_of("--local"), slice_of("/repo/.git"),
		slice_of("a=b c"), slice_of("/home/u/.gitconfig") };
	struct stat st;

	(void)state;
	umask(022);
	assert_int_equal(configured_add(&c, NULL), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	for (int i = 0; i < 2; i++)
		assert_int_equal(configured_each(look_at_all, NULL, NULL), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void test_keep_and_drop(void **state)
{
	char fresh[210];

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(add((char[]){ (char)('a' + i), 0 }, NULL), 0);
	assert_string_equal(each("11111", 0), "a,b,c,d,e,");
	assert_string_equal(each("10101", 0), "a,b,c,d,e,");
	assert_string_equal(each("0e", -1), "a,c,");
	assert_string_equal(each("", 0), "c,e,");
	assert_int_equal(add("f", NULL), 0);
	assert_string_equal(each("000", 0), "c,e,f,");
	assert_string_equal(each("", 0), "");
	assert_int_equal(add("g", NULL), 0);
	assert_string_equal(each("", 0), "g,");
	/* nothing else is left behind */
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	assert_int_equal(access(fresh, F_OK), -1);
}

static void test_cannot_be_sent(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(add("good", NULL), 0);
	assert_int_equal(add("two\nlines", &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(each("", 0), "good,");
}

/* A list that cannot be read whole is not replaced by its first part. */
static void test_malformed(void **state)
{
	struct stat before, after;
	int fd;

	(void)state;
	assert_int_equal(add("a", NULL), 0);
	fd = open(path, O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "junk\n\n", 6), 6);
	close(fd);
	assert_int_equal(stat(path, &before), 0);
	assert_string_equal(each("0", -1), "a,");
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_size, after.st_size);
}

/* A disk that is full in the middle of a record: it is taken back. */
static void child_full(void *arg)
{
	struct rlimit most;
	struct error err = ERROR_INIT;
	struct stat st;
	char value[6000];

	(void)arg;
	CHECK(!stat(path, &st));
	signal(SIGXFSZ, SIG_IGN);
	most = (struct rlimit){ (rlim_t)st.st_size + 5000,
		(rlim_t)st.st_size + 5000 };
	CHECK(!setrlimit(RLIMIT_FSIZE, &most));
	memset(value, 'v', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	CHECK(add(value, &err) < 0);
	CHECK(err.kind == ERROR_SYSTEM);
}

static void test_full_disk(void **state)
{
	struct stat before, after;

	(void)state;
	assert_int_equal(add("a", NULL), 0);
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(unit_child(child_full, NULL), 0);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(add("b", NULL), 0);
	assert_string_equal(each("", 0), "a,b,");
}

static void test_symlink(void **state)
{
	char other[200];
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(add("a", NULL), 0);
	snprintf(other, sizeof(other), "%s/other", dir);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(add("b", &err), -1);
	assert_int_equal(err.kind, ERROR_SYSTEM);
	each("0", -1);
}

/* --- several processes ---------------------------------------------------- */

/*
 * The lock is held on a file that is renamed away meanwhile: who waited for it
 * must append to the one that stands there then.
 */
static void test_replaced_while_waiting(void **state)
{
	char old[210];
	int fd, status;
	pid_t pid;

	(void)state;
	assert_int_equal(add("a", NULL), 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	pid = fork();
	if (!pid) {
		close(fd);
		_exit(add("late", NULL) < 0);
	}
	usleep(100000);
	snprintf(old, sizeof(old), "%s.old", path);
	assert_int_equal(rename(path, old), 0);
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_string_equal(each("", 0), "late,");
}

static void child_adds(int number)
{
	char value[24];

	for (int i = 0; i < 25; i++) {
		snprintf(value, sizeof(value), "%d-%d", number, i);
		if (add(value, NULL) < 0)
			_exit(1);
	}
	_exit(0);
}

/* Every value that starts with 'x' goes. */
static int drop_x(const struct configured *c, void *arg, struct error *err)
{
	(void)arg;
	(void)err;
	return !slice_starts(c->value, "x");
}

static int count(const struct configured *c, void *arg, struct error *err)
{
	(void)c;
	(void)err;
	++*(int *)arg;
	return 1;
}

static void test_parallel(void **state)
{
	int seen = 0, status;

	(void)state;
	for (int k = 0; k < 4; k++)
		if (!fork())
			child_adds(k);
	for (int k = 0; k < 2; k++)
		if (!fork()) {
			for (int i = 0; i < 25; i++)
				if (add("x", NULL) < 0 ||
					configured_each(drop_x, NULL, NULL) < 0)
					_exit(1);
			_exit(0);
		}
	for (int k = 0; k < 6; k++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(configured_each(drop_x, NULL, NULL), 0);
	assert_int_equal(configured_each(count, &seen, NULL), 0);
	assert_int_equal(seen, 100);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_none),
		TEST(test_fields),
		TEST(test_keep_and_drop),
		TEST(test_cannot_be_sent),
		TEST(test_malformed),
		TEST(test_full_disk),
		TEST(test_symlink),
		TEST(test_replaced_while_waiting),
		TEST(test_parallel),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("configured", tests, NULL, NULL);
}
