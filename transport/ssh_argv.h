/*
 * ssh_argv: the command line of ssh(1), as git and Go write it.
 */
#ifndef SSH_ARGV_H
#define SSH_ARGV_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* With more options than these the call is OpenSSH's. */
#define SSH_ARGV_OPTIONS_MAX 128

/* As long as a packet of SSH may be. */
#define SSH_ARGV_COMMAND_MAX (256 << 10)

struct ssh_argv_option {
	char letter;
	struct slice value; /* absent: it takes none */
};

struct ssh_argv {
	struct slice host; /* IPv6 without brackets, as git writes it */
	struct slice user; /* absent: ssh's own rules */
	int port; /* of -p or the URL (not of -o Port); 0: not given */
	bool offline; /* -G, -V, -Q: it asks what ssh is, connects nowhere */
	bool print; /* -G: print the settings for the host */
	/*
	 * An option that only OpenSSH carries out, '\0': none. -n is one: git
	 * talks to the other side through stdin.
	 */
	char foreign;
	bool many; /* more options than SSH_ARGV_OPTIONS_MAX */
	struct slice config; /* of -F, the last one; absent: the usual files */
	/* what we carry out, in its order, with user@ and :port as -l, -p */
	struct ssh_argv_option option[SSH_ARGV_OPTIONS_MAX];
	size_t options;
	/* all words behind the host, one blank between; absent: a shell */
	struct slice command;
	struct slice path; /* of `git-upload-pack 'path'`, no '/' in front */
	struct buf joined; /* private: a command of several words */
};

/*
 * Read argv (argv[0] is skipped). Options may be clustered, have their value
 * attached, and stand behind the host, as OpenSSH's getopt has it; the first
 * port and the first user count, and behind -V and -Q nothing does. Returns -1
 * with ERROR_USAGE for an option OpenSSH does not know, a missing value or
 * host, a port that is no number, a user in ssh:// that needs decoding, and
 * for host and user names that OpenSSH refuses because a shell could see them
 * (readconf.c, CVE-2023-51385); with ERROR_MEMORY for a command over
 * SSH_ARGV_COMMAND_MAX. Slices point into argv, and into a where the command
 * has several words. a is to be released in either case.
 */
int ssh_argv_parse(
	struct ssh_argv *a, int argc, char **argv, struct error *err);
void ssh_argv_release(struct ssh_argv *a);

/*
 * Append why the command line alone makes the call OpenSSH's: "-J", or that
 * there is no command. Nothing where it does not.
 */
void ssh_argv_why(const struct ssh_argv *a, struct buf *why);

/* Is it a user name that OpenSSH takes on the command line? */
bool ssh_argv_user_ok(struct slice user);

#endif
