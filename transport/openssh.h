/*
 * openssh: a call handed over, whole, to the system's ssh.
 */
#ifndef OPENSSH_H
#define OPENSSH_H

#include "helper/base/error.h"

/* Options that are put before the caller's own: at most this many words. */
#define OPENSSH_WORDS_MAX 16

/*
 * Replace this process by the first `ssh` on PATH that is not ourselves, with
 * the words (NULL-terminated, may be none) before argv[1…]. why goes into the
 * trace. Returns only on failure: -1 with ERROR_UNAVAILABLE.
 */
int openssh_exec(int argc, char **argv, char *const *words, const char *why,
	struct error *err);

#endif
