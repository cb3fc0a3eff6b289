/*
 * ssh_config_value: the values of the keywords that we carry out.
 *
 * The functions without a comment are a keyword's take (ssh_config_keyword.h).
 * They return 0, or -1 with ERROR_INPUT for what OpenSSH refuses, and with
 * ERROR_MEMORY.
 */
#ifndef SSH_CONFIG_VALUE_H
#define SSH_CONFIG_VALUE_H

#include "transport/ssh_config_keyword.h"

#include <stdbool.h>

/* A word of more bytes is refused; no path is longer. */
#define SSH_CONFIG_VALUE_MAX 8192

int ssh_config_value_text(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);
int ssh_config_value_user(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);
int ssh_config_value_flag(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);
int ssh_config_value_port(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);
int ssh_config_value_count(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);
int ssh_config_value_timeout(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);
int ssh_config_value_family(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);
int ssh_config_value_strict(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);
int ssh_config_value_controlpath(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);
int ssh_config_value_ignoreunknown(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err);

/*
 * The next argument into word. Returns 1, 0 where there is none, -1 with
 * ERROR_INPUT for an empty one.
 */
int ssh_config_value_next(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice *rest,
	struct buf *word, struct error *err);

/* Does this line apply, and has none of its keyword done so before? */
bool ssh_config_value_counts(
	const struct ssh_config *c, const struct ssh_config_keyword *k);

/* It has now. */
void ssh_config_value_done(
	struct ssh_config *c, const struct ssh_config_keyword *k);

#endif
