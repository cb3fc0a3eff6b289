/*
 * What is decided before connecting, and of the key that a server then shows.
 * The rules of the files are test_known_hosts.c's.
 */
#include "transport/trust.h"

#include "tests/unit/unit.h"
#include "transport/ssh_key.h"

#include <fcntl.h>
#include <sys/stat.h>

#define KEY_A                                                                  \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEYwosSKJ4+rcCsmv+oSG3IAdaUFW3Ja" \
	"GZ9RDdZTZ3a+"
#define KEY_B                                                                  \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICzwYENwD7HDqkJsDgHFkijsw3CSb3jw" \
	"S7Oz1QBs/Z87"
#define KEY_RSA                                                                \
	"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDeyVZuTVTvZOuYbbRvbYPYFIu9ECkL" \
	"O/sUZSipbVTiBnphiROXCHChSf8kZX2S8HaBlNskW8n6Rw3IWCDvOrxidatFBO1bnF8U" \
	"tEL1LXcmUf+BWFQIC+l3WC6egx/5SNwwoZ+WIxRCNvYullCRhi/7z5IENJzVtCLzOiXp" \
	"IMimWBJyl2ZJUoUj8hFAXSose+LGP+IBDS21dJgQXIUjNqoCKB1uF7EVD9pFDkAYhJoa" \
	"wY+00dBRbaTKfP6a6vhGSlDCvLmf6gU1VA12ZxAR79axNJvZzqkZ3iP6NrX5tdpgJp09" \
	"Tb6JsQhXnfm8nia9W5CY6p5USPB58uWnMA0Wjx8H"

#define YES SSH_SETTINGS_STRICT_YES
#define ASK SSH_SETTINGS_STRICT_ASK
#define NEW SSH_SETTINGS_STRICT_ACCEPT_NEW
#define NO SSH_SETTINGS_STRICT_NO

static char folder[128], user_file[160], global_file[160];

