#include "helper/policy/route.h"

#include "helper/base/buf.h"
#include "helper/base/path.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* A scheme that is not here is no repository's: git send-email has smtp. */
static const struct route_scheme {
	const char *name;
	enum route_rail rail;
	bool clear; /* the secret would go over the wire as it is */
} route_schemes[] = {
	{ "https", ROUTE_HTTPS, false },
	{ "http", ROUTE_HTTPS, true },
	{ "ftp", ROUTE_HTTPS, true },
	{ "ssh", ROUTE_SSH, false },
	{ "git+ssh", ROUTE_SSH, false },
	{ "ssh+git", ROUTE_SSH, false },
};

static const struct route_rail_row {
	const char *word; /* of the policy's key rail */
	const char *refused; /* what another rail's policy forbids */
} route_rails[] = {
	[ROUTE_HTTPS] = { "https", "no HTTPS credential is given for it" },
	[ROUTE_SSH] = { "ssh", "no SSH connection is made to it" },
};

const char *route_rail_name(enum route_rail rail)
{
	return route_rails[rail].word;
}

static const struct route_scheme *route_find_scheme(struct slice scheme)
{
	for (size_t i = 0; i < sizeof(route_schemes) / sizeof(route_schemes[0]);
		i++)
		if (slice_eq_nocase(scheme, slice_of(route_schemes[i].name)))
			return &route_schemes[i];
	return NULL;
}

static bool route_is_loopback(struct slice host)
{
	char text[INET6_ADDRSTRLEN + 2];
	struct in_addr four;
	struct in6_addr six;

	if (slice_eq_nocase(host, slice_of("localhost")))
		return true;
	if (!host.len || host.len >= sizeof(text))
		return false;
	memcpy(text, host.ptr, host.len);
	text[host.len] = '\0';
	if (inet_pton(AF_INET, text, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (text[0] != '[' || text[host.len - 1] != ']')
		return false;
	text[host.len - 1] = '\0';
	return inet_pton(AF_INET6, text + 1, &six) == 1 &&
	       IN6_IS_ADDR_LOOPBACK(&six);
}

/* "rail = ssh in FILE:LINE", where a file said so. */
static void route_say_rail(
	struct route *r, const char *refused, const struct policy_value *rail)
{
	struct buf file;

	buf_init(&file, PATH_LIMIT);
	path_shorten(&file, rail->file ? rail->file : "built in");
	snprintf(r->why, sizeof(r->why), "rail = %s in %.200s:%d%s%s",
		rail->text, file.ptr, rail->line, refused ? ": " : "",
		refused ? refused : "");
	buf_release(&file);
}

static void route_refuse(struct route *r, const char *why)
{
	r->allowed = false;
	snprintf(r->why, sizeof(r->why), "%s", why);
}

static void route_choose_rail(struct route *r, const struct target *t)
{
	const struct route_scheme *scheme = route_find_scheme(t->scheme);
	const struct policy_value *rail = &r->value[POLICY_KEY_RAIL];
	const struct route_rail_row *row;

	r->rail = scheme ? scheme->rail : ROUTE_HTTPS;
	row = &route_rails[r->rail];
	r->allowed = true;
	if (!scheme) {
		snprintf(r->why, sizeof(r->why),
			"not a repository URL: credential only");
	} else if (scheme->clear && !route_is_loopback(t->host)) {
		route_refuse(r,
			"without TLS the secret could be read on the way; use "
			"https (only this machine itself is asked in clear)");
	} else if (!strcmp(rail->text, "auto")) {
		snprintf(r->why, sizeof(r->why), "the URL's scheme says so");
	} else {
		r->allowed = !strcmp(rail->text, row->word);
		route_say_rail(r, r->allowed ? NULL : row->refused, rail);
	}
}

static void route_list_sources(struct route *r)
{
	struct slice rest = slice_of(r->value[POLICY_KEY_SOURCES].text);
	struct slice name;

	r->sources = 0;
	while ((name = policy_source_next(&rest)).ptr) {
		const char *known = policy_source_find(name);

		if (known && r->sources < POLICY_SOURCE_MAX)
			r->source[r->sources++] = known;
	}
}

static bool route_says(
	const struct route *r, enum policy_key key, const char *word)
{
	return r->value[key].text && !strcmp(r->value[key].text, word);
}

int route_choose(const struct policy *p, const struct target *t,
	struct route *out, struct error *err)
{
	if (!t->scheme.len)
		return error_set(err, ERROR_INPUT, "no protocol");
	for (unsigned k = 0; k < POLICY_KEYS; k++)
		policy_lookup(p, t, (enum policy_key)k, &out->value[k]);
	route_choose_rail(out, t);
	route_list_sources(out);
	out->netrc_default = route_says(out, POLICY_KEY_NETRC_DEFAULT, "on");
	out->netrc_warn = route_says(out, POLICY_KEY_NETRC_PERMISSIONS, "warn");
	out->store_none = route_says(out, POLICY_KEY_STORE, "none");
	out->openssh = route_says(out, POLICY_KEY_SSH, "openssh");
	return 0;
}
