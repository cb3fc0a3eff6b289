#include "netrc/netrc_warn_text.h"

struct kind {
	const char *name;
	bool differs;
	const char *text;
};

static const struct kind kinds[NETRC_WARN_NKINDS] = {
	[NETRC_WARN_QUOTED] = { "quoted", true,
		"a value in quotes: Go keeps the quotes and splits it at "
		"blanks; git-credential-netrc ends it at an escaped quote" },
	[NETRC_WARN_QUOTED_KEYWORD] = { "quoted-keyword", true,
		"a keyword in quotes is none here, for curl and for Go; "
		"git-credential-netrc takes it for one" },
	[NETRC_WARN_QUOTED_ACCOUNT] = { "quoted-account", false,
		"an account in quotes: Go splits it at blanks and may miss "
		"what is behind it" },
	[NETRC_WARN_QUOTE_OPEN] = { "quote-open", true,
		"no closing quote: curl refuses the file; Go and "
		"git-credential-netrc read on" },
	[NETRC_WARN_TOO_LONG] = { "too-long", true,
		"a word above 65,000 bytes: refused here and by curl; Go "
		"and git-credential-netrc read it" },
	[NETRC_WARN_BACKSLASH] = { "backslash", true,
		"a backslash outside quotes is itself here, for curl and for "
		"Go; git-credential-netrc removes it, and hangs where it "
		"ends a line" },
	[NETRC_WARN_COMMENT_KEYWORD] = { "comment-keyword", true,
		"a keyword in a comment: Go and git-credential-netrc know no "
		"comments and read it" },
	[NETRC_WARN_HASH_KEYWORD] = { "hash-keyword", true,
		"a keyword behind a # inside a line counts: a comment begins "
		"only a line; Go may miss it" },
	[NETRC_WARN_DEFAULT] = { "default", true,
		"default: curl sends it to every host and reads no machine "
		"behind it; Go may stop here; git-credential-netrc and we "
		"do not use it" },
	[NETRC_WARN_MACRO_TAIL] = { "macro-tail", true,
		"words behind a macro's name: Go and git-credential-netrc "
		"read them as part of an entry" },
	[NETRC_WARN_MACRO_BLANKS] = { "macro-blanks", true,
		"a line of blanks ends the macro here and for curl; for Go "
		"and git-credential-netrc it does not" },
	[NETRC_WARN_MACRO_CR] = { "macro-cr", true,
		"a macro in a file with CR LF: for Go it never ends" },
	[NETRC_WARN_MACRO_QUOTE] = { "macro-quote", false,
		"a quote inside a macro: curl 8.11 to 8.20 may read it as one "
		"that goes on behind the macro" },
	[NETRC_WARN_MACRO_FIRST] = { "macro-first", false,
		"a macro before any machine: git-credential-netrc reads it as "
		"entries" },
	[NETRC_WARN_MACRO_ENTRY] = { "macro-entry", true,
		"a machine inside a macro that stands before any machine: "
		"git-credential-netrc reads it as an entry" },
	[NETRC_WARN_HASH_VALUE] = { "hash-value", false,
		"a value that begins with #: curl before 8.11 takes it and "
		"the line's rest for a comment" },
	[NETRC_WARN_KEYWORD_VALUE] = { "keyword-value", false,
		"a value that is a keyword: curl before 8.21 takes it for the "
		"keyword, wherever another host than this entry's is asked" },
	[NETRC_WARN_NEXT_LINE] = { "next-line", true,
		"a value on a later line than its keyword: Go and "
		"git-credential-netrc miss it" },
	[NETRC_WARN_NO_VALUE] = { "no-value", true,
		"a keyword without a value: curl takes the next word, even a "
		"keyword, for it" },
	[NETRC_WARN_KEYWORD_CASE] = { "keyword-case", true,
		"a keyword with capitals: Go and git-credential-netrc do not "
		"know it" },
	[NETRC_WARN_HOST_CASE] = { "host-case", true,
		"a host with capitals: Go and git-credential-netrc compare "
		"with case" },
	[NETRC_WARN_HOST_PORT] = { "host-port", true,
		"a port behind the host: curl never matches it, Go and "
		"git-credential-netrc only a URL that names it" },
	[NETRC_WARN_HOST_URL] = { "host-url", true,
		"a machine with a slash matches nothing here, for curl and "
		"git-credential-netrc; Go reads it as the start of a URL" },
	[NETRC_WARN_HOST_IPV6] = { "host-ipv6", true,
		"an IPv6 address: curl wants it without brackets, Go and "
		"git-credential-netrc with them" },
	[NETRC_WARN_PORT] = { "port", true, "port: curl and Go ignore it" },
	[NETRC_WARN_PROTOCOL] = { "protocol", false,
		"protocol: curl and Go ignore it" },
	[NETRC_WARN_PATH] = { "path", false, "path: curl and Go ignore it" },
	[NETRC_WARN_ALIAS] = { "alias", true,
		"user, username or passwd: curl and Go do not know it, "
		"git-credential-netrc does not know passwd" },
	[NETRC_WARN_UNKNOWN] = { "unknown", false,
		"a word that is no keyword: curl and git-credential-netrc "
		"skip it, Go skips the word behind it too" },
	[NETRC_WARN_ODD_PLACE] = { "odd-place", true,
		"a keyword behind an odd number of words: Go reads a line in "
		"pairs and misses it" },
	[NETRC_WARN_PASSWORD_FIRST] = { "password-first", false,
		"a password before its login: curl 8.11 to 8.20 may find no "
		"entry behind this one" },
	[NETRC_WARN_REPEATED] = { "repeated", true,
		"a login or password again after both were given: Go keeps "
		"the first" },
	[NETRC_WARN_PARTIAL] = { "partial", true,
		"an entry without login or password: curl sends an empty one, "
		"git-credential-netrc only what is there, Go skips it" },
	[NETRC_WARN_VOID] = { "void", true,
		"a value with CR, LF or NUL: the entry is not used here; "
		"curl uses it" },
	[NETRC_WARN_SPACE] = { "space", true,
		"VT, FF or a Unicode space: Go splits a word there, "
		"git-credential-netrc at VT and FF" },
	[NETRC_WARN_NUL] = { "nul", true, "NUL: curl loses the line's rest" },
	[NETRC_WARN_CR] = { "cr", true,
		"a CR inside a line: curl refuses the file" },
	[NETRC_WARN_CR_LINE] = { "cr-line", false,
		"an empty line that ends in CR LF: curl 8.11 to 8.20 refuses "
		"the file" },
	[NETRC_WARN_NON_ASCII] = { "non-ascii", false,
		"a byte above 127: curl before 8.21 may refuse the file" },
	[NETRC_WARN_BOM] = { "bom", false,
		"a byte order mark: it is part of the first word, which no "
		"program then knows" },
	[NETRC_WARN_LONG_WORD] = { "long-word", true,
		"a word above 4,095 bytes: curl refuses the file" },
	[NETRC_WARN_LONG_LINE] = { "long-line", true,
		"a line above 16,382 bytes: curl refuses the file" },
	[NETRC_WARN_LARGE_FILE] = { "large-file", true,
		"above 128 KiB: curl refuses the file; above 1 MiB, so do we" },
};

struct netrc_warn netrc_warn_text(enum netrc_warn_kind kind)
{
	const struct kind *k = &kinds[kind];

	return (struct netrc_warn){ 0, kind, k->differs, k->name, k->text };
}
