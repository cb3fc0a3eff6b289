#include "helper/source/keyring_bus.h"

#include "helper/base/caller.h"
#include "helper/base/slice.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The D-Bus Specification, "Server Addresses": any other byte is %XX. */
static void keyring_bus_escape(struct buf *out, const char *path)
{
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || strchr("-_/.\\*", c);

		if (plain)
			buf_add(out, path, 1, NULL);
		else
			buf_addf(out, NULL, "%%%02x", c);
	}
}

/* Each of the addresses, between ';', is a unix socket's. */
static bool keyring_bus_is_unix(const char *address)
{
	for (;;) {
		if (strncmp(address, "unix:", 5) != 0)
			return false;
		address = strchr(address, ';');
		if (!address || !address[1])
			return true;
		address++;
	}
}

static int keyring_bus_default(struct buf *out, struct error *err)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	struct buf path;
	struct stat st;
	int got = -1;

	buf_init(&path, 4096);
	if (dir && *dir == '/' && buf_addf(&path, NULL, "%s/bus", dir) == 0 &&
		!stat(path.ptr, &st) && S_ISSOCK(st.st_mode) &&
		st.st_uid == geteuid())
		got = 0;
	if (got == 0) {
		buf_adds(out, "unix:path=", NULL);
		keyring_bus_escape(out, path.ptr);
	} else {
		error_set(err, ERROR_UNAVAILABLE,
			"no keyring: there is no session bus here");
	}
	buf_release(&path);
	return got;
}

int keyring_bus_address(struct buf *out, struct error *err)
{
	const char *address = getenv("DBUS_SESSION_BUS_ADDRESS");

	if (!address || !*address)
		return keyring_bus_default(out, err);
	if (!keyring_bus_is_unix(address))
		return error_set(err, ERROR_UNAVAILABLE,
			"no keyring: $DBUS_SESSION_BUS_ADDRESS names no unix "
			"socket");
	return buf_adds(out, address, err);
}

/* The words for no that git, and Git Credential Manager, know. */
static bool keyring_bus_says_no(const char *name)
{
	static const char *const words[] = { "0", "false", "no", "off",
		"never" };
	const char *value = getenv(name);

	for (size_t i = 0; value && i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_eq_nocase(slice_of(value), slice_of(words[i])))
			return true;
	return false;
}

static bool keyring_bus_has(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

bool keyring_bus_may_ask(const char **why)
{
	if (!keyring_bus_has("DISPLAY") && !keyring_bus_has("WAYLAND_DISPLAY"))
		*why = "without a display nobody can be asked";
	else if (keyring_bus_says_no("GIT_TERMINAL_PROMPT"))
		*why = "GIT_TERMINAL_PROMPT says not to ask";
	else if (keyring_bus_says_no("GCM_INTERACTIVE"))
		*why = "GCM_INTERACTIVE says not to ask";
	else if (caller_get()->go)
		*why = "under go nobody is asked";
	else
		return true;
	return false;
}
