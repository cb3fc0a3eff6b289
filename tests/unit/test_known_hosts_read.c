/* Lines that are no good, and limits; what lines mean is test_known_hosts. */
#include "transport/known_hosts.h"

#include "tests/unit/host_keys.h"

#define USER "/home/u/.ssh/known_hosts"
#define SYSTEM "/etc/ssh/ssh_known_hosts"

static void init(struct known_hosts *kh)
{
	struct error err = ERROR_INIT;

	known_hosts_init(kh);
	assert_int_equal(
		known_hosts_host(kh, slice_of("h"), 22, SLICE_NONE, &err), 0);
}

static int read_text(struct known_hosts *kh, const char *file, const char *text)
{
	struct error err = ERROR_INIT;
	char *copy = strdup(text); /* and it goes: nothing may point into it */
	int got = known_hosts_read(kh, file, slice_of(copy), &err);

	free(copy);
	assert_int_equal(got, err.kind == ERROR_NONE ? 0 : -1);
	return got;
}

static const struct {
	const char *text, *why; /* why NULL: no bad line */
} bad[] = {
	{ "a ssh-ed25519 AAAA", NULL }, /* of another host: not looked at */
	{ "h " ED_A, NULL },
	{ "\r", NULL },
	{ " # x\r", NULL },
	{ "@x h " ED_A, "a marker other than" },
	{ "@REVOKED h " ED_A, "a marker other than" },
	{ "@ revoked h " ED_A, "a marker other than" },
	{ "@revoked", "no key" },
	{ "@revokedh " ED_A, "a marker other than" },
	{ "@revoked @revoked h " ED_A, "a second marker" },
	{ "@revoked @cert-authority a " ED_A, "a second marker" },
	{ "@revoked h", "no key" },
	{ "@revoked #", "no key" },
	{ "h", "no key" },
	{ "h \t", "no key" },
	{ "a # " ED_A, "no key" },
	{ "h ssh-ed25519", "a malformed key" },
	{ "h ssh-ed25519 \r", "a malformed key" },
	{ "h ssh-ed25519 AAA", "a key that is not base64" },
	{ "h ssh-ed25519 AAAA=", "a key that is not base64" },
	{ "h ssh-ed25519 AA_-", "a key that is not base64" },
	{ "h ssh-ed25519 #", "a key that is not base64" },
	{ "h " ED_A "=", "a key that is not base64" },
	{ "h " ED_A "AAAA", "a malformed key" },
	{ "h ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAkMg7/M", "a malformed key" },
	{ "h ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAkMg7/MVZkGDkuW7+SHk2aNcGqF91p9BI"
	  "RLfHTdfoN8",
		"a key of another type" },
	{ "h rsa-sha2-512 AAAAC3NzaC1lZDI1NTE5AAAAIAkMg7/MVZkGDkuW7+SHk2aNcGqF9"
	  "1p9BIRLfHTdfoN8",
		"a key of another type" },
	{ "h 1024 65537 1234567", "a key that is not base64" },
	{ "h 1024 3537 1234567", "a malformed key" },
	{ "|1|x|y " ED_A, "a malformed hashed name" },
	{ "@revoked | " ED_A, "a malformed hashed name" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct known_hosts kh;
		char text[2000];

		init(&kh);
		snprintf(text, sizeof(text), "#\n%s\nh %s\n", bad[i].text,
			RSA_A);
		ROW(bad[i].text, read_text(&kh, USER, text) == 0);
		ROW(bad[i].text, kh.bad_count == (bad[i].why ? 1 : 0));
		ROW(bad[i].text, kh.count >= 1);
		ROW(bad[i].text, kh.entries[kh.count - 1].line == 3);
		if (bad[i].why) {
			ROW(bad[i].text, kh.count == 1);
			ROW(bad[i].text, kh.bad[0].line == 2);
			ROW(bad[i].text, !strcmp(kh.bad[0].file, USER));
			ROW(bad[i].text, !strncmp(kh.bad[0].why, bad[i].why,
						 strlen(bad[i].why)));
		}
		known_hosts_release(&kh);
	}
}

static void test_bad_many(void **state)
{
	struct known_hosts kh;

	(void)state;
	init(&kh);
	for (size_t i = 1; i <= KNOWN_HOSTS_BAD_MAX + 3; i++) {
		assert_int_equal(read_text(&kh, USER, "h\n"), 0);
		assert_int_equal(kh.bad_count, i);
	}
	assert_int_equal(kh.bad[KNOWN_HOSTS_BAD_MAX - 1].line, 1);
	known_hosts_release(&kh);
}

/* A NUL ends what is looked at, and only on its line. */
static void test_nul(void **state)
{
	static const char text[] = "h " ED_A "\0junk\nh\0 " RSA_A "\nh " EC_256;
	struct known_hosts kh;

	(void)state;
	init(&kh);
	assert_int_equal(
		known_hosts_read(&kh, USER,
			(struct slice){ text, sizeof(text) - 1 }, NULL),
		0);
	assert_int_equal(kh.count, 2);
	assert_int_equal(kh.entries[1].line, 3);
	assert_int_equal(kh.bad_count, 1);
	known_hosts_release(&kh);
}

