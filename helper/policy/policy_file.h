/*
 * policy_file: a policy file's bytes, where the file can be trusted.
 */
#ifndef POLICY_FILE_H
#define POLICY_FILE_H

#include "helper/base/buf.h"
#include "helper/base/error.h"

#include <stdbool.h>

/*
 * Append the file's bytes to out. Never waits (no FIFO, no terminal) and
 * takes regular files only.
 *
 * Returns 1 where there is no such file, 0, or -1 with the file named in
 * err: ERROR_POLICY where it cannot be read or is over out's maximum;
 * ERROR_DENIED, with the command that mends it, where own_only is asked for
 * and others than its owner can write it, or the owner is neither us nor
 * root.
 */
int policy_file_read(
	const char *path, bool own_only, struct buf *out, struct error *err);

#endif