static int setup(void **state)
{
	(void)state;
	unit_mkdir(folder);
	snprintf(user_file, sizeof(user_file), "%s/known_hosts", folder);
	snprintf(
		global_file, sizeof(global_file), "%s/ssh_known_hosts", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unit_rmdir(folder);
	return 0;
}

static void put(const char *path, const char *text)
{
	FILE *f;

	unlink(path);
	if (!text)
		return;
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void settings(
	struct ssh_settings *s, enum ssh_settings_strict strict, bool batch)
{
	memset(s, 0, sizeof(*s));
	s->host = s->hostname = (char *)"git.example";
	s->user = (char *)"git";
	s->port = 22;
	s->stricthostkeychecking = strict;
	s->batchmode = batch;
	s->userknownhostsfile.item[0] = user_file;
	s->userknownhostsfile.count = 1;
	s->globalknownhostsfile.item[0] = (char *)"none";
	s->globalknownhostsfile.item[1] = global_file;
	s->globalknownhostsfile.count = 2;
}

static void test_handover(void **state)
{
	static const struct {
		const char *name, *user, *global;
		enum ssh_settings_strict strict;
		bool batch, rsa_sha2;
		const char *why; /* NULL: it is ours */
	} rows[] = {
		{ "known", "git.example " KEY_A "\n", NULL, ASK, false, false,
			NULL },
		{ "known to the machine", NULL, "git.example " KEY_A "\n", ASK,
			false, false, NULL },
		{ "known, accept-new", "git.example " KEY_A "\n", NULL, NEW,
			false, false, NULL },
		{ "known, no", "git.example " KEY_A "\n", NULL, NO, true, true,
			"StrictHostKeyChecking=no" },
		{ "unknown, yes", NULL, NULL, YES, false, true, NULL },
		{ "unknown, ask", NULL, NULL, ASK, false, true, "can ask" },
		{ "unknown, ask, nobody there", NULL, NULL, ASK, true, true,
			NULL },
		{ "unknown, accept-new", NULL, NULL, NEW, true, true,
			"accept-new" },
		{ "unknown, no", NULL, NULL, NO, true, true,
			"StrictHostKeyChecking=no" },
		{ "only revoked", "@revoked git.example " KEY_A "\n", NULL, ASK,
			false, true, "has revoked keys only" },
		{ "an authority", "git.example " KEY_A "\n",
			"@cert-authority *.example " KEY_B "\n", YES, true,
			true, "ssh_known_hosts:1 has a certificate authority" },
		{ "RSA, and 1.10", "git.example " KEY_RSA "\n", NULL, YES, true,
			false, "RSA" },
		{ "RSA, and 1.11", "git.example " KEY_RSA "\n", NULL, YES, true,
			true, NULL },
		{ "RSA and another", "git.example " KEY_RSA "\n",
			"git.example " KEY_A "\n", YES, true, false, NULL },
		{ "a bad line beside", "git.example\ngit.example " KEY_A "\n",
			NULL, ASK, false, false, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ssh2_can can = { "1.x", rows[i].rsa_sha2 };
		struct ssh_settings s;
		struct trust t;
		struct buf why;
		bool handover;

		put(user_file, rows[i].user);
		put(global_file, rows[i].global);
		settings(&s, rows[i].strict, rows[i].batch);
		buf_init(&why, 4096);
		trust_init(&t);
		ROW(rows[i].name, trust_load(&t, &s, NULL) == 0);
		handover = trust_handover(&t, &can, &why);
		ROW(rows[i].name, handover == (rows[i].why != NULL));
		ROW(rows[i].name, handover == (why.len > 0));
		ROW(rows[i].name, !handover || strstr(why.ptr, rows[i].why));
		trust_release(&t);
		buf_release(&why);
	}
}

static void test_check(void **state)
{
	static const struct {
		const char *name, *user, *global;
		const char *says; /* NULL: known */
	} rows[] = {
		{ "known", "git.example " KEY_A "\n", NULL, NULL },
		{ "known to the machine", "git.example " KEY_B "\n",
			"git.example " KEY_A "\n", NULL },
		{ "unknown", NULL, NULL, "not known" },
		{ "changed", "\ngit.example " KEY_B "\n", NULL,
			"known_hosts:2" },
		{ "another type", "git.example " KEY_RSA "\n", NULL, "RSA" },
		{ "revoked elsewhere", "git.example " KEY_A "\n",
			"@revoked * " KEY_A "\n", "revoked" },
	};
	struct ssh_key key;

	(void)state;
	ssh_key_init(&key);
	assert_int_equal(ssh_key_public(&key, slice_of(KEY_A), NULL), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = ERROR_INIT;
		struct ssh_settings s;
		struct trust t;
		struct buf say;
		int got;

		put(user_file, rows[i].user);
		put(global_file, rows[i].global);
		settings(&s, YES, true);
		buf_init(&say, 16384);
		trust_init(&t);
		ROW(rows[i].name, trust_load(&t, &s, NULL) == 0);
		got = trust_check(&t, buf_slice(&key.blob), &say, &err);
		ROW(rows[i].name, got == (rows[i].says ? -1 : 0));
		ROW(rows[i].name,
			err.kind == (rows[i].says ? ERROR_DENIED : ERROR_NONE));
		ROW(rows[i].name,
			!rows[i].says || strstr(err.text, rows[i].says));
		/* one whole line of advice, or none */
		ROW(rows[i].name, (say.len > 0) == (rows[i].says != NULL));
		ROW(rows[i].name, !say.len || strchr(say.ptr, '\n') ==
						      say.ptr + say.len - 1);
		trust_release(&t);
		buf_release(&say);
	}
	ssh_key_release(&key);
}

/* The key may stand in a line, or a file, that nobody could read. */
static void test_tells_what_is_unread(void **state)
{
	struct ssh_settings s;
	struct ssh_key key;
	struct trust t;
	struct buf say;

	(void)state;
	put(user_file, "\ngit.example ssh-ed25519 AAAA!\n");
	settings(&s, YES, true);
	s.globalknownhostsfile.item[1] = folder;
	ssh_key_init(&key);
	assert_int_equal(ssh_key_public(&key, slice_of(KEY_A), NULL), 0);
	buf_init(&say, 16384);
	trust_init(&t);
	assert_int_equal(trust_load(&t, &s, NULL), 0);
	assert_int_equal(trust_check(&t, buf_slice(&key.blob), &say, NULL), -1);
	assert_non_null(strstr(say.ptr, "known_hosts:2 is passed over: "));
	assert_non_null(strstr(say.ptr, folder));
	assert_non_null(strstr(say.ptr, " cannot be read: "));
	ssh_key_release(&key);
	trust_release(&t);
	buf_release(&say);
}

/* Nothing there, nothing readable, nothing that ends: no host is known. */
static void test_no_files(void **state)
{
	struct ssh_settings s;
	struct trust t;

	(void)state;
	put(user_file, NULL);
	assert_int_equal(mkfifo(user_file, 0600), 0);
	settings(&s, YES, true);
	/* nor is "none" a file */
	assert_int_equal(chdir(folder), 0);
	put("none", "git.example " KEY_A "\n");
	s.globalknownhostsfile.item[1] = folder;
	trust_init(&t);
	assert_int_equal(trust_load(&t, &s, NULL), 0);
	assert_int_equal(t.known.count, 0);
	trust_release(&t);
	assert_int_equal(chdir("/"), 0);
}

static void test_not_a_key(void **state)
{
	struct error err = ERROR_INIT;
	struct ssh_settings s;
	struct trust t;
	struct buf say;

	(void)state;
	settings(&s, YES, true);
	put(user_file, NULL);
	buf_init(&say, 100);
	trust_init(&t);
	assert_int_equal(trust_load(&t, &s, NULL), 0);
	assert_int_equal(trust_check(&t, SLICE_NONE, &say, &err), -1);
	assert_int_equal(trust_check(&t, slice_of("no key"), &say, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	trust_release(&t);
	buf_release(&say);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_handover),
		TEST(test_check),
		TEST(test_tells_what_is_unread),
		TEST(test_no_files),
		TEST(test_not_a_key),
	};

	return unit_run("trust", tests, COUNT(tests), NULL, NULL);
}
