#include "transport/ssh_agent.h"
#include "transport/ssh_sign.h"
#include "transport/ssh_wire.h"

#include "tests/unit/keys.h"

#include "helper/base/deadline.h"

#include <fcntl.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <sys/socket.h>
#include <sys/un.h>

#define S(literal) literal, sizeof(literal) - 1
#define KEY "\0\0\0\x0f\0\0\0\x0bssh-ed25519\0\0\0\x02me"

struct answer {
	const char *name;
	const char *bytes;
	size_t len;
	enum error_kind list, sign; /* ERROR_NONE: it is taken */
};

/* The whole message; what it says after its length is for the decoder. */
static const struct answer answers[] = {
	{ "no keys", S("\0\0\0\x05\x0c\0\0\0\0"), ERROR_NONE, ERROR_INPUT },
	{ "one key", S("\0\0\0\x1e\x0c\0\0\0\x01" KEY), ERROR_NONE,
		ERROR_INPUT },
	{ "more behind it", S("\0\0\0\x1f\x0c\0\0\0\x01" KEY "x"), ERROR_NONE,
		ERROR_INPUT },
	{ "a signature", S("\0\0\0\x08\x0e\0\0\0\x03sig"), ERROR_INPUT,
		ERROR_NONE },
	{ "failure", S("\0\0\0\x01\x05"), ERROR_DENIED, ERROR_DENIED },
	{ "ssh2 failure", S("\0\0\0\x01\x1e"), ERROR_DENIED, ERROR_DENIED },
	{ "com failure", S("\0\0\0\x01\x66"), ERROR_DENIED, ERROR_DENIED },
	{ "success", S("\0\0\0\x01\x06"), ERROR_INPUT, ERROR_INPUT },
	{ "two of one key", S("\0\0\0\x1e\x0c\0\0\0\x02" KEY), ERROR_INPUT,
		ERROR_INPUT },
	{ "2049 keys", S("\0\0\0\x05\x0c\0\0\x08\x01"), ERROR_INPUT,
		ERROR_INPUT },
	{ "2^32 - 1 keys", S("\0\0\0\x05\x0c\xff\xff\xff\xff"), ERROR_INPUT,
		ERROR_INPUT },
	{ "no count", S("\0\0\0\x04\x0c\0\0\0"), ERROR_INPUT, ERROR_INPUT },
	{ "a blob without type",
		S("\0\0\0\x11\x0c\0\0\0\x01\0\0\0\x04\0\0\0\0\0\0\0\0"),
		ERROR_INPUT, ERROR_INPUT },
	{ "a blob over the end",
		S("\0\0\0\x0d\x0c\0\0\0\x01\x7f\xff\xff\xff\0\0\0\0"),
		ERROR_INPUT, ERROR_INPUT },
	{ "a signature over the end", S("\0\0\0\x08\x0e\0\0\0\x04sig"),
		ERROR_INPUT, ERROR_INPUT },
	{ "an empty message", S("\0\0\0\0"), ERROR_INPUT, ERROR_INPUT },
	{ "4 GiB", S("\xff\xff\xff\xff\x0c"), ERROR_INPUT, ERROR_INPUT },
	{ "one byte over 256 KiB", S("\0\x04\0\x01\x0c"), ERROR_INPUT,
		ERROR_INPUT },
	{ "nothing", S(""), ERROR_UNAVAILABLE, ERROR_UNAVAILABLE },
	{ "half a length", S("\0\0"), ERROR_UNAVAILABLE, ERROR_UNAVAILABLE },
	{ "a length", S("\0\0\0\x05"), ERROR_UNAVAILABLE, ERROR_UNAVAILABLE },
	{ "half an answer", S("\0\0\0\x05\x0c\0\0"), ERROR_UNAVAILABLE,
		ERROR_UNAVAILABLE },
};

/* An agent that says what a row says, and then hangs up or does nothing. */
struct liar {
	char dir[128], path[160];
	pid_t pid;
};

