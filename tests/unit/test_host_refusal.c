#include "transport/host_refusal.h"

#include "tests/unit/host_keys.h"

#define USER "/home/u/.ssh/known_hosts"
#define SYSTEM "/etc/ssh/ssh_known_hosts"

#define ANSWER                                                                 \
	"type this and answer with that fingerprint (ssh compares the "        \
	"two): "
#define CONNECT "ssh -o StrictHostKeyChecking=ask -p "
#define OTHER                                                                  \
	"known is " ED_B_FP "; either the host has a new key, or somebody "    \
	"stands between you and it: ask its owners. Only if the new "          \
	"fingerprint is theirs, "

/* ED_A is offered. */
static const struct {
	const char *row, *text, *file;
	const char *host;
	int port;
	const char *error, *advice;
} rows[] = {
	{ "unknown", "", USER, "h", 22,
		"the host key of h is not known: ED25519 " ED_A_FP,
		"ask its owners for the fingerprint, or look where they "
		"publish it; then " ANSWER CONNECT "22 git@h exit" },
	{ "unknown, with a port", "h " ED_B, USER, "h", 2222,
		"the host key of [h]:2222 is not known: ED25519 " ED_A_FP,
		"ask its owners for the fingerprint, or look where they "
		"publish it; then " ANSWER CONNECT "2222 git@h exit" },
	{ "changed", "\nh " ED_B, USER, "h", 22,
		"the host key of h has changed: it is ED25519 " ED_A_FP
		", and ~/.ssh/known_hosts:2 has another",
		OTHER ANSWER "ssh-keygen -f ~/.ssh/known_hosts -R h && " CONNECT
			     "22 git@h exit" },
	{ "changed, with a port", "[h]:2222 " ED_B, USER, "h", 2222,
		"the host key of [h]:2222 has changed: it is ED25519 " ED_A_FP
		", and ~/.ssh/known_hosts:1 has another",
		OTHER ANSWER "ssh-keygen -f ~/.ssh/known_hosts -R "
			     "'[h]:2222' && " CONNECT "2222 git@h exit" },
	{ "a file with a blank, IPv6 with a zone", "fe80::1%eth0 " ED_B,
		"/home/u/my hosts", "fe80::1%eth0", 22,
		"the host key of fe80::1%eth0 has changed: it is ED25519 " ED_A_FP
		", and ~/my hosts:1 has another",
		OTHER ANSWER "ssh-keygen -f ~/'my hosts' -R 'fe80::1%eth0' "
			     "&& " CONNECT "22 'git@fe80::1%eth0' exit" },
	{ "a line that means others too", "*,!a " ED_B, USER, "h", 22,
		"the host key of h has changed: it is ED25519 " ED_A_FP
		", and ~/.ssh/known_hosts:1 has another",
		OTHER
		"change line 1 of ~/.ssh/known_hosts, then " ANSWER CONNECT
		"22 git@h exit" },
	{ "the system's file", "h " ED_B, SYSTEM, "h", 22,
		"the host key of h has changed: it is ED25519 " ED_A_FP
		", and " SYSTEM ":1 has another",
		OTHER "have the administrator of this machine change line 1 "
		      "of " SYSTEM ", then " ANSWER CONNECT "22 git@h exit" },
	{ "another type", "h " EC_256, USER, "h", 22,
		"the host key of h is ED25519 " ED_A_FP
		", and it is known by its ECDSA key only "
		"(~/.ssh/known_hosts:1)",
		"known is " EC_256_FP
		"; either the host has a new key, or somebody stands between "
		"you and it: ask its owners. Only if the new fingerprint is "
		"theirs, " ANSWER
		"ssh-keygen -f ~/.ssh/known_hosts -R h && " CONNECT
		"22 git@h exit" },
	{ "revoked", "h " ED_A "\n@revoked * " ED_A, USER, "h", 22,
		"the host key of h is revoked: ED25519 " ED_A_FP
		" (~/.ssh/known_hosts:2)",
		"whoever answered may have stolen the key; you were not "
		"logged in. Ask the host's owners for its new key" },
	{ "control characters", "h " ED_B, "/home/u/a\nb", "h", 22,
		"the host key of h has changed: it is ED25519 " ED_A_FP
		", and ~/a?b:1 has another",
		OTHER ANSWER "ssh-keygen -f ~/'a?b' -R h && " CONNECT
			     "22 git@h exit" },
	{ "known", "h " ED_A, USER, "h", 22, NULL, "" },
};

static int say(size_t i, size_t max, struct buf *advice, struct error *err)
{
	struct ssh_settings s = { .host = (char *)rows[i].host,
		.user = (char *)"git",
		.port = rows[i].port };
	struct known_hosts_answer answer;
	struct host_keys_key k;
	struct known_hosts kh;
	int got;

	s.globalknownhostsfile.item[0] = (char *)"none";
	s.globalknownhostsfile.item[1] = (char *)SYSTEM;
	s.globalknownhostsfile.count = 2;
	buf_init(advice, max);
	known_hosts_init(&kh);
	ROW(rows[i].row, known_hosts_host(&kh, slice_of(rows[i].host),
				 rows[i].port, SLICE_NONE, err) == 0);
	ROW(rows[i].row, known_hosts_read(&kh, rows[i].file,
				 slice_of(rows[i].text), err) == 0);
	ROW(rows[i].row, known_hosts_judge(&kh, host_keys_key(&k, ED_A),
				 &answer, err) == 0);
	got = host_refusal_say(&s, &kh, &k.key, &answer, advice, err);
	known_hosts_release(&kh);
	return got;
}

static void test_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = ERROR_INIT;
		struct buf advice;
		int got = say(i, HOST_REFUSAL_MAX, &advice, &err);

		ROW(rows[i].row, got == (rows[i].error ? -1 : 0));
		ROW(rows[i].row, err.kind == (got ? ERROR_DENIED : ERROR_NONE));
		assert_string_equal(
			err.text, rows[i].error ? rows[i].error : "");
		assert_string_equal(advice.ptr, rows[i].advice);
		buf_release(&advice);
	}
}

/* The commands are what a shell reads back as meant. */
static void test_shell(void **state)
{
	struct error err = ERROR_INIT;
	char command[2000], line[2000];
	struct buf advice;
	FILE *f;

	(void)state;
	say(4, HOST_REFUSAL_MAX, &advice, &err);
	snprintf(command, sizeof(command),
		"ssh() { printf '[%%s]' \"$@\"; }; ssh_keygen() { ssh \"$@\"; };"
		" %s",
		strstr(advice.ptr, "ssh-keygen"));
	memcpy(strstr(command, "ssh-keygen"), "ssh_keygen", 10);
	f = popen(command, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	assert_int_equal(pclose(f), 0);
	assert_string_equal(line,
		"[-f][/home/u/my hosts][-R][fe80::1%eth0]"
		"[-o][StrictHostKeyChecking=ask][-p][22][git@fe80::1%eth0]"
		"[exit]");
	buf_release(&advice);
}

/* An advice that does not fit is left out: half a command is none. */
static void test_room(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].advice);

		for (size_t max = 0; max <= len; max++) {
			struct error err = ERROR_INIT;
			struct buf advice;

			say(i, max, &advice, &err);
			ROW(rows[i].row, advice.len == (max < len ? 0 : len));
			if (rows[i].error)
				assert_string_equal(err.text, rows[i].error);
			buf_release(&advice);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_say),
		cmocka_unit_test(test_shell),
		cmocka_unit_test(test_room),
	};

	setenv("HOME", "/home/u", 1);
	return unit_run("host_refusal", tests, COUNT(tests), NULL, NULL);
}
