#include "transport/known_hosts.h"

#include "tests/unit/host_keys.h"

#define USER "/home/u/.ssh/known_hosts"
#define SYSTEM "/etc/ssh/ssh_known_hosts"

#define HASHED "|1|90+sx9cqdb0LaifXVI37sx7dwy4=|qd3t7xLODbPM5RITv3a/AnnsDr0="

#define UNKNOWN KNOWN_HOSTS_UNKNOWN
#define KNOWN KNOWN_HOSTS_KNOWN
#define OTHER KNOWN_HOSTS_OTHER_TYPE
#define CHANGED KNOWN_HOSTS_CHANGED
#define REVOKED KNOWN_HOSTS_REVOKED

/* The user's file, the system's, and what they say of ED_A. */
static const struct row {
	const char *row, *user, *system;
	const char *host, *alias;
	int port;
	enum known_hosts_verdict verdict;
	const char *file;
	size_t line;
} rows[] = {
	{ "nothing", "", NULL, "h", NULL, 22, UNKNOWN, NULL, 0 },
	{ "another host", "a " ED_A "\n", NULL, "h", NULL, 22, UNKNOWN, NULL,
		0 },
	{ "known", "h " ED_A "\n", NULL, "h", NULL, 22, KNOWN, USER, 1 },
	{ "no LF at the end", "h " ED_A, NULL, "h", NULL, 22, KNOWN, USER, 1 },
	{ "upper case", "H " ED_A "\n", NULL, "H", NULL, 22, KNOWN, USER, 1 },
	{ "hashed", HASHED " " ED_A "\n", NULL, "H", NULL, 22, KNOWN, USER, 1 },
	{ "IPv6", "::1 " ED_A "\n", NULL, "::1", NULL, 22, KNOWN, USER, 1 },
	{ "the system's", "a " ED_A "\n", "h " ED_A "\n", "h", NULL, 22, KNOWN,
		SYSTEM, 1 },
	{ "both: the user's is named", "\nh " ED_A "\n", "h " ED_A "\n", "h",
		NULL, 22, KNOWN, USER, 2 },
	{ "excluded", "h,!h " ED_A "\n", NULL, "h", NULL, 22, UNKNOWN, NULL,
		0 },

	/* layout */
	{ "comments and empty lines", "# h " ED_B "\n\n \t\n  # x\nh " ED_A,
		NULL, "h", NULL, 22, KNOWN, USER, 5 },
	{ "blanks", " \th\t \t" ED_A "\t me@here\n", NULL, "h", NULL, 22, KNOWN,
		USER, 1 },
	{ "CRLF", "a " ED_A "\r\n\r\nh " ED_A "\r\n", NULL, "h", NULL, 22,
		KNOWN, USER, 3 },
	{ "CRLF and a comment", "h " ED_A " me\r\n", NULL, "h", NULL, 22, KNOWN,
		USER, 1 },
	{ "CR at the end of the file", "h " ED_A "\r", NULL, "h", NULL, 22,
		KNOWN, USER, 1 },
	{ "a bad line before", "h\n@x h " ED_A "\nh ssh-ed25519 AAAA\nh " ED_A,
		NULL, "h", NULL, 22, KNOWN, USER, 4 },

	/* changed, and of another type */
	{ "changed", "h " ED_B "\n", NULL, "h", NULL, 22, CHANGED, USER, 1 },
	{ "one of two", "h " ED_B "\nh " ED_A "\n", NULL, "h", NULL, 22, KNOWN,
		USER, 2 },
	{ "one of two files", "h " ED_B "\n", "h " ED_A "\n", "h", NULL, 22,
		KNOWN, SYSTEM, 1 },
	{ "the first that changed", "h " RSA_A "\nh " ED_B "\n", "h " ED_B "\n",
		"h", NULL, 22, CHANGED, USER, 2 },
	{ "another type", "h " RSA_A "\nh " EC_256 "\n", NULL, "h", NULL, 22,
		OTHER, USER, 1 },
	{ "a type nobody knows", "h " FUTURE "\n", NULL, "h", NULL, 22, OTHER,
		USER, 1 },
	{ "a security key", "h " SK_ED "\n", NULL, "h", NULL, 22, OTHER, USER,
		1 },
	{ "a key too small is a bad line", "h " RSA_SMALL "\n", NULL, "h", NULL,
		22, UNKNOWN, NULL, 0 },

	/* markers */
	{ "revoked", "@revoked h " ED_A "\n", NULL, "h", NULL, 22, REVOKED,
		USER, 1 },
	{ "revoked behind known", "h " ED_A "\n@revoked * " ED_A "\n", NULL,
		"h", NULL, 22, REVOKED, USER, 2 },
	{ "revoked before known", "@revoked * " ED_A "\nh " ED_A "\n", NULL,
		"h", NULL, 22, REVOKED, USER, 1 },
	{ "revoked by the system", "h " ED_A "\n", "@revoked h " ED_A "\n", "h",
		NULL, 22, REVOKED, SYSTEM, 1 },
	{ "revoked, and another is known", "@revoked h " ED_A "\nh " ED_B "\n",
		NULL, "h", NULL, 22, REVOKED, USER, 1 },
	{ "revoked, hashed", "@revoked " HASHED " " ED_A "\n", NULL, "h", NULL,
		22, REVOKED, USER, 1 },
	{ "revoked, CRLF", "h " ED_A "\r\n@revoked h " ED_A "\r\n", NULL, "h",
		NULL, 22, REVOKED, USER, 2 },
	{ "revoked, with a tab", "h " ED_A "\n@revoked\th " ED_A " me\n", NULL,
		"h", NULL, 22, REVOKED, USER, 2 },
	{ "another key is revoked", "h " ED_A "\n@revoked h " ED_B "\n", NULL,
		"h", NULL, 22, KNOWN, USER, 1 },
	{ "revoked elsewhere", "h " ED_A "\n@revoked a " ED_A "\n", NULL, "h",
		NULL, 22, KNOWN, USER, 1 },
	{ "only another is revoked", "@revoked h " ED_B "\n", NULL, "h", NULL,
		22, UNKNOWN, NULL, 0 },
	{ "an authority is no key", "@cert-authority h " ED_A "\n", NULL, "h",
		NULL, 22, UNKNOWN, NULL, 0 },
	{ "an authority changes nothing",
		"@cert-authority h " ED_B "\nh " ED_A "\n", NULL, "h", NULL, 22,
		KNOWN, USER, 2 },

	/* ports */
	{ "with a port", "[h]:2222 " ED_A "\n", NULL, "h", NULL, 2222, KNOWN,
		USER, 1 },
	{ "IPv6 with a port", "[::1]:2222 " ED_A "\n", NULL, "::1", NULL, 2222,
		KNOWN, USER, 1 },
	{ "another port", "[h]:222 " ED_A "\n", NULL, "h", NULL, 2222, UNKNOWN,
		NULL, 0 },
	{ "22 in brackets", "[h]:22 " ED_A "\n", NULL, "h", NULL, 22, UNKNOWN,
		NULL, 0 },
	{ "a port for 22", "[h]:2222 " ED_A "\n", NULL, "h", NULL, 22, UNKNOWN,
		NULL, 0 },
	{ "plain", "h " ED_A "\n", NULL, "h", NULL, 2222, KNOWN, USER, 1 },
	{ "plain, another key", "h " ED_B "\n", NULL, "h", NULL, 2222, UNKNOWN,
		NULL, 0 },
	{ "plain, another type", "h " RSA_A "\n", NULL, "h", NULL, 2222,
		UNKNOWN, NULL, 0 },
	{ "plain does not mend changed", "h " ED_A "\n[h]:2222 " ED_B "\n",
		NULL, "h", NULL, 2222, CHANGED, USER, 2 },
	{ "plain does not mend another type",
		"h " ED_A "\n[h]:2222 " RSA_A "\n", NULL, "h", NULL, 2222,
		OTHER, USER, 2 },
	{ "the port's is named", "h " ED_A "\n[h]:2222 " ED_A "\n", NULL, "h",
		NULL, 2222, KNOWN, USER, 2 },
	{ "revoked with the port", "@revoked [h]:2222 " ED_A "\nh " ED_A "\n",
		NULL, "h", NULL, 2222, REVOKED, USER, 1 },
	{ "revoked plain", "@revoked h " ED_A "\n", NULL, "h", NULL, 2222,
		REVOKED, USER, 1 },
	{ "revoked plain, known with the port",
		"@revoked h " ED_A "\n[h]:2222 " ED_A "\n", NULL, "h", NULL,
		2222, REVOKED, USER, 1 },
	{ "another revoked with the port, plain known",
		"@revoked [h]:2222 " ED_B "\nh " ED_A "\n", NULL, "h", NULL,
		2222, KNOWN, USER, 2 },
	{ "both names on one line", "h,[h]:2222 " ED_B "\n", NULL, "h", NULL,
		2222, CHANGED, USER, 1 },

	/* HostKeyAlias */
	{ "alias", "Work " ED_A "\n", NULL, "h", "work", 22, KNOWN, USER, 1 },
	{ "alias in upper case", "work " ED_A "\n", NULL, "h", "WORK", 22,
		KNOWN, USER, 1 },
	{ "alias, the host known", "h " ED_A "\n", NULL, "h", "work", 22,
		UNKNOWN, NULL, 0 },
	{ "alias has no port", "work " ED_A "\n", NULL, "h", "work", 2222,
		KNOWN, USER, 1 },
	{ "alias is not tried with a port", "[work]:2222 " ED_A "\n", NULL, "h",
		"work", 2222, UNKNOWN, NULL, 0 },
	{ "alias, changed on any port", "work " ED_B "\n", NULL, "h", "work",
		2222, CHANGED, USER, 1 },
	{ "alias with a port of its own", "[work]:2222 " ED_A "\n", NULL, "h",
		"[work]:2222", 22, KNOWN, USER, 1 },
};

