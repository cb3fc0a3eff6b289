#include "netrc/netrc.h"

#include "netrc/netrc_lex.h"

#include <string.h>

/* More than a DNS name (253), brackets and a port; a longer one is none. */
#define NAME_MAX_LEN 320u

struct service {
	const char *name;
	int port;
	bool scheme;
};

/* getservbyname() would read files. */
static const struct service services[] = {
	{ "https", 443, true },
	{ "http", 80, true },
	{ "ssh", 22, true },
	{ "ftp", 21, true },
	{ "git", 9418, false },
	{ "ftps", 990, false },
	{ "smtp", 25, false },
	{ "smtps", 465, false },
	{ "submissions", 465, false },
	{ "submission", 587, false },
	{ "imap", 143, false },
	{ "imap2", 143, false },
	{ "imaps", 993, false },
	{ "pop3", 110, false },
	{ "pop3s", 995, false },
	{ "nntp", 119, false },
	{ "nntps", 563, false },
	{ "ldap", 389, false },
	{ "ldaps", 636, false },
	{ "http-alt", 8080, false },
};

#define NSERVICES (sizeof(services) / sizeof(services[0]))

/* The entry being read. */
struct entry {
	bool open; /* it may answer: the fields are worth keeping */
	bool voided; /* one of its values can be in no protocol */
	enum netrc_rule rule;
	bool exact_case;
	size_t line;
	struct netrc_token login, login_alias;
	struct netrc_token password, password_alias;
	struct netrc_token account, port, protocol, path;
};

struct lookup {
	const struct netrc_query *query;
	struct slice host; /* the query's, without brackets */
	struct slice scheme; /* never absent */
	int port; /* asked for or the scheme's; 0: neither */
	struct entry entry;
	unsigned int best; /* rank of *match; 0: there is none */
	struct netrc_match *match;
};

#define RANK_FOUND 32u
#define RANK_MACHINE 16u
#define RANK_COMPLETE 8u
#define RANK_NAME_PORT 4u
#define RANK_TOKEN_PORT 2u
#define RANK_EXACT_CASE 1u

/* 0: the key has no place in an entry. */
static const size_t field_of[NETRC_LEX_NKEYS] = {
	[NETRC_LEX_LOGIN] = offsetof(struct entry, login),
	[NETRC_LEX_LOGIN_ALIAS] = offsetof(struct entry, login_alias),
	[NETRC_LEX_PASSWORD] = offsetof(struct entry, password),
	[NETRC_LEX_PASSWORD_ALIAS] = offsetof(struct entry, password_alias),
	[NETRC_LEX_ACCOUNT] = offsetof(struct entry, account),
	[NETRC_LEX_PORT] = offsetof(struct entry, port),
	[NETRC_LEX_PROTOCOL] = offsetof(struct entry, protocol),
	[NETRC_LEX_PATH] = offsetof(struct entry, path),
};

static const char *const rule_texts[NETRC_NRULES] = {
	[NETRC_RULE_NONE] = "none",
	[NETRC_RULE_NAME_PORT] = "host and port",
	[NETRC_RULE_TOKEN_PORT] = "host and port token",
	[NETRC_RULE_HOST] = "host",
	[NETRC_RULE_ANY_PORT] = "host, naming no port",
	[NETRC_RULE_DEFAULT] = "default",
};

const char *netrc_rule_text(enum netrc_rule rule)
{
	return (unsigned int)rule < NETRC_NRULES ? rule_texts[rule] : "none";
}

int netrc_scheme_port(struct slice scheme)
{
	size_t i;

	for (i = 0; i < NSERVICES; i++) {
		const struct service *s = &services[i];

		if (!s->scheme)
			continue;
		if (!scheme.ptr || slice_eq_nocase(scheme, slice_of(s->name)))
			return s->port;
	}
	return 0;
}

/* 1 to 65535, else 0. */
static int parse_port(struct slice s)
{
	int port = 0;
	size_t i;

	if (s.len == 0 || s.len > 5)
		return 0;
	for (i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return 0;
		port = port * 10 + (s.ptr[i] - '0');
	}
	return port <= 65535 ? port : 0;
}

