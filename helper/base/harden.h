/*
 * harden: what a process that will hold a secret does first.
 */
#ifndef HARDEN_H
#define HARDEN_H

/*
 * Not dumpable and not traceable (PR_SET_DUMPABLE, prctl(2)), no core file,
 * files made only for us (umask 077), fds 0 to 2 open (an fd that we open
 * must never become somebody's stderr; where they cannot be, the process ends
 * with status 1), SIGPIPE as EPIPE, SIGCHLD not ignored (else no child has an
 * exit status). Built with -DTEST_DUMPABLE it stays
 * dumpable, for the tests that look for secrets.
 */
void harden_process(void);

/* Before exec of another program: what harden_process changed, undone. */
void harden_undo(void);

#endif
