#include "transport/ssh_key.h"
#include "transport/ssh_pem.h"
#include "transport/ssh_wire.h"

#include "tests/unit/keys.h"

#include <nettle/base64.h>
#include <sys/socket.h>
#include <sys/un.h>

#define ED "ssh-ed25519"

/* An ed25519 public key of zeros, and its base64. */
#define BLOB "\0\0\0\x0bssh-ed25519\0\0\0\x20"
#define BLOB64                                                                 \
	"AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* Their private parts are zeros or missing: nobody's keys. */
#define PKCS8_ED25519                                                          \
	"MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define PKCS8_X25519                                                           \
	"MC4CAQAwBQYDK2VuBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define PKCS8_DSA "MA4CAQAwBwYFKw4DAgwFAA=="

#define PEM(label, body)                                                       \
	"-----BEGIN " label "-----\n" body "\n-----END " label "-----\n"
#define TRADITIONAL                                                            \
	"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899"   \
	"\n\nAAAA"

struct private_row {
	const char *name, *text;
	enum ssh_key_format format;
	const char *type, *cipher;
	bool encrypted;
};

static const struct private_row good[] = {
	{ "rsa", PEM("RSA PRIVATE KEY", "MAA="), SSH_KEY_PEM_RSA, "ssh-rsa", "",
		false },
	{ "rsa, encrypted", PEM("RSA PRIVATE KEY", TRADITIONAL),
		SSH_KEY_PEM_RSA, "ssh-rsa", "AES-128-CBC", true },
	{ "dsa", PEM("DSA PRIVATE KEY", "MAA="), SSH_KEY_PEM_DSA, "ssh-dss", "",
		false },
	{ "ec, encrypted", PEM("EC PRIVATE KEY", TRADITIONAL), SSH_KEY_PEM_EC,
		"", "AES-128-CBC", true },
	{ "pkcs8 ed25519", PEM("PRIVATE KEY", PKCS8_ED25519), SSH_KEY_PKCS8, ED,
		"", false },
	{ "pkcs8, encrypted", PEM("ENCRYPTED PRIVATE KEY", "MAA="),
		SSH_KEY_PKCS8_ENCRYPTED, "", "", true },
	{ "crlf",
		"-----BEGIN PRIVATE KEY-----\r\n" PKCS8_ED25519
		"\r\n-----END PRIVATE KEY-----\r\n",
		SSH_KEY_PKCS8, ED, "", false },
	{ "text before it",
		"Bag Attributes\n" PEM("EC PARAMETERS", "MAA=")
			PEM("RSA PRIVATE KEY", "MAA="),
		SSH_KEY_PEM_RSA, "ssh-rsa", "", false },
	{ "no last line end",
		"-----BEGIN RSA PRIVATE KEY-----\nMAA=\n"
		"-----END RSA PRIVATE KEY-----",
		SSH_KEY_PEM_RSA, "ssh-rsa", "", false },
};

static const struct {
	const char *name, *text;
} bad[] = {
	{ "empty", "" },
	{ "a public key", ED " " BLOB64 " me\n" },
	{ "a public PEM", PEM("PUBLIC KEY", "MAA=") },
	{ "a certificate", PEM("CERTIFICATE", "MAA=") },
	{ "an unknown label", PEM("XMSS PRIVATE KEY", "MAA=") },
	{ "no end", "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n" },
	{ "another end", "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n"
			 "-----END EC PRIVATE KEY-----\n" },
	{ "indented", " " PEM("RSA PRIVATE KEY", "MAA=") },
	{ "no base64", PEM("RSA PRIVATE KEY", "M-A=") },
	{ "cut base64", PEM("RSA PRIVATE KEY", "MAA") },
	{ "no curve", PEM("EC PRIVATE KEY", "MAUCAQEEAA==") },
	{ "no such algorithm", PEM("PRIVATE KEY", PKCS8_X25519) },
	{ "pkcs8 of nothing", PEM("PRIVATE KEY", "MAA=") },
	{ "another number of DSA", PEM("PRIVATE KEY", PKCS8_DSA) },
	{ "openssh of nothing", PEM("OPENSSH PRIVATE KEY", "MAA=") },
};

static void test_private(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		const struct private_row *row = &good[i];
		struct error err = ERROR_INIT;
		struct ssh_key k;

		ssh_key_init(&k);
		ROW(row->name,
			ssh_key_private(&k, slice_of(row->text), &err) == 0);
		ROW(row->name, err.kind == ERROR_NONE);
		ROW(row->name, k.format == row->format);
		ROW(row->name, !strcmp(k.type, row->type));
		ROW(row->name, !strcmp(k.cipher, row->cipher));
		ROW(row->name, k.encrypted == row->encrypted);
		ROW(row->name, !k.blob.len);
		ssh_key_release(&k);
	}
}

