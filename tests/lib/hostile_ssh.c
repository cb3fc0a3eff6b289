/*
 * hostile_ssh: an SSH server on loopback that misbehaves.
 *
 *	hostile_ssh [-t SECONDS] BEHAVIOUR
 *	hostile_ssh [-t SECONDS] [-l LINES] relay PORT SIDE WHEN ACT
 *
 * Prints its port and process number on a line, then serves whoever comes, in
 * a process each, and ends by itself after SECONDS (60). The behaviours are
 * those of the table at the end.
 *
 * `relay` stands before a real server on PORT and passes on what both sides
 * say, after LINES lines of text to the client if that is asked for, until
 * SIDE (server or client) has said enough: WHEN is a number of bytes, or one
 * of the server's first messages (version, kexinit, kexreply, newkeys), or
 * never. Then ACT: close, or freeze (neither read nor say anything more). When
 * a connection has been quiet for a while, and at its end, it prints how many
 * bytes came from the client and from the server.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define VERSION "SSH-2.0-hostile\r\n"
#define KEX "curve25519-sha256"
#define CHUNK 8192
#define QUIET_MS 100

struct relay {
	int side[2]; /* the client, the server */
	uint64_t bytes[2]; /* that came from each */
	uint64_t told; /* of both, when they were last printed */
	bool ended[2]; /* it has said its last */
	int counted; /* whose bytes or messages are counted */
	uint64_t limit;
	int message; /* of the server's, or -1 */
	bool freeze;
};

/* What of a plain SSH stream has been seen. */
struct scan {
	bool binary, whole; /* behind the version; a message is complete */
	unsigned at; /* bytes of this line or packet */
	unsigned length;
	int type; /* of the last message; the version counts as 0 */
};

/* --- what the behaviours are made of ---------------------------------------
 */

/* False once the other side has gone. */
static bool say(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

static void listen_until_gone(int fd)
{
	char bytes[CHUNK];

	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
}

/* The other side has gone, or has said its last; nothing is read. */
static void ignore_until_gone(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };

	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
}

static size_t put_names(unsigned char *out, const char *names)
{
	size_t n = strlen(names);

	out[0] = out[1] = out[2] = 0;
	out[3] = (unsigned char)n;
	memcpy(out + 4, names, n);
	return n + 4;
}

/* A KEXINIT packet (RFC 4253 §7.1) whose key exchange is called so. */
static size_t kexinit(unsigned char out[512], const char *kex)
{
	static const char *const lists[] = { "ssh-ed25519", "aes128-ctr",
		"aes128-ctr", "hmac-sha2-256", "hmac-sha2-256", "none", "none",
		"", "" };
	size_t n = 5, pad;

	memset(out, 0, 512);
	out[n++] = 20;
	n += 16;
	n += put_names(out + n, kex);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		n += put_names(out + n, lists[i]);
	n += 5;
	pad = 8 - n % 8 + 8;
	out[2] = (unsigned char)((n + pad - 4) >> 8);
	out[3] = (unsigned char)(n + pad - 4);
	out[4] = (unsigned char)pad;
	return n + pad;
}

/* --- the behaviours
 * ----------------------------------------------------------- */

static void say_and_listen(int fd, const char *text)
{
	if (say(fd, text, strlen(text)))
		listen_until_gone(fd);
}

static void say_and_close(int fd, const char *text)
{
	say(fd, text, strlen(text));
}

static void drip(int fd, const char *text)
{
	for (; *text && say(fd, text, 1); text++)
		sleep(1);
}

static void endless(int fd, const char *text)
{
	while (say(fd, text, strlen(text)))
		;
}

/* No newline in the first kilobyte, and no "SSH-" anywhere. */
static void garbage(int fd, const char *text)
{
	static unsigned char bytes[65536];
	uint32_t x = 1;

	(void)text;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (unsigned char)(x >> 24);
		if (bytes[i] == 'S' || (i < 1024 && bytes[i] == '\n'))
			bytes[i] = 0;
	}
	if (say(fd, bytes, sizeof(bytes)))
		listen_until_gone(fd);
}

/* The version, and one of so many parts of a KEXINIT. */
static bool say_kexinit(int fd, const char *version, const char *kex, int parts)
{
	unsigned char packet[512];
	size_t n = kexinit(packet, kex) / (size_t)parts;

	return say(fd, version, strlen(version)) && say(fd, packet, n);
}

