/*
 * Our side of 30-known-hosts.sh, and the files that both sides read.
 *
 *   known_hosts generate SEED KEY…   a file with bad lines, to stdout
 *   known_hosts plain SEED KEY…      one that `ssh-keygen -H` takes
 *   known_hosts ask FILE HOST PORT   "line marker type fingerprint" each
 *
 * A KEY is "type base64" in one argument.
 */
#include "transport/known_hosts.h"

#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES 40
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static uint32_t seed;

static size_t any(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % n;
}

#define ONE_OF(a) ((a)[any(COUNT(a))])

/* What the script asks for, and what is near. */
static const char *const names[] = { "h", "H", "host.example", "[h]:2222",
	"a.host.example", "b.host.example", "10.0.0.1", "::1", "[::1]:2222",
	"fe80::1%eth0", "[host.example]:2222", "h2", "[h]:222", "" };

static const char *const patterns[] = { "*", "?", "*.example", "*.host.*",
	"HOST.*", "[*", "*:2222", "10.0.?.*", "*:*", "[h]:*", "h*", "?.*", "**",
	"*a*.host.example", "f??0::*" };

static const char *const gaps[] = { " ", "\t", "  ", " \t ", "\t\t" };
static const char *const comments[] = { "", "", " me@here", "\tx y z", " # no",
	" \t", " =", " @revoked" };
static const char *const markers[] = { "@revoked ", "@cert-authority ",
	"@revoked  ", "@revoked \t", "@x ", "@ ", "@revoked @revoked ",
	"@Revoked ", "@revoked@cert-authority " };

static void print_hash(const char *name, size_t spoil)
{
	uint8_t salt[SHA1_DIGEST_SIZE], digest[SHA1_DIGEST_SIZE];
	char text[2 * BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE)], *hash;
	struct hmac_sha1_ctx ctx;
	size_t half = sizeof(text) / 2;

	for (size_t i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)any(256);
	hmac_sha1_set_key(&ctx, sizeof(salt), salt);
	hmac_sha1_update(&ctx, strlen(name), (const uint8_t *)name);
	hmac_sha1_digest(&ctx, sizeof(digest), digest);
	base64_encode_raw(text, sizeof(salt), salt);
	hash = text + half;
	base64_encode_raw(hash, sizeof(digest), digest);
	if (spoil < sizeof(text))
		text[spoil] = "A=|*"[any(4)];
	printf("|%d|%.*s%s%.*s%s", any(20) ? 1 : 2, (int)half, text,
		any(20) ? "|" : "", (int)(half - (any(20) ? 0 : 1)), hash,
		any(10) ? "" : ",h");
}

static void print_names(void)
{
	size_t n = 1 + any(3);

	if (!any(4)) {
		print_hash(ONE_OF(names), any(200));
		return;
	}
	for (size_t i = 0; i < n; i++)
		printf("%s%s%s", i ? "," : "", any(6) ? "" : "!",
			any(3) ? ONE_OF(names) : ONE_OF(patterns));
}

/* The ways in which a key goes wrong; most do not. */
static void print_key(const char *key, const char *other)
{
	size_t type = strcspn(key, " "), len = strlen(key);
	const char *gap = ONE_OF(gaps);

	switch (any(16)) {
	case 0:
		printf("%.*s%s", (int)any(len), key, gap);
		return;
	case 1: /* the type of another */
		printf("%.*s%s%s", (int)strcspn(other, " "), other, gap,
			key + type + 1);
		return;
	case 2:
		printf("%s%s", key, any(2) ? "A" : "=");
		return;
	case 3:
		printf("%.*s%srsa-sha2-512", (int)type, key, gap);
		return;
	case 4:
		printf("rsa-sha2-%s%s%s", any(2) ? "256" : "512", gap,
			key + type + 1);
		return;
	case 5:
		printf("1024%s65537%s1234567", gap, gap);
		return;
	default:
		printf("%.*s%s%s", (int)type, key, gap, key + type + 1);
	}
}

static void print_line(char **keys, size_t count)
{
	const char *gap = ONE_OF(gaps);

	switch (any(24)) {
	case 0:
		printf("#%s", ONE_OF(names));
		break;
	case 1:
		printf("%s%s", gap, ONE_OF(names));
		break;
	default:
		if (!any(6))
			fputs(gap, stdout);
		if (!any(4))
			fputs(ONE_OF(markers), stdout);
		print_names();
		fputs(gap, stdout);
		print_key(keys[any(count)], keys[any(count)]);
		fputs(ONE_OF(comments), stdout);
	}
	fputs(any(8) ? "\n" : "\r\n", stdout);
}

/* Names without a hash, good keys. */
static void print_plain(char **keys, size_t count)
{
	printf("%s%s %s\n", any(5) ? "" : "@revoked ", names[any(12)],
		keys[any(count)]);
}

static int ask(const char *file, const char *host, int port)
{
	static const char *const words[] = { "-", "REVOKED", "CA" };
	static char text[1 << 20];
	struct error err = ERROR_INIT;
	struct known_hosts kh;
	FILE *f = fopen(file, "r");
	size_t n = f ? fread(text, 1, sizeof(text), f) : 0;

	if (!f || fclose(f))
		return 1;
	known_hosts_init(&kh);
	if (known_hosts_host(&kh, slice_of(host), port, SLICE_NONE, &err) < 0 ||
		known_hosts_read(&kh, file, (struct slice){ text, n }, &err) <
			0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	for (size_t i = 0; i < kh.count; i++) {
		const struct known_hosts_entry *e = &kh.entries[i];
		struct slice name = host_key_type_name(e->key.type);
		char fingerprint[HOST_KEY_FINGERPRINT_SIZE];

		host_key_fingerprint(fingerprint, &e->key);
		if (!e->portless)
			printf("%zu %s %.*s %s\n", e->line, words[e->marker],
				(int)name.len, name.ptr, fingerprint);
	}
	known_hosts_release(&kh);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "ask"))
		return ask(argv[2], argv[3], atoi(argv[4]));
	if (argc < 4)
		return 2;
	seed = (uint32_t)atoi(argv[2]) * 2654435761u | 1;
	for (size_t i = 0; i < LINES; i++) {
		if (!strcmp(argv[1], "plain"))
			print_plain(argv + 3, (size_t)argc - 3);
		else
			print_line(argv + 3, (size_t)argc - 3);
	}
	return 0;
}
