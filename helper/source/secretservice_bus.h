/*
 * secretservice_bus: libsecret and GLib, loaded, and calls over D-Bus.
 *
 * For secretservice.c and secretservice_items.c alone: no other file knows
 * their types. Every call here may block for ever.
 */
#ifndef SECRETSERVICE_BUS_H
#define SECRETSERVICE_BUS_H

#include "helper/base/error.h"
#include "helper/source/keyring_item.h"
#include "helper/source/source.h"

#define SECRET_API_SUBJECT_TO_CHANGE
#include <libsecret/secret.h>
#undef g_free /* a macro since GLib 2.78, which would hide the pointer below   \
	       */

#include <stdbool.h>
#include <stddef.h>

#define SECRETSERVICE_BUS_PATH "/org/freedesktop/secrets"
#define SECRETSERVICE_BUS_SERVICE "org.freedesktop.Secret.Service"
#define SECRETSERVICE_BUS_COLLECTION "org.freedesktop.Secret.Collection"
#define SECRETSERVICE_BUS_ITEM "org.freedesktop.Secret.Item"
#define SECRETSERVICE_BUS_PROPERTIES "org.freedesktop.DBus.Properties"

/* GLib's own functions are found through libsecret, which needs them. */
#define SECRETSERVICE_BUS_FUNCTIONS(X)                                         \
	X(g_bus_get_sync)                                                      \
	X(g_dbus_connection_call)                                              \
	X(g_dbus_connection_call_finish)                                       \
	X(g_dbus_connection_call_sync)                                         \
	X(g_dbus_connection_set_exit_on_close)                                 \
	X(g_dbus_error_get_remote_error)                                       \
	X(g_dbus_error_strip_remote_error)                                     \
	X(g_error_free)                                                        \
	X(g_free)                                                              \
	X(g_log_set_default_handler)                                           \
	X(g_log_set_writer_func)                                               \
	X(g_main_context_iteration)                                            \
	X(g_utf8_validate)                                                     \
	X(g_variant_builder_add)                                               \
	X(g_variant_builder_new)                                               \
	X(g_variant_builder_unref)                                             \
	X(g_variant_get)                                                       \
	X(g_variant_get_child)                                                 \
	X(g_variant_get_child_value)                                           \
	X(g_variant_lookup)                                                    \
	X(g_variant_lookup_value)                                              \
	X(g_variant_n_children)                                                \
	X(g_variant_new)                                                       \
	X(g_variant_unref)                                                     \
	X(secret_service_encode_dbus_secret)                                   \
	X(secret_service_get_secret_for_dbus_path_sync)                        \
	X(secret_service_get)                                                  \
	X(secret_service_get_finish)                                           \
	X(secret_service_prompt_at_dbus_path_sync)                             \
	X(secret_service_unlock_dbus_paths_sync)                               \
	X(secret_value_get)                                                    \
	X(secret_value_new)                                                    \
	X(secret_value_unref)

/* Each under its own name: secretservice_bus_lib.g_free(p). */
/* NOLINTNEXTLINE(bugprone-macro-parentheses): it names a member */
#define SECRETSERVICE_BUS_POINTER(name) __typeof__(&(name)) name;
struct secretservice_bus_lib {
	SECRETSERVICE_BUS_FUNCTIONS(SECRETSERVICE_BUS_POINTER)
};
extern struct secretservice_bus_lib secretservice_bus_lib;

/*
 * Load libsecret and connect to the bus at address, which replaces what the
 * environment says. NULL with why set: nothing to look into.
 */
GDBusConnection *secretservice_bus_open(const char *address, struct error *why);

/*
 * What a failed call means; frees error, which may be NULL for an answer that
 * was none. SOURCE_MISS where its object is gone.
 */
enum source_outcome secretservice_bus_failed(GError *error, struct error *why);

/* The same of a call to what every service has: never SOURCE_MISS. */
enum source_outcome secretservice_bus_broken(GError *error, struct error *why);

/* A variant's type from its text. */
const GVariantType *secretservice_bus_type(const char *text);

/*
 * Call a method of the service's object at path and wait. reply is the type of
 * the answer, which the caller unrefs; NULL with *error set.
 */
GVariant *secretservice_bus_ask(GDBusConnection *bus, const char *path,
	const char *iface, const char *method, GVariant *arguments,
	const char *reply, GError **error);

/* One of several that are asked at once. */
struct secretservice_bus_reply {
	GVariant *value; /* the caller's to unref; NULL: error is set */
	GError *error; /* the caller's to free */
	bool done;
};

/* The same without waiting; r stays where it is until it is done. */
void secretservice_bus_send(GDBusConnection *bus, const char *path,
	const char *iface, const char *method, GVariant *arguments,
	const char *reply, struct secretservice_bus_reply *r);
void secretservice_bus_await(struct secretservice_bus_reply *r, size_t count);

/*
 * The attributes that item has, as the type `as`: a{ss}, or (a{ss}). Floating;
 * NULL where a value is no text that D-Bus can carry.
 */
GVariant *secretservice_bus_attributes(
	const struct keyring_item *item, const char *as);

/* Own a name on the bus until this process ends; false: somebody else does. */
bool secretservice_bus_own(GDBusConnection *bus, const char *name);

#endif