static void whole_kexinit(int fd, const char *text)
{
	say_kexinit(fd, text, KEX, 1);
}

static void half_kexinit(int fd, const char *text)
{
	if (say_kexinit(fd, VERSION, KEX, 2) && text)
		listen_until_gone(fd);
}

static void no_common_kex(int fd, const char *text)
{
	if (say_kexinit(fd, VERSION, text, 1))
		listen_until_gone(fd);
}

static void deaf(int fd, const char *text)
{
	if (say_kexinit(fd, VERSION, text, 1))
		ignore_until_gone(fd);
}

/* A packet of that length (four bytes and two of text) that never ends. */
static void packet_length(int fd, const char *text)
{
	uint32_t length = htonl((uint32_t)strtoul(text, NULL, 0));
	unsigned char zeros[4096] = { 0 };

	memcpy(zeros, &length, sizeof(length));
	zeros[4] = 4;
	zeros[5] = 20;
	if (say(fd, VERSION, strlen(VERSION)) && say(fd, zeros, sizeof(zeros)))
		listen_until_gone(fd);
}

/* --- the relay
 * ------------------------------------------------------------------ */

/* One more byte of a server's that says no lines before its version. */
static void scan_byte(struct scan *s, unsigned char c)
{
	if (s->whole)
		*s = (struct scan){ .binary = s->binary, .type = -1 };
	s->at++;
	if (!s->binary) {
		s->binary = s->whole = c == '\n';
		s->type = s->whole ? 0 : -1;
		return;
	}
	if (s->at <= 4)
		s->length = s->length << 8 | c;
	s->type = s->at == 6 ? c : s->type;
	s->whole = s->at > 5 && s->at == s->length + 4;
}

/* How many of these bytes may still pass; less than n: it is enough. */
static size_t relay_allows(
	const struct relay *r, struct scan *s, const char *bytes, size_t n)
{
	if (r->message < 0) {
		uint64_t left = r->limit - r->bytes[r->counted];

		return left < n ? (size_t)left : n;
	}
	for (size_t i = 0; i < n; i++) {
		scan_byte(s, (unsigned char)bytes[i]);
		if (s->whole && s->type == r->message)
			return i + 1;
	}
	return n;
}

/* Pass on what has come from one side; false: stop. */
static bool relay_pass(struct relay *r, struct scan *s, int from)
{
	char bytes[CHUNK];
	ssize_t got = read(r->side[from], bytes, sizeof(bytes));
	size_t n = got < 0 ? 0 : (size_t)got;
	bool enough = false;

	if (got < 0)
		return false;
	if (got == 0) {
		r->ended[from] = true;
		shutdown(r->side[!from], SHUT_WR);
		return !r->ended[!from];
	}
	if (from == r->counted) {
		n = relay_allows(r, s, bytes, n);
		enough = n < (size_t)got || (s->whole && s->type == r->message);
	}
	r->bytes[from] += n;
	return say(r->side[!from], bytes, n) && !enough;
}

static void relay_tell(struct relay *r)
{
	if (r->told == r->bytes[0] + r->bytes[1])
		return;
	r->told = r->bytes[0] + r->bytes[1];
	printf("%llu %llu\n", (unsigned long long)r->bytes[0],
		(unsigned long long)r->bytes[1]);
	fflush(stdout);
}

/* Both ways, until one has gone, or enough was said: then true. */
static bool relay_both(struct relay *r)
{
	struct scan s = { .type = -1 };

	for (;;) {
		struct pollfd p[2];
		int ready;

		for (int i = 0; i < 2; i++)
			p[i] = (struct pollfd){ r->ended[i] ? -1 : r->side[i],
				POLLIN, 0 };
		ready = poll(p, 2, QUIET_MS);
		if (ready < 0)
			return false;
		if (ready == 0)
			relay_tell(r);
		for (int i = 0; i < 2; i++)
			if (p[i].revents && !relay_pass(r, &s, i))
				return !r->ended[0] && !r->ended[1];
	}
}

