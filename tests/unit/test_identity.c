#include "transport/identity.h"
#include "transport/ssh_wire.h"

#include "tests/unit/unit.h"

static const struct ssh2_can old = { "1.10.0", false };
static const struct ssh2_can new = { "1.11.1", true };

/* A key with this type and number, which no one has. */
static void make_blob(struct buf *out, const char *type, uint32_t number)
{
	ssh_wire_put_string(out, slice_of(type), NULL);
	ssh_wire_put_u32(out, number, NULL);
}

/* --- the order -------------------------------------------------------------
 */

#define KEYS 6

/* Digits are keys: of files, then of the agent, then in what order. */
static const struct order {
	const char *files, *agent;
	bool only;
	const char *wanted; /* a capital F behind it: signed by the file */
} orders[] = {
	{ "", "", false, "" },
	{ "12", "", false, "1F2F" },
	{ "", "12", false, "12" },
	{ "", "12", true, "" },
	{ "12", "2", false, "21F" },
	{ "12", "2", true, "21F" },
	{ "12", "345", false, "3451F2F" },
	{ "12", "345", true, "1F2F" },
	{ "123", "4325", false, "32451F" },
	{ "123", "4325", true, "321F" },
	{ "0102", "1", false, "10F0F2F" }, /* 0: the file does not tell */
	{ "00", "1", true, "0F0F" },
	{ "11", "1", false, "11F" }, /* as OpenSSH: the first file's */
	{ "1", "11", false, "11" },
};

static void add_file(struct identity_list *list, char digit)
{
	struct identity *id = identity_add(list, NULL);

	assert_non_null(id);
	id->path = strdup("/file");
	wipebuf_adds(&id->text, "text", NULL);
	if (digit != '0')
		make_blob(&id->key.blob, "ssh-ed25519", (uint32_t)digit);
}

static void check_order(const struct order *o)
{
	struct ssh_agent_msg_key key[KEYS];
	struct ssh_agent_msg_keys keys = { key, strlen(o->agent) };
	struct buf blobs[KEYS], got;
	struct identity_list list;

	identity_init(&list);
	buf_init(&got, 100);
	for (size_t i = 0; o->files[i]; i++)
		add_file(&list, o->files[i]);
	for (size_t i = 0; i < keys.count; i++) {
		buf_init(&blobs[i], 100);
		make_blob(&blobs[i], "ssh-ed25519", (uint32_t)o->agent[i]);
		key[i].blob = buf_slice(&blobs[i]);
		key[i].comment = slice_of("comment");
	}
	assert_int_equal(identity_merge(&list, &keys, o->only, NULL), 0);
	for (size_t i = 0; i < list.count; i++) {
		struct identity *id = &list.item[i];
		size_t n = id->key.blob.len;

		buf_add(&got, n ? id->key.blob.ptr + n - 1 : "0", 1, NULL);
		if (!id->in_agent)
			buf_adds(&got, "F", NULL);
		/* what the agent signs needs no private key here */
		assert_int_equal(id->text.len, id->in_agent ? 0 : 4);
	}
	if (strcmp(got.ptr, o->wanted) != 0)
		fail_msg("files %s, agent %s: %s, not %s", o->files, o->agent,
			got.ptr, o->wanted);
	for (size_t i = 0; i < keys.count; i++)
		buf_release(&blobs[i]);
	buf_release(&got);
	identity_release(&list);
}

static void test_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++)
		check_order(&orders[i]);
}

/* --- the judgement ---------------------------------------------------------
 */

#define ED "ssh-ed25519"
#define SK "sk-ssh-ed25519@openssh.com"

struct judged {
	const char *type;
	bool agent, encrypted, certificate, fault;
	/* of libssh2 1.10 and 1.11, and of 1.11 in batch */
	enum identity_verdict verdict[3];
	const char *why; /* of the first that is not usable */
};

