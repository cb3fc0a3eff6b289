#include "transport/ssh_sign.h"
#include "transport/ssh_wire.h"

#include "tests/unit/unit.h"

#include "helper/base/buf.h"

/* What RFC 4252 section 7 has signed, in its parts. */
struct request {
	const char *session;
	uint8_t type;
	const char *service, *method;
	uint8_t with;
	const char *algorithm, *key; /* the type of the key in the request */
	bool more; /* a byte too many */
};

struct row {
	const char *name;
	struct request request;
	const char *key; /* the type of the key that shall sign */
	int flags; /* -1: refused */
};

#define REQUEST(algorithm, key)                                                \
	{                                                                      \
		"id", 50, "ssh-connection", "publickey", 1, algorithm, key     \
	}

static const struct row rows[] = {
	{ "ed25519", REQUEST("ssh-ed25519", "ssh-ed25519"), "ssh-ed25519", 0 },
	{ "ecdsa 256", REQUEST("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"),
		"ecdsa-sha2-nistp256", 0 },
	{ "ecdsa 384", REQUEST("ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"),
		"ecdsa-sha2-nistp384", 0 },
	{ "ecdsa 521", REQUEST("ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"),
		"ecdsa-sha2-nistp521", 0 },
	{ "rsa 256", REQUEST("rsa-sha2-256", "ssh-rsa"), "ssh-rsa", 2 },
	{ "rsa 512", REQUEST("rsa-sha2-512", "ssh-rsa"), "ssh-rsa", 4 },
	{ "sha-1", REQUEST("ssh-rsa", "ssh-rsa"), "ssh-rsa", -1 },
	{ "dsa", REQUEST("ssh-dss", "ssh-dss"), "ssh-dss", -1 },
	{ "nothing known", REQUEST("x", "x"), "x", -1 },
	{ "another key", REQUEST("ssh-ed25519", "ssh-ed25519"), "ssh-rsa", -1 },
	{ "another type's algorithm", REQUEST("rsa-sha2-512", "ssh-ed25519"),
		"ssh-ed25519", -1 },
	{ "no session",
		{ "", 50, "ssh-connection", "publickey", 1, "ssh-ed25519",
			"ssh-ed25519" },
		"ssh-ed25519", -1 },
	{ "another message",
		{ "id", 51, "ssh-connection", "publickey", 1, "ssh-ed25519",
			"ssh-ed25519" },
		"ssh-ed25519", -1 },
	{ "another service",
		{ "id", 50, "ssh-userauth", "publickey", 1, "ssh-ed25519",
			"ssh-ed25519" },
		"ssh-ed25519", -1 },
	{ "another method",
		{ "id", 50, "ssh-connection", "hostbased", 1, "ssh-ed25519",
			"ssh-ed25519" },
		"ssh-ed25519", -1 },
	{ "no signature",
		{ "id", 50, "ssh-connection", "publickey", 0, "ssh-ed25519",
			"ssh-ed25519" },
		"ssh-ed25519", -1 },
	{ "more behind it",
		{ "id", 50, "ssh-connection", "publickey", 1, "ssh-ed25519",
			"ssh-ed25519", true },
		"ssh-ed25519", -1 },
};

static void make_blob(struct buf *out, const char *type)
{
	ssh_wire_put_string(out, slice_of(type), NULL);
	ssh_wire_put_string(out, slice_of("the key"), NULL);
}

/* A key of the same type is not yet the same key. */
static void check_another(struct slice data, struct buf *blob)
{
	struct slice algorithm;
	uint32_t flags;

	blob->ptr[blob->len - 1] ^= 1;
	assert_int_equal(ssh_sign_request(data, buf_slice(blob), &algorithm,
				 &flags, NULL),
		-1);
}

static void make_request(struct buf *out, const struct request *r)
{
	struct buf key;

	buf_init(&key, 200);
	make_blob(&key, r->key);
	ssh_wire_put_string(out, slice_of(r->session), NULL);
	ssh_wire_put_u8(out, r->type, NULL);
	ssh_wire_put_string(out, slice_of("git"), NULL);
	ssh_wire_put_string(out, slice_of(r->service), NULL);
	ssh_wire_put_string(out, slice_of(r->method), NULL);
	ssh_wire_put_u8(out, r->with, NULL);
	ssh_wire_put_string(out, slice_of(r->algorithm), NULL);
	ssh_wire_put_string(out, buf_slice(&key), NULL);
	if (r->more)
		ssh_wire_put_u8(out, 0, NULL);
	buf_release(&key);
}

static void check(const struct row *row)
{
	struct slice algorithm = SLICE_NONE, data;
	struct error err = ERROR_INIT;
	struct buf request, blob;
	uint32_t flags = 99;
	int got;

	buf_init(&request, 1000);
	buf_init(&blob, 200);
	make_request(&request, &row->request);
	make_blob(&blob, row->key);
	data = buf_slice(&request);
	got = ssh_sign_request(
		data, buf_slice(&blob), &algorithm, &flags, &err);
	ROW(row->name, got == (row->flags < 0 ? -1 : 0));
	if (got < 0) {
		ROW(row->name, err.kind == ERROR_INPUT && flags == 99);
	} else {
		ROW(row->name, flags == (uint32_t)row->flags);
		ROW(row->name, slice_is(algorithm, row->request.algorithm));
		while (data.len--) /* cut anywhere it is none */
			ROW(row->name, ssh_sign_request(data, buf_slice(&blob),
					       &algorithm, &flags, NULL) < 0);
		check_another(buf_slice(&request), &blob);
	}
	buf_release(&request);
	buf_release(&blob);
}

static void test_request(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i]);
}

static const char raw[64] = "signature";

static const struct {
	const char *name, *asked, *signed_by;
	size_t len; /* of the signature */
	bool good;
} signatures[] = {
	{ "ed25519", "ssh-ed25519", "ssh-ed25519", 64, true },
	{ "ed25519, short", "ssh-ed25519", "ssh-ed25519", 63, false },
	{ "ecdsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", 60, true },
	{ "rsa", "rsa-sha2-512", "rsa-sha2-512", 64, true },
	{ "empty", "rsa-sha2-512", "rsa-sha2-512", 0, false },
	{ "less than asked", "rsa-sha2-512", "ssh-rsa", 64, false },
	{ "the other one", "rsa-sha2-512", "rsa-sha2-256", 64, false },
	{ "unknown", "x", "x", 64, false },
};

static void test_raw(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(signatures); i++) {
		struct slice asked = slice_of(signatures[i].asked), got, all;
		struct buf b;
		int result;

		buf_init(&b, 500);
		ssh_wire_put_string(
			&b, slice_of(signatures[i].signed_by), NULL);
		ssh_wire_put_string(
			&b, (struct slice){ raw, signatures[i].len }, NULL);
		all = buf_slice(&b);
		result = ssh_sign_raw(all, asked, &got, NULL);
		ROW(signatures[i].name,
			result == (signatures[i].good ? 0 : -1));
		if (!result)
			ROW(signatures[i].name,
				slice_eq(got, (struct slice){ raw,
						      signatures[i].len }));
		while (all.len--)
			ROW(signatures[i].name,
				ssh_sign_raw(all, asked, &got, NULL) < 0);
		ssh_wire_put_u8(&b, 0, NULL);
		ROW(signatures[i].name,
			ssh_sign_raw(buf_slice(&b), asked, &got, NULL) < 0);
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_raw),
	};

	return unit_run("ssh_sign", tests, COUNT(tests), NULL, NULL);
}
