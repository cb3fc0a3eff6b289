#include "helper/base/path.h"

#include "tests/unit/unit.h"

#include <pwd.h>
#include <sys/stat.h>

#define MAX 300

static int clear(void **state)
{
	(void)state;
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("CONDA_PREFIX");
	return setenv("HOME", "/home/u", 1);
}

static void test_home(void **state)
{
	const char *values[] = { NULL, "", "relative", "./x" };
	struct passwd *pw = getpwuid(geteuid());
	struct error err = ERROR_INIT;
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	assert_int_equal(path_home(&b, &err), 0);
	assert_string_equal(b.ptr, "/home/u");
	for (size_t i = 0; pw && i < COUNT(values); i++) {
		if (values[i])
			setenv("HOME", values[i], 1);
		else
			unsetenv("HOME");
		buf_reset(&b);
		assert_int_equal(path_home(&b, &err), 0);
		assert_string_equal(b.ptr, pw->pw_dir);
	}
	buf_release(&b);
}

static void child_nobody(void *arg)
{
	struct error err = ERROR_INIT;
	struct buf b;

	(void)arg;
	CHECK(!setuid(54321));
	unsetenv("HOME");
	buf_init(&b, MAX);
	CHECK(path_home(&b, &err) < 0);
	CHECK(err.kind == ERROR_UNAVAILABLE);
	CHECK(strstr(err.text, "54321") && strstr(err.text, "HOME"));
	CHECK(path_state(&b, "x", NULL) < 0);
	CHECK(path_expand(&b, slice_of("~/x"), NULL) < 0);
	CHECK(b.len == 0);
	/* what needs no home still works */
	setenv("XDG_STATE_HOME", "/s", 1);
	CHECK(!path_state(&b, "x", NULL) && !strcmp(b.ptr, "/s/conda-go/x"));
	buf_reset(&b);
	path_shorten(&b, "/home/u/x");
	CHECK(!strcmp(b.ptr, "/home/u/x"));
}

static void test_no_passwd_entry(void **state)
{
	(void)state;
	assert_int_equal(unit_child(child_nobody, NULL), 0);
}

static void test_xdg(void **state)
{
	const char *unset[] = { NULL, "", "relative" };
	struct error err = ERROR_INIT;
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	for (size_t i = 0; i < COUNT(unset); i++) {
		if (unset[i]) {
			setenv("XDG_CONFIG_HOME", unset[i], 1);
			setenv("XDG_STATE_HOME", unset[i], 1);
			setenv("CONDA_PREFIX", unset[i], 1);
		}
		buf_reset(&b);
		assert_int_equal(path_config(&b, "config", &err), 0);
		assert_string_equal(b.ptr, "/home/u/.config/conda-go/config");
		buf_reset(&b);
		assert_int_equal(path_state(&b, "log", &err), 0);
		assert_string_equal(b.ptr, "/home/u/.local/state/conda-go/log");
		buf_reset(&b);
		err.kind = ERROR_NONE;
		assert_int_equal(path_env(&b, "config", &err), -1);
		assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		assert_int_equal(b.len, 0);
	}
	setenv("XDG_CONFIG_HOME", "/c", 1);
	setenv("XDG_STATE_HOME", "/s", 1);
	setenv("CONDA_PREFIX", "/opt/env", 1);
	assert_int_equal(path_config(&b, "config", NULL), 0);
	assert_string_equal(b.ptr, "/c/conda-go/config");
	buf_reset(&b);
	assert_int_equal(path_state(&b, "log", NULL), 0);
	assert_string_equal(b.ptr, "/s/conda-go/log");
	buf_reset(&b);
	assert_int_equal(path_env(&b, "config", NULL), 0);
	assert_string_equal(b.ptr, "/opt/env/etc/conda-go/config");
	buf_release(&b);
}

static void test_expand(void **state)
{
	static const struct {
		const char *written, *path;
	} rows[] = {
		{ "/etc/x", "/etc/x" },
		{ "~/x y", "/home/u/x y" },
		{ "~/", "/home/u/" },
		{ "~", NULL },
		{ "~other/x", NULL },
		{ "x", NULL },
		{ "./x", NULL },
		{ "", NULL },
		{ NULL, NULL },
	};
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = ERROR_INIT;
		int got = path_expand(&b, slice_of(rows[i].written), &err);
		const char *name = rows[i].written ? rows[i].written : "absent";

		ROW(name, got == (rows[i].path ? 0 : -1));
		ROW(name,
			err.kind == (rows[i].path ? ERROR_NONE : ERROR_INPUT));
		ROW(name, !strcmp(b.ptr, rows[i].path ? rows[i].path : ""));
		buf_reset(&b);
	}
	buf_release(&b);
}

