/* `conda-go config`: what it prints, whole. */
#include "helper/cmd/config.h"
#include "helper/policy/policy.h"

#include <jansson.h>
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

static char home[64];
static char output[16384]; /* what the last run printed */

static void write_config(const char *folder, const char *bytes)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "mkdir -p '%s/%s/conda-go'", home, folder);
	assert_int_equal(system(path), 0);
	snprintf(path, sizeof(path), "%s/%s/conda-go/config", home, folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(bytes, f);
	fclose(f);
	assert_int_equal(chmod(path, 0600), 0);
}

static int set_up(void **state)
{
	char prefix[128];

	(void)state;
	snprintf(home, sizeof(home), "/tmp/config.XXXXXX");
	if (!mkdtemp(home))
		return -1;
	snprintf(prefix, sizeof(prefix), "%s/env", home);
	setenv("HOME", home, 1);
	setenv("CONDA_PREFIX", prefix, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_RUNTIME_DIR");
	unsetenv("DBUS_SESSION_BUS_ADDRESS"); /* a keyring is a role */
	write_config(".config",
		"[default]\nrail = auto\n[host \"h/acme\"]\naccount = bot\n"
		"identity = ~/b\xffr ; raw\n");
	write_config("env/etc",
		"[default]\nrail = ssh\n[host \"h/acme\"]\naccount = env\n");
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", home);
	return system(command);
}

/* Run with stdout in a file, which TAP shares otherwise. */
static int run(const char *const *words, struct error *err)
{
	char *argv[8] = { NULL };
	FILE *f = tmpfile();
	int argc = 0, saved, rc;
	size_t n;

	for (; words[argc]; argc++)
		argv[argc] = strdup(words[argc]);
	fflush(stdout);
	saved = dup(1);
	dup2(fileno(f), 1);
	rc = config_run(argc, argv, err);
	fflush(stdout);
	dup2(saved, 1);
	close(saved);
	rewind(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = '\0';
	fclose(f);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return rc;
}

#define RUN(err, ...)                                                          \
	run((const char *const[]){ "config",                                   \
		    __VA_ARGS__ __VA_OPT__(, ) NULL },                         \
		err)

static void test_all(void **state)
{
	(void)state;
	assert_int_equal(RUN(NULL), 0);
	assert_string_equal(output,
		"[default]\n"
		"sources = netrc keyring            ; built in\n"
		"; rail = ssh                       ; ~/env/etc/conda-go/"
		"config:2, set outside the environment, whose own file may not "
		"change it\n"
		"rail = auto                        ; ~/.config/conda-go/"
		"config:2\n"
		"store = auto                       ; built in\n"
		"netrc-default = off                ; built in\n"
		"netrc-permissions = strict         ; built in\n"
		"ssh = auto                         ; built in\n"
		"\n"
		"[host \"h/acme\"]\n"
		"account = env                      ; ~/env/etc/conda-go/"
		"config:4\n"
		"; account = bot                    ; ~/.config/conda-go/"
		"config:4, overridden by a later file\n"
		"identity = ~/b\xffr                   ; ~/.config/conda-go/"
		"config:5\n");
}

/* What is printed is a policy file that says the same. */
static void test_all_reads_back(void **state)
{
	struct error err = ERROR_INIT;
	struct policy *p = policy_new(&err);

	(void)state;
	assert_int_equal(RUN(&err), 0);
	assert_int_equal(policy_read_bytes(p, slice_of(output), "printed",
				 POLICY_USER, &err),
		0);
	policy_free(p);
}

static void test_target(void **state)
{
	(void)state;
	assert_int_equal(RUN(NULL, "https://u:hunter2@h/acme/x.git?q"), 0);
	assert_string_equal(output,
		"https://h/acme/x.git\n"
		"rail: https (the URL's scheme says so)\n"
		"sources in order: 1. netrc 2. keyring\n"
		"sources = netrc keyring            ; built in\n"
		"account = env                      ; ~/env/etc/conda-go/"
		"config:4, the longest path that holds it\n"
		"identity = ~/b\xffr                   ; ~/.config/conda-go/"
		"config:5, the longest path that holds it\n"
		"rail = auto                        ; ~/.config/conda-go/"
		"config:2, set outside the environment, whose own file may not "
		"change it\n"
		"store = auto                       ; built in\n"
		"netrc-default = off                ; built in\n"
		"netrc-permissions = strict         ; built in\n"
		"ssh = auto                         ; built in\n"
		"answers: nobody (~/.netrc: No such file or directory; no "
		"keyring: there is no session bus here)\n");
	assert_int_equal(RUN(NULL, "H:8443"), 0);
	assert_non_null(strstr(output, "https://H:8443\n"));
	assert_null(strstr(output, "account"));
	assert_int_equal(RUN(NULL, "http://h/"), 0);
	assert_non_null(strstr(output, "rail: https, refused (without TLS"));
}

static void test_json(void **state)
{
	json_t *made, *one;

	(void)state;
	assert_int_equal(RUN(NULL, "--json"), 0);
	made = json_loads(output, 0, NULL);
	assert_non_null(made);
	one = json_array_get(json_object_get(made, "policy"), 1);
	assert_string_equal(
		json_string_value(json_object_get(one, "key")), "rail");
	assert_true(json_is_false(json_object_get(one, "in_force")));
	json_decref(made);
	assert_int_equal(RUN(NULL, "--json", "--", "h/acme"), 0);
	made = json_loads(output, 0, NULL);
	assert_non_null(made);
	one = json_object_get(made, "values");
	assert_string_equal(json_string_value(json_object_get(
				    json_object_get(one, "identity"), "value")),
		"~/b?r");
	assert_true(json_is_null(
		json_object_get(json_object_get(one, "netrc"), "value")));
	json_decref(made);
}

static const struct {
	const char *words[4];
	const char *text;
} bad[] = {
	{ { "config", "--jsn" },
		"config: unknown option '--jsn'; there is --json" },
	{ { "config", "h", "g" }, "config: one URL or host at a time" },
	{ { "config", "" }, "config: no host" },
	{ { "config", "u:hunter2@h" },
		"config: the port is not a number from 1 to 65535" },
	{ { "config", "git@h:x" },
		"config: the host holds a '@', which no host name has" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct error err = ERROR_INIT;

		assert_int_equal(run(bad[i].words, &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
		assert_string_equal(err.text, bad[i].text);
		assert_string_equal(output, "");
	}
}

static void test_bad_policy(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	write_config("env/etc", "[default]\nnetrc-default = on\n");
	assert_int_equal(RUN(&err), -1);
	assert_string_equal(err.text,
		"~/env/etc/conda-go/config:2: an environment's own file may "
		"not set 'netrc-default', because a package could have put it "
		"there; put it into ~/.config/conda-go/config");
	assert_string_equal(output, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_all_reads_back),
		cmocka_unit_test(test_target),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_bad_policy),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("config", tests, set_up, tear_down);
}
