/*
 * caller: who started us, read from /proc.
 *
 * Three questions depend on it: whose stderr is the terminal that a person
 * looks at (Go keeps its children's), whether a line on our own stderr is
 * read by a person or parsed by Go, and which `go` to name in the trace.
 */
#ifndef CALLER_H
#define CALLER_H

#include "helper/base/wipebuf.h"

#include <stdbool.h>
#include <sys/types.h>

/* The command name of a role begins so (role.h). */
#define CALLER_ROLE_PREFIX "conda-go:"

struct caller {
	pid_t go; /* the outermost `go` above us, 0: none */
	/* the nearest ancestor but git and the shells that git started */
	pid_t pid;
	char name[16]; /* its command name as the kernel has it, "" unknown */
	/*
	 * May we write words for people to our own stderr? Yes under
	 * git-remote-http(s), whose stderr Go drops on success and prints on
	 * failure, and where no git is between us and who started us. No
	 * under `git credential`: GOAUTH=git parses what is written there; so
	 * not where /proc does not show who is above us, either.
	 */
	bool speak;
	bool role; /* see caller_as_role */
};

/*
 * The caller of this process, looked up at the first call. Never fails: what
 * /proc does not show is as if it were not there. Not for threads.
 */
const struct caller *caller_get(void);

/*
 * The URL that the caller, if it is git-remote-http(s), works on: its second
 * argument (gitremote-helpers(7)), as /proc shows it. It is appended to out;
 * user info and all, so it is not for a trace. Returns false where the caller
 * is another program or nothing can be read.
 */
bool caller_url(struct wipebuf *out);

/*
 * This process is a role: who called its starter is its caller, since its
 * stderr is that one's too. Before the first caller_get.
 */
void caller_as_role(void);

#endif
