#include "helper/source/keyring_secret.h"

#include <stdio.h>
#include <string.h>

static const char keyring_secret_expiry[] = "password_expiry_utc=";
static const char keyring_secret_refresh[] = "oauth_refresh_token=";

/* Takes the first line off *text: absent when there is none left. */
static struct slice keyring_secret_line(struct slice *text)
{
	struct slice line = *text;
	const char *lf = text->len ? memchr(text->ptr, '\n', text->len) : NULL;

	if (!lf) {
		*text = SLICE_NONE;
		return line;
	}
	line.len = (size_t)(lf - line.ptr);
	text->ptr = lf + 1;
	text->len -= line.len + 1;
	return line;
}

/* What stands behind prefix; absent where line does not begin with it. */
static struct slice keyring_secret_value(struct slice line, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!slice_starts(line, prefix))
		return SLICE_NONE;
	return (struct slice){ line.ptr + n, line.len - n };
}

/* What is no number is as if it were not there, as git reads it. */
static int64_t keyring_secret_number(struct slice digits)
{
	int64_t n = 0;

	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9' || i > 17)
			return 0;
		n = n * 10 + (digits.ptr[i] - '0');
	}
	return n;
}

void keyring_secret_read(struct slice text, struct credential *c)
{
	struct slice value;

	c->password = keyring_secret_line(&text);
	c->password_expiry_utc = 0;
	c->oauth_refresh_token = SLICE_NONE;
	while (text.ptr) {
		struct slice line = keyring_secret_line(&text);

		value = keyring_secret_value(line, keyring_secret_expiry);
		if (value.ptr)
			c->password_expiry_utc = keyring_secret_number(value);
		value = keyring_secret_value(line, keyring_secret_refresh);
		if (value.len)
			c->oauth_refresh_token = value;
	}
}

bool keyring_secret_holds(
	struct slice text, const struct credential *c, int64_t now)
{
	struct credential stored = { .quit = false };

	keyring_secret_read(text, &stored);
	return slice_eq(stored.password, c->password) &&
	       (c->password_expiry_utc == stored.password_expiry_utc ||
		       (!c->password_expiry_utc &&
			       !credential_expired(&stored, now))) &&
	       (!c->oauth_refresh_token.len ||
		       slice_eq(c->oauth_refresh_token,
			       stored.oauth_refresh_token));
}

static bool keyring_secret_known(struct slice line)
{
	return slice_starts(line, keyring_secret_expiry) ||
	       slice_starts(line, keyring_secret_refresh);
}

/* The lines behind the password that are not ours. */
static int keyring_secret_keep(
	struct slice stored, struct wipebuf *out, struct error *err)
{
	keyring_secret_line(&stored);
	while (stored.ptr) {
		struct slice line = keyring_secret_line(&stored);

		if (!line.len || keyring_secret_known(line))
			continue;
		if (wipebuf_add(out, "\n", 1, err) < 0 ||
			wipebuf_addslice(out, line, err) < 0)
			return -1;
	}
	return 0;
}

static int keyring_secret_lines(
	const struct credential *c, struct wipebuf *out, struct error *err)
{
	char expiry[64];

	if (wipebuf_addslice(out, c->password, err) < 0)
		return -1;
	snprintf(expiry, sizeof(expiry), "\n%s%lld", keyring_secret_expiry,
		(long long)c->password_expiry_utc);
	if (c->password_expiry_utc && wipebuf_adds(out, expiry, err) < 0)
		return -1;
	if (!c->oauth_refresh_token.len)
		return 0;
	if (wipebuf_add(out, "\n", 1, err) < 0 ||
		wipebuf_adds(out, keyring_secret_refresh, err) < 0)
		return -1;
	return wipebuf_addslice(out, c->oauth_refresh_token, err);
}

static bool keyring_secret_many(struct slice s)
{
	return s.len && memchr(s.ptr, '\n', s.len);
}

int keyring_secret_write(struct slice stored, const struct credential *c,
	int64_t now, struct wipebuf *out, struct error *err)
{
	struct credential old = { .quit = false }, made = { .quit = false };

	made.password = c->password;
	made.password_expiry_utc = c->password_expiry_utc;
	made.oauth_refresh_token = c->oauth_refresh_token;
	if (keyring_secret_many(c->password) ||
		keyring_secret_many(c->oauth_refresh_token))
		return error_set(err, ERROR_INPUT,
			"a secret of more than one line cannot be stored");
	keyring_secret_read(stored, &old);
	if (slice_eq(old.password, c->password)) {
		if (!made.password_expiry_utc && !credential_expired(&old, now))
			made.password_expiry_utc = old.password_expiry_utc;
		if (!made.oauth_refresh_token.len)
			made.oauth_refresh_token = old.oauth_refresh_token;
	}
	if (keyring_secret_lines(&made, out, err) < 0)
		return -1;
	return keyring_secret_keep(stored, out, err);
}
