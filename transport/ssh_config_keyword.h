/*
 * ssh_config_keyword: every keyword that OpenSSH knows or knew, and what we
 * make of it.
 */
#ifndef SSH_CONFIG_KEYWORD_H
#define SSH_CONFIG_KEYWORD_H

#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "transport/ssh_config.h"

#include <stddef.h>

enum ssh_config_what {
	SSH_CONFIG_TAKEN, /* carried out: take() reads it */
	SSH_CONFIG_IGNORED, /* whatever it says, it changes nothing for us */
	SSH_CONFIG_ONLY, /* ignored where its value is one of only */
	SSH_CONFIG_ONLY_RAW, /* the same, for a value that is no words */
	SSH_CONFIG_ONLY_EACH, /* the same for each of its lines, not the first
			       */
	SSH_CONFIG_OPENSSH, /* OpenSSH's, whatever it says */
	SSH_CONFIG_TICKETS, /* OpenSSH's where there are Kerberos tickets */
};

struct ssh_config_keyword {
	const char *name; /* as ssh_config(5) writes it */
	enum ssh_config_what what;
	const char *only; /* patterns, lower case, between blanks */
	const char *same; /* the name of the row that this one is */
	/*
	 * Read the arguments. Values are checked even where they do not apply,
	 * and kept where they do (ssh_config_value_counts).
	 */
	int (*take)(struct ssh_config *c, const struct ssh_config_keyword *k,
		struct slice rest, struct error *err);
	size_t offset; /* where in struct ssh_settings */
};

/* The row of a keyword, case apart, aliases resolved; NULL: there is none. */
const struct ssh_config_keyword *ssh_config_keyword_find(struct slice name);

/* Its number, below SSH_CONFIG_KEYWORDS_MAX. */
size_t ssh_config_keyword_index(const struct ssh_config_keyword *k);

#endif