static void relay_run(struct relay *r, long lines, long port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	for (long i = 0; i < lines; i++)
		dprintf(r->side[0], "line %ld before the version\r\n", i);
	r->side[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (r->side[1] < 0 ||
		connect(r->side[1], (struct sockaddr *)&a, sizeof(a)) < 0)
		err(1, "port %ld", port);
	if (relay_both(r) && r->freeze)
		ignore_until_gone(r->side[0]);
	relay_tell(r);
}

static void relay_when(struct relay *r, const char *when)
{
	static const struct {
		const char *name;
		int type;
	} messages[] = { { "version", 0 }, { "kexinit", 20 },
		{ "kexreply", 31 }, { "newkeys", 21 } };

	r->message = -1;
	r->limit = UINT64_MAX;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (!strcmp(when, messages[i].name))
			r->message = messages[i].type;
	if (r->message < 0 && strcmp(when, "never") != 0)
		r->limit = strtoull(when, NULL, 10);
}

/* --- the server
 * ----------------------------------------------------------------- */

static const struct behaviour {
	const char *name;
	void (*run)(int fd, const char *text);
	const char *text;
} behaviours[] = {
	{ "silent", say_and_listen, "" },
	{ "drip", drip, "SSH-2.0-one-byte-each-second-and-no-end-of-it\r\n" },
	{ "garbage", garbage, NULL },
	{ "no-newline", say_and_listen, "SSH-2.0-hostile" },
	{ "endless-version", endless, "SSH-2.0-hostile" },
	{ "endless-lines", endless, "not the version yet\r\n" },
	{ "ssh-1.99", whole_kexinit, "SSH-1.99-hostile\r\n" },
	{ "ssh-1.5", say_and_listen, "SSH-1.5-hostile\r\n" },
	{ "web", say_and_close, "HTTP/1.1 400 Bad Request\r\n\r\n" },
	{ "drop", say_and_close, "" },
	{ "drop-version", say_and_close, VERSION },
	{ "drop-kexinit", whole_kexinit, VERSION },
	{ "half-kexinit", half_kexinit, NULL },
	{ "stall-kexinit", half_kexinit, "stall" },
	{ "no-common-kex", no_common_kex, "nobody@has.example" },
	{ "huge-packet", packet_length, "0x80000000" },
	{ "empty-packet", packet_length, "0" },
	{ "deaf", deaf, KEX },
};

static const struct behaviour *behaviour_of(const char *name)
{
	for (size_t i = 0; i < sizeof(behaviours) / sizeof(behaviours[0]); i++)
		if (!strcmp(behaviours[i].name, name))
			return &behaviours[i];
	return NULL;
}

static int listen_on_loopback(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) < 0 ||
		listen(fd, 64) < 0 ||
		getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		err(1, "listen");
	printf("%d %ld\n", ntohs(a.sin_port), (long)getpid());
	fflush(stdout);
	return fd;
}

/* Accept for ever; returns only in a child, with its connection. */
static int serve(unsigned seconds)
{
	pid_t parent = getpid();
	int in = listen_on_loopback();

	alarm(seconds);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept4(in, NULL, NULL, SOCK_CLOEXEC);
		pid_t pid = fd < 0 ? -1 : fork();

		if (fd < 0 || pid < 0)
			err(1, "accept");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			if (getppid() != parent)
				exit(0);
			close(in);
			alarm(seconds);
			return fd;
		}
		close(fd);
	}
}

int main(int argc, char **argv)
{
	const struct behaviour *b;
	struct relay r = { .side = { -1, -1 } };
	long lines = 0;
	int option;
	unsigned seconds = 60;

	while ((option = getopt(argc, argv, "+t:l:")) != -1) {
		if (option == '?')
			return 2;
		if (option == 't')
			seconds = (unsigned)strtoul(optarg, NULL, 10);
		else
			lines = strtol(optarg, NULL, 10);
	}
	argv += optind;
	argc -= optind;
	b = argc == 1 ? behaviour_of(argv[0]) : NULL;
	if (!b && (argc != 5 || strcmp(argv[0], "relay") != 0))
		errx(2, "see the head of hostile_ssh.c");
	r.side[0] = serve(seconds);
	if (b) {
		b->run(r.side[0], b->text);
		return 0;
	}
	r.counted = strcmp(argv[2], "server") == 0;
	relay_when(&r, argv[3]);
	r.freeze = strcmp(argv[4], "freeze") == 0;
	relay_run(&r, lines, strtol(argv[1], NULL, 10));
	return 0;
}
