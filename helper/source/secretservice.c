#include "helper/source/secretservice.h"

#include "helper/base/deadline.h"
#include "helper/source/secretservice_bus.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIB secretservice_bus_lib

/* A name that nobody answers under: who owns it writes. */
#define SECRETSERVICE_LOCK "io.github.conda_go.Keyring"
#define SECRETSERVICE_LOCK_MS 2000

enum source_outcome secretservice_open(
	struct secretservice *s, const char *address, struct error *why)
{
	memset(s, 0, sizeof(*s));
	s->bus = secretservice_bus_open(address, why);
	return s->bus ? SOURCE_FOUND : SOURCE_ABSENT;
}

static void secretservice_arrived(
	GObject *unused, GAsyncResult *result, gpointer arg)
{
	struct secretservice *s = arg;

	(void)unused;
	s->service = LIB.secret_service_get_finish(result, &s->error);
	s->waiting = false;
}

void secretservice_begin(struct secretservice *s)
{
	if (s->service || s->waiting)
		return;
	s->waiting = true;
	s->error = NULL;
	LIB.secret_service_get(
		SECRET_SERVICE_OPEN_SESSION, NULL, secretservice_arrived, s);
}

enum source_outcome secretservice_session(
	struct secretservice *s, struct error *why)
{
	secretservice_begin(s);
	while (s->waiting)
		LIB.g_main_context_iteration(NULL, TRUE);
	return s->service ? SOURCE_FOUND
			  : secretservice_bus_broken(s->error, why);
}

/* --- secrets ----------------------------------------------------------------
 */

enum source_outcome secretservice_secret(struct secretservice *s,
	const char *path, struct wipebuf *out, struct error *why)
{
	enum source_outcome got = secretservice_session(s, why);
	GError *error = NULL;
	SecretValue *value;
	const gchar *bytes;
	gsize n = 0;

	if (got != SOURCE_FOUND)
		return got;
	value = LIB.secret_service_get_secret_for_dbus_path_sync(
		s->service, path, NULL, &error);
	if (!value && !error) {
		error_set(why, ERROR_UNAVAILABLE, "the item has no secret");
		return SOURCE_MISS;
	}
	if (!value)
		return secretservice_bus_failed(error, why);
	bytes = LIB.secret_value_get(value, &n);
	if (wipebuf_add(out, bytes, n, why) < 0)
		got = SOURCE_UNAVAILABLE;
	LIB.secret_value_unref(value);
	return got;
}

/* (oayays): encrypted for this session. Floating; NULL with why set. */
static GVariant *secretservice_encode(
	struct secretservice *s, struct slice secret, struct error *why)
{
	SecretValue *value;
	GVariant *encoded;

	if (secretservice_session(s, why) != SOURCE_FOUND)
		return NULL;
	value = LIB.secret_value_new(
		secret.ptr, (gssize)secret.len, "text/plain");
	encoded = LIB.secret_service_encode_dbus_secret(s->service, value);
	LIB.secret_value_unref(value);
	if (!encoded)
		error_set(why, ERROR_UNAVAILABLE,
			"the keyring: the secret could not be encrypted");
	return encoded;
}

enum source_outcome secretservice_set(struct secretservice *s, const char *path,
	struct slice secret, struct error *why)
{
	GVariant *encoded = secretservice_encode(s, secret, why), *reply;
	GError *error = NULL;

	if (!encoded)
		return SOURCE_UNAVAILABLE;
	reply = secretservice_bus_ask(s->bus, path, SECRETSERVICE_BUS_ITEM,
		"SetSecret", LIB.g_variant_new("(@(oayays))", encoded), "()",
		&error);
	if (!reply)
		return secretservice_bus_failed(error, why);
	LIB.g_variant_unref(reply);
	return SOURCE_FOUND;
}

/* --- items ------------------------------------------------------------------
 */

static enum source_outcome secretservice_is_locked(struct secretservice *s,
	const char *path, bool *locked, struct error *why)
{
	GError *error = NULL;
	gboolean value = TRUE;
	GVariant *reply = secretservice_bus_ask(s->bus, path,
		SECRETSERVICE_BUS_PROPERTIES, "Get",
		LIB.g_variant_new(
			"(ss)", SECRETSERVICE_BUS_COLLECTION, "Locked"),
		"(v)", &error);
	GVariant *inner = NULL;

	if (!reply)
		return secretservice_bus_broken(error, why);
	LIB.g_variant_get(reply, "(v)", &inner);
	LIB.g_variant_get(inner, "b", &value);
	LIB.g_variant_unref(inner);
	LIB.g_variant_unref(reply);
	*locked = value;
	return SOURCE_FOUND;
}

enum source_outcome secretservice_collection(
	struct secretservice *s, char **path, bool *locked, struct error *why)
{
	GError *error = NULL;
	const char *found = "/";
	GVariant *reply = secretservice_bus_ask(s->bus, SECRETSERVICE_BUS_PATH,
		SECRETSERVICE_BUS_SERVICE, "ReadAlias",
		LIB.g_variant_new("(s)", "default"), "(o)", &error);

