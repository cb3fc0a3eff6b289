/*
 * secretfile: read a file that holds secrets, if it is safe to believe it.
 */
#ifndef SECRETFILE_H
#define SECRETFILE_H

#include "helper/base/error.h"
#include "helper/base/wipebuf.h"

#include <stdbool.h>
#include <sys/types.h>

/* What stat(2) says, as far as the rules ask; for tests without files. */
struct secretfile_facts {
	mode_t mode;
	uid_t owner, us;
	bool readonly; /* on a mount that is read-only (ST_RDONLY) */
};

enum secretfile_verdict {
	SECRETFILE_FINE,
	SECRETFILE_WARN, /* it is read; why says what is loose */
	SECRETFILE_REFUSED,
};

/*
 * May a file with these facts be read? Pure. Refused: what is no regular
 * file; what others can write; what others can read, or neither we nor root
 * own, unless it lies on a read-only mount (as the secrets of Kubernetes and
 * BuildKit do) or lenient is set, which makes it a warning. path, which is as
 * a shell reads it, is named in why, which ends with the command that mends
 * it; where that would not fit, why holds no command.
 */
enum secretfile_verdict secretfile_judge(const struct secretfile_facts *f,
	bool lenient, const char *path, struct error *why);

/*
 * Open path and append it to out. Symbolic links are followed; the file that
 * was opened is the one that is judged. Returns 0; 1 with why set (read, but
 * loose); -1 with ERROR_UNAVAILABLE (not there), ERROR_DENIED (refused or not
 * readable), ERROR_INPUT (over out's maximum) or ERROR_SYSTEM, and out as it
 * was.
 */
int secretfile_read(
	const char *path, bool lenient, struct wipebuf *out, struct error *why);

#endif
