/*
 * role: this same binary started again by itself, in a process of its own.
 *
 * For work that can hang, crash or be attacked. The role gets one socket, on
 * which both sides speak records (record.h), and a libc that has loaded
 * nothing: it opens the libraries it needs itself. Its stdin and stdout are
 * /dev/null, its stderr is its starter's, every other fd is closed, and it
 * dies with its starter.
 *
 * main.c gives every program that uses roles a first look at argv:
 * role_main runs the role that argv names and never returns from it.
 */
#ifndef ROLE_H
#define ROLE_H

#include "helper/base/error.h"
#include "helper/base/record.h"

#include <stdint.h>
#include <sys/types.h>

/* One row of the program's table of roles, which ends with a NULL name. */
struct role_row {
	const char *name;
	/*
	 * Serve: read requests from in, write answers to in->fd, a socket that
	 * fds may come over (record_take_fds). Returns the process's exit
	 * status. EOF on in means that nobody waits any more.
	 */
	int (*serve)(struct record_reader *in);
};

/*
 * If argv says that this process is a role, serve it and exit; else return.
 * Called first thing after harden_process(), before any argument is looked
 * at. A role that rows do not have exits with status 127.
 */
void role_main(const struct role_row *rows, int argc, char **argv);

/* A role that runs. */
struct role {
	pid_t pid; /* 0: none */
	struct record_reader in; /* its answers */
	const char *name; /* the caller's, for messages */
};

/*
 * Start the role called name. On success the caller ends it with role_end.
 * Returns -1 with ERROR_SYSTEM if it cannot be started.
 */
int role_start(struct role *role, const char *name, struct error *err);

/*
 * Send request and wait for the next answer until the deadline. Returns 0,
 * or -1 with ERROR_TIMEOUT (the role is ended at once: what hangs does not
 * get a second chance), ERROR_UNAVAILABLE (it died or hung up; the message
 * says how) or ERROR_INPUT (its answer is no record; it is ended too). An
 * answer counts only with the empty line that ends it. On failure answer is
 * empty.
 */
int role_call(struct role *role, const struct record *request,
	struct record *answer, int64_t deadline, struct error *err);

/*
 * The two halves of role_call, for who does something else meanwhile:
 * role->in.fd is readable when an answer, or the role's end, is there.
 * role_send passes count fds beside the request (record.h), which stay the
 * caller's.
 */
int role_send(struct role *role, const struct record *request, const int *fds,
	size_t count, int64_t deadline, struct error *err);
int role_answer(struct role *role, struct record *answer, int64_t deadline,
	struct error *err);

/*
 * End the role: close its socket, give it grace_ms to go by itself, then
 * SIGKILL; always reaped. Harmless on a role that never started (also one that
 * is all zero) or has ended.
 */
void role_end(struct role *role, int grace_ms);

#endif
