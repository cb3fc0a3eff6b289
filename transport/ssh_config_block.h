/*
 * ssh_config_block: which lines are about our host: Host, Match, Include.
 *
 * Each is a keyword's take (ssh_config_keyword.h), and returns as those of
 * ssh_config_value.h do.
 */
#ifndef SSH_CONFIG_BLOCK_H
#define SSH_CONFIG_BLOCK_H

#include "transport/ssh_config_keyword.h"

int ssh_config_block_host(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);

/*
 * "all" is carried out; any other Match is OpenSSH's where a line that we do
 * not ignore follows in its block, or where it has the configuration read a
 * second time ("final").
 */
int ssh_config_block_match(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);

int ssh_config_block_include(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);

#endif
