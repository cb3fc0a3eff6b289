/*
 * keyring_store: `store` in the keyring role.
 */
#ifndef KEYRING_STORE_H
#define KEYRING_STORE_H

#include "helper/source/keyring_call.h"
#include "helper/source/source.h"

/*
 * Keep c->asked for c->target. UNCHANGED: it is there already, be it in an
 * item for the whole host or in one of another program's; CHANGED: it is now.
 * Else nothing was changed and c->why is set. It is written in one step:
 * nothing that was there is lost on the way.
 */
enum source_outcome keyring_store(struct keyring_call *c);

#endif
