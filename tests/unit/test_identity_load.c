/* identity_load: real files and a real agent, and what comes of them. */
#include "transport/identity.h"
#include "transport/ssh_wire.h"

#include "tests/unit/keys.h"

#include "helper/base/deadline.h"

#include <nettle/base64.h>
#include <strings.h>

#define ED "ssh-ed25519"
#define SK "sk-ssh-ed25519@openssh.com"

static const struct ssh2_can new = { "1.11.1", true };

/* --- real files and a real agent -------------------------------------------
 */

struct load_row {
	const char *files; /* IdentityFile, in the test's folder */
	const char *wanted; /* NAME:af:uso, for where it is and its verdict */
	bool over, asked, only, by_default;
};

/* The agent has, in this order: alone, pub, locked2, ed, pem. */
static const struct load_row load_rows[] = {
	{ "", "test alone:a:u test pub:a:u test locked2:a:u test ed:a:u "
	      "pem:a:u" },
	{ "", "", .only = true },
	{ "", "", .only = true, .asked = true, .over = true },
	{ "rsa ed", "ed:a:u rsa:f:u", .only = true },
	{ "rsa ed", "alone:a:u", .only = false },
	{ "rsa rsa e384", "rsa:f:u e384:f:u", .only = true },
	/* named by its public half, with and without the suffix */
	{ "pub.pub", "pub.pub:a:u", .only = true },
	{ "pub", "pub:a:u", .only = true },
	{ "e384.pub", "e384.pub:f:s", .only = true },
	{ "half", "half:f:s", .only = true },
	/* a PEM tells its public half only by the .pub beside it */
	{ "pem", "pem:a:u", .only = true },
	{ "pem2", "pem2:f:u", .only = true },
	{ "pkcs8", "pkcs8:f:u", .only = true },
	/* encrypted */
	{ "locked2", "locked2:a:u", .only = true },
	{ "locked", "locked:f:s", .only = true },
	{ "locked", "locked:f:o", .only = true, .asked = true, .over = true },
	{ "pem3", "pem3:f:s", .only = true },
	/* what ssh(1) would not use either */
	{ "exposed", "exposed:f:s", .only = true },
	{ "junk", "junk:f:s", .only = true },
	{ "other", "other:f:s", .only = true },
	{ "missing rsa", "missing:f:s rsa:f:u", .only = true },
	{ "missing rsa", "rsa:f:u", .only = true, .by_default = true },
	{ "missing", "", .only = true, .by_default = true },
	{ "exposed", "exposed:f:s", .only = true, .by_default = true },
	{ "none NONE rsa", "rsa:f:u", .only = true },
	/* what only ssh(1) can offer */
	{ "sk", "sk:f:o", .only = true, .over = true },
	{ "rsa sk", "rsa:f:u sk:f:o", .only = true, .over = true },
	{ "cert", "cert:f:o", .only = true, .over = true },
	{ "cert-cert.pub", "cert-cert.pub:f:o", .only = true, .over = true },
	{ "gone", "gone:f:o", .only = true, .by_default = true, .over = true },
};

/* A hardware key's file, as far as it can be had without hardware. */
static void make_sk(const char *dir)
{
	static const char magic[] = "openssh-key-v1";
	struct buf pub, all, text;
	char base64[1024];

	buf_init(&pub, 200);
	buf_init(&all, 500);
	buf_init(&text, 1000);
	ssh_wire_put_string(&pub, slice_of(SK), NULL);
	buf_add(&all, magic, sizeof(magic), NULL);
	ssh_wire_put_string(&all, slice_of("none"), NULL);
	ssh_wire_put_string(&all, slice_of("none"), NULL);
	ssh_wire_put_string(&all, slice_of(""), NULL);
	ssh_wire_put_u32(&all, 1, NULL);
	ssh_wire_put_string(&all, buf_slice(&pub), NULL);
	ssh_wire_put_string(&all, slice_of("none"), NULL);
	base64_encode_raw(base64, all.len, (const uint8_t *)all.ptr);
	base64[BASE64_ENCODE_RAW_LENGTH(all.len)] = '\0';
	buf_addf(&text, NULL,
		"-----BEGIN OPENSSH PRIVATE KEY-----\n%s\n"
		"-----END OPENSSH PRIVATE KEY-----\n",
		base64);
	keys_write(dir, "sk", text.ptr, 0600);
	buf_release(&pub);
	buf_release(&all);
	buf_release(&text);
}

static pid_t make_all(const char *dir)
{
	pid_t pid = keys_agent(dir);

	keys_make(dir, "ed", "-t ed25519");
	keys_make(dir, "alone", "-t ed25519");
	keys_make(dir, "pub", "-t ecdsa -b 521");
	keys_make(dir, "e384", "-t ecdsa -b 384");
	keys_make(dir, "rsa", "-t rsa -b 3072");
	keys_make(dir, "pem", "-t rsa -b 3072 -m PEM");
	keys_make(dir, "pkcs8", "-t ecdsa -m PKCS8");
	keys_make(dir, "pem3", "-t ecdsa -m PEM -N secret");
	keys_make(dir, "locked", "-t ed25519 -N secret");
	keys_make(dir, "locked2", "-t ed25519");
	keys_make(dir, "exposed", "-t ed25519");
	keys_make(dir, "other", "-t ed25519");
	keys_make(dir, "cert", "-t ed25519");
	keys_write(dir, "junk", "junk\n", 0600);
	make_sk(dir);
	keys_run(dir,
		"SSH_AUTH_SOCK=$PWD/agent ssh-add alone pub locked2 ed pem && "
		"ssh-keygen -p -P '' -N secret -f locked2 && "
		"rm alone alone.pub pub && cp pem pem2 && rm pkcs8.pub && "
		"chmod 644 exposed && cp rsa.pub other.pub && "
		"ssh-keygen -s rsa -I test -n me cert.pub && "
		"cp cert-cert.pub gone-cert.pub && "
		"cp e384.pub half && chmod 600 half && cp ed.pub half.pub");
	return pid;
}

