/*
 * ssh_config_list: the keywords whose values are lists.
 *
 * Each is a keyword's take (ssh_config_keyword.h), and returns as those of
 * ssh_config_value.h do. A list that would be longer than ssh_settings has
 * room for is OpenSSH's.
 */
#ifndef SSH_CONFIG_LIST_H
#define SSH_CONFIG_LIST_H

#include "transport/ssh_config_keyword.h"

/* One more each time, "none" among them; what is there is not added again. */
int ssh_config_list_identity(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);

/* All of a line, and then no other: known_hosts files, or "none" alone. */
int ssh_config_list_files(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);

/* Patterns, more of them each time; with '-' those that it matches go. */
int ssh_config_list_sendenv(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);

/* NAME=VALUE, all of a line and then no other; of a name the first. */
int ssh_config_list_setenv(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);

#endif