static int liar_listen(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(strlen(path) < sizeof(to.sun_path));
	memcpy(to.sun_path, path, strlen(path));
	assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void liar_serve(int fd, const struct answer *row, bool hang, int drip)
{
	char request[4096];
	int c = accept(fd, NULL, NULL);

	CHECK(c >= 0 && read(c, request, sizeof(request)) > 0);
	for (size_t i = 0; i < row->len; i++) {
		CHECK(send(c, row->bytes + i, 1, MSG_NOSIGNAL) == 1);
		usleep((useconds_t)drip * 1000);
	}
	if (hang)
		pause();
	/* so that it is an end and no reset */
	shutdown(c, SHUT_WR);
	while (read(c, request, sizeof(request)) > 0)
		;
	_exit(0);
}

static void liar_start(
	struct liar *l, const struct answer *row, bool hang, int drip)
{
	int fd;

	unit_mkdir(l->dir);
	snprintf(l->path, sizeof(l->path), "%s/agent", l->dir);
	fd = liar_listen(l->path);
	fflush(NULL);
	l->pid = fork();
	if (l->pid == 0)
		liar_serve(fd, row, hang, drip);
	assert_true(l->pid > 0);
	close(fd);
}

static void liar_end(struct liar *l)
{
	int status;

	kill(l->pid, SIGKILL);
	assert_int_equal(waitpid(l->pid, &status, 0), l->pid);
	unit_rmdir(l->dir);
}

static int ask(struct ssh_agent *a, bool sign, int ms, struct error *err)
{
	int64_t deadline = deadline_in(ms);
	struct ssh_agent_msg_keys keys;
	struct slice signature;
	int result;

	if (sign) {
		result = ssh_agent_sign(a, slice_of("blob"), slice_of("data"),
			0, &signature, deadline, err);
		if (!result)
			assert_true(slice_is(signature, "sig"));
		return result;
	}
	result = ssh_agent_list(a, &keys, deadline, err);
	for (size_t i = 0; i < keys.count; i++) {
		assert_int_equal(keys.key[i].blob.len, 15);
		assert_true(slice_is(keys.key[i].comment, "me"));
	}
	free(keys.key);
	return result;
}

/* What is cut or over a limit ends the connection: nothing is in step. */
static bool closed_by(const struct answer *row)
{
	size_t said = row->len < 4 ? 0 : row->len - 4;

	return row->len < 4 || (size_t)(unsigned char)row->bytes[3] > said ||
	       row->bytes[0] || row->bytes[1] || said == 0;
}

static void check_answer(const struct answer *row, bool sign)
{
	enum error_kind want = sign ? row->sign : row->list;
	struct error err = ERROR_INIT;
	struct ssh_agent a;
	struct liar l;

	liar_start(&l, row, false, 0);
	assert_true(ssh_agent_open(&a, l.path, deadline_in(5000)));
	ROW(row->name,
		ask(&a, sign, 5000, &err) == (want == ERROR_NONE ? 0 : -1));
	if (err.kind != want)
		fail_msg("row '%s': %d %s", row->name, err.kind, err.text);
	ROW(row->name, (a.fd < 0) == closed_by(row));
	if (a.fd < 0) { /* and it stays so */
		err = (struct error)ERROR_INIT;
		assert_int_equal(ask(&a, sign, 5000, &err), -1);
		assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		assert_true(*err.text && !strcmp(err.text, a.why.text));
	}
	ssh_agent_close(&a);
	liar_end(&l);
}

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		check_answer(&answers[i], false);
		check_answer(&answers[i], true);
	}
}

/* Every answer that is cut, by an agent that stays silent then. */
static void test_silence(void **state)
{
	static const struct answer whole = { "cut",
		S("\0\0\0\x1e\x0c\0\0\0\x01" KEY), 0, 0 };

	(void)state;
	for (size_t n = 0; n < whole.len; n += 7) {
		struct answer cut = whole;
		struct error err = ERROR_INIT;
		int64_t from;
		struct ssh_agent a;
		struct liar l;

		cut.len = n;
		liar_start(&l, &cut, true, 0);
		assert_true(ssh_agent_open(&a, l.path, deadline_in(5000)));
		from = deadline_now();
		assert_int_equal(ask(&a, false, 100, &err), -1);
		assert_int_equal(err.kind, ERROR_TIMEOUT);
		assert_true(deadline_now() - from >= 100);
		assert_true(deadline_now() - from < 5000);
		assert_int_equal(a.fd, -1);
		ssh_agent_close(&a);
		liar_end(&l);
	}
}

/* An answer in drops is read, but not for ever. */
static void test_drip(void **state)
{
	static const struct answer one = { "drip",
		S("\0\0\0\x1e\x0c\0\0\0\x01" KEY), 0, 0 };
	struct error err = ERROR_INIT;
	struct ssh_agent a;
	struct liar l;

	(void)state;
	liar_start(&l, &one, false, 2);
	assert_true(ssh_agent_open(&a, l.path, deadline_in(5000)));
	assert_int_equal(ask(&a, false, 10000, &err), 0);
	ssh_agent_close(&a);
	liar_end(&l);
	liar_start(&l, &one, false, 50);
	assert_true(ssh_agent_open(&a, l.path, deadline_in(5000)));
	assert_int_equal(ask(&a, false, 300, &err), -1);
	assert_int_equal(err.kind, ERROR_TIMEOUT);
	ssh_agent_close(&a);
	liar_end(&l);
}

