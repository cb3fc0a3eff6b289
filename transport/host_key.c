#include "transport/host_key.h"

#include "transport/ssh_wire.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <string.h>

#define HOST_KEY_FIELDS 4

struct host_key_kind;
typedef bool host_key_check(const struct host_key_kind *kind, struct slice f);

static host_key_check host_key_bytes, host_key_curve, host_key_point,
	host_key_number, host_key_modulus, host_key_any;

/* RFC 8709, 4; RFC 5656, 3.1; RFC 4253, 6.6; OpenSSH's PROTOCOL.u2f. */
static const struct host_key_kind {
	const char *type, *name;
	const char *curve;
	size_t len; /* of the one field that has a fixed length */
	host_key_check *field[HOST_KEY_FIELDS];
} host_key_kinds[] = {
	{ "ssh-ed25519", "ED25519", NULL, 32, { host_key_bytes } },
	{ "ecdsa-sha2-nistp256", "ECDSA", "nistp256", 65,
		{ host_key_curve, host_key_point } },
	{ "ecdsa-sha2-nistp384", "ECDSA", "nistp384", 97,
		{ host_key_curve, host_key_point } },
	{ "ecdsa-sha2-nistp521", "ECDSA", "nistp521", 133,
		{ host_key_curve, host_key_point } },
	{ "ssh-rsa", "RSA", NULL, 0, { host_key_number, host_key_modulus } },
	{ "ssh-dss", "DSA", NULL, 0,
		{ host_key_number, host_key_number, host_key_number,
			host_key_number } },
	{ "sk-ssh-ed25519@openssh.com", "ED25519-SK", NULL, 32,
		{ host_key_bytes, host_key_any } },
	{ "sk-ecdsa-sha2-nistp256@openssh.com", "ECDSA-SK", "nistp256", 65,
		{ host_key_curve, host_key_point, host_key_any } },
};

#define HOST_KEY_KINDS (sizeof(host_key_kinds) / sizeof(host_key_kinds[0]))

static bool host_key_bytes(const struct host_key_kind *kind, struct slice f)
{
	return f.len == kind->len;
}

static bool host_key_curve(const struct host_key_kind *kind, struct slice f)
{
	return slice_is(f, kind->curve);
}

/* 4: the point is not compressed, which RFC 5656 allows and nobody does. */
static bool host_key_point(const struct host_key_kind *kind, struct slice f)
{
	return f.len == kind->len && f.ptr[0] == 4;
}

static bool host_key_number(const struct host_key_kind *kind, struct slice f)
{
	(void)kind;
	return f.len && !(f.ptr[0] & 0x80);
}

static bool host_key_modulus(const struct host_key_kind *kind, struct slice f)
{
	if (!host_key_number(kind, f))
		return false;
	for (; f.len && !f.ptr[0]; f.len--)
		f.ptr++;
	return f.len <= 2048 &&
	       (f.len > 128 || (f.len == 128 && (f.ptr[0] & 0x80)));
}

static bool host_key_any(const struct host_key_kind *kind, struct slice f)
{
	(void)kind;
	(void)f;
	return true;
}

static const struct host_key_kind *host_key_kind_of(struct slice type)
{
	for (size_t i = 0; i < HOST_KEY_KINDS; i++)
		if (slice_is(type, host_key_kinds[i].type))
			return &host_key_kinds[i];
	return NULL;
}

static bool host_key_is_name(struct slice s)
{
	if (s.len < 1 || s.len > 64)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == ',')
			return false;
	return true;
}

static bool host_key_is_whole(
	const struct host_key_kind *kind, struct slice rest)
{
	struct slice f;

	for (size_t i = 0; i < HOST_KEY_FIELDS && kind->field[i]; i++)
		if (!ssh_wire_string(&rest, &f) || !kind->field[i](kind, f))
			return false;
	return !rest.len;
}

int host_key_read(struct host_key *key, struct slice blob, struct error *err)
{
	const struct host_key_kind *kind;
	struct slice rest = blob, type;

	if (blob.len > HOST_KEY_MAX)
		return error_set(err, ERROR_INPUT,
			"a key of more than %d bytes", HOST_KEY_MAX);
	if (!ssh_wire_string(&rest, &type) || !host_key_is_name(type))
		return error_set(err, ERROR_INPUT,
			"a key that does not begin with its type");
	kind = host_key_kind_of(type);
	if (kind && !host_key_is_whole(kind, rest))
		return error_set(
			err, ERROR_INPUT, "a malformed %s key", kind->name);
	*key = (struct host_key){ type, blob };
	return 0;
}

bool host_key_eq(const struct host_key *a, const struct host_key *b)
{
	return slice_eq(a->blob, b->blob);
}

struct slice host_key_type_name(struct slice type)
{
	const struct host_key_kind *kind = host_key_kind_of(type);

	return kind ? slice_of(kind->name) : type;
}

void host_key_fingerprint(
	char out[HOST_KEY_FINGERPRINT_SIZE], const struct host_key *key)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	char text[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE)];
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, key->blob.len, (const uint8_t *)key->blob.ptr);
	sha256_digest(&ctx, sizeof(digest), digest);
	base64_encode_raw(text, sizeof(digest), digest);
	memcpy(out, "SHA256:", 7);
	memcpy(out + 7, text, HOST_KEY_FINGERPRINT_SIZE - 8);
	out[HOST_KEY_FINGERPRINT_SIZE - 1] = '\0';
}
