/*
 * proc: the small files of /proc (proc(5)).
 */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Read the beginning of /proc/PID/NAME, at most size - 1 bytes, and end it
 * with a NUL. Returns false where there is nothing to read. Not for what may
 * hold a secret (cmdline, environ).
 */
bool proc_read(pid_t pid, const char *name, char *text, size_t size);

#endif
