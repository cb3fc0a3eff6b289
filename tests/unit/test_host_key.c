#include "tests/unit/host_keys.h"

static const struct {
	const char *line, *type, *name, *fingerprint;
} good[] = {
	{ ED_A, "ssh-ed25519", "ED25519", ED_A_FP },
	{ ED_B, "ssh-ed25519", "ED25519", ED_B_FP },
	{ EC_256, "ecdsa-sha2-nistp256", "ECDSA", EC_256_FP },
	{ EC_384, "ecdsa-sha2-nistp384", "ECDSA", EC_384_FP },
	{ EC_521, "ecdsa-sha2-nistp521", "ECDSA", EC_521_FP },
	{ RSA_A, "ssh-rsa", "RSA", RSA_A_FP },
	{ DSS, "ssh-dss", "DSA", DSS_FP },
	{ SK_ED, "sk-ssh-ed25519@openssh.com", "ED25519-SK", SK_ED_FP },
	{ SK_EC, "sk-ecdsa-sha2-nistp256@openssh.com", "ECDSA-SK", SK_EC_FP },
	{ FUTURE, "ssh-future@example.org", "ssh-future@example.org",
		FUTURE_FP },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		const char *row = good[i].type;
		char fingerprint[HOST_KEY_FINGERPRINT_SIZE];
		struct error err = ERROR_INIT;
		struct host_keys_key k;
		struct host_key key;

		host_keys_key(&k, good[i].line);
		ROW(row, host_key_read(&key, k.key.blob, &err) == 0);
		ROW(row, slice_is(key.type, good[i].type));
		ROW(row, slice_eq(key.blob, k.key.blob));
		ROW(row, slice_is(host_key_type_name(key.type), good[i].name));
		host_key_fingerprint(fingerprint, &key);
		ROW(row, !strcmp(fingerprint, good[i].fingerprint));
		ROW(row, host_key_eq(&key, &k.key));
		ROW(row, err.kind == ERROR_NONE);
	}
}

static int read_bytes(const void *bytes, size_t len)
{
	struct error err = ERROR_INIT;
	struct host_key key;
	int got = host_key_read(
		&key, (struct slice){ (const char *)bytes, len }, &err);

	assert_int_equal(got, err.kind == ERROR_INPUT ? -1 : 0);
	return got;
}

/* No part of a key is one, nor is a key with something behind it. */
static void test_length(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < COUNT(good); i++) {
		struct host_keys_key k;

		host_keys_key(&k, good[i].line);
		for (size_t n = 0; n < k.len; n++)
			ROW(good[i].type, read_bytes(k.bytes, n) < 0);
		k.bytes[k.len] = 0;
		ROW(good[i].type, read_bytes(k.bytes, k.len + 1) < 0);
		ROW(good[i].type, read_bytes(k.bytes, k.len) == 0);
	}
}

/* Of a type that we do not know, the type is whole at least. */
static void test_length_of_type(void **state)
{
	size_t type = 4 + strlen("ssh-future@example.org");
	struct host_keys_key k;

	(void)state;
	host_keys_key(&k, FUTURE);
	for (size_t n = 0; n <= k.len; n++)
		assert_int_equal(read_bytes(k.bytes, n), n < type ? -1 : 0);
}

/* One byte of a good key set to another value. */
static const struct {
	const char *row, *line;
	size_t at;
	uint8_t value;
} odd[] = {
	{ "a type longer than the key", ED_A, 3, 200 },
	{ "a length beyond the end", ED_A, 0, 0xff },
	{ "an ed25519 key of 31 bytes", ED_A, 18, 31 },
	{ "a blank in the type", ED_A, 4, ' ' },
	{ "a comma in the type", ED_A, 4, ',' },
	{ "a control character in the type", FUTURE, 4, '\n' },
	{ "a letter of no ASCII in the type", FUTURE, 4, 0xc3 },
	{ "another curve", EC_256, 4 + 19 + 4 + 5, '3' },
	{ "a compressed point", EC_256, 4 + 19 + 4 + 8 + 4, 2 },
	{ "a negative exponent", RSA_A, 4 + 7 + 4, 0x81 },
	{ "a negative modulus", RSA_A, 4 + 7 + 4 + 3 + 4, 0x80 },
};

static void test_odd(void **state)
{
	struct host_keys_key k;

	(void)state;
	for (size_t i = 0; i < COUNT(odd); i++) {
		host_keys_key(&k, odd[i].line);
		ROW(odd[i].row, k.bytes[odd[i].at] != odd[i].value);
		ROW(odd[i].row, read_bytes(k.bytes, k.len) == 0);
		k.bytes[odd[i].at] = odd[i].value;
		ROW(odd[i].row, read_bytes(k.bytes, k.len) < 0);
	}
	host_keys_key(&k, ED_A);
	k.bytes[4 + 11 + 3] = 31; /* a key of 31 bytes, and no more of it */
	assert_int_equal(read_bytes(k.bytes, k.len - 1), -1);
	host_keys_key(&k, RSA_SMALL); /* 1023 bits */
	assert_int_equal(read_bytes(k.bytes, k.len), -1);
}

/* An RSA key whose modulus has so many bytes, zeros in front of them. */
static int read_rsa(size_t zeros, size_t len)
{
	static uint8_t bytes[4096] = "\0\0\0\7ssh-rsa\0\0\0\3\1\0\1";
	size_t at = 4 + 7 + 4 + 3;

	bytes[at] = bytes[at + 1] = 0;
	bytes[at + 2] = (uint8_t)((zeros + len) >> 8);
	bytes[at + 3] = (uint8_t)(zeros + len);
	memset(bytes + at + 4, 0, zeros);
	memset(bytes + at + 4 + zeros, 0xff, len);
	return read_bytes(bytes, at + 4 + zeros + len);
}

static void test_rsa(void **state)
{
	(void)state;
	assert_int_equal(read_rsa(1, 127), -1);
	assert_int_equal(read_rsa(2, 127), -1);
	assert_int_equal(read_rsa(1, 128), 0);
	assert_int_equal(read_rsa(0, 128), -1); /* negative */
	assert_int_equal(read_rsa(1, 2048), 0);
	assert_int_equal(read_rsa(1, 2049), -1);
}

static void test_limits(void **state)
{
	static uint8_t bytes[HOST_KEY_MAX + 1] = { 0, 0, 0, 64 };

	(void)state;
	memset(bytes + 4, 'x', 65);
	assert_int_equal(read_bytes(bytes, HOST_KEY_MAX), 0);
	assert_int_equal(read_bytes(bytes, HOST_KEY_MAX + 1), -1);
	bytes[3] = 65;
	assert_int_equal(read_bytes(bytes, HOST_KEY_MAX), -1);
	bytes[3] = 0;
	assert_int_equal(read_bytes(bytes, HOST_KEY_MAX), -1);
	assert_int_equal(read_bytes(NULL, 0), -1);
}

static void test_eq(void **state)
{
	struct host_keys_key a, b;

	(void)state;
	assert_true(
		host_key_eq(host_keys_key(&a, ED_A), host_keys_key(&b, ED_A)));
	assert_false(host_key_eq(&a.key, host_keys_key(&b, ED_B)));
	assert_false(host_key_eq(&a.key, host_keys_key(&b, SK_ED)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_length_of_type),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_eq),
	};

	return unit_run("host_key", tests, COUNT(tests), NULL, NULL);
}