#define U IDENTITY_USABLE
#define X IDENTITY_SKIPPED
#define O IDENTITY_OPENSSH

static const struct judged judged[] = {
	{ ED, false, false, false, false, { U, U, U }, NULL },
	{ ED, true, false, false, false, { U, U, U }, NULL },
	{ "ecdsa-sha2-nistp256", false, false, false, false, { U, U, U },
		NULL },
	{ "ecdsa-sha2-nistp384", true, false, false, false, { U, U, U }, NULL },
	{ "ecdsa-sha2-nistp521", false, false, false, false, { U, U, U },
		NULL },
	{ "ssh-rsa", false, false, false, false, { O, U, U },
		"/k: RSA with SHA-2 needs libssh2 1.11, this is 1.10.0" },
	{ "ssh-rsa", true, false, false, false, { O, U, U },
		"/k: RSA with SHA-2 needs libssh2 1.11, this is 1.10.0" },
	{ SK, false, false, false, false, { O, O, O },
		"/k: " SK ", a hardware key, which libssh2 cannot use" },
	{ SK, true, false, false, false, { O, O, O },
		"/k: " SK ", a hardware key, which libssh2 cannot use" },
	{ "ssh-dss", false, false, false, false, { O, O, O },
		"/k: ssh-dss, a type that we do not offer" },
	{ "ssh-dss", true, false, false, false, { O, O, O },
		"/k: ssh-dss, a type that we do not offer" },
	{ "ssh-mldsa", true, false, false, false, { O, O, O },
		"/k: ssh-mldsa, a type that libssh2 does not know" },
	{ "ssh-ed25519-cert-v01@openssh.com", true, false, false, false,
		{ O, O, O },
		"/k: ssh-ed25519-cert-v01@openssh.com, a certificate, which we "
		"leave to OpenSSH" },
	/* a certificate as IdentityFile: its key may be in another file */
	{ "sk-ssh-ed25519-cert-v01@openssh.com", false, false, false, true,
		{ O, O, O },
		"/k: sk-ssh-ed25519-cert-v01@openssh.com, a certificate, which "
		"we leave to OpenSSH" },
	{ ED, false, false, true, false, { O, O, O },
		"/k: it has a certificate beside it, which we leave to "
		"OpenSSH" },
	{ ED, false, false, true, true, { O, O, O },
		"/k: it has a certificate beside it, which we leave to "
		"OpenSSH" },
	{ ED, false, true, false, false, { O, O, X },
		"/k: ssh-ed25519, aes256-ctr, needs a passphrase" },
	{ ED, true, true, false, false, { U, U, U }, NULL },
	{ SK, false, true, false, false, { O, O, X },
		"/k: " SK ", aes256-ctr, needs a passphrase" },
	{ "", false, true, false, false, { O, O, X },
		"/k: a private key, aes256-ctr, needs a passphrase" },
	{ ED, false, false, false, true, { X, X, X }, NULL },
	{ SK, false, false, false, true, { X, X, X }, NULL },
	{ "ssh-rsa", false, true, false, true, { X, X, X }, NULL },
	{ ED, true, false, false, true, { U, U, U }, NULL },
};

static void add_judged(struct identity_list *list, const struct judged *j)
{
	struct identity *id = identity_add(list, NULL);

	id->path = strdup("/k");
	id->in_agent = j->agent;
	id->certificate = j->certificate;
	id->key.encrypted = j->encrypted;
	snprintf(id->key.type, sizeof(id->key.type), "%s", j->type);
	if (j->encrypted)
		snprintf(id->key.cipher, sizeof(id->key.cipher), "aes256-ctr");
	if (j->fault)
		error_set(&id->fault, ERROR_DENIED, "fault");
}

