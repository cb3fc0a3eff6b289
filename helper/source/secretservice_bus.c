#include "helper/source/secretservice_bus.h"

#include "helper/base/library.h"
#include "helper/base/slice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRETSERVICE_BUS_NAME "org.freedesktop.secrets"
#define SECRETSERVICE_BUS_DBUS "org.freedesktop.DBus"
#define SECRETSERVICE_BUS_NO_QUEUE 4 /* DBUS_NAME_FLAG_DO_NOT_QUEUE */
#define SECRETSERVICE_BUS_EXISTS 3 /* DBUS_REQUEST_NAME_REPLY_EXISTS */

LIBRARY_NOTE(libsecret, "libsecret-1.so.0",
	"credentials from the Secret Service (gnome-keyring, KWallet, "
	"KeePassXC)");

struct secretservice_bus_lib secretservice_bus_lib;
#define LIB secretservice_bus_lib

#define SECRETSERVICE_BUS_SYMBOL(name) { #name, &LIB.name, false },
static const struct library_symbol secretservice_bus_symbols[] = {
	SECRETSERVICE_BUS_FUNCTIONS(SECRETSERVICE_BUS_SYMBOL)
};

/* --- errors -----------------------------------------------------------------
 */

/* By the beginning of the D-Bus error's name; text NULL: the error's own. */
static const struct secretservice_bus_fault {
	const char *name;
	enum source_outcome outcome;
	const char *text;
} secretservice_bus_faults[] = {
	{ "org.freedesktop.DBus.Error.ServiceUnknown", SOURCE_ABSENT,
		"no keyring: nothing on this session bus keeps one "
		"(gnome-keyring, KWallet, KeePassXC)" },
	{ "org.freedesktop.DBus.Error.NameHasNoOwner", SOURCE_ABSENT,
		"no keyring: nothing on this session bus keeps one "
		"(gnome-keyring, KWallet, KeePassXC)" },
	{ "org.freedesktop.DBus.Error.Spawn.", SOURCE_ABSENT,
		"no keyring: its program could not be started" },
	{ "org.freedesktop.DBus.Error.AccessDenied", SOURCE_DENIED,
		"the keyring may not be asked: the session bus forbids it" },
	{ "org.freedesktop.DBus.Error.NoReply", SOURCE_UNAVAILABLE,
		"the keyring ended before it answered" },
	/* GLib's services say either of these for an object that has gone */
	{ "org.freedesktop.DBus.Error.UnknownMethod", SOURCE_MISS,
		"the item has gone since" },
	{ "org.freedesktop.DBus.Error.UnknownInterface", SOURCE_MISS,
		"the item has gone since" },
	{ "org.freedesktop.DBus.Error.UnknownObject", SOURCE_MISS,
		"the item has gone since" },
	{ "org.freedesktop.Secret.Error.NoSuchObject", SOURCE_MISS,
		"the item has gone since" },
	{ "org.freedesktop.Secret.Error.IsLocked", SOURCE_LOCKED,
		"the keyring is locked" },
};
#define SECRETSERVICE_BUS_FAULTS                                               \
	(sizeof(secretservice_bus_faults) / sizeof(secretservice_bus_faults[0]))

static const struct secretservice_bus_fault *secretservice_bus_fault_of(
	const GError *error)
{
	gchar *name = error ? LIB.g_dbus_error_get_remote_error(error) : NULL;
	const struct secretservice_bus_fault *fault = NULL;

	for (size_t i = 0; name && !fault && i < SECRETSERVICE_BUS_FAULTS; i++)
		if (slice_starts(
			    slice_of(name), secretservice_bus_faults[i].name))
			fault = &secretservice_bus_faults[i];
	LIB.g_free(name);
	return fault;
}

/* Takes error, which may be NULL: then the answer was no answer. */
enum source_outcome secretservice_bus_failed(GError *error, struct error *why)
{
	const struct secretservice_bus_fault *fault =
		secretservice_bus_fault_of(error);

	if (error)
		LIB.g_dbus_error_strip_remote_error(error);
	if (fault)
		error_set(why, ERROR_UNAVAILABLE, "%s", fault->text);
	else
		error_set(why, ERROR_UNAVAILABLE, "the keyring: %s",
			error ? error->message : "an answer that is none");
	if (error)
		LIB.g_error_free(error);
	return fault ? fault->outcome : SOURCE_UNAVAILABLE;
}

enum source_outcome secretservice_bus_broken(GError *error, struct error *why)
{
	enum source_outcome got = secretservice_bus_failed(error, why);

	if (got != SOURCE_MISS)
		return got;
	error_set(why, ERROR_UNAVAILABLE,
		"the keyring: what has its name on the session bus is none");
	return SOURCE_UNAVAILABLE;
}

/* --- calls ------------------------------------------------------------------
 */

/* As GLib's macro does, which would need a symbol. */
const GVariantType *secretservice_bus_type(const char *text)
{
	return (const GVariantType *)text;
}

GVariant *secretservice_bus_ask(GDBusConnection *bus, const char *path,
	const char *iface, const char *method, GVariant *arguments,
	const char *reply, GError **error)
{
	return LIB.g_dbus_connection_call_sync(bus, SECRETSERVICE_BUS_NAME,
		path, iface, method, arguments, secretservice_bus_type(reply),
		G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, error);
}

