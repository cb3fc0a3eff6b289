#include "helper/base/deadline.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

int64_t deadline_micros(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t deadline_now(void)
{
	return deadline_micros() / 1000;
}

int64_t deadline_in(int ms)
{
	return deadline_now() + ms;
}

int deadline_left(int64_t deadline)
{
	int64_t left = deadline - deadline_now();

	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

int deadline_poll(int fd, short events, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n;

	do
		n = poll(&p, 1, deadline_left(deadline));
	while (n < 0 && errno == EINTR);
	return n > 0 ? p.revents : n;
}

int deadline_write(int fd, struct slice bytes, int64_t deadline)
{
	while (bytes.len) {
		/* poll promises a pipe room for PIPE_BUF, no more */
		size_t n = bytes.len < PIPE_BUF ? bytes.len : PIPE_BUF;
		int got = deadline_poll(fd, POLLOUT, deadline);
		ssize_t w = got > 0 ? write(fd, bytes.ptr, n) : -1;

		if (got < 0)
			return -1;
		if (w >= 0) {
			bytes.ptr += w;
			bytes.len -= (size_t)w;
			continue;
		}
		if (got > 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		/* poll and write may disagree for ever */
		if (!deadline_left(deadline)) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
	return 0;
}
