/* keyring_bus: which bus, and whether anybody may be asked. */
#include "helper/source/keyring_bus.h"

#include "tests/unit/unit.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static char dir[128];

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static const struct {
	const char *address;
	bool runtime, taken;
	const char *got; /* NULL: as it is */
} addresses[] = {
	{ "unix:path=/x", false, true, NULL },
	{ "unix:abstract=x,guid=0", false, true, NULL },
	{ "unix:path=/x;unix:path=/y", false, true, NULL },
	{ "unix:path=/x;", false, true, NULL },
	/* these would run a program, or leave the machine */
	{ "autolaunch:", true, false, NULL },
	{ "autolaunch:scope=*", true, false, NULL },
	{ "unix:path=/x;autolaunch:", true, false, NULL },
	{ "unixexec:path=/bin/sh", true, false, NULL },
	{ "tcp:host=h,port=1", true, false, NULL },
	{ "", false, false, NULL },
	{ NULL, false, false, NULL },
	{ "", true, true, "/bus" },
	{ NULL, true, true, "/bus" },
};

static void test_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		const char *name = addresses[i].address;
		struct error err = ERROR_INIT;
		struct buf out;
		int got;

		buf_init(&out, 4096);
		set("DBUS_SESSION_BUS_ADDRESS", name);
		set("XDG_RUNTIME_DIR", addresses[i].runtime ? dir : "/none");
		name = name ? name : "(unset)";
		got = keyring_bus_address(&out, &err);
		ROW(name, (got == 0) == addresses[i].taken);
		ROW(name, got == 0 || err.kind == ERROR_UNAVAILABLE);
		ROW(name,
			got < 0 || addresses[i].got || !strcmp(out.ptr, name));
		ROW(name, got < 0 || !addresses[i].got ||
				  (strstr(out.ptr, "unix:path=/") &&
					  strstr(out.ptr, "%20%2c/bus")));
		buf_release(&out);
	}
	/* what is no socket is no bus */
	set("DBUS_SESSION_BUS_ADDRESS", NULL);
	set("XDG_RUNTIME_DIR", "relative");
	assert_int_equal(keyring_bus_address(NULL, NULL), -1);
}

static const struct {
	const char *display, *wayland, *git, *gcm;
	bool may;
} asks[] = {
	{ ":0", NULL, NULL, NULL, true },
	{ NULL, "wayland-0", NULL, NULL, true },
	{ ":0", NULL, "1", "auto", true },
	{ ":0", NULL, "", "", true },
	{ NULL, NULL, NULL, NULL, false },
	{ "", "", NULL, NULL, false },
	{ ":0", NULL, "0", NULL, false },
	{ ":0", NULL, "False", NULL, false },
	{ ":0", NULL, NULL, "never", false },
	{ ":0", NULL, NULL, "0", false },
	{ ":0", NULL, "1", "false", false },
};

static void test_may_ask(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(asks); i++) {
		const char *why = NULL;
		char name[24];
		bool may;

		snprintf(name, sizeof(name), "%zu", i);
		set("DISPLAY", asks[i].display);
		set("WAYLAND_DISPLAY", asks[i].wayland);
		set("GIT_TERMINAL_PROMPT", asks[i].git);
		set("GCM_INTERACTIVE", asks[i].gcm);
		may = keyring_bus_may_ask(&why);
		ROW(name, may == asks[i].may);
		ROW(name, may == !why);
	}
}

static int set_up(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/bus.XXXXXX");
	assert_non_null(mkdtemp(dir));
	/* a name that must be escaped */
	assert_int_equal(rmdir(dir), 0);
	strcat(dir, " ,");
	snprintf(at.sun_path, sizeof(at.sun_path), "%.90s/bus", dir);
	return mkdir(dir, 0700) || bind(fd, (struct sockaddr *)&at, sizeof(at));
}

static int tear_down(void **state)
{
	(void)state;
	unit_rmdir(dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_address, set_up, tear_down),
		cmocka_unit_test(test_may_ask),
	};

	return unit_run("keyring_bus", tests, COUNT(tests), NULL, NULL);
}