static void secretservice_bus_arrived(
	GObject *bus, GAsyncResult *result, gpointer arg)
{
	struct secretservice_bus_reply *r = arg;

	r->value = LIB.g_dbus_connection_call_finish(
		(GDBusConnection *)bus, result, &r->error);
	r->done = true;
}

void secretservice_bus_send(GDBusConnection *bus, const char *path,
	const char *iface, const char *method, GVariant *arguments,
	const char *reply, struct secretservice_bus_reply *r)
{
	*r = (struct secretservice_bus_reply){ NULL, NULL, false };
	LIB.g_dbus_connection_call(bus, SECRETSERVICE_BUS_NAME, path, iface,
		method, arguments, secretservice_bus_type(reply),
		G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL,
		secretservice_bus_arrived, r);
}

void secretservice_bus_await(struct secretservice_bus_reply *r, size_t count)
{
	for (size_t i = 0; i < count; i++)
		while (!r[i].done)
			LIB.g_main_context_iteration(NULL, TRUE);
}

GVariant *secretservice_bus_attributes(
	const struct keyring_item *item, const char *as)
{
	GVariantBuilder *b =
		LIB.g_variant_builder_new(secretservice_bus_type("a{ss}"));
	GVariant *made = NULL;
	bool fine = true;

	for (size_t i = 0; fine && i < KEYRING_ITEM_ATTRIBUTES; i++) {
		struct slice v = item->attribute[i];
		char *text = v.ptr ? strndup(v.ptr, v.len) : NULL;

		if (text && LIB.g_utf8_validate(text, (gssize)v.len, NULL))
			LIB.g_variant_builder_add(
				b, "{ss}", keyring_item_names[i], text);
		else
			fine = !v.ptr;
		free(text);
	}
	if (fine)
		made = LIB.g_variant_new(as, b);
	LIB.g_variant_builder_unref(b);
	return made;
}

bool secretservice_bus_own(GDBusConnection *bus, const char *name)
{
	guint32 got = 0;
	GVariant *reply = LIB.g_dbus_connection_call_sync(bus,
		SECRETSERVICE_BUS_DBUS, "/org/freedesktop/DBus",
		SECRETSERVICE_BUS_DBUS, "RequestName",
		LIB.g_variant_new("(su)", name, SECRETSERVICE_BUS_NO_QUEUE),
		secretservice_bus_type("(u)"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT,
		NULL, NULL);

	/* a bus that gives no names keeps nobody out either */
	if (!reply)
		return true;
	LIB.g_variant_get(reply, "(u)", &got);
	LIB.g_variant_unref(reply);
	return got != SECRETSERVICE_BUS_EXISTS;
}

/* --- opening ----------------------------------------------------------------
 */

/* What GLib says would reach the stderr that git's user reads, or Go parses. */
static void secretservice_bus_hush(const gchar *domain, GLogLevelFlags level,
	const gchar *text, gpointer arg)
{
	(void)domain, (void)level, (void)text, (void)arg;
}

static GLogWriterOutput secretservice_bus_hush_all(GLogLevelFlags level,
	const GLogField *fields, gsize count, gpointer arg)
{
	(void)level, (void)fields, (void)count, (void)arg;
	return G_LOG_WRITER_HANDLED;
}

/*
 * libsecret's memory says on stderr that it cannot be locked. What is in the
 * buffer of a stream is lost with a process that ends by _exit; our own words
 * go to the fd.
 */
static void secretservice_bus_hush_stdio(void)
{
	static char kept[1 << 16];

	setvbuf(stderr, kept, _IOFBF, sizeof(kept));
}

/*
 * No bus is started by itself; no module of anybody's is loaded into the
 * process that has the secrets; what is wrong does not end in an abort.
 */
static void secretservice_bus_environment(const char *address)
{
	static const char *const gone[] = { "GIO_EXTRA_MODULES", "G_DEBUG",
		"G_DBUS_DEBUG", "G_MESSAGES_DEBUG",
		"G_DBUS_COOKIE_SHA1_KEYRING_DIR", "SECRET_SERVICE_BUS_NAME" };

	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		unsetenv(gone[i]);
	setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
	setenv("GIO_MODULE_DIR", "/dev/null", 1);
	setenv("GIO_USE_VFS", "local", 1);
}

GDBusConnection *secretservice_bus_open(const char *address, struct error *why)
{
	GDBusConnection *bus;
	GError *error = NULL;

	secretservice_bus_environment(address);
	if (library_open("libsecret-1.so.0", secretservice_bus_symbols,
		    sizeof(secretservice_bus_symbols) /
			    sizeof(secretservice_bus_symbols[0]),
		    why) < 0)
		return NULL;
	secretservice_bus_hush_stdio();
	LIB.g_log_set_default_handler(secretservice_bus_hush, NULL);
	LIB.g_log_set_writer_func(secretservice_bus_hush_all, NULL, NULL);
	bus = LIB.g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &error);
	if (bus) /* else GLib ends us with SIGTERM when the bus goes */
		LIB.g_dbus_connection_set_exit_on_close(bus, FALSE);
	else
		secretservice_bus_failed(error, why);
	return bus;
}
