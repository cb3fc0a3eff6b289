/*
 * source_keyring: the Secret Service as a source of credentials.
 *
 * What git-credential-libsecret stored is found, and it finds what is stored
 * here; what Git Credential Manager stored is read. The work is done by the
 * role in keyring.h, which gets SOURCE_KEYRING_MS for everything, and
 * SOURCE_KEYRING_ASK_MS from the moment on when a person is asked to unlock
 * (keyring_bus.h says when one may be). Where there is no session bus no role
 * is started.
 */
#ifndef SOURCE_KEYRING_H
#define SOURCE_KEYRING_H

#include "helper/source/source.h"

#define SOURCE_KEYRING_MS 3000
#define SOURCE_KEYRING_ASK_MS 60000

extern const struct source source_keyring;

#endif
