#include "transport/tcp.h"

#include "helper/base/deadline.h"
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define SOON deadline_in(10000)

static int listener, port;

static int setup(void **state)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t size = sizeof(a);

	(void)state;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(
		getsockname(listener, (struct sockaddr *)&a, &size), 0);
	port = ntohs(a.sin_port);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close(listener);
	return 0;
}

static void test_connects(void **state)
{
	struct buf address;
	int sock, on = 0;
	socklen_t size = sizeof(on);

	(void)state;
	buf_init(&address, 100);
	sock = tcp_connect("127.0.0.1", port, AF_UNSPEC, SOON, &address, NULL);
	assert_true(sock >= 0);
	assert_string_equal(address.ptr, "127.0.0.1");
	assert_true(fcntl(sock, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(sock, F_GETFL) & O_NONBLOCK);
	assert_int_equal(
		getsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
	assert_int_equal(on, 1);
	assert_int_equal(write(sock, "x", 1), 1);
	close(sock);
	buf_release(&address);
}

static void test_refused(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	close(listener);
	assert_int_equal(
		tcp_connect("127.0.0.1", port, AF_INET, SOON, NULL, &err), -1);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.text, strerror(ECONNREFUSED)));
	assert_non_null(strstr(err.text, "127.0.0.1"));
	listener = -1;
}

static void test_no_such_name(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(
		tcp_connect("no such name", port, AF_UNSPEC, SOON, NULL, &err),
		-1);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.text, "looked up"));
	/* an address of the other family is none */
	assert_int_equal(
		tcp_connect("127.0.0.1", port, AF_INET6, SOON, NULL, NULL), -1);
}

/* A full backlog: the kernel drops what knocks, as a firewall does. */
static void test_silent(void **state)
{
	struct error err = ERROR_INIT;
	int socks[8], n = 0, got = 0;
	int64_t began = 0;

	(void)state;
	while (n < 8 && got >= 0) {
		began = deadline_now();
		got = tcp_connect("127.0.0.1", port, AF_INET, deadline_in(300),
			NULL, &err);
		if (got >= 0)
			socks[n++] = got;
	}
	assert_int_equal(got, -1);
	assert_int_equal(err.kind, ERROR_TIMEOUT);
	assert_in_range(deadline_now() - began, 290, 3000);
	while (n)
		close(socks[--n]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_connects),
		TEST(test_refused),
		TEST(test_no_such_name),
		TEST(test_silent),
	};

	return unit_run("tcp", tests, COUNT(tests), NULL, NULL);
}