static void init(
	struct known_hosts *kh, const char *host, const char *alias, int port)
{
	struct error err = ERROR_INIT;

	known_hosts_init(kh);
	assert_int_equal(known_hosts_host(kh, slice_of(host), port,
				 slice_of(alias), &err),
		0);
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

static void test_judge(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct known_hosts_answer answer;
		struct error err = ERROR_INIT;
		struct known_hosts kh;
		struct host_keys_key k;

		memset(&answer, 0xff, sizeof(answer));
		init(&kh, row->host, row->alias, row->port);
		ROW(row->row, read_text(&kh, USER, row->user) == 0);
		if (row->system)
			ROW(row->row, !read_text(&kh, SYSTEM, row->system));
		ROW(row->row, known_hosts_judge(&kh, host_keys_key(&k, ED_A),
				      &answer, &err) == 0);
		ROW(row->row, answer.verdict == row->verdict);
		ROW(row->row, !answer.entry == !row->file);
		if (answer.entry) {
			ROW(row->row, !strcmp(answer.entry->file, row->file));
			ROW(row->row, answer.entry->line == row->line);
		}
		known_hosts_release(&kh);
	}
}

/* Every kind of key, and the names that a line may give RSA. */
static void test_types(void **state)
{
	static const char *const lines[] = { ED_A, EC_256, EC_384, EC_521,
		RSA_A, DSS, SK_ED, SK_EC, FUTURE };
	struct known_hosts_answer answer;
	struct host_keys_key k;
	struct known_hosts kh;
	char text[2000];

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		init(&kh, "h", NULL, 22);
		snprintf(text, sizeof(text), "h %s", lines[i]);
		assert_int_equal(read_text(&kh, USER, text), 0);
		assert_int_equal(
			known_hosts_judge(&kh, host_keys_key(&k, lines[i]),
				&answer, NULL),
			0);
		ROW(lines[i], answer.verdict == KNOWN);
		known_hosts_release(&kh);
	}
	init(&kh, "h", NULL, 22);
	snprintf(text, sizeof(text), "h rsa-sha2-512 %s\nh rsa-sha2-256 %s",
		strchr(RSA_A, ' '), strchr(RSA_B, ' '));
	assert_int_equal(read_text(&kh, USER, text), 0);
	assert_int_equal(kh.count, 2);
	assert_true(slice_is(kh.entries[1].key.type, "ssh-rsa"));
	known_hosts_release(&kh);
}