static void check_judged(const struct judged *j, const char *name)
{
	static const struct {
		const struct ssh2_can *can;
		bool batch;
	} by[] = { { &old, false }, { &new, false }, { &new, true } };
	bool first = true;

	for (size_t i = 0; i < COUNT(by); i++) {
		struct identity_list list;
		struct buf why;
		bool over;

		identity_init(&list);
		buf_init(&why, 500);
		add_judged(&list, j);
		over = identity_judge(&list, by[i].can, by[i].batch, &why);
		ROW(name, list.item[0].verdict == j->verdict[i]);
		ROW(name, identity_judge_usable(&list) == (j->verdict[i] == U));
		ROW(name, (list.item[0].why.kind == ERROR_NONE) ==
				  (j->verdict[i] == U));
		ROW(name,
			over == (j->verdict[i] == O ||
					(j->verdict[i] == X && !by[i].batch)));
		ROW(name, over == (why.len > 0));
		if (first && j->why && over && strcmp(why.ptr, j->why) != 0)
			fail_msg("'%s', not '%s'", why.ptr, j->why);
		first = false;
		buf_release(&why);
		identity_release(&list);
	}
}

static void test_judge(void **state)
{
	char name[100];

	(void)state;
	for (size_t i = 0; i < COUNT(judged); i++) {
		snprintf(name, sizeof(name), "%zu %s", i, judged[i].type);
		check_judged(&judged[i], name);
	}
}

/* One key that only OpenSSH can offer, and all is OpenSSH's. */
static void test_judge_mixed(void **state)
{
	static const struct judged ed = { ED }, sk = { SK },
				   locked = { ED, false, true },
				   broken = { ED, false, false, false, true };
	struct identity_list list;
	struct buf why;

	(void)state;
	identity_init(&list);
	buf_init(&why, 500);
	/* nothing: a password may be asked for, but not in batch */
	assert_false(identity_judge(&list, &new, true, &why));
	assert_int_equal(why.len, 0);
	assert_true(identity_judge(&list, &new, false, &why));
	assert_string_equal(why.ptr,
		"there is no key to offer, and ssh can ask for a password");
	buf_reset(&why);
	add_judged(&list, &ed);
	add_judged(&list, &broken);
	assert_false(identity_judge(&list, &new, false, &why));
	add_judged(&list, &locked);
	assert_false(identity_judge(&list, &new, true, &why));
	assert_int_equal(why.len, 0);
	assert_true(identity_judge(&list, &new, false, &why));
	assert_string_equal(
		why.ptr, "/k: ssh-ed25519, aes256-ctr, needs a passphrase");
	buf_reset(&why);
	add_judged(&list, &sk);
	assert_true(identity_judge(&list, &new, true, &why));
	assert_int_equal(identity_judge_usable(&list), 1);
	/* judged again, nothing of before is left */
	assert_string_equal(list.item[1].why.text, "fault");
	assert_non_null(strstr(list.item[2].why.text, "(BatchMode)"));
	buf_release(&why);
	identity_release(&list);
}

static void test_explain(void **state)
{
	static const struct judged ed = { ED }, locked = { ED, false, true },
				   broken = { ED, false, false, false, true };
	struct identity_list list;
	struct buf why;

	(void)state;
	identity_init(&list);
	buf_init(&why, 500);
	add_judged(&list, &broken);
	add_judged(&list, &ed);
	add_judged(&list, &locked);
	free(list.item[2].path);
	list.item[2].path = NULL;
	buf_adds(&list.item[2].key.comment, "me@host", NULL);
	error_set(&list.agent_why, ERROR_UNAVAILABLE, "no agent");
	assert_false(identity_judge(&list, &new, true, &why));
	identity_explain(&list, &why);
	assert_string_equal(why.ptr,
		"/k: fault; me@host in the ssh-agent: ssh-ed25519, aes256-ctr, "
		"needs a passphrase, and nobody may be asked for it "
		"(BatchMode); no agent");
	buf_release(&why);
	identity_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_judge_mixed),
		cmocka_unit_test(test_explain),
	};

	return unit_run("identity", tests, COUNT(tests), NULL, NULL);
}
