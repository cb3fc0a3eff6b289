/*
 * git: run git(1) and read what it prints.
 */
#ifndef GIT_H
#define GIT_H

#include "helper/base/buf.h"
#include "helper/base/error.h"

/* A git that has not ended by then is ended. */
#define GIT_MS 30000

/*
 * Run git with args (NULL-terminated, without "git" itself; at most 14). Its
 * stdout is appended to out, which may be NULL; its stderr is ours. Returns
 * its exit status, or -1 with ERROR_UNAVAILABLE (no git on PATH),
 * ERROR_TIMEOUT, or ERROR_SYSTEM (it was killed).
 */
int git_run(const char *const *args, struct buf *out, struct error *err);

#endif
