#include "transport/ssh2.h"

#include "tests/unit/unit.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static void test_can(void **state)
{
	static const struct {
		const char *version;
		bool rsa_sha2;
	} rows[] = {
		{ "1.10.0", false },
		{ "1.9.0", false },
		{ "1.11.0", true },
		{ "1.11.1_DEV", true },
		{ "1.12", true },
		{ "2.0.0", true },
		{ "0.99", false },
		{ "master", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		ROW(rows[i].version,
			ssh2_can(rows[i].version).rsa_sha2 == rows[i].rsa_sha2);
}

static void test_loads_once(void **state)
{
	const struct ssh2 *lib = ssh2_load(NULL);
	LIBSSH2_SESSION *session;

	(void)state;
	assert_non_null(lib);
	assert_ptr_equal(lib, ssh2_load(NULL));
	assert_string_equal(lib->can.version, lib->version(0));
	session = ssh2_session_new(lib, NULL);
	assert_non_null(session);
	assert_int_equal(lib->session_free(session), 0);
}

/* What a server says of an exit is seen when libssh2 lets go of it. */
static void test_exit_came(void **state)
{
	static const struct {
		const char *name;
		char message[32]; /* type, channel, request and so on */
		bool came;
	} rows[] = {
		{ "an exit status", "b\0\0\0\0\0\0\0\vexit-status", true },
		{ "another request", "b\0\0\0\0\0\0\0\vexit-signal", false },
		{ "a longer one", "b\0\0\0\0\0\0\0\fexit-status2", false },
		{ "data like it", "^\0\0\0\0\0\0\0\vexit-status", false },
	};
	const struct ssh2 *lib = ssh2_load(NULL);
	void *handle = dlopen("libssh2.so.1", RTLD_NOW);
	__typeof__(libssh2_free) *let_go;

	(void)state;
	*(void **)&let_go = dlsym(handle, "libssh2_free");
	for (size_t i = 0; i < COUNT(rows); i++) {
		LIBSSH2_SESSION *session = ssh2_session_new(lib, NULL);
		char *message = ssh2_alloc(sizeof(rows[i].message));

		assert_false(ssh2_exit_came());
		memcpy(message, rows[i].message, sizeof(rows[i].message));
		let_go(session, message);
		ROW(rows[i].name, ssh2_exit_came() == rows[i].came);
		lib->session_free(session);
	}
	dlclose(handle);
}

/* A length that the server names is no reason to take that much. */
static void test_alloc(void **state)
{
	char *p = ssh2_alloc(100);

	(void)state;
	assert_non_null(p);
	for (int i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
	free(p);
	assert_null(ssh2_alloc((size_t)1 << 32));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_can),
		cmocka_unit_test(test_loads_once),
		cmocka_unit_test(test_exit_came),
		cmocka_unit_test(test_alloc),
	};

	return unit_run("ssh2", tests, COUNT(tests), NULL, NULL);
}
