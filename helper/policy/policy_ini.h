/*
 * policy_ini: the syntax of a policy file, read with inih (ini.h).
 *
 *	; a comment, also with '#'
 *	[default]
 *	key = value ; a comment
 *	[host "git.corp.example"]
 *
 * Pure: bytes in, calls out. What inih would take for something else than a
 * person meant is refused: a line over POLICY_INI_LINE_MAX, a control
 * character (those of Unicode as well, since values are shown), ':' for '=', a
 * key outside a section, an unknown section.
 */
#ifndef POLICY_INI_H
#define POLICY_INI_H

#include "helper/base/error.h"
#include "helper/base/slice.h"

/*
 * Bytes in a line without its end and its leading blanks; comments may be
 * longer. inih's line buffer has 200 (INI_MAX_LINE), less "\r\n" and NUL.
 */
#define POLICY_INI_LINE_MAX 197

/* Bytes in a file. */
#define POLICY_INI_FILE_MAX 65536

/*
 * What is read. Each returns 0, or -1 with err set, which ends the reading.
 * The slices are valid during the call only.
 */
struct policy_ini_sink {
	/* A section begins; host is absent for [default]. */
	int (*section)(
		void *arg, struct slice host, int line, struct error *err);
	/* A key in the last section begun. Neither is trimmed further. */
	int (*pair)(void *arg, struct slice key, struct slice value, int line,
		struct error *err);
	void *arg;
};

/*
 * Read a file's bytes. Returns -1 with ERROR_POLICY and "FILE:LINE: ..." at
 * the first line that is wrong; file is for that message only.
 */
int policy_ini_read(struct slice bytes, const char *file,
	const struct policy_ini_sink *sink, struct error *err);

#endif