	if (!reply)
		return secretservice_bus_broken(error, why);
	LIB.g_variant_get(reply, "(&o)", &found);
	*path = strcmp(found, "/") != 0 ? strdup(found) : NULL;
	LIB.g_variant_unref(reply);
	if (*path)
		return secretservice_is_locked(s, *path, locked, why);
	error_set(why, ERROR_UNAVAILABLE,
		"the keyring has no default collection to keep it in; make one "
		"with seahorse, or log in to the desktop once");
	return SOURCE_UNAVAILABLE;
}

/* a{sv}: floating; NULL where a value is no text that D-Bus can carry. */
static GVariant *secretservice_properties(
	const char *label, const struct keyring_item *item)
{
	GVariant *attributes = secretservice_bus_attributes(item, "a{ss}");
	GVariantBuilder *b;
	GVariant *made;

	if (!attributes)
		return NULL;
	b = LIB.g_variant_builder_new(secretservice_bus_type("a{sv}"));
	LIB.g_variant_builder_add(b, "{sv}", SECRETSERVICE_BUS_ITEM ".Label",
		LIB.g_variant_new("s", label));
	LIB.g_variant_builder_add(
		b, "{sv}", SECRETSERVICE_BUS_ITEM ".Attributes", attributes);
	made = LIB.g_variant_new("a{sv}", b);
	LIB.g_variant_builder_unref(b);
	return made;
}

enum source_outcome secretservice_create(struct secretservice *s,
	const char *collection, const char *label,
	const struct keyring_item *item, struct slice secret, struct error *why)
{
	GVariant *properties = secretservice_properties(label, item);
	GVariant *encoded, *reply;
	const char *made = "/", *prompt = "/";
	GError *error = NULL;
	bool fine;

	if (!properties) {
		error_set(why, ERROR_INPUT,
			"a keyring takes no names that are not UTF-8");
		return SOURCE_DENIED;
	}
	encoded = secretservice_encode(s, secret, why);
	if (!encoded)
		return SOURCE_UNAVAILABLE;
	reply = secretservice_bus_ask(s->bus, collection,
		SECRETSERVICE_BUS_COLLECTION, "CreateItem",
		LIB.g_variant_new(
			"(@a{sv}@(oayays)b)", properties, encoded, FALSE),
		"(oo)", &error);
	if (!reply)
		return secretservice_bus_broken(error, why);
	LIB.g_variant_get(reply, "(&o&o)", &made, &prompt);
	fine = strcmp(made, "/") != 0;
	LIB.g_variant_unref(reply);
	if (fine)
		return SOURCE_FOUND;
	error_set(why, ERROR_DENIED,
		"the keyring asks a question before it keeps anything");
	return SOURCE_LOCKED;
}

/* NULL: it was said no to, or nobody could be asked. */
static enum source_outcome secretservice_prompt(
	struct secretservice *s, const char *path, struct error *why)
{
	enum source_outcome got = secretservice_session(s, why);
	GError *error = NULL;
	GVariant *said;

	if (got != SOURCE_FOUND)
		return got;
	said = LIB.secret_service_prompt_at_dbus_path_sync(
		s->service, path, NULL, NULL, &error);
	if (said)
		LIB.g_variant_unref(said);
	if (said)
		return SOURCE_FOUND;
	if (error)
		return secretservice_bus_broken(error, why);
	error_set(why, ERROR_DENIED, "the keyring's question was dismissed");
	return SOURCE_DENIED;
}

enum source_outcome secretservice_delete(
	struct secretservice *s, const char *path, bool ask, struct error *why)
{
	GError *error = NULL;
	const char *prompt = "/";
	enum source_outcome got = SOURCE_FOUND;
	GVariant *reply = secretservice_bus_ask(s->bus, path,
		SECRETSERVICE_BUS_ITEM, "Delete", NULL, "(o)", &error);

	if (!reply)
		return secretservice_bus_failed(error, why);
	LIB.g_variant_get(reply, "(&o)", &prompt);
	if (strcmp(prompt, "/") != 0 && ask) {
		got = secretservice_prompt(s, prompt, why);
	} else if (strcmp(prompt, "/") != 0) {
		error_set(why, ERROR_DENIED,
			"the keyring asks a question before it deletes "
			"anything");
		got = SOURCE_LOCKED;
	}
	LIB.g_variant_unref(reply);
	return got;
}

enum source_outcome secretservice_unlock(
	struct secretservice *s, const char *const *paths, struct error *why)
{
	enum source_outcome got = secretservice_session(s, why);
	GError *error = NULL;
	gint n;

	if (got != SOURCE_FOUND)
		return got;
	n = LIB.secret_service_unlock_dbus_paths_sync(
		s->service, (const gchar **)paths, NULL, NULL, &error);
	if (error)
		return secretservice_bus_broken(error, why);
	if (n > 0)
		return SOURCE_FOUND;
	error_set(why, ERROR_DENIED,
		"the keyring is locked, and the question for its password was "
		"dismissed or could not be shown");
	return SOURCE_DENIED;
}

void secretservice_exclude(struct secretservice *s)
{
	int64_t deadline = deadline_in(SECRETSERVICE_LOCK_MS);
	struct timespec nap = { 0, 3000000 };

	while (!secretservice_bus_own(s->bus, SECRETSERVICE_LOCK) &&
		deadline_left(deadline))
		nanosleep(&nap, NULL);
}
