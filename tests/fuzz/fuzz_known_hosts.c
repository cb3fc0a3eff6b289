/*
 * Three lines (host, port, alias or nothing), then a file of known hosts. What
 * is kept is whole, and the verdicts hold together.
 */
#include "transport/host_algorithms.h"
#include "transport/host_refusal.h"
#include "transport/known_hosts.h"

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

static struct slice next_line(struct slice *rest)
{
	struct slice line = { rest->ptr, 0 };

	while (line.len < rest->len && rest->ptr[line.len] != '\n')
		line.len++;
	rest->ptr += line.len;
	rest->len -= line.len;
	if (rest->len) {
		rest->ptr++;
		rest->len--;
	}
	return line;
}

static void check_words(const struct known_hosts *kh,
	const struct host_key *key, const struct known_hosts_answer *answer)
{
	struct ssh_settings s = {
		.host = (char *)"h", .user = (char *)"u", .port = 22
	};
	bool known = answer->verdict == KNOWN_HOSTS_KNOWN;
	struct error err = ERROR_INIT;
	struct buf advice;

	buf_init(&advice, HOST_REFUSAL_MAX);
	REQUIRE(host_refusal_say(&s, kh, key, answer, &advice, &err) ==
		(known ? 0 : -1));
	REQUIRE((err.kind == ERROR_NONE) == known);
	REQUIRE(!slice_has_control(buf_slice(&advice)));
	REQUIRE(!slice_has_control(slice_of(err.text)));
	buf_release(&advice);
}

static bool is_revoked(const struct known_hosts *kh, const struct host_key *key)
{
	for (size_t i = 0; i < kh->count; i++)
		if (kh->entries[i].marker == KNOWN_HOSTS_MARKER_REVOKED &&
			host_key_eq(&kh->entries[i].key, key))
			return true;
	return false;
}

/* The server comes with the key of an entry. */
static void check_entry(
	const struct known_hosts *kh, const struct known_hosts_entry *e)
{
	struct known_hosts_answer answer;
	struct host_key key;

	REQUIRE(e->line > 0 && e->file);
	REQUIRE(!e->portless || kh->plain.len);
	REQUIRE(host_key_read(&key, e->key.blob, NULL) == 0);
	REQUIRE(slice_eq(key.type, e->key.type));
	REQUIRE(known_hosts_judge(kh, &key, &answer, NULL) == 0);
	REQUIRE((answer.verdict == KNOWN_HOSTS_REVOKED) ==
		is_revoked(kh, &key));
	REQUIRE(!answer.entry == (answer.verdict == KNOWN_HOSTS_UNKNOWN));
	if (e->marker == KNOWN_HOSTS_MARKER_NONE && !e->portless)
		REQUIRE(answer.verdict == KNOWN_HOSTS_KNOWN ||
			answer.verdict == KNOWN_HOSTS_REVOKED);
	if (e->marker == KNOWN_HOSTS_MARKER_AUTHORITY)
		REQUIRE(known_hosts_authority(kh));
	check_words(kh, &key, &answer);
}

static void check_algorithms(const struct known_hosts *kh)
{
	struct ssh2_can can = { "1.11.1", true };
	struct buf list;

	buf_init(&list, HOST_ALGORITHMS_MAX);
	REQUIRE(host_algorithms_list(kh, &can, &list, NULL) == 0);
	REQUIRE(list.len == strlen("ssh-ed25519,ecdsa-sha2-nistp256,"
				   "ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
				   "rsa-sha2-512,rsa-sha2-256"));
	buf_release(&list);
	host_algorithms_reach(kh, &can, NULL);
}

static void check(const struct known_hosts *kh, size_t lines)
{
	size_t pos = 0;
	const struct known_hosts_entry *e;

	REQUIRE(kh->count + kh->bad_count <= lines);
	for (size_t i = 0; i < kh->count; i++)
		check_entry(kh, &kh->entries[i]);
	for (size_t i = 0; i < kh->bad_count && i < KNOWN_HOSTS_BAD_MAX; i++)
		REQUIRE(kh->bad[i].why && kh->bad[i].line <= lines);
	while ((e = known_hosts_next(kh, &pos)))
		REQUIRE(!is_revoked(kh, &e->key) &&
			e->marker == KNOWN_HOSTS_MARKER_NONE);
	check_algorithms(kh);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1); /* its end is watched */
	struct slice rest = { copy, size }, host, port, alias;
	struct error err = ERROR_INIT;
	struct known_hosts kh;
	size_t lines = 1;

	memcpy(copy, data, size);
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	host = next_line(&rest);
	port = next_line(&rest);
	alias = next_line(&rest);
	known_hosts_init(&kh);
	if (known_hosts_host(&kh, host, slice_is(port, "22") ? 22 : 2222,
		    alias.len ? alias : SLICE_NONE, &err) == 0) {
		int got = known_hosts_read(&kh, "/k", rest, &err);

		free(copy);
		copy = NULL;
		if (got == 0)
			check(&kh, lines);
		else
			REQUIRE(err.kind == ERROR_INPUT);
	}
	known_hosts_release(&kh);
	free(copy);
	return 0;
}
