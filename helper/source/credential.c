#include "helper/source/credential.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum credential_kind {
	CREDENTIAL_NAME, /* a slice shown to people and servers: no controls */
	CREDENTIAL_VALUE, /* any other slice */
	CREDENTIAL_LIST,
	CREDENTIAL_TIME,
	CREDENTIAL_FLAG,
};

struct credential_attribute {
	const char *key;
	enum credential_kind kind;
	size_t offset;
};

#define ATTRIBUTE(key, kind, member)                                           \
	{                                                                      \
		key, CREDENTIAL_##kind, offsetof(struct credential, member)    \
	}

/* In the order in which git writes them. */
static const struct credential_attribute credential_table[] = {
	ATTRIBUTE("capability[]", LIST, capability),
	ATTRIBUTE("authtype", VALUE, authtype),
	ATTRIBUTE("credential", VALUE, credential),
	ATTRIBUTE("ephemeral", FLAG, ephemeral),
	ATTRIBUTE("protocol", NAME, protocol),
	ATTRIBUTE("host", NAME, host),
	ATTRIBUTE("path", NAME, path),
	ATTRIBUTE("username", NAME, username),
	ATTRIBUTE("password", VALUE, password),
	ATTRIBUTE("oauth_refresh_token", VALUE, oauth_refresh_token),
	ATTRIBUTE("password_expiry_utc", TIME, password_expiry_utc),
	ATTRIBUTE("wwwauth[]", LIST, wwwauth),
	ATTRIBUTE("continue", FLAG, continue_),
	ATTRIBUTE("state[]", LIST, state),
	ATTRIBUTE("quit", FLAG, quit),
};
#define CREDENTIAL_ATTRIBUTES                                                  \
	(sizeof(credential_table) / sizeof(credential_table[0]))

static void credential_list_add(struct credential_list *l, struct slice v)
{
	if (!v.len)
		l->count = 0;
	else if (l->count < CREDENTIAL_LIST_MAX)
		l->items[l->count++] = v;
}

/* Garbage is 0, "never", as git reads it. */
static int64_t credential_time(struct slice v)
{
	int64_t t = 0;

	for (size_t i = 0; i < v.len; i++) {
		if (v.ptr[i] < '0' || v.ptr[i] > '9')
			return 0;
		if (t > (INT64_MAX - 9) / 10)
			return INT64_MAX;
		t = t * 10 + (v.ptr[i] - '0');
	}
	return t;
}

static bool credential_flag(struct slice v)
{
	return slice_is(v, "1") || slice_eq_nocase(v, slice_of("true")) ||
	       slice_eq_nocase(v, slice_of("yes")) ||
	       slice_eq_nocase(v, slice_of("on"));
}

static int credential_set(struct credential *c,
	const struct credential_attribute *a, struct slice v, struct error *err)
{
	void *member = (char *)c + a->offset;

	switch (a->kind) {
	case CREDENTIAL_NAME:
		if (slice_has_control(v))
			return error_set(err, ERROR_INPUT,
				"a control character in the attribute %s",
				a->key);
		*(struct slice *)member = v;
		break;
	case CREDENTIAL_VALUE:
		*(struct slice *)member = v;
		break;
	case CREDENTIAL_LIST:
		credential_list_add(member, v);
		break;
	case CREDENTIAL_TIME:
		*(int64_t *)member = credential_time(v);
		break;
	case CREDENTIAL_FLAG:
		*(bool *)member = credential_flag(v);
		break;
	}
	return 0;
}

int credential_read(
	struct credential *c, const struct record *r, struct error *err)
{
	struct slice key, value;
	size_t pos = 0;

	memset(c, 0, sizeof(*c));
	while (record_next(r, &pos, &key, &value))
		for (size_t i = 0; i < CREDENTIAL_ATTRIBUTES; i++)
			if (slice_is(key, credential_table[i].key) &&
				credential_set(c, &credential_table[i], value,
					err) < 0)
				return -1;
	return 0;
}

static int credential_write_one(const struct credential *c,
	const struct credential_attribute *a, struct record *r,
	struct error *err)
{
	const void *member = (const char *)c + a->offset;
	const struct credential_list *list;
	char number[24];

	switch (a->kind) {
	case CREDENTIAL_NAME:
	case CREDENTIAL_VALUE:
		return record_add(
			r, a->key, *(const struct slice *)member, err);
	case CREDENTIAL_LIST:
		list = member;
		for (size_t i = 0; i < list->count; i++)
			if (record_add(r, a->key, list->items[i], err) < 0)
				return -1;
		return 0;
	case CREDENTIAL_TIME:
		if (!*(const int64_t *)member)
			return 0;
		snprintf(number, sizeof(number), "%lld",
			(long long)*(const int64_t *)member);
		return record_add(r, a->key, slice_of(number), err);
	case CREDENTIAL_FLAG:
		/* git dies on any word it does not take for a boolean */
		if (!*(const bool *)member)
			return 0;
		return record_add(r, a->key, slice_of("1"), err);
	}
	return 0;
}

int credential_write(
	const struct credential *c, struct record *r, struct error *err)
{
	size_t before = r->bytes.len;

	for (size_t i = 0; i < CREDENTIAL_ATTRIBUTES; i++)
		if (credential_write_one(c, &credential_table[i], r, err) < 0) {
			/* a truncated record is a well-formed one: git's trap
			 */
			wipebuf_truncate(&r->bytes, before);
			return -1;
		}
	return 0;
}

bool credential_expired(const struct credential *c, int64_t now)
{
	return c->password_expiry_utc && c->password_expiry_utc < now;
}

bool credential_list_has(const struct credential_list *l, const char *item)
{
	for (size_t i = 0; i < l->count; i++)
		if (slice_is(l->items[i], item))
			return true;
	return false;
}

/* Long, of letters, digits, '_' and '-' alone, and with a digit in it. */
static bool credential_token_like(struct slice s)
{
	bool digit = false;

	if (s.len < 20)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c >= '0' && c <= '9')
			digit = true;
		else if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				 c == '_' || c == '-'))
			return false;
	}
	return digit;
}

struct slice credential_user_shown(
	struct slice username, struct slice password, bool from_url)
{
	bool alone = password.ptr ? !password.len ||
					    slice_is(password, "x-oauth-basic")
				  : from_url;

	if (username.len && (alone || credential_token_like(username)))
		return slice_of("***");
	return username;
}
