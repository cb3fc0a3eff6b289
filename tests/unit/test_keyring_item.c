/* keyring_item: which item answers for which target, and what is written. */
#include "helper/source/keyring_item.h"

#include "tests/unit/unit.h"

#define NET "org.gnome.keyring.NetworkPassword"
#define GIT "org.git.Password"
#define GCM "com.microsoft.GitCredentialManager"

/* An item as a row of a table; NULL: it has not that attribute. */
struct row {
	const char *schema, *protocol, *server, *port, *object, *user;
};

static struct keyring_item item_of(const struct row *r)
{
	struct keyring_item item = { .modified = 0 };
	const char *values[] = { r->schema, r->protocol, r->server, r->port,
		r->object, r->user };

	for (size_t i = 0; i < COUNT(values); i++)
		item.attribute[i] = slice_of(values[i]);
	return item;
}

static struct keyring_item gcm_of(const char *service, const char *account)
{
	struct keyring_item item = { .modified = 0 };

	item.attribute[KEYRING_ITEM_SCHEMA] = slice_of(GCM);
	item.attribute[KEYRING_ITEM_SERVICE] = slice_of(service);
	item.attribute[KEYRING_ITEM_ACCOUNT] = slice_of(account);
	return item;
}

/* What git asks for: "https h[:port] [path [user]]", "-" for none. */
static void ask(struct target *t, char *words)
{
	struct slice part[4] = { SLICE_NONE };
	char *rest = words;

	for (size_t i = 0; i < 4 && rest; i++) {
		char *word = strsep(&rest, " ");

		part[i] = slice_is(slice_of(word), "-") ? SLICE_NONE
							: slice_of(word);
	}
	assert_int_equal(target_from_credential(
				 t, part[0], part[1], part[2], part[3], NULL),
		0);
}

static const struct {
	struct row item;
	const char *asked;
	bool answers;
} answers[] = {
	/* the host, as git-credential-libsecret has it in two attributes */
	{ { NET, "https", "h" }, "https h", true },
	{ { GIT, "https", "h" }, "https h", true },
	{ { "other", "https", "h" }, "https h", true },
	{ { NULL, "https", "h" }, "https h", true },
	{ { NET, "https", "H" }, "HTTPS h", true },
	{ { NET, "http", "h" }, "https h", false },
	{ { NET, "http", "h", "443" }, "https h", false },
	{ { NET, "smtp", "h" }, "imap h", false },
	{ { NET, NULL, "h" }, "https h", false },
	{ { NET, NULL, "h", "443" }, "https h", false },
	{ { NET, "https", NULL }, "https h", false },
	{ { NET, "https", "h.evil" }, "https h", false },
	{ { NET, "https", "" }, "https h", false },
	{ { NET, "https", "h:8443" }, "https h:8443", false },
	/* gap 1: the port is ignored where the question has none */
	{ { NET, "https", "h", "8443" }, "https h", false },
	{ { NET, "https", "h" }, "https h:8443", false },
	{ { NET, "https", "h", "8443" }, "https h:8443", true },
	{ { NET, "https", "h", "443" }, "https h", true },
	{ { NET, "https", "h" }, "https h:443", true },
	{ { NET, "http", "h", "80" }, "http h", true },
	{ { NET, "http", "h", "443" }, "http h", false },
	{ { NET, "smtp", "h", "25" }, "smtp h", false },
	{ { NET, "smtp", "h" }, "smtp h", true },
	/* and its 65979 became 443 */
	{ { NET, "https", "h", "65979" }, "https h", false },
	{ { NET, "https", "h", "4294967739" }, "https h", false },
	{ { NET, "https", "h", "0443" }, "https h", false },
	{ { NET, "https", "h", "0" }, "https h", false },
	{ { NET, "https", "h", "" }, "https h", false },
	{ { NET, "https", "h", "443x" }, "https h", false },
	{ { NET, "https", "h", "-1" }, "https h", false },
	/* gap 2: what is left of an IPv6 address cut at its last ':' */
	{ { NET, "https", "[fd00:" }, "https [fd00::ab]", false },
	{ { NET, "https", "[fd00:", "12" }, "https [fd00::12]", false },
	{ { NET, "https", "[:", "1" }, "https [::1]", false },
	{ { NET, "https", "[fd00::ab]" }, "https [fd00::ab]", true },
	{ { NET, "https", "[fd00::AB]" }, "https [fd00::ab]", true },
	{ { NET, "https", "[fd00::ab]" }, "https [fd00::cd]", false },
	{ { NET, "https", "[fd00::ab]", "8443" }, "https [fd00::ab]:8443",
		true },
	{ { NET, "https", "[fd00::ab]", "8443" }, "https [fd00::ab]", false },
	/* paths */
	{ { NET, "https", "h", NULL, "a/x.git" }, "https h a/x.git", true },
	{ { NET, "https", "h", NULL, "a/x.git" }, "https h a/y.git", false },
	{ { NET, "https", "h", NULL, "a/x.git" }, "https h a/x", false },
	{ { NET, "https", "h", NULL, "a" }, "https h a/x.git", true },
	{ { NET, "https", "h", NULL, "a" }, "https h ab/x.git", false },
	{ { NET, "https", "h", NULL, "a" }, "https h a/../b", false },
	{ { NET, "https", "h", NULL, "a/x.git" }, "https h a", false },
	{ { NET, "https", "h" }, "https h a/x.git", true },
	{ { NET, "https", "h", NULL, "" }, "https h a/x.git", true },
	{ { NET, "https", "h", NULL, "a/x.git" }, "https h", true },
	/* users */
	{ { NET, "https", "h", NULL, NULL, "ann" }, "https h", true },
	{ { NET, "https", "h", NULL, NULL, "ann" }, "https h - ann", true },
	{ { NET, "https", "h", NULL, NULL, "ann" }, "https h - Ann", false },
	{ { NET, "https", "h", NULL, NULL, "ann" }, "https h - bob", false },
	{ { NET, "https", "h" }, "https h - ann", false },
	{ { NET, "https", "h", NULL, NULL, "" }, "https h - ", true },
	{ { NET, "https", "h", NULL, NULL, "ann" }, "https h - ", false },
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct keyring_item item = item_of(&answers[i].item);
		char name[64], words[64];
		struct target t;

		snprintf(words, sizeof(words), "%s", answers[i].asked);
		snprintf(name, sizeof(name), "%zu: %s", i, answers[i].asked);
		ask(&t, words);
		ROW(name,
			keyring_item_answers(&item, &t) == answers[i].answers);
		/* and without a password no more than that is erased */
		ROW(name, !keyring_item_erased(&item, &t, false) ||
				  answers[i].answers);
	}
}

