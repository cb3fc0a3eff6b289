/*
 * identity: the keys that may be offered to a server, in OpenSSH's order.
 *
 * First the agent's keys that an IdentityFile names, then its other keys
 * (unless IdentitiesOnly), both in the agent's order, then the keys that are
 * only in files (sshconnect2.c, pubkey_prepare). What libssh2 cannot offer is
 * known before connecting: only the server knows which key it wants, so where
 * OpenSSH would offer one that we cannot, the whole call is OpenSSH's.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/wipebuf.h"
#include "transport/ssh2.h"
#include "transport/ssh_agent.h"
#include "transport/ssh_agent_msg.h"
#include "transport/ssh_key.h"
#include "transport/ssh_settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum identity_verdict {
	IDENTITY_UNJUDGED,
	IDENTITY_USABLE,
	IDENTITY_SKIPPED, /* why says why */
	IDENTITY_OPENSSH, /* OpenSSH would offer it, we cannot */
};

struct identity {
	char *path; /* of IdentityFile; NULL: only the agent has it */
	bool in_agent; /* the agent signs, not the file */
	bool certificate; /* PATH-cert.pub is one */
	struct ssh_key key; /* type, blob and comment; format of the file */
	struct wipebuf text; /* the file, where it may be used; else empty */
	struct error fault; /* why the file cannot be used by anybody */
	enum identity_verdict verdict;
	struct error why; /* of a verdict other than usable; no label in it */
	size_t rank; /* private: its place in the list */
};

struct identity_list {
	struct identity *item;
	size_t count;
	struct error agent_why; /* why there are no keys of an agent */
};

/* No keys; and free what there is. */
void identity_init(struct identity_list *list);
void identity_release(struct identity_list *list);

/* Append a key that is nothing yet; NULL when out of memory. */
struct identity *identity_add(struct identity_list *list, struct error *err);

/* Take the last key of the list away. */
void identity_drop(struct identity_list *list);

/*
 * Put the agent's keys into a list that has those of files, as OpenSSH orders
 * them; with only, those that no file names are left out. Pure, but that the
 * text of a file which the agent makes needless is wiped. Returns -1 with
 * ERROR_MEMORY; then the list is only to be released.
 */
int identity_merge(struct identity_list *list,
	const struct ssh_agent_msg_keys *keys, bool only, struct error *err);

/*
 * Append for people which key it is: its path with "~", or the agent's
 * comment; never fails.
 */
void identity_label(const struct identity *id, struct buf *out);

/*
 * Append why every key that is not usable is not, and why there is no agent,
 * joined by "; ", for the message that no key could be offered.
 */
void identity_explain(const struct identity_list *list, struct buf *out);

/*
 * Read the keys (identity_load.c): the files of IdentityFile with the .pub
 * and -cert.pub beside them, and the agent's list. An agent that is not open
 * or fails is none: list->agent_why has it. A default file that does not
 * exist is not in the list. Returns -1 with ERROR_MEMORY.
 */
int identity_load(struct identity_list *list, const struct ssh_settings *s,
	struct ssh_agent *agent, int64_t deadline, struct error *err);

/*
 * Judge every key (identity_judge.c) for a libssh2 that can do this much and
 * for somebody who can be asked, or in batch nobody. Pure. Returns true where
 * the call must be handed over to the system's ssh, and appends one line
 * which says why to the text, as far as it fits. In batch no usable key is no
 * reason for that: there is nobody to be asked for a password either.
 */
bool identity_judge(struct identity_list *list, const struct ssh2_can *can,
	bool batch, struct buf *why);

/* How many keys of a list that was judged are usable. */
size_t identity_judge_usable(const struct identity_list *list);

#endif