static void test_entry(void **state)
{
	struct known_hosts kh;

	(void)state;
	init(&kh, "H", NULL, 2222);
	assert_string_equal(kh.name.ptr, "[h]:2222");
	assert_int_equal(read_text(&kh, USER,
				 "h " ED_A "\n[h]:* " ED_B
				 "\n@cert-authority *,!a " RSA_A "\n"),
		0);
	assert_int_equal(kh.count, 3);
	assert_true(kh.entries[0].portless);
	assert_false(kh.entries[0].pattern);
	assert_false(kh.entries[1].portless);
	assert_true(kh.entries[1].pattern);
	assert_int_equal(kh.entries[2].marker, KNOWN_HOSTS_MARKER_AUTHORITY);
	assert_true(slice_is(kh.entries[2].key.type, "ssh-rsa"));
	known_hosts_release(&kh);
	assert_int_equal(kh.count, 0);
	known_hosts_release(&kh);
}

static const struct {
	const char *text;
	int port;
	size_t line; /* 0: there is none */
} authorities[] = {
	{ "h " ED_A "\n@revoked h " ED_B "\n", 22, 0 },
	{ "@cert-authority a " ED_A "\n", 22, 0 },
	{ "@cert-authority h ssh-ed25519 AAAA\n", 22, 0 },
	{ "h " ED_A "\n@cert-authority * " ED_B "\n", 22, 2 },
	{ "h " ED_A "\n@cert-authority\t* " ED_B " me\n", 22, 2 },
	{ "@cert-authority [h]:2222 " ED_B "\n", 22, 0 },
	{ "@cert-authority [h]:2222 " ED_B "\n", 2222, 1 },
	{ "@cert-authority h " ED_B "\n", 2222, 1 },
};

