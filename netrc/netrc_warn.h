/*
 * netrc_warn: what curl, Go or git read in a .netrc otherwise than we do.
 *
 * git asks its libcurl first, go its own reader: a file that they read
 * differently gives one host two credentials, or none. These are the
 * places, found in the file alone. What depends on the question (an entry
 * without a port for a URL with one) is told by struct netrc_match's rule.
 *
 * Measured with curl 8.22-DEV, Go 1.24.4 and the
 * git-credential-netrc of git 1a3e64c6c4; older curls where the text says so.
 */
#ifndef NETRC_WARN_H
#define NETRC_WARN_H

#include "helper/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum netrc_warn_kind {
	NETRC_WARN_QUOTED,
	NETRC_WARN_QUOTED_KEYWORD,
	NETRC_WARN_QUOTED_ACCOUNT,
	NETRC_WARN_QUOTE_OPEN,
	NETRC_WARN_TOO_LONG,
	NETRC_WARN_BACKSLASH,
	NETRC_WARN_COMMENT_KEYWORD,
	NETRC_WARN_HASH_KEYWORD,
	NETRC_WARN_DEFAULT,
	NETRC_WARN_MACRO_TAIL,
	NETRC_WARN_MACRO_BLANKS,
	NETRC_WARN_MACRO_CR,
	NETRC_WARN_MACRO_QUOTE,
	NETRC_WARN_MACRO_FIRST,
	NETRC_WARN_MACRO_ENTRY,
	NETRC_WARN_HASH_VALUE,
	NETRC_WARN_KEYWORD_VALUE,
	NETRC_WARN_NEXT_LINE,
	NETRC_WARN_NO_VALUE,
	NETRC_WARN_KEYWORD_CASE,
	NETRC_WARN_HOST_CASE,
	NETRC_WARN_HOST_PORT,
	NETRC_WARN_HOST_URL,
	NETRC_WARN_HOST_IPV6,
	NETRC_WARN_PORT,
	NETRC_WARN_PROTOCOL,
	NETRC_WARN_PATH,
	NETRC_WARN_ALIAS,
	NETRC_WARN_UNKNOWN,
	NETRC_WARN_ODD_PLACE,
	NETRC_WARN_PASSWORD_FIRST,
	NETRC_WARN_REPEATED,
	NETRC_WARN_PARTIAL,
	NETRC_WARN_VOID,
	NETRC_WARN_SPACE,
	NETRC_WARN_NUL,
	NETRC_WARN_CR,
	NETRC_WARN_CR_LINE,
	NETRC_WARN_NON_ASCII,
	NETRC_WARN_BOM,
	NETRC_WARN_LONG_WORD,
	NETRC_WARN_LONG_LINE,
	NETRC_WARN_LARGE_FILE,
	NETRC_WARN_NKINDS,
};

struct netrc_warn {
	size_t line; /* counted from 1; 0: the whole file */
	enum netrc_warn_kind kind;
	bool differs; /* current programs give another answer; else they
			 may, in other places or versions */
	const char *name; /* constant, for the trace: "quoted" */
	const char *text; /* constant, for people; never bytes of the file */
};

/*
 * Call fn for each warning in file, with arg; warn is fn's only during the
 * call. At most one call for each kind and line. What is seen in lines comes
 * first, then what is seen in statements, each in the file's order but for a
 * partial entry, which is told when it ends, with the line where it began. It
 * returns how many calls there were. Reading stops at the first error (an open
 * quote, a word above the limit), which is a warning itself. A file above
 * NETRC_FILE_MAX gives NETRC_WARN_LARGE_FILE alone. Linear in file.len.
 */
size_t netrc_warn_each(struct slice file,
	void (*fn)(const struct netrc_warn *warn, void *arg), void *arg);

#endif