int netrc_port(const struct netrc_token *t)
{
	char digits[5];
	size_t n, i;

	if (!netrc_token_present(t))
		return 0;
	for (i = 0; i < NSERVICES; i++)
		if (netrc_token_eq(t, slice_of(services[i].name)))
			return services[i].port;
	n = netrc_token_copy(t, digits, sizeof(digits));
	if (n == NETRC_TOKEN_TOO_LONG)
		return 0;
	return parse_port((struct slice){ digits, n });
}

static struct slice strip_brackets(struct slice s)
{
	if (s.len >= 2 && s.ptr[0] == '[' && s.ptr[s.len - 1] == ']')
		return (struct slice){ s.ptr + 1, s.len - 2 };
	return s;
}

/*
 * Split host:port; *port is 0 and the name whole where there is no valid
 * port. Colons of an address are no port's, unless brackets say so.
 */
static struct slice split_name(struct slice name, int *port)
{
	const char *colon = memrchr(name.ptr, ':', name.len);
	struct slice host, rest;

	*port = 0;
	if (!colon)
		return name;
	host = (struct slice){ name.ptr, (size_t)(colon - name.ptr) };
	rest = (struct slice){ colon + 1, name.len - host.len - 1 };
	if (memchr(host.ptr, ':', host.len) &&
		!(host.ptr[0] == '[' && host.ptr[host.len - 1] == ']'))
		return strip_brackets(name);
	*port = parse_port(rest);
	return *port ? strip_brackets(host) : strip_brackets(name);
}

static void open_machine(struct lookup *l, const struct netrc_lex_item *item)
{
	struct entry *e = &l->entry;
	char buf[NAME_MAX_LEN];
	struct slice name = item->value.raw;
	int port;

	l->match->machines++;
	if (!name.ptr || l->host.len == 0)
		return;
	if (item->value.quoted) {
		name.ptr = buf;
		name.len = netrc_token_copy(&item->value, buf, sizeof(buf));
		if (name.len == NETRC_TOKEN_TOO_LONG)
			return;
	}
	name = split_name(name, &port);
	if (!slice_eq_nocase(name, l->host) || (port && port != l->port))
		return;
	e->open = true;
	e->exact_case = slice_eq(name, l->host);
	e->rule = port ? NETRC_RULE_NAME_PORT : NETRC_RULE_HOST;
}

static void open_entry(struct lookup *l, const struct netrc_lex_item *item)
{
	l->entry = (struct entry){ .line = item->word.line };
	if (item->key == NETRC_LEX_MACHINE) {
		open_machine(l, item);
	} else if (item->key == NETRC_LEX_DEFAULT && l->query->use_default) {
		l->entry.open = true;
		l->entry.rule = NETRC_RULE_DEFAULT;
	}
}

static void add_field(struct entry *e, const struct netrc_lex_item *item)
{
	size_t field = field_of[item->key];

	if (!e->open || !field || !netrc_token_present(&item->value))
		return;
	*(struct netrc_token *)(void *)((char *)e + field) = item->value;
	if (netrc_token_has_break(&item->value))
		e->voided = true;
}

static struct slice without_slash(struct slice s)
{
	if (s.len && s.ptr[0] == '/')
		return (struct slice){ s.ptr + 1, s.len - 1 };
	return s;
}

static bool path_matches(const struct netrc_token *t, struct slice path)
{
	struct netrc_token rest = *t;

	if (!netrc_token_present(t) || !path.ptr)
		return true;
	rest.raw = without_slash(t->raw);
	return netrc_token_eq(&rest, without_slash(path));
}

/* Also decides which rule it is that a machine matches by. */
static bool port_matches(const struct lookup *l, struct entry *e)
{
	int port = netrc_port(&e->port);

	if (!port) {
		if (e->rule == NETRC_RULE_HOST && l->query->port)
			e->rule = NETRC_RULE_ANY_PORT;
		return true;
	}
	if (e->rule == NETRC_RULE_NAME_PORT || port != l->port)
		return false;
	if (e->rule == NETRC_RULE_HOST)
		e->rule = NETRC_RULE_TOKEN_PORT;
	return true;
}

