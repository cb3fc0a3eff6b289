/*
 * credential command: git's credential helper (git-credential(1)).
 *
 *	conda-go credential get|store|erase|capability
 *
 * Reads one record from stdin. `get` prints what the first source of the
 * route has, or nothing; a miss exits 0. An unknown verb does nothing and
 * exits 0, as the protocol asks; so does a record that has a path and an empty
 * host, as that of a certificate's pass phrase. One without a host is an error.
 */
#ifndef CMD_CREDENTIAL_H
#define CMD_CREDENTIAL_H

#include "helper/base/error.h"

int credential_run(int argc, char **argv, struct error *err);

#endif
