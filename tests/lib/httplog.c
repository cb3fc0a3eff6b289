/*
 * httplog: a web server on loopback that writes down who comes.
 *
 *	httplog LOG SECONDS
 *
 * Prints its port, then answers every request with an empty 200 and appends
 * one line for it to LOG: path, host without its port, and the user:password
 * of Basic, or "-" where there is none. Line ends in these are shown as ^.
 * One request a connection, so that no connection is shared between hosts.
 * It ends by itself after SECONDS.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX 400000
#define SILENCE_MS 5000

static char request[REQUEST_MAX], decoded[REQUEST_MAX];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int listen_on_loopback(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) < 0 ||
		listen(fd, 16) < 0 ||
		getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		fail("listen");
	printf("%d\n", ntohs(a.sin_port));
	fflush(stdout);
	return fd;
}

/* The whole head of a request, or false. */
static bool receive(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	while (n + 1 < sizeof(request)) {
		ssize_t got;

		if (poll(&p, 1, SILENCE_MS) <= 0)
			return false;
		got = read(fd, request + n, sizeof(request) - 1 - n);
		if (got <= 0)
			return false;
		n += (size_t)got;
		request[n] = '\0';
		if (strstr(request, "\r\n\r\n"))
			return true;
	}
	return false;
}

/* The value of a header, ended by a NUL; names come as curl writes them. */
static char *header(const char *name)
{
	char *at = strstr(request, name), *value;

	if (!at)
		return NULL;
	value = strdup(at + strlen(name));
	if (!value)
		fail("strdup");
	value[strcspn(value, "\r\n")] = '\0';
	return value;
}

static const char *decode(const char *s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, have = 0;
	size_t n = 0;

	for (; *s && strchr(digits, *s); s++) {
		bits = bits << 6 | (unsigned)(strchr(digits, *s) - digits);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		decoded[n] = (char)(bits >> have);
		if (decoded[n] == '\n' || decoded[n] == '\r' || !decoded[n])
			decoded[n] = '^';
		n++;
	}
	decoded[n] = '\0';
	return decoded;
}

static void note(FILE *log)
{
	char *host = header("\r\nHost: ");
	char *who = header("\r\nAuthorization: Basic ");
	char *path = header("GET ");

	if (host && path) {
		host[strcspn(host, ":")] = '\0';
		path[strcspn(path, " ")] = '\0';
		fprintf(log, "%s %s %s\n", path, host, who ? decode(who) : "-");
		fflush(log);
	}
	free(host);
	free(who);
	free(path);
}

int main(int argc, char **argv)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
				     "Connection: close\r\n\r\n";
	FILE *log = argc == 3 ? fopen(argv[1], "ae") : NULL;
	int in;

	if (!log) {
		fprintf(stderr, "usage: httplog log seconds\n");
		return 2;
	}
	alarm((unsigned)strtoul(argv[2], NULL, 10));
	in = listen_on_loopback();
	for (;;) {
		int fd = accept4(in, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			fail("accept");
		if (receive(fd)) {
			note(log);
			if (send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0)
				perror("send");
		}
		close(fd);
	}
}
