/*
 * netrc_lex: the words and statements of a .netrc, read where they lie.
 *
 * The bytes stay the caller's and are never changed; nothing is allocated.
 * The format is that of ftp(1)'s .netrc as curl reads it, made strict where
 * curl, Go and git-credential-netrc disagree:
 *
 *   file    = { entry | macro | junk } ;
 *   entry   = ( "machine" value | "default" ) { field | junk } ;
 *   field   = ("login"|"password"|"account") value
 *           | ("user"|"username"|"passwd"|"port"|"protocol"|"path") lvalue ;
 *   macro   = "macdef" { byte-LF } LF { line LF } ( blankline | EOF ) ;
 *   value   = token ;   (* may stand on a later line, unless it is machine,
 *                          default, login, password, account or macdef:
 *                          then the value is absent *)
 *   lvalue  = token ;   (* same line and none of those six; else absent *)
 *   token   = quoted | word ;
 *   quoted  = '"' { '\' byte | byte-('"','\') } '"' ;
 *   word    = byte-(blank,'"') { byte-blank } ;
 *   junk    = token ;
 *   blank   = SP | TAB | CR | LF ;
 *   comment = line start, {SP|TAB}, '#', to LF ;  (* also inside quotes *)
 *
 * Keywords are compared without ASCII case, are never quoted, and count only
 * where one may stand: `password default` is a password.
 */
#ifndef NETRC_LEX_H
#define NETRC_LEX_H

#include "netrc/netrc_token.h"

#define NETRC_LEX_TOKEN_MAX 65000u /* bytes between blanks or quotes */

enum netrc_lex_key {
	NETRC_LEX_JUNK,
	NETRC_LEX_MACHINE,
	NETRC_LEX_DEFAULT,
	NETRC_LEX_MACDEF,
	NETRC_LEX_LOGIN,
	NETRC_LEX_PASSWORD,
	NETRC_LEX_ACCOUNT,
	NETRC_LEX_LOGIN_ALIAS, /* user, username */
	NETRC_LEX_PASSWORD_ALIAS, /* passwd */
	NETRC_LEX_PORT,
	NETRC_LEX_PROTOCOL,
	NETRC_LEX_PATH,
	NETRC_LEX_NKEYS,
};

struct netrc_lex {
	const char *pos, *end; /* private */
	size_t line; /* of pos, counted from 1 */
	bool line_start; /* private */
	const char *fault; /* constant text; NULL: no error */
	size_t fault_line; /* where the word in error begins */
	bool open_quote; /* which of the two errors it is */
};

/* One statement. */
struct netrc_lex_item {
	enum netrc_lex_key key;
	struct netrc_token word; /* the keyword, or the junk */
	struct netrc_token value; /* absent where the key has or takes none */
	struct slice macro; /* macdef: what is behind the keyword */
};

/* Begin to read file, which must stay unchanged while lex is in use. */
void netrc_lex_init(struct netrc_lex *lex, struct slice file);

/*
 * Read the next statement into item and return true; false at the end of the
 * file, or at an error, which ends it too: lex->fault and lex->fault_line say
 * what and where, without any byte of the file. A quote that does not end and
 * a word above NETRC_LEX_TOKEN_MAX are the errors. Each call advances, and no
 * byte is read more than a fixed number of times.
 */
bool netrc_lex_item(struct netrc_lex *lex, struct netrc_lex_item *item);

/*
 * Which keyword the word is, compared without case; NETRC_LEX_JUNK for
 * another one. It does not know about quotes or about places.
 */
enum netrc_lex_key netrc_lex_keyword(struct slice word);

/* SP, TAB, CR or LF. */
bool netrc_lex_is_blank(char c);

#endif