static void test_not_private(void **state)
{
	struct ssh_key k;

	(void)state;
	ssh_key_init(&k);
	assert_int_equal(ssh_key_private(&k, slice_of(good[0].text), NULL), 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct error err = ERROR_INIT;

		ROW(bad[i].name,
			ssh_key_private(&k, slice_of(bad[i].text), &err) < 0);
		ROW(bad[i].name, err.kind == ERROR_INPUT && *err.text);
		/* and as it was */
		ROW(bad[i].name, !strcmp(k.type, "ssh-rsa"));
	}
	ssh_key_release(&k);
}

/* libssh2 gets the text as a string, and would see less of it than we. */
static void test_nul(void **state)
{
	char text[] = PEM("RSA PRIVATE KEY", "MAA=") "x";
	struct slice s = { text, sizeof(text) - 1 };
	struct error err = ERROR_INIT;
	struct ssh_key k;

	(void)state;
	ssh_key_init(&k);
	assert_int_equal(ssh_key_private(&k, s, &err), 0);
	text[s.len - 1] = '\0';
	assert_int_equal(ssh_key_private(&k, s, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	ssh_key_release(&k);
}

/* The parts of an OpenSSH key's file. */
struct openssh {
	const char *magic;
	size_t magic_len;
	const char *cipher;
	uint32_t count;
	size_t cut; /* bytes that are missing at the end */
	const char *before;
};

static int openssh_read(struct ssh_key *k, const struct openssh *o)
{
	char text[1024] = "", base64[512];
	struct error err = ERROR_INIT;
	struct buf b;

	buf_init(&b, 300);
	buf_add(&b, o->magic, o->magic_len, NULL);
	ssh_wire_put_string(&b, slice_of(o->cipher), NULL);
	ssh_wire_put_string(&b, slice_of("none"), NULL);
	ssh_wire_put_string(&b, slice_of(""), NULL);
	ssh_wire_put_u32(&b, o->count, NULL);
	ssh_wire_put_u32(&b, sizeof(BLOB) - 1 + 32, NULL);
	buf_add(&b, BLOB, sizeof(BLOB) - 1, NULL);
	buf_add(&b, (char[32]){ 0 }, 32, NULL);
	ssh_wire_put_string(&b, slice_of("private"), NULL);
	assert_true(o->cut <= b.len);
	base64_encode_raw(base64, b.len - o->cut, (const uint8_t *)b.ptr);
	base64[BASE64_ENCODE_RAW_LENGTH(b.len - o->cut)] = '\0';
	snprintf(text, sizeof(text),
		"%s-----BEGIN OPENSSH PRIVATE KEY-----\n%s\n"
		"-----END OPENSSH PRIVATE KEY-----\n",
		o->before ? o->before : "", base64);
	buf_release(&b);
	if (ssh_key_private(k, slice_of(text), &err) < 0) {
		assert_int_equal(err.kind, ERROR_INPUT);
		return -1;
	}
	return 0;
}

static void test_openssh(void **state)
{
	static const char magic[] = "openssh-key-v1";
	struct openssh o = { magic, sizeof(magic), "none", 1, 0, NULL };
	struct ssh_key k;

	(void)state;
	ssh_key_init(&k);
	assert_int_equal(openssh_read(&k, &o), 0);
	assert_int_equal(k.format, SSH_KEY_OPENSSH);
	assert_string_equal(k.type, ED);
	assert_false(k.encrypted);
	assert_int_equal(k.blob.len, sizeof(BLOB) - 1 + 32);
	assert_memory_equal(k.blob.ptr, BLOB, sizeof(BLOB) - 1);
	o.cipher = "aes256-ctr";
	assert_int_equal(openssh_read(&k, &o), 0);
	assert_true(k.encrypted);
	assert_string_equal(k.cipher, "aes256-ctr");
	for (o.cut = 1; o.cut < 100; o.cut++)
		assert_int_equal(openssh_read(&k, &o), -1);
	o.cut = 0;
	o.count = 2;
	assert_int_equal(openssh_read(&k, &o), -1);
	o.count = 1;
	o.cipher = "";
	assert_int_equal(openssh_read(&k, &o), -1);
	o.cipher = "none";
	o.magic_len--; /* without its NUL */
	assert_int_equal(openssh_read(&k, &o), -1);
	o.magic_len++;
	o.before = "ssh(1) wants it to be the first\n";
	assert_int_equal(openssh_read(&k, &o), -1);
	ssh_key_release(&k);
}

static const struct {
	const char *text, *comment; /* NULL: it is no public key */
} lines[] = {
	{ ED " " BLOB64, "" },
	{ ED " " BLOB64 "\n", "" },
	{ ED " " BLOB64 " me@host\n", "me@host" },
	{ ED "\t" BLOB64 "\t a b \r\n", "a b " },
	{ "  " ED " " BLOB64 " x", "x" },
	{ ED " " BLOB64 " \x1b[2J\n", "?[2J" },
	{ "# comment\n\nnonsense\n" ED " " BLOB64 " x\n", "x" },
	{ "ssh-rsa " BLOB64 " x\n" ED " " BLOB64 " y\n", "y" },
	{ "", NULL },
	{ ED, NULL },
	{ ED " ", NULL },
	{ ED " AAAA", NULL },
	{ ED " *" BLOB64, NULL },
	{ "ssh-rsa " BLOB64, NULL },
	{ "ssh-ed2551 " BLOB64, NULL },
	{ "restrict " ED " " BLOB64, NULL },
	{ "-----BEGIN\n" ED " " BLOB64, NULL },
};

static void test_public(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct error err = ERROR_INIT;
		struct ssh_key k;
		int got;

		ssh_key_init(&k);
		got = ssh_key_public(&k, slice_of(lines[i].text), &err);
		ROW(lines[i].text, got == (lines[i].comment ? 0 : -1));
		if (got == 0) {
			ROW(lines[i].text, !strcmp(k.type, ED));
			ROW(lines[i].text, k.format == SSH_KEY_PUBLIC);
			ROW(lines[i].text,
				!strcmp(k.comment.ptr, lines[i].comment));
		} else {
			ROW(lines[i].text, err.kind == ERROR_INPUT);
		}
		ssh_key_release(&k);
	}
}

static void test_blob_type(void **state)
{
	static const struct {
		const char *blob;
		size_t len;
		const char *type;
	} rows[] = {
		{ "\0\0\0\x03sss", 7, "sss" },
		{ "\0\0\0\x03sssx", 8, "sss" },
		{ "\0\0\0\x03ss", 6, NULL },
		{ "\0\0\0\x00", 4, NULL },
		{ "\xff\xff\xff\xff", 4, NULL },
		{ "\0\0\0", 3, NULL },
		{ "\0\0\0\x03s s", 7, NULL },
		{ "\0\0\0\x03s,s", 7, NULL },
		{ "\0\0\0\x03s\ns", 7, NULL },
		{ "\0\0\0\x03s\xffs", 7, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice s = { rows[i].blob, rows[i].len };

		assert_true(
			slice_eq(ssh_key_blob_type(s), slice_of(rows[i].type)));
	}
	assert_true(ssh_key_is_certificate("ssh-rsa-cert-v01@openssh.com"));
	assert_false(ssh_key_is_certificate("ssh-rsa"));
}

static void test_permissions(void **state)
{
	(void)state;
	for (mode_t mode = 0; mode < 01000; mode++) {
		assert_int_equal(ssh_key_is_private(mode, 1000, 1000),
			!(mode & (S_IRWXG | S_IRWXO)));
		assert_true(ssh_key_is_private(mode, 0, 1000));
	}
}

struct read_row {
	const char *name;
	enum error_kind kind;
	mode_t exposed;
};

static void check_read(const char *dir, const struct read_row *row)
{
	struct error err = ERROR_INIT;
	struct wipebuf text;
	mode_t exposed = 1;
	char path[256];
	int got;

	snprintf(path, sizeof(path), "%s/%s", dir, row->name);
	wipebuf_init(&text, SSH_KEY_FILE_MAX);
	got = ssh_key_read(path, &text, &exposed, &err);
	ROW(row->name, got == (row->kind == ERROR_NONE ? 0 : -1));
	ROW(row->name, err.kind == row->kind);
	if (!got) {
		ROW(row->name, !strcmp(text.ptr, "text"));
		ROW(row->name, exposed == row->exposed);
	}
	wipebuf_release(&text);
}

static void test_read(void **state)
{
	static const struct read_row rows[] = {
		{ "private", ERROR_NONE, 0 },
		{ "group", ERROR_NONE, 0640 },
		{ "all", ERROR_NONE, 0604 },
		{ "link", ERROR_NONE, 0 },
		{ "none", ERROR_UNAVAILABLE },
		{ "dangling", ERROR_UNAVAILABLE },
		{ "private/x", ERROR_UNAVAILABLE },
		{ "fifo", ERROR_DENIED },
		{ "loop", ERROR_DENIED },
		{ ".", ERROR_DENIED },
		{ "big", ERROR_INPUT },
	};
	char dir[128];

	(void)state;
	unit_mkdir(dir);
	keys_write(dir, "private", "text", 0600);
	keys_write(dir, "group", "text", 0640);
	keys_write(dir, "all", "text", 0604);
	keys_run(dir, "ln -s private link; ln -s nowhere dangling; "
		      "ln -s loop loop; mkfifo -m 600 fifo; "
		      "head -c 65537 /dev/zero >big");
	for (size_t i = 0; i < COUNT(rows); i++)
		check_read(dir, &rows[i]);
	if (geteuid()) { /* root reads anything */
		keys_write(dir, "shut", "text", 0);
		check_read(dir, &(struct read_row){ "shut", ERROR_DENIED });
	}
	unit_rmdir(dir);
}

struct real_row {
	const char *options;
	enum ssh_key_format format;
	const char *type, *cipher;
	bool encrypted;
};

#define P256 "ecdsa-sha2-nistp256"
#define RSA "-t rsa -b 3072"
#define SECRET " -N secret"
#define GCM "aes256-gcm@openssh.com"
#define POLY "chacha20-poly1305@openssh.com"

static const struct real_row real[] = {
	{ "-t ed25519", SSH_KEY_OPENSSH, ED, "", false },
	{ "-t ed25519" SECRET, SSH_KEY_OPENSSH, ED, "aes256-ctr", true },
	{ "-t ed25519 -Z aes256-cbc" SECRET, SSH_KEY_OPENSSH, ED, "aes256-cbc",
		true },
	{ "-t ed25519 -Z " GCM SECRET, SSH_KEY_OPENSSH, ED, GCM, true },
	{ "-t ed25519 -Z " POLY SECRET, SSH_KEY_OPENSSH, ED, POLY, true },
	{ "-t ecdsa -b 256", SSH_KEY_OPENSSH, P256, "", false },
	{ "-t ecdsa -b 384", SSH_KEY_OPENSSH, "ecdsa-sha2-nistp384", "",
		false },
	{ "-t ecdsa -b 521", SSH_KEY_OPENSSH, "ecdsa-sha2-nistp521", "",
		false },
	{ RSA, SSH_KEY_OPENSSH, "ssh-rsa", "", false },
	{ RSA SECRET, SSH_KEY_OPENSSH, "ssh-rsa", "aes256-ctr", true },
	{ RSA " -m PEM", SSH_KEY_PEM_RSA, "ssh-rsa", "", false },
	{ RSA " -m PEM" SECRET, SSH_KEY_PEM_RSA, "ssh-rsa", "AES-128-CBC",
		true },
	{ RSA " -m PKCS8", SSH_KEY_PKCS8, "ssh-rsa", "", false },
	{ RSA " -m PKCS8" SECRET, SSH_KEY_PKCS8_ENCRYPTED, "", "", true },
	{ "-t ecdsa -b 256 -m PEM", SSH_KEY_PEM_EC, P256, "", false },
	{ "-t ecdsa -b 384 -m PEM", SSH_KEY_PEM_EC, "ecdsa-sha2-nistp384", "",
		false },
	{ "-t ecdsa -b 521 -m PEM", SSH_KEY_PEM_EC, "ecdsa-sha2-nistp521", "",
		false },
	{ "-t ecdsa -b 256 -m PEM" SECRET, SSH_KEY_PEM_EC, "", "AES-128-CBC",
		true },
	{ "-t ecdsa -b 256 -m PKCS8", SSH_KEY_PKCS8, P256, "", false },
	{ "-t ecdsa -b 521 -m PKCS8", SSH_KEY_PKCS8, "ecdsa-sha2-nistp521", "",
		false },
	{ "-t ecdsa -b 256 -m PKCS8" SECRET, SSH_KEY_PKCS8_ENCRYPTED, "", "",
		true },
};

static void check_real(const char *dir, const struct real_row *row)
{
	struct error err = ERROR_INIT;
	struct ssh_key k, pub;

	ssh_key_init(&k);
	ssh_key_init(&pub);
	keys_make(dir, "key", row->options);
	if (keys_read(&k, dir, "key", true, &err) < 0)
		fail_msg("row '%s': %s", row->options, err.text);
	assert_int_equal(keys_read(&pub, dir, "key.pub", false, &err), 0);
	ROW(row->options, k.format == row->format);
	ROW(row->options, k.encrypted == row->encrypted);
	ROW(row->options, !strcmp(k.type, row->type));
	ROW(row->options, !strcmp(k.cipher, row->cipher));
	ROW(row->options, !*k.type || !strcmp(k.type, pub.type));
	ROW(row->options, !strcmp(pub.comment.ptr, "test key"));
	ROW(row->options,
		k.format == SSH_KEY_OPENSSH
			? slice_eq(buf_slice(&k.blob), buf_slice(&pub.blob))
			: !k.blob.len);
	ssh_key_release(&k);
	ssh_key_release(&pub);
}

static void test_real(void **state)
{
	char dir[128];

	(void)state;
	unit_mkdir(dir);
	for (size_t i = 0; i < COUNT(real); i++)
		check_real(dir, &real[i]);
	unit_rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_not_private),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_openssh),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_blob_type),
		cmocka_unit_test(test_permissions),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_real),
	};

	return unit_run("ssh_key", tests, COUNT(tests), NULL, keys_missing());
}
