/*
 * What an ssh-agent answers, and what it signs. Whatever is taken points into
 * the answer, and a signature is for just the request that was looked at.
 */
#include "transport/ssh_agent_msg.h"
#include "transport/ssh_key.h"
#include "transport/ssh_sign.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(c)                                                             \
	do {                                                                   \
		if (!(c)) {                                                    \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__,     \
				#c);                                           \
			abort();                                               \
		}                                                              \
	} while (0)

static void inside(struct slice s, struct slice all)
{
	REQUIRE(s.ptr >= all.ptr && s.ptr + s.len <= all.ptr + all.len);
}

static void list(struct slice answer)
{
	struct ssh_agent_msg_keys keys;
	struct error err = ERROR_INIT;

	if (ssh_agent_msg_listed(&keys, answer, &err) < 0) {
		REQUIRE(err.kind == ERROR_INPUT || err.kind == ERROR_DENIED);
		REQUIRE(!keys.key && !keys.count);
		return;
	}
	REQUIRE(keys.count <= SSH_AGENT_MSG_KEYS_MAX);
	for (size_t i = 0; i < keys.count; i++) {
		inside(keys.key[i].blob, answer);
		inside(keys.key[i].comment, answer);
		REQUIRE(ssh_key_blob_type(keys.key[i].blob).ptr);
	}
	free(keys.key);
}

static void sign(struct slice answer)
{
	static const char *const algorithms[] = { "ssh-ed25519",
		"ecdsa-sha2-nistp256", "rsa-sha2-512" };
	struct error err = ERROR_INIT;
	struct slice signature, raw;

	if (ssh_agent_msg_signed(&signature, answer, &err) < 0) {
		REQUIRE(err.kind == ERROR_INPUT || err.kind == ERROR_DENIED);
		return;
	}
	inside(signature, answer);
	for (size_t i = 0; i < 3; i++)
		if (ssh_sign_raw(signature, slice_of(algorithms[i]), &raw,
			    NULL) == 0) {
			inside(raw, signature);
			REQUIRE(raw.len);
			REQUIRE(i || raw.len == 64);
		}
}

/* A key is what a type's name can be read from: any end of the data. */
static void request(struct slice data)
{
	struct slice blob = data, algorithm;
	uint32_t flags;

	for (size_t i = 0; i < data.len && i < 200; i++) {
		blob = (struct slice){ data.ptr + i, data.len - i };
		if (ssh_sign_request(data, blob, &algorithm, &flags, NULL) < 0)
			continue;
		inside(algorithm, data);
		REQUIRE(!slice_is(algorithm, "ssh-rsa"));
		REQUIRE((flags != 0) == slice_starts(algorithm, "rsa-sha2-"));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1);
	struct slice s = { text, size };
	size_t length;

	if (size)
		memcpy(text, data, size);
	if (size >= 4 && ssh_agent_msg_length((const unsigned char *)text,
				 &length, NULL) == 0)
		REQUIRE(length && length <= SSH_AGENT_MSG_MAX);
	list(s);
	sign(s);
	request(s);
	free(text);
	return 0;
}
