/* The policy's files: where they are, who may write them, what is none. */
#include "helper/policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void look(const struct policy *p, const char *url, enum policy_key key,
	struct policy_value *v)
{
	struct error err = ERROR_INIT;
	struct target t;

	if (target_from_url(&t, slice_of(url), &err) < 0)
		fail_msg("%s", err.text);
	policy_lookup(p, &t, key, v);
}

/* A folder of its own, and files in it. */
static char folder[64];

static void write_file(const char *name, const char *bytes, mode_t mode)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(bytes, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/policy.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static const struct {
	mode_t mode;
	int which; /* 0 system, 1 user, 2 env */
	bool fine;
} modes[] = {
	{ 0600, 0, true },
	{ 0644, 0, true },
	{ 0644, 1, true },
	{ 0444, 1, true },
	{ 0664, 2, true },
	{ 0664, 0, false },
	{ 0646, 0, false },
	{ 0660, 1, false },
	{ 0622, 1, false },
};

static void test_load_modes(void **state)
{
	char path[128], want[512];

	(void)state;
	snprintf(path, sizeof(path), "%s/modes", folder);
	for (size_t i = 0; i < COUNT(modes); i++) {
		const char *paths[3] = { NULL, "/nonexistent/x", NULL };
		struct error err = ERROR_INIT;
		struct policy *p = policy_new(&err);
		struct policy_value v;
		int rc;

		write_file("modes", "[default]\naccount=me\n", modes[i].mode);
		paths[modes[i].which] = path;
		rc = policy_load_paths(p, paths[0], paths[1], paths[2], &err);
		if (!modes[i].fine) {
			snprintf(want, sizeof(want),
				"%s: others can write it (mode %04o); run: "
				"chmod go-w %s",
				path, (unsigned)modes[i].mode, path);
			assert_int_equal(rc, -1);
			assert_int_equal(err.kind, ERROR_DENIED);
			assert_string_equal(err.text, want);
		} else {
			assert_int_equal(rc, 0);
			look(p, "https://h/", POLICY_KEY_ACCOUNT, &v);
			assert_string_equal(v.file, path);
			assert_int_equal(v.scope, modes[i].which + 1);
		}
		policy_free(p);
		unlink(path);
	}
}

static void assert_load_fails(const char *name, const char *text)
{
	struct error err = ERROR_INIT;
	struct policy *p = policy_new(&err);
	char path[128], want[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(want, sizeof(want), "%s%s", path, text);
	assert_int_equal(policy_load_paths(p, NULL, path, NULL, &err), -1);
	assert_string_equal(err.text, want);
	policy_free(p);
}

static void test_load_bad(void **state)
{
	char path[128];
	char *large = malloc(65538);

	(void)state;
	memset(large, '\n', 65537);
	large[65537] = '\0';
	write_file("large", large, 0600);
	free(large);
	assert_load_fails(
		"large", ": larger than 65536 bytes, which no policy file is");
	write_file("bad", "[default]\nrial = ssh\n", 0600);
	assert_load_fails("bad",
		":2: unknown key 'rial' in [default]; did you mean 'rail'?");
	snprintf(path, sizeof(path), "%s/folder", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_load_fails("folder", ": not a regular file");
	snprintf(path, sizeof(path), "%s/fifo", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_load_fails("fifo", ": not a regular file");
	snprintf(path, sizeof(path), "%s/loop", folder);
	assert_int_equal(symlink("loop", path), 0);
	assert_load_fails(
		"loop", ": cannot open it: Too many levels of symbolic links");
}

/* As root every file opens, and anybody's can be made. */
static void test_load_owner(void **state)
{
	char path[128], want[512];
	struct error err = ERROR_INIT;
	struct policy *p;

	(void)state;
	snprintf(path, sizeof(path), "%s/owner", folder);
	write_file("owner", "[default]\nrail=ssh\n", 0600);
	if (geteuid() != 0) {
		assert_int_equal(chmod(path, 0), 0);
		assert_load_fails(
			"owner", ": cannot open it: Permission denied");
		return;
	}
	assert_int_equal(chown(path, 12345, 0), 0);
	p = policy_new(&err);
	assert_int_equal(policy_load_paths(p, path, NULL, NULL, &err), -1);
	snprintf(want, sizeof(want),
		"%s: belongs to uid 12345, who could change what we do; run: "
		"sudo chown 0 %s",
		path, path);
	assert_string_equal(err.text, want);
	assert_int_equal(err.kind, ERROR_DENIED);
	assert_int_equal(policy_load_paths(p, NULL, NULL, path, &err), 0);
	policy_free(p);
}

static void test_load_places(void **state)
{
	struct error err = ERROR_INIT;
	struct policy *p = policy_new(&err);
	struct policy_value v;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/etc", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/etc/conda-go", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	write_file("etc/conda-go/config", "[default]\naccount=e\n", 0600);
	setenv("HOME", folder, 1);
	unsetenv("XDG_CONFIG_HOME");
	setenv("CONDA_PREFIX", "", 1);
	assert_int_equal(policy_load(p, &err), 0);
	look(p, "https://h/", POLICY_KEY_ACCOUNT, &v);
	assert_null(v.text);
	setenv("CONDA_PREFIX", folder, 1);
	assert_int_equal(policy_load(p, &err), 0);
	look(p, "https://h/", POLICY_KEY_ACCOUNT, &v);
	assert_string_equal(v.text, "e");
	assert_int_equal(v.scope, POLICY_ENV);
	snprintf(path, sizeof(path), "%s/etc", folder);
	setenv("XDG_CONFIG_HOME", path, 1);
	unsetenv("CONDA_PREFIX");
	assert_int_equal(policy_load(p, &err), 0);
	policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load_modes),
		cmocka_unit_test(test_load_bad),
		cmocka_unit_test(test_load_owner),
		cmocka_unit_test(test_load_places),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name(
		"policy load", tests, make_folder, remove_folder);
}
