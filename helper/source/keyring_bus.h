/*
 * keyring_bus: is there a session bus to look for a keyring on, and may a
 * person be asked to unlock one? Read from the environment, cheaply: most
 * containers and head nodes have neither.
 */
#ifndef KEYRING_BUS_H
#define KEYRING_BUS_H

#include "helper/base/buf.h"
#include "helper/base/error.h"

#include <stdbool.h>

/*
 * Append the session bus's address: $DBUS_SESSION_BUS_ADDRESS, else the socket
 * `bus` in $XDG_RUNTIME_DIR (D-Bus Specification, "Well-known Message Bus
 * Instances"; sd_bus_default_user(3)). Only addresses of unix(7) sockets are
 * taken, so that no bus is started and no program is run. Returns -1 with
 * ERROR_UNAVAILABLE and the reason where there is none.
 */
int keyring_bus_address(struct buf *out, struct error *err);

/*
 * May a person be asked? Not under go, nor where GIT_TERMINAL_PROMPT or
 * GCM_INTERACTIVE says no, nor without a display. *why is set to the reason,
 * constant text, where the answer is no.
 */
bool keyring_bus_may_ask(const char **why);

#endif