/* An agent that does not read: more than a socket holds, and a deadline. */
static void test_deaf(void **state)
{
	static const struct answer none = { "deaf", S(""), 0, 0 };
	struct slice data = { calloc(1, 250000), 250000 }, signature;
	struct error err = ERROR_INIT;
	int fd, size = 4096;
	struct ssh_agent a;
	struct liar l;

	(void)state;
	liar_start(&l, &none, true, 0);
	assert_true(ssh_agent_open(&a, l.path, deadline_in(5000)));
	assert_int_equal(
		setsockopt(a.fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)),
		0);
	assert_int_equal(ssh_agent_sign(&a, slice_of("b"), data, 0, &signature,
				 deadline_in(100), &err),
		-1);
	assert_int_equal(err.kind, ERROR_TIMEOUT);
	fd = a.fd;
	assert_int_equal(fd, -1);
	ssh_agent_close(&a);
	liar_end(&l);
	free((char *)data.ptr);
}

static void test_no_agent(void **state)
{
	static const char *const names[] = { NULL, "none", "NONE", "",
		"/nonexistent/agent" };
	char dir[128], path[160], longer[300];
	struct ssh_agent a;
	int fd;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_false(ssh_agent_open(&a, names[i], deadline_in(100)));
		assert_int_equal(a.fd, -1);
		assert_int_equal(a.why.kind, ERROR_UNAVAILABLE);
		ssh_agent_close(&a);
	}
	memset(longer, 'x', sizeof(longer));
	longer[0] = '/';
	longer[sizeof(longer) - 1] = '\0';
	assert_false(ssh_agent_open(&a, longer, deadline_in(100)));
	ssh_agent_close(&a);
	ssh_agent_close(&a);
	unit_mkdir(dir);
	snprintf(path, sizeof(path), "%s/agent", dir);
	fd = liar_listen(path); /* it is dead, its socket is not */
	close(fd);
	assert_false(ssh_agent_open(&a, path, deadline_in(100)));
	assert_non_null(strstr(a.why.text, path));
	ssh_agent_close(&a);
	unit_rmdir(dir);
}

/* Nobody accepts, and the backlog is full. */
static void test_full_backlog(void **state)
{
	char dir[128], path[160];
	struct ssh_agent a[10];
	int64_t from = deadline_now();
	size_t open = 0;
	int fd;

	(void)state;
	unit_mkdir(dir);
	snprintf(path, sizeof(path), "%s/agent", dir);
	fd = liar_listen(path);
	while (open < COUNT(a) &&
		ssh_agent_open(&a[open], path, deadline_in(100)))
		open++;
	assert_true(open > 0 && open < COUNT(a));
	assert_int_equal(a[open].fd, -1);
	assert_true(deadline_now() - from >= 100);
	for (size_t i = 0; i <= open; i++)
		ssh_agent_close(&a[i]);
	close(fd);
	unit_rmdir(dir);
}

