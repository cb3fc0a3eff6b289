/*
 * ssh: the command that git runs as its ssh.
 */
#ifndef SSH_H
#define SSH_H

#include "helper/base/error.h"

/*
 * Take a command line as OpenSSH takes it (argv[0] is our own name) and carry
 * it out: over a connection of our own (client.h), or by handing it whole to
 * the system's ssh, which replaces this process, where the policy, the command
 * line, ssh_config or the session says so. Where GOCONDA_SSH is "openssh" that
 * is done at once, before a policy is read or the command line is looked at.
 *
 * Returns the exit status (0 to 255), as ssh(1) has it: the command's, and 255
 * where a signal ended it. Or -1 with ERROR_USAGE (OpenSSH would refuse it),
 * ERROR_INPUT (a malformed ssh_config), ERROR_POLICY (the policy keeps this
 * host off the SSH rail), ERROR_DENIED (not logged in, or the host's key is
 * not to be trusted), ERROR_UNAVAILABLE or ERROR_TIMEOUT.
 */
int ssh_run(int argc, char **argv, struct error *err);

#endif