static void test_authority(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(authorities); i++) {
		const struct known_hosts_entry *e;
		struct known_hosts kh;

		init(&kh, "h", NULL, authorities[i].port);
		read_text(&kh, USER, authorities[i].text);
		e = known_hosts_authority(&kh);
		ROW(authorities[i].text,
			(e ? e->line : 0) == authorities[i].line);
		known_hosts_release(&kh);
	}
}

/* Which lines known_hosts_next walks, one digit a line. */
static const struct {
	const char *text;
	int port;
	const char *lines;
} walks[] = {
	{ "", 22, "" },
	{ "h " ED_A "\nh " RSA_A "\n", 22, "12" },
	{ "@revoked h " ED_A "\n@cert-authority h " RSA_A "\n", 22, "" },
	{ "h " ED_A "\nh " RSA_A "\n@revoked * " ED_A "\n", 22, "2" },
	{ "h " ED_A "\n[h]:2222 " RSA_A "\n", 2222, "2" },
	{ "h " ED_A "\n", 2222, "1" },
	{ "h " ED_A "\n@revoked [h]:2222 " RSA_A "\n", 2222, "1" },
	{ "h " ED_A "\n[h]:2222 " RSA_A "\n@revoked h " RSA_A "\n", 2222, "" },
};

static void test_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(walks); i++) {
		const struct known_hosts_entry *e;
		char lines[8] = "";
		struct known_hosts kh;
		size_t pos = 0, n = 0;

		init(&kh, "h", NULL, walks[i].port);
		read_text(&kh, USER, walks[i].text);
		while ((e = known_hosts_next(&kh, &pos)))
			lines[n++] = (char)('0' + e->line);
		ROW(walks[i].text, !strcmp(lines, walks[i].lines));
		known_hosts_release(&kh);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_authority),
		cmocka_unit_test(test_next),
	};

	return unit_run("known_hosts", tests, COUNT(tests), NULL, NULL);
}
