#include "transport/wire.h"

#include "helper/base/deadline.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#define SOON deadline_in(10000)

/* Its own megabyte is not for the stack. */
static struct wire wire;
static void *abstract = &wire;
static int server;

static int setup(void **state)
{
	int pair[2];

	(void)state;
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	wire_init(&wire, pair[0]);
	server = pair[1];
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close(wire.sock);
	if (server >= 0)
		close(server);
	return 0;
}

static ssize_t take(char *out, size_t size)
{
	return wire_recv_cb(-1, out, size, 0, &abstract);
}

static ssize_t give(const char *text)
{
	return wire_send_cb(-1, text, strlen(text), 0, &abstract);
}

static void test_receives(void **state)
{
	char got[8] = "";

	(void)state;
	assert_int_equal(take(got, sizeof(got)), -EAGAIN);
	assert_int_equal(write(server, "abcdef", 6), 6);
	assert_int_equal(take(got, sizeof(got)), -EAGAIN); /* nobody moved it */
	assert_int_equal(wire_wait(&wire, SOON, NULL), 0);
	assert_int_equal(take(got, 4), 4);
	assert_memory_equal(got, "abcd", 4);
	assert_int_equal(write(server, "gh", 2), 2);
	wire_move(&wire);
	assert_int_equal(take(got, sizeof(got)), 4);
	assert_memory_equal(got, "efgh", 4);
	assert_int_equal(wire.received, 8);
}

/* Sending never blocks and never sends half: it waits here. */
static void test_sends(void **state)
{
	char block[1000], got[4096];
	size_t sent = 0, came = 0, expect = 0;
	ssize_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (char)(i % 251);
	while (sent < 900 * sizeof(block)) {
		n = wire_send_cb(-1, block, sizeof(block), 0, &abstract);
		assert_int_equal(n, sizeof(block));
		sent += (size_t)n;
	}
	assert_int_equal(wire.out_len, sent);
	while (came < sent) {
		wire_move(&wire);
		n = read(server, got, sizeof(got));
		assert_true(n > 0);
		for (ssize_t i = 0; i < n; i++, expect++)
			assert_int_equal(
				got[i], (char)(expect % sizeof(block) % 251));
		came += (size_t)n;
	}
	assert_int_equal(wire.out_len, 0);
	assert_int_equal(wire_events(&wire), POLLIN);
}

/* Room at the front is used before the buffer counts as full. */
static void test_full(void **state)
{
	static char half[WIRE_OUT_MAX / 2];
	char got[4096];

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			wire_send_cb(-1, half, sizeof(half), 0, &abstract),
			sizeof(half));
	assert_int_equal(give("x"), -ENOBUFS);
	wire_move(&wire);
	assert_true(wire.out_len < WIRE_OUT_MAX);
	assert_int_equal(give("x"), 1);
	while (wire.out_len && read(server, got, sizeof(got)) > 0)
		wire_move(&wire);
	assert_int_equal(wire.out_len, 0);
}

/* What has come can be had after the end, and libssh2 is not told of it. */
static void test_ends(void **state)
{
	struct error err = ERROR_INIT;
	char got[8];

	(void)state;
	assert_int_equal(write(server, "last", 4), 4);
	close(server);
	server = -1;
	wire_move(&wire);
	wire_move(&wire);
	assert_false(wire_ended(&wire));
	assert_int_equal(take(got, sizeof(got)), 4);
	assert_true(wire_ended(&wire));
	assert_int_equal(take(got, sizeof(got)), -EAGAIN);
	assert_int_equal(wire_events(&wire), 0);
	assert_int_equal(wire_wait(&wire, SOON, &err), -1);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_string_equal(err.text, "closed the connection");
	/* and what is sent into the void breaks it, with the reason */
	assert_int_equal(give("x"), 1);
	wire_move(&wire);
	assert_int_equal(wire.error, EPIPE);
	wire_explain(&wire, &err);
	assert_non_null(strstr(err.text, strerror(EPIPE)));
}

static void test_waits(void **state)
{
	struct error err = ERROR_INIT;
	int64_t began = deadline_now();

	(void)state;
	assert_int_equal(wire_wait(&wire, deadline_in(100), &err), -1);
	assert_int_equal(err.kind, ERROR_TIMEOUT);
	assert_in_range(deadline_now() - began, 99, 3000);
}

/* A server that sends on while nobody takes it is not read any more. */
static void test_holds_up(void **state)
{
	static char many[WIRE_IN_MAX];
	char got[16];

	(void)state;
	while (wire.in_len < WIRE_IN_MAX) {
		assert_true(write(server, many, sizeof(many)) > 0);
		wire_move(&wire);
	}
	assert_int_equal(wire_events(&wire), 0);
	assert_int_equal(take(got, sizeof(got)), sizeof(got));
	assert_int_equal(wire_events(&wire), POLLIN);
	assert_true(write(server, many, sizeof(got)) > 0 || errno == EAGAIN);
	wire_move(&wire);
	assert_int_equal(wire.in_len, WIRE_IN_MAX);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_receives),
		TEST(test_sends),
		TEST(test_full),
		TEST(test_ends),
		TEST(test_waits),
		TEST(test_holds_up),
	};

	signal(SIGPIPE, SIG_IGN);
	return unit_run("wire", tests, COUNT(tests), NULL, NULL);
}
