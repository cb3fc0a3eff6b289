#include "transport/host_names.h"

#include "transport/ssh_pattern.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <stdint.h>
#include <string.h>

#define HOST_NAMES_MAGIC "|1|"
#define HOST_NAMES_HASH BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE)

static bool host_names_salt(
	uint8_t salt[BASE64_DECODE_LENGTH(HOST_NAMES_HASH)], struct slice text)
{
	struct base64_decode_ctx ctx;
	size_t n = 0;

	if (text.len != HOST_NAMES_HASH)
		return false;
	base64_decode_init(&ctx);
	return base64_decode_update(&ctx, &n, salt, text.len, text.ptr) &&
	       base64_decode_final(&ctx) && n == SHA1_DIGEST_SIZE;
}

static enum host_names_result host_names_hashed(
	struct slice names, struct slice name)
{
	uint8_t salt[BASE64_DECODE_LENGTH(HOST_NAMES_HASH)];
	uint8_t digest[SHA1_DIGEST_SIZE];
	char text[HOST_NAMES_HASH];
	struct hmac_sha1_ctx ctx;
	const char *bar;

	if (!slice_starts(names, HOST_NAMES_MAGIC))
		return HOST_NAMES_BAD;
	names.ptr += strlen(HOST_NAMES_MAGIC);
	names.len -= strlen(HOST_NAMES_MAGIC);
	bar = memchr(names.ptr, '|', names.len);
	if (!bar || !host_names_salt(salt, (struct slice){ names.ptr,
						   (size_t)(bar - names.ptr) }))
		return HOST_NAMES_BAD;
	names.len -= (size_t)(bar + 1 - names.ptr);
	names.ptr = bar + 1;
	hmac_sha1_set_key(&ctx, SHA1_DIGEST_SIZE, salt);
	hmac_sha1_update(&ctx, name.len, (const uint8_t *)name.ptr);
	hmac_sha1_digest(&ctx, sizeof(digest), digest);
	base64_encode_raw(text, sizeof(digest), digest);
	return slice_eq(names, (struct slice){ text, sizeof(text) })
		       ? HOST_NAMES_YES
		       : HOST_NAMES_NO;
}

enum host_names_result host_names_match(struct slice names, struct slice name)
{
	if (names.len && names.ptr[0] == '|')
		return host_names_hashed(names, name);
	return ssh_pattern_list(names, name) ? HOST_NAMES_YES : HOST_NAMES_NO;
}

bool host_names_is_pattern(struct slice names)
{
	if (!names.len || names.ptr[0] == '|')
		return false;
	return memchr(names.ptr, '*', names.len) ||
	       memchr(names.ptr, '?', names.len) ||
	       memchr(names.ptr, '!', names.len);
}
