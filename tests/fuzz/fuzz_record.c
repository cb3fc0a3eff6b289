/*
 * Bytes from outside through record_read and credential_read. Whatever comes
 * out as a record is one by the rules of record.h, looked at by a second,
 * naive reader; whatever credential_write sends is read back as it was.
 */
#include "helper/base/deadline.h"
#include "helper/base/record.h"
#include "helper/source/credential.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(c)                                                             \
	do {                                                                   \
		if (!(c)) {                                                    \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__,     \
				#c);                                           \
			abort();                                               \
		}                                                              \
	} while (0)

/*
 * The first record of data, line by line: its bytes go to out. Returns what
 * record_read must return; *used is how much of data it takes.
 */
static int naive(
	const char *data, size_t size, char *out, size_t *len, size_t *used)
{
	size_t at = 0;

	*len = 0;
	while (at < size) {
		const char *line = data + at;
		const char *lf = memchr(line, '\n', size - at);
		size_t n;

		if (!lf)
			return -1;
		n = (size_t)(lf - line);
		at += n + 1;
		if (n + 1 > RECORD_LINE_MAX)
			return -1;
		if (n && line[n - 1] == '\r')
			n--;
		if (!n) {
			*used = at;
			return 1;
		}
		if (at > RECORD_MAX || memchr(line, '\0', n) ||
			line[0] == '=' || !memchr(line, '=', n))
			return -1;
		memcpy(out + *len, line, n);
		out[*len + n] = '\n';
		*len += n + 1;
	}
	*used = at;
	return at > 0;
}

static int file_of(const uint8_t *data, size_t size)
{
	int fd = memfd_create("record", MFD_CLOEXEC);

	REQUIRE(fd >= 0);
	REQUIRE(write(fd, data, size) == (ssize_t)size);
	REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void same_list(
	const struct credential_list *a, const struct credential_list *b)
{
	REQUIRE(a->count == b->count);
	for (size_t i = 0; i < a->count; i++)
		REQUIRE(slice_eq(a->items[i], b->items[i]));
}

static void same(const struct credential *a, const struct credential *b)
{
	REQUIRE(slice_eq(a->protocol, b->protocol));
	REQUIRE(slice_eq(a->host, b->host));
	REQUIRE(slice_eq(a->path, b->path));
	REQUIRE(slice_eq(a->username, b->username));
	REQUIRE(slice_eq(a->password, b->password));
	REQUIRE(slice_eq(a->authtype, b->authtype));
	REQUIRE(slice_eq(a->credential, b->credential));
	REQUIRE(slice_eq(a->oauth_refresh_token, b->oauth_refresh_token));
	REQUIRE(a->password_expiry_utc == b->password_expiry_utc);
	REQUIRE(a->ephemeral == b->ephemeral && a->quit == b->quit);
	REQUIRE(a->continue_ == b->continue_);
	same_list(&a->capability, &b->capability);
	same_list(&a->wwwauth, &b->wwwauth);
	same_list(&a->state, &b->state);
}

/* A value that ends in CR came in, but cannot go out. */
static int ends_in_cr(const struct record *r)
{
	struct slice key, value;
	size_t pos = 0;

	while (record_next(r, &pos, &key, &value))
		if (value.len && value.ptr[value.len - 1] == '\r')
			return 1;
	return 0;
}

static void round_trip(const struct record *r)
{
	struct credential c, again;
	struct error err = ERROR_INIT;
	struct record_reader in;
	struct record sent, back;
	int fd;

	if (credential_read(&c, r, &err) < 0) {
		REQUIRE(err.kind == ERROR_INPUT);
		return;
	}
	REQUIRE(!slice_has_control(c.protocol) && !slice_has_control(c.host));
	REQUIRE(!slice_has_control(c.path) && !slice_has_control(c.username));
	record_init(&sent);
	record_init(&back);
	if (credential_write(&c, &sent, &err) < 0) {
		REQUIRE(err.kind == ERROR_INPUT && ends_in_cr(r));
		REQUIRE(sent.bytes.len == 0);
	} else {
		fd = memfd_create("sent", MFD_CLOEXEC);
		REQUIRE(record_write(&sent, fd, true, deadline_in(10000),
				NULL) == 0);
		REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
		record_reader_init(&in, fd);
		REQUIRE(record_read(&in, &back, deadline_in(10000), NULL) == 1);
		REQUIRE(!in.eof);
		REQUIRE(credential_read(&again, &back, NULL) == 0);
		same(&c, &again);
		record_reader_release(&in);
		close(fd);
	}
	record_release(&sent);
	record_release(&back);
}

/* Every record of data, beside the naive reader. */
static void all_records(const uint8_t *data, size_t size, int fd)
{
	const char *rest = (const char *)data;
	char *out = malloc(size + 1);
	struct record_reader in;
	struct record r;
	int want;

	record_init(&r);
	record_reader_init(&in, fd);
	do {
		struct error err = ERROR_INIT;
		size_t len = 0, used = 0;
		int got = record_read(&in, &r, deadline_in(10000), &err);

		want = naive(rest, size, out, &len, &used);
		REQUIRE(got == want);
		REQUIRE((got < 0) == (err.kind == ERROR_INPUT));
		REQUIRE(r.bytes.len == (got > 0 ? len : 0));
		if (got > 0) {
			REQUIRE(!memcmp(r.bytes.ptr, out, len));
			round_trip(&r);
		}
		rest += used;
		size -= used;
	} while (want > 0);
	record_reader_release(&in);
	record_release(&r);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = file_of(data, size), pair[2];

	all_records(data, size, fd);
	close(fd);
	/* the same from a socket */
	if (size > 1 && size < 60000) {
		REQUIRE(!socketpair(
			AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
		REQUIRE(write(pair[0], data, size) == (ssize_t)size);
		close(pair[0]);
		all_records(data, size, pair[1]);
		close(pair[1]);
	}
	return 0;
}
