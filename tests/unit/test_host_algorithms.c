#include "transport/host_algorithms.h"

#include "tests/unit/host_keys.h"

#define ED "ssh-ed25519"
#define EC2 "ecdsa-sha2-nistp256"
#define EC3 "ecdsa-sha2-nistp384"
#define EC5 "ecdsa-sha2-nistp521"
#define RSA "rsa-sha2-512,rsa-sha2-256"

static const struct ssh2_can old = { "1.10.0", false };
static const struct ssh2_can new = { "1.11.1", true };

static const struct {
	const char *row, *text;
	int port;
	const struct ssh2_can *can;
	const char *list;
	const char *reason; /* NULL: it is within reach */
} rows[] = {
	{ "nothing known", "", 22, &new, ED "," EC2 "," EC3 "," EC5 "," RSA,
		NULL },
	{ "nothing known, 1.10", "", 22, &old, ED "," EC2 "," EC3 "," EC5,
		NULL },
	{ "the first one", "h " ED_A, 22, &new,
		ED "," EC2 "," EC3 "," EC5 "," RSA, NULL },
	{ "RSA", "h " RSA_A, 22, &new, RSA "," ED "," EC2 "," EC3 "," EC5,
		NULL },
	{ "one curve", "h " EC_384, 22, &new,
		EC3 "," ED "," EC2 "," EC5 "," RSA, NULL },
	{ "two of them", "h " RSA_A "\nh " ED_A, 22, &new,
		ED "," RSA "," EC2 "," EC3 "," EC5, NULL },
	{ "revoked", "h " RSA_A "\nh " EC_256 "\n@revoked * " RSA_A, 22, &new,
		EC2 "," ED "," EC3 "," EC5 "," RSA, NULL },
	{ "only a revoked one", "h " RSA_A "\n@revoked * " RSA_A, 22, &new,
		ED "," EC2 "," EC3 "," EC5 "," RSA, NULL },
	{ "only a revoked one, 1.10", "h " RSA_A "\n@revoked * " RSA_A, 22,
		&old, ED "," EC2 "," EC3 "," EC5, NULL },
	{ "one of two RSA keys revoked",
		"h " RSA_A "\n@revoked * " RSA_A "\nh " RSA_B, 22, &new,
		RSA "," ED "," EC2 "," EC3 "," EC5, NULL },
	{ "a revoked line makes nothing known", "@revoked h " RSA_A, 22, &new,
		ED "," EC2 "," EC3 "," EC5 "," RSA, NULL },
	{ "an authority's key is none", "@cert-authority h " RSA_A, 22, &old,
		ED "," EC2 "," EC3 "," EC5, NULL },
	{ "the plain name's", "h " RSA_A, 2222, &new,
		RSA "," ED "," EC2 "," EC3 "," EC5, NULL },
	{ "not the plain name's", "h " RSA_A "\n[h]:2222 " EC_521, 2222, &new,
		EC5 "," ED "," EC2 "," EC3 "," RSA, NULL },
	{ "RSA alone, 1.10", "\nh " RSA_A, 22, &old, ED "," EC2 "," EC3 "," EC5,
		"libssh2 1.10.0 checks no key that h is known by: RSA (with "
		"SHA-2) at /k:2" },
	{ "RSA and ECDSA, 1.10", "h " RSA_A "\nh " EC_256, 22, &old,
		EC2 "," ED "," EC3 "," EC5, NULL },
	{ "a security key", "h " SK_ED, 22, &new,
		ED "," EC2 "," EC3 "," EC5 "," RSA,
		"libssh2 1.11.1 checks no key that h is known by: ED25519-SK "
		"at /k:1" },
	{ "a type of the future", "[h]:2222 " FUTURE, 2222, &new,
		ED "," EC2 "," EC3 "," EC5 "," RSA,
		"libssh2 1.11.1 checks no key that [h]:2222 is known by: "
		"ssh-future@example.org at /k:1" },
	{ "DSA", "h " DSS, 22, &new, ED "," EC2 "," EC3 "," EC5 "," RSA,
		"libssh2 1.11.1 checks no key that h is known by: DSA at "
		"/k:1" },
	{ "a security key and another", "h " SK_ED "\nh " ED_A, 22, &new,
		ED "," EC2 "," EC3 "," EC5 "," RSA, NULL },
};

static void read_hosts(struct known_hosts *kh, size_t i)
{
	known_hosts_init(kh);
	ROW(rows[i].row, known_hosts_host(kh, slice_of("h"), rows[i].port,
				 SLICE_NONE, NULL) == 0);
	ROW(rows[i].row,
		known_hosts_read(kh, "/k", slice_of(rows[i].text), NULL) == 0);
	ROW(rows[i].row, kh->bad_count == 0);
}

static void test_list(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = ERROR_INIT;
		struct known_hosts kh;
		struct buf list;

		read_hosts(&kh, i);
		buf_init(&list, HOST_ALGORITHMS_MAX);
		ROW(rows[i].row, host_algorithms_list(
					 &kh, rows[i].can, &list, &err) == 0);
		ROW(rows[i].row, !strcmp(list.ptr, rows[i].list));
		buf_release(&list);
		buf_init(&list, strlen(rows[i].list) - 1);
		ROW(rows[i].row, host_algorithms_list(
					 &kh, rows[i].can, &list, &err) < 0);
		ROW(rows[i].row, err.kind == ERROR_MEMORY);
		buf_release(&list);
		known_hosts_release(&kh);
	}
}

static void test_reach(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = ERROR_INIT;
		struct known_hosts kh;
		int got;

		read_hosts(&kh, i);
		got = host_algorithms_reach(&kh, rows[i].can, &err);
		ROW(rows[i].row, got == (rows[i].reason ? -1 : 0));
		ROW(rows[i].row,
			err.kind == (got ? ERROR_UNAVAILABLE : ERROR_NONE));
		if (rows[i].reason)
			assert_string_equal(err.text, rows[i].reason);
		known_hosts_release(&kh);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_reach),
	};

	return unit_run("host_algorithms", tests, COUNT(tests), NULL, NULL);
}