static const struct {
	const char *service, *account, *asked;
	bool answers;
} gcm[] = {
	{ "git:https://h", "ann", "https h", true },
	{ "git:https://h", "ann", "https H", true },
	{ "git:https://h", "ann", "https h:443", true },
	{ "git:https://h", "ann", "https h:8443", false },
	{ "git:https://h:8443", "ann", "https h:8443", true },
	{ "git:https://h:8443", "ann", "https h", false },
	{ "git:https://h", NULL, "https h", true },
	{ "git:https://h", "ann", "https h - ann", true },
	{ "git:https://h", "ann", "https h - bob", false },
	{ "git:https://h", NULL, "https h - bob", false },
	{ "git:https://h.evil", "ann", "https h", false },
	{ "git:https://h/a/x.git", "ann", "https h a/x.git", true },
	{ "git:https://h", "ann", "https h a/x.git", true },
	{ "git:https://h/a/x.git", "ann", "https h", false },
	{ "git:https://h/a", "ann", "https h ab", false },
	{ "git:https://[fd00::ab]", "ann", "https [fd00::ab]", true },
	{ "git", "ann", "https h", false },
	{ NULL, "ann", "https h", false },
};

static void test_gcm(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(gcm); i++) {
		struct keyring_item item =
			gcm_of(gcm[i].service, gcm[i].account);
		char words[64];
		struct target t;

		snprintf(words, sizeof(words), "%s", gcm[i].asked);
		ask(&t, words);
		ROW(gcm[i].asked,
			keyring_item_answers(&item, &t) == gcm[i].answers);
		/* it is only ever read */
		ROW(gcm[i].asked, !keyring_item_erased(&item, &t, true));
		ROW(gcm[i].asked, !keyring_item_erased(&item, &t, false));
		ROW(gcm[i].asked, !keyring_item_same(&item, &t));
	}
}

/* gap 5, and what comes first among those that answer. */
static void test_before(void **state)
{
	char words[] = "https h a/x.git", none[] = "https h";
	struct keyring_item host = item_of(&(struct row){ NET, "https", "h" });
	struct keyring_item path =
		item_of(&(struct row){ GIT, "https", "h", NULL, "a/x.git" });
	struct keyring_item team =
		item_of(&(struct row){ GIT, "https", "h", NULL, "a" });
	struct keyring_item newer = host, later = host, foreign = path,
			    manager = gcm_of("git:https://h/a/x.git", "u");
	struct target t, bare;

	(void)state;
	ask(&t, words);
	ask(&bare, none);
	newer.modified = 2;
	host.modified = later.modified = 1;
	later.attribute[KEYRING_ITEM_SCHEMA] = slice_of(GIT);
	foreign.attribute[KEYRING_ITEM_SCHEMA] = slice_of("x");
	foreign.modified = manager.modified = 9;
	assert_true(keyring_item_before(&path, &team, &t));
	assert_true(keyring_item_before(&team, &host, &t));
	assert_false(keyring_item_before(&host, &path, &t));
	assert_true(keyring_item_before(&newer, &host, &t));
	assert_false(keyring_item_before(&host, &newer, &t));
	assert_true(keyring_item_before(&host, &foreign, &t));
	assert_true(keyring_item_before(&foreign, &manager, &t));
	assert_false(keyring_item_before(&manager, &host, &t));
	/* of one second git's later schema */
	assert_true(keyring_item_before(&later, &host, &t));
	assert_false(keyring_item_before(&host, &later, &t));
	assert_true(keyring_item_before(&newer, &later, &t));
	assert_false(keyring_item_before(&later, &later, &t));
	/* without a path, what is for the whole host */
	path.modified = 5;
	assert_true(keyring_item_before(&host, &path, &bare));
}