static void say(const struct identity *id, struct buf *out)
{
	static const char verdicts[] = { '?', 'u', 's', 'o' };
	const char *name =
		id->path ? strrchr(id->path, '/') + 1 : id->key.comment.ptr;

	buf_addf(out, NULL, "%s%s:%c:%c", out->len ? " " : "", name,
		id->in_agent ? 'a' : 'f', verdicts[id->verdict]);
}

static void check_loaded(
	const struct load_row *row, const struct identity_list *list)
{
	struct buf said;

	buf_init(&said, 1000);
	for (size_t i = 0; i < list->count; i++) {
		const struct identity *id = &list->item[i];

		say(id, &said);
		/* libssh2 reads it as a string: whole, and only where needed */
		ROW(said.ptr, (id->text.len > 0) ==
				      (!id->in_agent &&
					      id->fault.kind == ERROR_NONE));
		ROW(said.ptr, strlen(id->text.ptr) == id->text.len);
		ROW(said.ptr,
			(id->why.kind != ERROR_NONE) == (*id->why.text != 0));
	}
	if (row->only ? strcmp(said.ptr, row->wanted) != 0
		      : !strstr(said.ptr, row->wanted))
		fail_msg("row '%s': '%s', not '%s'", row->files, said.ptr,
			row->wanted);
	buf_release(&said);
}

static void check_load(const char *dir, const struct load_row *row)
{
	struct ssh_settings s = { .identitiesonly = row->only,
		.identityfile_given = !row->by_default };
	char files[200], paths[10][300], socket[200];
	struct identity_list list;
	struct ssh_agent agent;
	struct buf why;

	snprintf(files, sizeof(files), "%s", row->files);
	for (char *w = strtok(files, " "); w; w = strtok(NULL, " ")) {
		size_t i = s.identityfile.count++;

		snprintf(paths[i], sizeof(paths[i]), "%s%s%s",
			strcasecmp(w, "none") ? dir : "",
			strcasecmp(w, "none") ? "/" : "", w);
		s.identityfile.item[i] = paths[i];
	}
	snprintf(socket, sizeof(socket), "%s/agent", dir);
	assert_true(ssh_agent_open(&agent, socket, deadline_in(5000)));
	identity_init(&list);
	buf_init(&why, 1000);
	assert_int_equal(
		identity_load(&list, &s, &agent, deadline_in(5000), NULL), 0);
	ROW(row->files,
		identity_judge(&list, &new, !row->asked, &why) == row->over);
	check_loaded(row, &list);
	buf_release(&why);
	identity_release(&list);
	ssh_agent_close(&agent);
}

/* No agent, a silent one, and one that goes: the files are still there. */
static void check_without(const char *dir)
{
	char path[300];
	struct ssh_settings s = { .identityfile_given = true,
		.identityfile = { .item = { path }, .count = 1 } };
	struct identity_list list;
	struct ssh_agent agent;

	snprintf(path, sizeof(path), "%s/ed", dir);
	assert_false(ssh_agent_open(&agent, NULL, deadline_in(100)));
	identity_init(&list);
	assert_int_equal(
		identity_load(&list, &s, &agent, deadline_in(100), NULL), 0);
	assert_int_equal(list.count, 1);
	assert_false(list.item[0].in_agent);
	assert_string_equal(list.agent_why.text, agent.why.text);
	identity_release(&list);
	ssh_agent_close(&agent);
}

/* The command that mends it is whole; ssh-keygen takes the key again then. */
static void check_exposed(const char *dir)
{
	char path[300], wanted[500];
	struct ssh_settings s = { .identityfile_given = true,
		.identityfile = { .item = { path }, .count = 1 } };
	struct ssh_agent agent;
	struct identity_list list;

	snprintf(path, sizeof(path), "%s/exposed", dir);
	snprintf(wanted, sizeof(wanted),
		"others can use it (mode 0644), so ssh does not; type: chmod "
		"600 %s",
		path);
	assert_false(ssh_agent_open(&agent, NULL, 0));
	identity_init(&list);
	assert_int_equal(identity_load(&list, &s, &agent, 0, NULL), 0);
	assert_string_equal(list.item[0].fault.text, wanted);
	assert_string_equal(list.item[0].key.type, ED);
	identity_release(&list);
	ssh_agent_close(&agent);
}

static void test_load(void **state)
{
	char dir[128];
	pid_t pid;

	(void)state;
	unit_mkdir(dir);
	pid = make_all(dir);
	for (size_t i = 0; i < COUNT(load_rows); i++)
		check_load(dir, &load_rows[i]);
	check_without(dir);
	check_exposed(dir);
	keys_end(pid);
	unit_rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load),
	};

	return unit_run(
		"identity_load", tests, COUNT(tests), NULL, keys_missing());
}
