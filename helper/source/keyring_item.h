/*
 * keyring_item: an item of a keyring, by its attributes. Pure.
 *
 * What git-credential-libsecret writes: protocol, server, port (only where git
 * sent one), object (the path) and user, with the schema
 * org.gnome.keyring.NetworkPassword before git 2.43, org.git.Password since.
 * It finds what other programs stored with those attributes as well. Git
 * Credential Manager has a schema of its own, a URL (`service`) and `account`.
 *
 * A service matches the attributes it is asked for and no others, and
 * git-credential-libsecret cuts a host at its last ':'. So what a search found
 * is looked at again here: an item answers for one scheme, one host and one
 * port, whoever wrote it.
 */
#ifndef KEYRING_ITEM_H
#define KEYRING_ITEM_H

#include "helper/base/buf.h"
#include "helper/base/slice.h"
#include "helper/policy/target.h"

#include <stdbool.h>
#include <stdint.h>

enum keyring_item_attribute {
	KEYRING_ITEM_SCHEMA,
	KEYRING_ITEM_PROTOCOL,
	KEYRING_ITEM_SERVER,
	KEYRING_ITEM_PORT,
	KEYRING_ITEM_OBJECT,
	KEYRING_ITEM_USER,
	KEYRING_ITEM_SERVICE, /* Git Credential Manager's */
	KEYRING_ITEM_ACCOUNT, /* likewise */
	KEYRING_ITEM_ATTRIBUTES,
};

/* Their names on the bus. */
extern const char *const keyring_item_names[KEYRING_ITEM_ATTRIBUTES];

struct keyring_item {
	struct slice attribute[KEYRING_ITEM_ATTRIBUTES]; /* absent: not set */
	uint64_t modified; /* seconds since the epoch */
};

/* In order of preference. */
enum keyring_item_kind {
	KEYRING_ITEM_GIT, /* with a schema of git's */
	KEYRING_ITEM_FOREIGN, /* of whatever schema, with git's attributes */
	KEYRING_ITEM_GCM, /* Git Credential Manager's: only ever read */
};
enum keyring_item_kind keyring_item_kind(const struct keyring_item *item);

/* The user name it is for; absent where it names none. */
struct slice keyring_item_user(const struct keyring_item *item);

/*
 * May it answer for target, and for its user where it names one? The port is
 * the scheme's own where none is written. An item with a path answers for that
 * path and those below it, by whole parts; one without, for every path. Where
 * target has no path any will do, as git's protocol has it.
 */
bool keyring_item_answers(
	const struct keyring_item *item, const struct target *target);

/*
 * Of two items that answer for target: is a to be taken before b? By kind,
 * longest path, and latest change.
 */
bool keyring_item_before(const struct keyring_item *a,
	const struct keyring_item *b, const struct target *target);

/*
 * Is it git's item for exactly what target says: the same user (or neither has
 * one) and path? Then `store` writes into it.
 */
bool keyring_item_same(
	const struct keyring_item *item, const struct target *target);

/*
 * Does `erase` take it? With a password (which the caller compares): git's and
 * foreign ones that answer. Without: git's alone, with every field that target
 * has. Never what is Git Credential Manager's.
 */
bool keyring_item_erased(const struct keyring_item *item,
	const struct target *target, bool password);

/*
 * What is written for target, in git's spelling: its own slices, and the
 * port's digits in number. An IPv6 address stays whole: with a port
 * git-credential-libsecret writes and finds the same; without one it cuts
 * "[fd00::ab]" to "[fd00:", under which every such host is one, and neither
 * finds ours nor gives it to another.
 */
void keyring_item_of(
	struct keyring_item *item, const struct target *target, char number[8]);

/* Append git's label for it: `Git: https://host[:port]/path`. */
void keyring_item_label(const struct target *target, struct buf *out);

/*
 * Append Git Credential Manager's name for target, with its path or without:
 * SPACE:https://host[:port][/path], in lower case up to the path, and
 * without the scheme's own port.
 */
void keyring_item_service(const struct target *target, const char *space,
	bool path, struct buf *out);

#endif