static const struct {
	struct row item;
	const char *asked;
	bool with, without; /* erased, with a password and without */
	bool same;
} erased[] = {
	{ { NET, "https", "h", NULL, NULL, "ann" }, "https h", true, true,
		false },
	{ { NET, "https", "h", NULL, NULL, "ann" }, "https h - ann", true, true,
		true },
	{ { GIT, "https", "h", "443", NULL, "ann" }, "https h - ann", true,
		true, true },
	{ { NET, "https", "h", NULL, "a/x", "ann" }, "https h - ann", true,
		true, false },
	{ { NET, "https", "h", NULL, "a/x", "ann" }, "https h a/x ann", true,
		true, true },
	/* what answered for the path is what was refused */
	{ { NET, "https", "h", NULL, NULL, "ann" }, "https h a/x ann", true,
		false, false },
	{ { NET, "https", "h", NULL, "a", "ann" }, "https h a/x ann", true,
		false, false },
	/* gap 5: another program's, with git's attributes */
	{ { "x", "https", "h", NULL, NULL, "ann" }, "https h - ann", true,
		false, false },
	{ { NULL, "https", "h", NULL, NULL, "ann" }, "https h - ann", true,
		false, false },
	{ { NET, "https", "h", "8443", NULL, "ann" }, "https h - ann", false,
		false, false },
	{ { NET, "https", "h", NULL, NULL, "bob" }, "https h - ann", false,
		false, false },
	{ { NET, "https", "h", NULL, NULL, NULL }, "https h - ann", false,
		false, false },
};

static void test_erased(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(erased); i++) {
		struct keyring_item item = item_of(&erased[i].item);
		char name[64], words[64];
		struct target t;

		snprintf(words, sizeof(words), "%s", erased[i].asked);
		snprintf(name, sizeof(name), "%zu: %s", i, erased[i].asked);
		ask(&t, words);
		ROW(name,
			keyring_item_erased(&item, &t, true) == erased[i].with);
		ROW(name, keyring_item_erased(&item, &t, false) ==
				  erased[i].without);
		ROW(name, keyring_item_same(&item, &t) == erased[i].same);
	}
}

static const struct {
	const char *asked, *server, *port, *object, *user, *label, *service;
} written[] = {
	{ "https h", "h", NULL, NULL, NULL, "Git: https://h/",
		"git:https://h" },
	{ "https h - ann", "h", NULL, NULL, "ann", "Git: https://h/",
		"git:https://h" },
	{ "https h:443 a/x.git ann", "h", "443", "a/x.git", "ann",
		"Git: https://h:443/a/x.git", "git:https://h/a/x.git" },
	{ "https H:65535", "H", "65535", NULL, NULL, "Git: https://H:65535/",
		"git:https://h:65535" },
	{ "https [fd00::AB]", "[fd00::AB]", NULL, NULL, NULL,
		"Git: https://[fd00::AB]/", "git:https://[fd00::ab]" },
	{ "https [fd00::ab]:8443", "[fd00::ab]", "8443", NULL, NULL,
		"Git: https://[fd00::ab]:8443/",
		"git:https://[fd00::ab]:8443" },
};

static void row_is(const char *name, struct slice got, const char *want)
{
	ROW(name, slice_eq(got, slice_of(want)));
}

/* What is written is git's, is found again, and answers for nobody else. */
static void test_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(written); i++) {
		const char *name = written[i].asked;
		struct keyring_item item;
		struct target t, again;
		struct buf text;
		char words[64], number[8];

		snprintf(words, sizeof(words), "%s", name);
		ask(&t, words);
		keyring_item_of(&item, &t, number);
		row_is(name, item.attribute[KEYRING_ITEM_SCHEMA], NET);
		row_is(name, item.attribute[KEYRING_ITEM_PROTOCOL], "https");
		row_is(name, item.attribute[KEYRING_ITEM_SERVER],
			written[i].server);
		row_is(name, item.attribute[KEYRING_ITEM_PORT],
			written[i].port);
		row_is(name, item.attribute[KEYRING_ITEM_OBJECT],
			written[i].object);
		row_is(name, item.attribute[KEYRING_ITEM_USER],
			written[i].user);
		ROW(name, keyring_item_same(&item, &t));
		ROW(name, keyring_item_answers(&item, &t));
		again = t;
		again.port = 8444;
		ROW(name, !keyring_item_answers(&item, &again));
		buf_init(&text, 256);
		keyring_item_label(&t, &text);
		row_is(name, buf_slice(&text), written[i].label);
		buf_reset(&text);
		keyring_item_service(&t, "git", true, &text);
		row_is(name, buf_slice(&text), written[i].service);
		buf_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_gcm),
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_erased),
		cmocka_unit_test(test_written),
	};

	return unit_run("keyring_item", tests, COUNT(tests), NULL, NULL);
}