static void test_shorten(void **state)
{
	static const struct {
		const char *home, *path, *shown;
	} rows[] = {
		{ "/home/u", "/home/u/x", "~/x" },
		{ "/home/u/", "/home/u/x", "~/x" },
		{ "/home/u", "/home/user/x", "/home/user/x" },
		{ "/home/u", "/etc/x", "/etc/x" },
		{ "/", "/etc/x", "/etc/x" },
		{ "", "/etc/x", "/etc/x" },
		{ "rel", "rel/x", "rel/x" },
	};
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	for (size_t i = 0; i < COUNT(rows); i++) {
		setenv("HOME", rows[i].home, 1);
		buf_reset(&b);
		path_shorten(&b, rows[i].path);
		ROW(rows[i].path, !strcmp(b.ptr, rows[i].shown));
	}
	buf_release(&b);
}

static void test_cut(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	path_shorten(&b, "/etc/passwd");
	assert_string_equal(b.ptr, "/etc/");
	buf_reset(&b);
	path_shorten(&b, "/home/u/12345");
	assert_string_equal(b.ptr, "~/123");
	buf_reset(&b);
	path_quote(&b, "/etc/passwd");
	assert_string_equal(b.ptr, "/etc/");
	buf_reset(&b);
	path_quote(&b, "/e x/passwd");
	assert_string_equal(b.ptr, "'/e x");
	buf_release(&b);
}

/* sh -c "printf %s QUOTED" is the judge. */
static void shell_reads(const char *quoted, char *out, size_t size)
{
	char command[1024];
	size_t n;
	FILE *p;

	snprintf(command, sizeof(command), "printf %%s %s", quoted);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(out, 1, size - 1, p);
	out[n] = '\0';
	assert_int_equal(pclose(p), 0);
}

static void test_quote(void **state)
{
	static const struct {
		const char *path, *read; /* NULL: path itself */
	} rows[] = {
		{ "/plain/path-1.2_3+@:,", NULL },
		{ "/a b", NULL },
		{ "", NULL },
		{ "it's", NULL },
		{ "'", NULL },
		{ "a'b'c''d", NULL },
		{ "/$HOME/`id`/$(id)", NULL },
		{ "/x;rm -rf y", NULL },
		{ "/back\\slash\"q", NULL },
		{ "/*?[a]{b,c}", NULL },
		{ "/line\nfeed", NULL },
		{ "#x", NULL },
		{ "/a=b&c|d<e>f!(g)", NULL },
		{ "/caf\xc3\xa9", NULL },
		{ "/x/~", NULL },
		{ "~/x y", "/home/u/x y" },
		{ "~/x", "/home/u/x" },
		{ "~/it's", "/home/u/it's" },
		{ "~root/x", NULL },
		{ "~", NULL },
		{ "~+/x", NULL },
	};
	char out[256];
	struct buf b;

	(void)state;
	buf_init(&b, MAX);
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		path_quote(&b, rows[i].path);
		shell_reads(b.ptr, out, sizeof(out));
		ROW(rows[i].path, !strcmp(out, rows[i].read ? rows[i].read
							    : rows[i].path));
	}
	buf_reset(&b);
	path_quote(&b, "/plain/path-1.2_3+@:,");
	assert_string_equal(b.ptr, "/plain/path-1.2_3+@:,");
	buf_release(&b);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_mode & 07777;
}

static void test_make_parent(void **state)
{
	struct error err = ERROR_INIT;
	char dir[128], path[256], deep[PATH_LIMIT + 10];

	(void)state;
	umask(022);
	unit_mkdir(dir);
	snprintf(path, sizeof(path), "%s/open", dir);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/open/a/b/file", dir);
	assert_int_equal(path_make_parent(path, &err), 0);
	assert_int_equal(path_make_parent(path, &err), 0);
	assert_true(access(path, F_OK) < 0);
	snprintf(path, sizeof(path), "%s/open/a/b", dir);
	assert_int_equal(mode_of(path), 0700);
	snprintf(path, sizeof(path), "%s/open/a", dir);
	assert_int_equal(mode_of(path), 0700);
	snprintf(path, sizeof(path), "%s/open", dir);
	assert_int_equal(mode_of(path), 0755);
	/* a file in the way */
	snprintf(path, sizeof(path), "%s/file", dir);
	fclose(fopen(path, "w"));
	snprintf(path, sizeof(path), "%s/file/a/b", dir);
	assert_int_equal(path_make_parent(path, &err), -1);
	assert_int_equal(err.kind, ERROR_SYSTEM);
	memset(deep, 'x', sizeof(deep) - 1);
	deep[0] = '/';
	deep[sizeof(deep) - 1] = '\0';
	assert_int_equal(path_make_parent(deep, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_int_equal(path_make_parent("", &err), 0);
	assert_int_equal(path_make_parent("/", &err), 0);
	unit_rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_home, clear),
		cmocka_unit_test_setup(test_xdg, clear),
		cmocka_unit_test_setup(test_expand, clear),
		cmocka_unit_test_setup(test_shorten, clear),
		cmocka_unit_test_setup(test_cut, clear),
		cmocka_unit_test_setup(test_quote, clear),
		cmocka_unit_test_setup(test_make_parent, clear),
		cmocka_unit_test_setup(test_no_passwd_entry, clear),
	};

	return unit_run("path", tests, COUNT(tests), NULL,
		geteuid() || getpwuid(54321)
			? "only root can become a uid without entry"
			: NULL);
}
