/*
 * ssh: the command that git runs as its ssh.
 */
#ifndef SSH_H
#define SSH_H

#include "helper/base/error.h"

/*
 * Take a command line as OpenSSH takes it (argv[0] is our own name) and carry
 * it out. For now every call is handed over to the system's ssh, which
 * replaces this process, so that on success it does not return. Where
 * GOCONDA_SSH is "openssh" that is done at once, before a policy is read or
 * the command line is looked at. Returns -1
 * with ERROR_USAGE (OpenSSH would refuse it), ERROR_POLICY (the policy keeps
 * this host off the SSH rail) or ERROR_UNAVAILABLE (no ssh installed).
 */
int ssh_run(int argc, char **argv, struct error *err);

#endif
