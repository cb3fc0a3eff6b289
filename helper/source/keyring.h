/*
 * keyring: the role that speaks to the Secret Service.
 *
 * A process of its own (role.h), since D-Bus and a question for a password can
 * block for minutes: who starts it has the deadline, and ends it.
 *
 * A request is a record: action (get, store or erase), address (the bus),
 * namespace (Git Credential Manager's), ask=1 where a person may be asked, and
 * git's attributes as git sent them. The answer: outcome (a word of
 * source_outcome_text, with the meaning that source.h gives it), why, label (of
 * the item), and the attributes found. Before a person is asked comes
 * a record with asking=1 alone: from then on it may take as long as a person
 * does.
 */
#ifndef KEYRING_H
#define KEYRING_H

#include "helper/base/record.h"

/* The keys of a request and of an answer that are not git's. */
#define KEYRING_ACTION "action"
#define KEYRING_ADDRESS "address"
#define KEYRING_NAMESPACE "namespace"
#define KEYRING_ASK "ask"
#define KEYRING_ASKING "asking"
#define KEYRING_OUTCOME "outcome"
#define KEYRING_WHY "why"
#define KEYRING_LABEL "label"

/* Serve one request (role.h). Returns the process's exit status. */
int keyring_serve(struct record_reader *in);

#endif
