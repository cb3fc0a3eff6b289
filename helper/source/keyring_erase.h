/*
 * keyring_erase: `erase` in the keyring role.
 */
#ifndef KEYRING_ERASE_H
#define KEYRING_ERASE_H

#include "helper/source/keyring_call.h"
#include "helper/source/source.h"

/*
 * Erase what matches c->target and, where c->asked has a password, has that
 * one. CHANGED, UNCHANGED (there is none), or the gravest of what kept an item
 * from being looked at or erased, with c->why set; the others are erased all
 * the same.
 */
enum source_outcome keyring_erase(struct keyring_call *c);

#endif
