/*
 * ssh_config: what ssh_config(5) says, as it is read line by line.
 *
 * Values go into ssh_settings as they are written (ssh_config_expand.h makes
 * something of them). A line that applies and asks for what we do not carry
 * out becomes the reason why the call is OpenSSH's; reading goes on, so that
 * the rest is still known, and only the first reason is kept. Nothing here
 * does I/O: Include is the caller's.
 */
#ifndef SSH_CONFIG_H
#define SSH_CONFIG_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "transport/ssh_config_env.h"
#include "transport/ssh_settings.h"

#include <stdbool.h>
#include <stddef.h>

/* A reason has no more bytes. */
#define SSH_CONFIG_REASON_MAX 1024

/* Rows of ssh_config_keyword.c: never more. */
#define SSH_CONFIG_KEYWORDS_MAX 192

/* Files within files, as OpenSSH (READCONF_MAX_DEPTH). */
#define SSH_CONFIG_DEPTH_MAX 16

/* Where a line stands. */
struct ssh_config_where {
	const char *name; /* a file as a person writes it, or who says it */
	int line; /* from 1; 0: it is no file */
	bool user; /* the user's own: "~" may begin an Include */
	bool active; /* the last Host or Match is about our host */
	bool never; /* included where it is not: read for its errors only */
	int match; /* the line of a Match that nothing follows yet, or 0 */
	int depth;
};

struct ssh_config {
	struct ssh_settings *settings;
	struct buf *handover; /* empty: no reason so far */
	const struct ssh_config_env *env;
	const char *host; /* as it was typed: Host is compared with this */
	struct ssh_config_where where;
	char *controlpath, *ignoreunknown;
	struct buf tickets; /* a reason, if there is a Kerberos ticket */
	bool set[SSH_CONFIG_KEYWORDS_MAX]; /* by row: the first value wins */
	size_t files, bytes; /* what was read, for ssh_config_file.c */
	/*
	 * Read the files of a path with wildcards, absolute, into c. NULL:
	 * Include does nothing.
	 */
	int (*include)(
		struct ssh_config *c, const char *pattern, struct error *err);
};

/*
 * All but c stays the caller's: settings are initialised, handover holds
 * SSH_CONFIG_REASON_MAX. release frees what is c's own.
 */
void ssh_config_init(struct ssh_config *c, struct ssh_settings *settings,
	struct buf *handover, const struct ssh_config_env *env,
	const char *host);
void ssh_config_release(struct ssh_config *c);

/*
 * One value that is not to be split: of an option such as -p, or a policy.
 * by says who it is from, as in "-p".
 */
int ssh_config_set(struct ssh_config *c, const char *by, const char *keyword,
	struct slice value, struct error *err);

/*
 * One line from the command line: "User=x". What OpenSSH refuses is
 * ERROR_USAGE, here and in ssh_config_set.
 */
int ssh_config_option(
	struct ssh_config *c, struct slice line, struct error *err);

/*
 * The text of a file. where says whose: name is for messages, line is 0;
 * active, never and depth are those of the Include that asks for it. Returns 0,
 * or -1 with ERROR_INPUT, "NAME:LINE: …" (a value that OpenSSH refuses) or
 * ERROR_MEMORY.
 */
int ssh_config_text(struct ssh_config *c, const struct ssh_config_where *where,
	struct slice text, struct error *err);

/* For the modules beside: keep the first reason, "KEYWORD at FILE:LINE". */
void ssh_config_handover(struct ssh_config *c, const char *keyword);
void ssh_config_reason(struct ssh_config *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The same words for another time, in an empty buf. */
void ssh_config_place(
	const struct ssh_config *c, const char *keyword, struct buf *out);

/* Set err to "FILE:LINE: what", and return -1. */
int ssh_config_bad(const struct ssh_config *c, struct error *err,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
