/*
 * ssh_config_file: the files of ssh_config(5), and those that they include.
 *
 * Each returns 0, or -1: ERROR_INPUT (the file says something wrong, names
 * itself within itself), ERROR_DENIED (others than its owner can write it, or
 * the owner is neither we nor root), ERROR_USAGE, ERROR_MEMORY. A file that is
 * not there is no error where it need not be. What is no regular file, is too
 * large (1 MiB, or 4 MiB and 256 files together) or cannot be read makes the
 * call OpenSSH's.
 */
#ifndef SSH_CONFIG_FILE_H
#define SSH_CONFIG_FILE_H

#include "transport/ssh_config.h"

#define SSH_CONFIG_FILE_MAX (1 << 20)
#define SSH_CONFIG_FILE_TOTAL_MAX (4 << 20)
#define SSH_CONFIG_FILES_MAX 256

/* ~/.ssh/config, if there is a home; then /etc/ssh/ssh_config. */
int ssh_config_file_defaults(struct ssh_config *c, struct error *err);

/* The file of -F, which must be there; "none" is no file. */
int ssh_config_file_given(
	struct ssh_config *c, struct slice path, struct error *err);

#endif