static void test_cloexec(void **state)
{
	static const struct answer none = { "none", S(""), 0, 0 };
	struct ssh_agent a;
	struct liar l;

	(void)state;
	liar_start(&l, &none, true, 0);
	assert_true(ssh_agent_open(&a, l.path, deadline_in(5000)));
	assert_true(fcntl(a.fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(a.fd, F_GETFL) & O_NONBLOCK);
	ssh_agent_close(&a);
	liar_end(&l);
}

/* --- a real agent, and ssh-keygen as the judge of its signatures ---------- */

static const struct {
	const char *name, *options, *algorithm;
	uint32_t flags;
} real[] = {
	{ "ed", "-t ed25519", "ssh-ed25519", 0 },
	{ "e256", "-t ecdsa -b 256", "ecdsa-sha2-nistp256", 0 },
	{ "e384", "-t ecdsa -b 384", "ecdsa-sha2-nistp384", 0 },
	{ "e521", "-t ecdsa -b 521", "ecdsa-sha2-nistp521", 0 },
	{ "rsa", "-t rsa -b 3072", "rsa-sha2-256", 2 },
	{ "rsa", "-t rsa -b 3072", "rsa-sha2-512", 4 },
};

/* What PROTOCOL.sshsig has signed: "m" in the namespace "t". */
static void sshsig_data(struct buf *out)
{
	uint8_t digest[SHA512_DIGEST_SIZE];
	struct sha512_ctx ctx;

	sha512_init(&ctx);
	sha512_update(&ctx, 1, (const uint8_t *)"m");
	sha512_digest(&ctx, sizeof(digest), digest);
	buf_adds(out, "SSHSIG", NULL);
	ssh_wire_put_string(out, slice_of("t"), NULL);
	ssh_wire_put_string(out, slice_of(""), NULL);
	ssh_wire_put_string(out, slice_of("sha512"), NULL);
	ssh_wire_put_string(out,
		(struct slice){ (const char *)digest, sizeof(digest) }, NULL);
}

/* The file that ssh-keygen -Y checks; the signature as libssh2 wraps it. */
static void sshsig_write(const char *dir, struct slice blob,
	const char *algorithm, struct slice raw)
{
	struct buf b, signature, text;
	char base64[8192];

	buf_init(&b, 4096);
	buf_init(&signature, 4096);
	buf_init(&text, 8192);
	ssh_wire_put_string(&signature, slice_of(algorithm), NULL);
	ssh_wire_put_string(&signature, raw, NULL);
	buf_adds(&b, "SSHSIG", NULL);
	ssh_wire_put_u32(&b, 1, NULL);
	ssh_wire_put_string(&b, blob, NULL);
	ssh_wire_put_string(&b, slice_of("t"), NULL);
	ssh_wire_put_string(&b, slice_of(""), NULL);
	ssh_wire_put_string(&b, slice_of("sha512"), NULL);
	ssh_wire_put_string(&b, buf_slice(&signature), NULL);
	base64_encode_raw(base64, b.len, (const uint8_t *)b.ptr);
	base64[BASE64_ENCODE_RAW_LENGTH(b.len)] = '\0';
	buf_addf(&text, NULL,
		"-----BEGIN SSH SIGNATURE-----\n%s\n"
		"-----END SSH SIGNATURE-----\n",
		base64);
	keys_write(dir, "sig", text.ptr, 0600);
	buf_release(&b);
	buf_release(&signature);
	buf_release(&text);
}

static void check_real(struct ssh_agent *a, const char *dir, size_t i)
{
	struct slice algorithm = slice_of(real[i].algorithm), signature, raw;
	struct error err = ERROR_INIT;
	char name[32];
	struct ssh_key pub;
	struct buf data;

	ssh_key_init(&pub);
	buf_init(&data, 1024);
	sshsig_data(&data);
	snprintf(name, sizeof(name), "%s.pub", real[i].name);
	assert_int_equal(keys_read(&pub, dir, name, false, &err), 0);
	if (ssh_agent_sign(a, buf_slice(&pub.blob), buf_slice(&data),
		    real[i].flags, &signature, deadline_in(10000), &err) < 0)
		fail_msg("row '%s': %s", real[i].name, err.text);
	ROW(real[i].algorithm,
		ssh_sign_raw(signature, algorithm, &raw, &err) == 0);
	sshsig_write(dir, buf_slice(&pub.blob), real[i].algorithm, raw);
	keys_run(dir, "printf m | ssh-keygen -Y check-novalidate -n t -s sig");
	ssh_key_release(&pub);
	buf_release(&data);
}

static void test_real(void **state)
{
	struct ssh_agent_msg_keys keys;
	struct error err = ERROR_INIT;
	struct slice signature;
	struct ssh_agent a;
	char dir[128], path[160];
	pid_t pid;

	(void)state;
	unit_mkdir(dir);
	snprintf(path, sizeof(path), "%s/agent", dir);
	for (size_t i = 0; i < COUNT(real); i++)
		keys_make(dir, real[i].name, real[i].options);
	pid = keys_agent(dir);
	assert_true(ssh_agent_open(&a, path, deadline_in(5000)));
	assert_int_equal(ssh_agent_list(&a, &keys, deadline_in(5000), &err), 0);
	assert_int_equal(keys.count, 0);
	keys_run(dir, "SSH_AUTH_SOCK=$PWD/agent ssh-add ed e256 e384 e521 rsa");
	assert_int_equal(ssh_agent_list(&a, &keys, deadline_in(5000), &err), 0);
	assert_int_equal(keys.count, 5);
	assert_true(slice_is(keys.key[4].comment, "test rsa"));
	free(keys.key);
	for (size_t i = 0; i < COUNT(real); i++)
		check_real(&a, dir, i);
	/* it does not have that one, and is as useful as before */
	assert_int_equal(ssh_agent_sign(&a, slice_of("blob"), slice_of("x"), 0,
				 &signature, deadline_in(5000), &err),
		-1);
	assert_int_equal(err.kind, ERROR_DENIED);
	check_real(&a, dir, 0);
	ssh_agent_close(&a);
	keys_end(pid);
	unit_rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_drip),
		cmocka_unit_test(test_deaf),
		cmocka_unit_test(test_no_agent),
		cmocka_unit_test(test_full_backlog),
		cmocka_unit_test(test_cloexec),
		cmocka_unit_test(test_real),
	};

	return unit_run("ssh_agent", tests, COUNT(tests), NULL, keys_missing());
}
