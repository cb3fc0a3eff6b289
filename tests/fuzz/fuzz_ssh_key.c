/*
 * The text of a key file. What is taken as a key has a type that is a name,
 * and a public part that says the same type and is read again as it was.
 *
 * The keys of the corpus were made for it by ssh-keygen and are nobody's.
 */
#include "transport/ssh_key.h"

#include <nettle/base64.h>
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

static void check_name(const char *s)
{
	REQUIRE(strlen(s) <= SSH_KEY_NAME_MAX);
	for (; *s; s++)
		REQUIRE(*s > ' ' && *s <= '~' && *s != ',');
}

static void check(const struct ssh_key *k)
{
	struct slice type = ssh_key_blob_type(buf_slice(&k->blob));

	check_name(k->type);
	check_name(k->cipher);
	REQUIRE(!slice_has_control(buf_slice(&k->comment)));
	if (k->blob.len)
		REQUIRE(slice_is(type, k->type));
	if (!k->encrypted)
		REQUIRE(*k->type && !*k->cipher);
}

/* As a line of its own, which must be the same key. */
static void check_again(const struct ssh_key *k)
{
	size_t n = BASE64_ENCODE_RAW_LENGTH(k->blob.len);
	size_t size = strlen(k->type) + n + k->comment.len + 4;
	char *line = malloc(size), *base64 = malloc(n + 1);
	struct ssh_key again;

	base64_encode_raw(base64, k->blob.len, (const uint8_t *)k->blob.ptr);
	base64[n] = '\0';
	snprintf(line, size, "%s %s %s\n", k->type, base64, k->comment.ptr);
	ssh_key_init(&again);
	REQUIRE(ssh_key_public(&again, slice_of(line), NULL) == 0);
	REQUIRE(slice_eq(buf_slice(&again.blob), buf_slice(&k->blob)));
	REQUIRE(!strcmp(again.type, k->type));
	ssh_key_release(&again);
	free(line);
	free(base64);
}

static void parse(struct slice text,
	int (*read)(struct ssh_key *, struct slice, struct error *))
{
	struct error err = ERROR_INIT;
	struct ssh_key k;

	ssh_key_init(&k);
	if (read(&k, text, &err) == 0) {
		REQUIRE(err.kind == ERROR_NONE);
		check(&k);
		if (k.blob.len)
			check_again(&k);
	} else {
		REQUIRE(err.kind == ERROR_INPUT || err.kind == ERROR_MEMORY);
		REQUIRE(!*k.type || !k.blob.len);
	}
	ssh_key_release(&k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1);
	struct slice s = { text, size };

	if (size)
		memcpy(text, data, size);
	parse(s, ssh_key_private);
	parse(s, ssh_key_public);
	free(text);
	return 0;
}