static bool entry_matches(const struct lookup *l, struct entry *e)
{
	struct slice login = l->query->login;

	if (!e->open || e->voided || !port_matches(l, e))
		return false;
	if (!netrc_token_present(&e->login))
		e->login = e->login_alias;
	if (!netrc_token_present(&e->password))
		e->password = e->password_alias;
	if (netrc_token_present(&e->protocol) &&
		!netrc_token_eq_nocase(&e->protocol, l->scheme))
		return false;
	if (!path_matches(&e->path, l->query->path))
		return false;
	if (!login.ptr)
		return true;
	if (!netrc_token_present(&e->login))
		e->login.raw = login;
	return netrc_token_eq(&e->login, login);
}

/* 0: the entry tells nothing that the query does not know. */
static unsigned int rank(const struct lookup *l, const struct entry *e)
{
	static const unsigned int rule_rank[NETRC_NRULES] = {
		[NETRC_RULE_NAME_PORT] = RANK_MACHINE | RANK_NAME_PORT,
		[NETRC_RULE_TOKEN_PORT] = RANK_MACHINE | RANK_TOKEN_PORT,
		[NETRC_RULE_HOST] = RANK_MACHINE,
		[NETRC_RULE_ANY_PORT] = RANK_MACHINE,
	};
	bool login = netrc_token_present(&e->login);
	bool password = netrc_token_present(&e->password);

	if (!password && (!login || l->query->login.ptr))
		return 0;
	return RANK_FOUND | rule_rank[e->rule] |
	       (login && password ? RANK_COMPLETE : 0) |
	       (e->exact_case ? RANK_EXACT_CASE : 0);
}

static void close_entry(struct lookup *l)
{
	struct entry *e = &l->entry;
	struct netrc_match *m = l->match;
	unsigned int r;

	if (entry_matches(l, e)) {
		r = rank(l, e);
		if (r > l->best) {
			l->best = r;
			m->rule = e->rule;
			m->complete = r & RANK_COMPLETE;
			m->line = e->line;
			m->login = e->login;
			m->password = e->password;
			m->account = e->account;
		}
	}
	e->open = false;
}

static void scan(struct lookup *l, struct netrc_lex *lex)
{
	struct netrc_lex_item item;

	while (netrc_lex_item(lex, &item)) {
		switch (item.key) {
		case NETRC_LEX_MACHINE:
		case NETRC_LEX_DEFAULT:
		case NETRC_LEX_MACDEF:
			close_entry(l);
			open_entry(l, &item);
			break;
		default:
			add_field(&l->entry, &item);
		}
	}
	if (!lex->fault)
		close_entry(l);
}

enum netrc_result netrc_lookup(struct slice file,
	const struct netrc_query *query, struct netrc_match *match,
	struct netrc_fault *fault)
{
	struct netrc_fault ignored = { 0, NULL };
	struct netrc_lex lex;
	struct lookup l = {
		.query = query,
		.host = strip_brackets(query->host),
		.scheme = query->scheme.ptr ? query->scheme : slice_of("https"),
		.port = query->port ? query->port
				    : netrc_scheme_port(query->scheme),
		.match = match,
	};

	*match = (struct netrc_match){ .rule = NETRC_RULE_NONE };
	fault = fault ? fault : &ignored;
	*fault = (struct netrc_fault){ 0, NULL };
	if (file.len > NETRC_FILE_MAX) {
		fault->text = "the file is larger than 1 MiB";
		return NETRC_ERROR;
	}
	netrc_lex_init(&lex, file);
	scan(&l, &lex);
	fault->line = lex.fault ? lex.fault_line : 0;
	fault->text = lex.fault;
	/* A machine behind the error might have stood before this default. */
	if (lex.fault &&
		(!(l.best & RANK_MACHINE) || !(l.best & RANK_COMPLETE))) {
		*match = (struct netrc_match){ .machines = match->machines };
		return NETRC_ERROR;
	}
	return l.best ? NETRC_FOUND : NETRC_NOT_FOUND;
}
