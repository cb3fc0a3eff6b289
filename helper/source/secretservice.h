/*
 * secretservice: the Secret Service on a session bus, through libsecret.
 *
 * For the keyring role alone (keyring.h): every call may block for as long as
 * the bus or the service likes, and only who can end the process has a
 * deadline. Only this file, secretservice_items and secretservice_bus
 * know libsecret, GLib or D-Bus; libsecret is loaded, not linked.
 *
 * The searches and attributes are asked for directly: libsecret's own search
 * makes an object of every item and reads all that there is of it, and its
 * session costs two exponentiations on either side, which a miss need not
 * pay. Secrets travel encrypted with that session where the service can
 * (secret-service specification, "Transfer of Secrets"), so that neither the
 * bus nor who listens on it has them in clear.
 *
 * Copies that we cannot wipe: libsecret keeps a secret in memory that it locks
 * and wipes (secret_value_unref); GLib's messages hold it encrypted, or in
 * clear where the service knows no encryption, and are freed unwiped. They end
 * with the role, whose memory nobody can read (harden.h).
 *
 * Functions that return an outcome return SOURCE_FOUND where all went well,
 * and else set why.
 */
#ifndef SECRETSERVICE_H
#define SECRETSERVICE_H

#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "helper/base/wipebuf.h"
#include "helper/source/keyring_item.h"
#include "helper/source/source.h"

#include <stdbool.h>

struct _GDBusConnection;
struct _GError;
struct _SecretService;

struct secretservice {
	struct _GDBusConnection *bus; /* private */
	struct _SecretService *service; /* private: with its session */
	struct _GError *error; /* private: why there is none */
	bool waiting; /* private: it is being opened */
};

/*
 * Load libsecret and connect to the bus at address (keyring_bus.h). Once in a
 * process, which must have no other thread yet: its environment is changed.
 */
enum source_outcome secretservice_open(
	struct secretservice *s, const char *address, struct error *why);

/*
 * Secrets travel encrypted, and to agree on the key takes a while. Begin, and
 * go on meanwhile; or wait until that is done.
 */
void secretservice_begin(struct secretservice *s);
enum source_outcome secretservice_session(
	struct secretservice *s, struct error *why);

/*
 * Append the secret of the unlocked item at path. MISS: it has none, or has
 * gone since.
 */
enum source_outcome secretservice_secret(struct secretservice *s,
	const char *path, struct wipebuf *out, struct error *why);

/* Give the unlocked item at path another secret. */
enum source_outcome secretservice_set(struct secretservice *s, const char *path,
	struct slice secret, struct error *why);

/*
 * The default collection: its path, to be freed with free(3), in *path.
 * UNAVAILABLE where there is none.
 */
enum source_outcome secretservice_collection(
	struct secretservice *s, char **path, bool *locked, struct error *why);

/*
 * Make a new item. Never in the place of another: a service takes any item
 * that has these attributes and more for the same one.
 */
enum source_outcome secretservice_create(struct secretservice *s,
	const char *collection, const char *label,
	const struct keyring_item *item, struct slice secret,
	struct error *why);

/* Delete the item at path. With ask, the service may ask a person. */
enum source_outcome secretservice_delete(
	struct secretservice *s, const char *path, bool ask, struct error *why);

/*
 * Have the person unlock what is at the paths (NULL behind the last). DENIED
 * where that was not done.
 */
enum source_outcome secretservice_unlock(
	struct secretservice *s, const char *const *paths, struct error *why);

/*
 * Wait until no other process of ours writes into a keyring of this bus, at
 * most for two seconds; it holds until this process ends. For two who would
 * both find nothing and both make an item, and for one who would erase what
 * the other has just put there.
 */
void secretservice_exclude(struct secretservice *s);

#endif
