/*
 * ssh_argv: the command line of ssh(1), as git and Go write it.
 */
#ifndef SSH_ARGV_H
#define SSH_ARGV_H

#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdbool.h>

struct ssh_argv {
	struct slice host; /* IPv6 without brackets, as git writes it */
	struct slice user; /* absent: ssh's own rules */
	int port; /* of -p or the URL (not of -o Port); 0: not given */
	bool offline; /* -G, -V, -Q: it asks what ssh is, connects nowhere */
	struct slice command; /* the first word behind the host, or absent */
	struct slice path; /* of `git-upload-pack 'path'`, no '/' in front */
};

/*
 * Read argv (argv[0] is skipped). Options may be clustered, have their value
 * attached, and stand behind the host, as OpenSSH's getopt has it; the first
 * port and the first user count, and behind -V and -Q nothing does. Returns -1
 * with ERROR_USAGE for an option OpenSSH does not know, a missing value or
 * host, a port that is no number, a user in ssh:// that needs decoding, and
 * for host and user names that OpenSSH refuses because a shell could see them
 * (readconf.c, CVE-2023-51385). Slices point into argv.
 */
int ssh_argv_parse(
	struct ssh_argv *a, int argc, char **argv, struct error *err);

#endif
