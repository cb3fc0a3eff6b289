/*
 * ssh_settings: how one connection shall be made, every value decided.
 *
 * What the command line, ssh_config(5) and the defaults come to, after the
 * first value has won, names are canonical, and tokens and "~/" are expanded.
 * The keys are ssh_config's own names in lower case, as `ssh -G` prints them:
 * the same table prints them, writes them into the record that a session is
 * started with, and reads them there.
 */
#ifndef SSH_SETTINGS_H
#define SSH_SETTINGS_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/record.h"

#include <stdbool.h>
#include <stddef.h>

/* Values of a keyword that may be given again: no more than these. */
#define SSH_SETTINGS_LIST_MAX 100

#define SSH_SETTINGS_ALIVE_COUNT 3 /* ssh_config(5): ServerAliveCountMax */

struct ssh_settings_list {
	char *item[SSH_SETTINGS_LIST_MAX];
	size_t count;
};

/* StrictHostKeyChecking, for a host whose key is not known. */
enum ssh_settings_strict {
	SSH_SETTINGS_STRICT_YES, /* refuse */
	SSH_SETTINGS_STRICT_ASK,
	SSH_SETTINGS_STRICT_ACCEPT_NEW,
	SSH_SETTINGS_STRICT_NO, /* "no" and "off" */
};

/* AddressFamily. */
enum ssh_settings_family {
	SSH_SETTINGS_FAMILY_ANY,
	SSH_SETTINGS_FAMILY_INET,
	SSH_SETTINGS_FAMILY_INET6,
};

struct ssh_settings {
	char *host; /* as it was typed, case and all: %n, and no known_hosts */
	char *hostname; /* to connect to: a name in lower case, or an address */
	char *user;
	char *hostkeyalias; /* NULL: none */
	char *identityagent; /* a socket's path; NULL: no agent */
	int port;
	int connecttimeout; /* s; 0: not given */
	int serveraliveinterval; /* s; 0: not given */
	int serveralivecountmax; /* of them unanswered, and it is gone */
	enum ssh_settings_family addressfamily;
	enum ssh_settings_strict stricthostkeychecking;
	bool batchmode; /* nobody may be asked anything */
	bool hashknownhosts; /* for who writes a known_hosts */
	bool identitiesonly;
	bool identityfile_given; /* false: identityfile has the defaults */
	struct ssh_settings_list identityfile; /* absolute; may not exist */
	struct ssh_settings_list userknownhostsfile; /* absolute or "none" */
	struct ssh_settings_list globalknownhostsfile;
	struct ssh_settings_list sendenv; /* patterns */
	struct ssh_settings_list setenv; /* NAME=VALUE */
};

/* All of it zero, and free what it holds (also what was never filled). */
void ssh_settings_init(struct ssh_settings *s);
void ssh_settings_release(struct ssh_settings *s);

/*
 * The user as a trace or message may show it: what git takes from a URL for
 * one may have a password behind a colon, which is cut off.
 */
struct slice ssh_settings_user_shown(const struct ssh_settings *s);

/*
 * A copy of value as the last item of a list (ERROR_INPUT where that has
 * SSH_SETTINGS_LIST_MAX), or in the place of a text, which may be NULL.
 */
int ssh_settings_append(
	struct ssh_settings_list *list, struct slice value, struct error *err);
int ssh_settings_replace(char **text, struct slice value, struct error *err);

/* Free item i, which there is, and close the gap. */
void ssh_settings_drop(struct ssh_settings_list *list, size_t i);

/*
 * Append every value to a record, `key=value` and `key[]=value`, and read
 * them back into an initialised s. The reader checks: what is missing, no
 * number, or none of the words is ERROR_INPUT. A value that a record cannot
 * hold (a LF) is ERROR_INPUT too.
 */
int ssh_settings_write(
	const struct ssh_settings *s, struct record *r, struct error *err);
int ssh_settings_read(
	struct ssh_settings *s, const struct record *r, struct error *err);

/*
 * Append the lines that `ssh -G` prints for these keywords, in its order.
 * Other than there, every path is expanded, and identityagent is the socket
 * that will be used (no line: no agent).
 */
int ssh_settings_print(
	const struct ssh_settings *s, struct buf *out, struct error *err);

#endif