static void test_host(void **state)
{
	char *name = calloc(1, KNOWN_HOSTS_NAME_MAX + 2);
	static const char *const refused[] = { "", "a\nb", "\033" };
	struct error err = ERROR_INIT;
	struct known_hosts kh;

	(void)state;
	known_hosts_init(&kh);
	for (size_t i = 0; i < COUNT(refused); i++) {
		assert_int_equal(known_hosts_host(&kh, slice_of(refused[i]), 22,
					 SLICE_NONE, &err),
			-1);
		assert_int_equal(known_hosts_host(&kh, slice_of("h"), 22,
					 slice_of(refused[i]), &err),
			-1);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
	memset(name, 'x', KNOWN_HOSTS_NAME_MAX + 1);
	assert_int_equal(
		known_hosts_host(&kh, slice_of(name), 65535, SLICE_NONE, &err),
		-1);
	name[KNOWN_HOSTS_NAME_MAX] = '\0';
	assert_int_equal(
		known_hosts_host(&kh, slice_of(name), 65535, SLICE_NONE, &err),
		0);
	assert_int_equal(kh.name.len, KNOWN_HOSTS_NAME_MAX + 8);
	known_hosts_release(&kh);
	free(name);
}

/* text, n times over, and then whether the host may still be judged. */
static int repeat(const char *text, size_t n)
{
	size_t len = strlen(text);
	char *all = malloc(n * len + 1);
	struct known_hosts_answer answer;
	struct error err = ERROR_INIT;
	struct host_keys_key k;
	struct known_hosts kh;
	int got;

	init(&kh);
	for (size_t i = 0; i < n; i++)
		memcpy(all + i * len, text, len);
	got = known_hosts_read(&kh, USER, (struct slice){ all, n * len }, &err);
	assert_int_equal(err.kind, got < 0 ? ERROR_INPUT : ERROR_NONE);
	if (got < 0) /* a later file does not mend it */
		read_text(&kh, SYSTEM, "h " ED_A "\n");
	assert_int_equal(
		known_hosts_judge(&kh, host_keys_key(&k, ED_A), &answer, NULL),
		got);
	known_hosts_release(&kh);
	free(all);
	return got;
}

/* Over a limit nothing is left out: there is no answer. */
static void test_limits(void **state)
{
	size_t key = 0;
	char *big = calloc(1, HOST_KEY_MAX * 2);

	(void)state;
	assert_int_equal(repeat("h " ED_A "\n", KNOWN_HOSTS_ENTRIES_MAX), 0);
	assert_int_equal(
		repeat("h " ED_A "\n", KNOWN_HOSTS_ENTRIES_MAX + 1), -1);
	assert_int_equal(repeat("x", KNOWN_HOSTS_LINE_MAX), 0);
	assert_int_equal(repeat("x", KNOWN_HOSTS_LINE_MAX + 1), -1);
	assert_int_equal(repeat("#", KNOWN_HOSTS_LINE_MAX + 1), -1);
	assert_int_equal(repeat("\n", KNOWN_HOSTS_TEXT_MAX), 0);
	assert_int_equal(repeat("\n", KNOWN_HOSTS_TEXT_MAX + 1), -1);

	/* of a type nobody knows: "ssh-x" and 45000 bytes of 0 */
	strcpy(big, "h ssh-x AAAABXNzaC14");
	memset(big + strlen(big), 'A', 60000);
	strcat(big, "\n");
	key = 60000 / 4 * 3 + 9;
	assert_int_equal(repeat(big, KNOWN_HOSTS_KEYS_MAX / key), 0);
	assert_int_equal(repeat(big, KNOWN_HOSTS_KEYS_MAX / key + 1), -1);
	memset(big + strlen(big) - 1, 'A', 30000);
	strcat(big, "\n");
	assert_int_equal(repeat(big, 1), -1);
	big[0] = 'a'; /* another host's */
	assert_int_equal(repeat(big, 1), 0);
	free(big);
}

/* Of all files together. */
static void test_limit_text(void **state)
{
	struct error err = ERROR_INIT;
	struct known_hosts kh;

	(void)state;
	init(&kh);
	assert_int_equal(read_text(&kh, USER, "#\n"), 0);
	kh.text_bytes += KNOWN_HOSTS_TEXT_MAX - 3; /* as after other files */
	assert_int_equal(read_text(&kh, USER, "\n"), 0);
	assert_int_equal(known_hosts_read(&kh, USER, slice_of("\n"), &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.text, USER));
	known_hosts_release(&kh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_bad_many),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_limit_text),
	};

	return unit_run("known_hosts_read", tests, COUNT(tests), NULL, NULL);
}
