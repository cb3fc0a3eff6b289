#include "transport/ssh_agent.h"

#include "helper/base/deadline.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SSH_AGENT_CHUNK 4096u /* bytes read at once */
#define SSH_AGENT_AGAIN_MS 5 /* between two tries at a full backlog */

static int ssh_agent_address(
	struct sockaddr_un *to, const char *path, struct error *err)
{
	*to = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!path || !strcasecmp(path, "none"))
		return error_set(err, ERROR_UNAVAILABLE,
			"there is no ssh-agent (SSH_AUTH_SOCK, IdentityAgent)");
	if (!*path || strlen(path) >= sizeof(to->sun_path))
		return error_set(err, ERROR_UNAVAILABLE,
			"the path of the ssh-agent's socket is empty or too "
			"long");
	memcpy(to->sun_path, path, strlen(path));
	return 0;
}

/* A full backlog is EAGAIN at once, and poll(2) does not wait for it. */
static int ssh_agent_connect(
	int fd, const struct sockaddr_un *to, int64_t deadline)
{
	while (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return -1;
		if (!deadline_left(deadline)) {
			errno = ETIMEDOUT;
			return -1;
		}
		poll(NULL, 0, SSH_AGENT_AGAIN_MS);
	}
	return 0;
}

bool ssh_agent_open(struct ssh_agent *a, const char *path, int64_t deadline)
{
	struct sockaddr_un to;

	*a = (struct ssh_agent){ .fd = -1, .why = ERROR_INIT };
	buf_init(&a->answer, SSH_AGENT_MSG_MAX);
	if (ssh_agent_address(&to, path, &a->why) < 0)
		return false;
	a->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (a->fd < 0) {
		error_errno(&a->why, ERROR_SYSTEM, "socket");
		return false;
	}
	if (ssh_agent_connect(a->fd, &to, deadline) < 0) {
		error_errno(&a->why, ERROR_UNAVAILABLE,
			"there is no ssh-agent at %s", path);
		close(a->fd);
		a->fd = -1;
		return false;
	}
	return true;
}

void ssh_agent_close(struct ssh_agent *a)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	buf_release(&a->answer);
}

static int ssh_agent_late(struct error *err)
{
	return error_set(err, ERROR_TIMEOUT, "the ssh-agent does not answer");
}

static int ssh_agent_gone(struct error *err)
{
	return error_set(err, ERROR_UNAVAILABLE,
		"the ssh-agent hung up before it answered");
}

/* Not write(2): an agent that is gone must not be a signal. */
static int ssh_agent_send(
	int fd, struct slice bytes, int64_t deadline, struct error *err)
{
	while (bytes.len) {
		ssize_t n = send(
			fd, bytes.ptr, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			bytes.ptr += n;
			bytes.len -= (size_t)n;
			continue;
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return ssh_agent_gone(err);
		if (deadline_poll(fd, POLLOUT, deadline) <= 0)
			return ssh_agent_late(err);
	}
	return 0;
}

/* Up to size bytes, at least one. */
static ssize_t ssh_agent_receive(
	int fd, void *to, size_t size, int64_t deadline, struct error *err)
{
	for (;;) {
		ssize_t n = recv(fd, to, size, MSG_DONTWAIT);

		if (n > 0)
			return n;
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			return ssh_agent_gone(err);
		if (deadline_poll(fd, POLLIN, deadline) <= 0)
			return ssh_agent_late(err);
	}
}

/* Memory grows with what comes, not with what is announced. */
static int ssh_agent_message(
	struct ssh_agent *a, int64_t deadline, struct error *err)
{
	unsigned char head[4], chunk[SSH_AGENT_CHUNK];
	size_t got = 0, length;
	ssize_t n;

	buf_reset(&a->answer);
	for (; got < sizeof(head); got += (size_t)n) {
		n = ssh_agent_receive(
			a->fd, head + got, sizeof(head) - got, deadline, err);
		if (n < 0)
			return -1;
	}
	if (ssh_agent_msg_length(head, &length, err) < 0)
		return -1;
	while (a->answer.len < length) {
		size_t left = length - a->answer.len;

		n = ssh_agent_receive(a->fd, chunk,
			left < sizeof(chunk) ? left : sizeof(chunk), deadline,
			err);
		if (n < 0 || buf_add(&a->answer, chunk, (size_t)n, err) < 0)
			return -1;
	}
	return 0;
}

/* An answer that comes late would be taken for the next one's: hang up. */
static int ssh_agent_ask(struct ssh_agent *a, const struct buf *request,
	int64_t deadline, struct error *err)
{
	struct error why = ERROR_INIT;

	if (a->fd < 0)
		return error_set(err, ERROR_UNAVAILABLE, "%s", a->why.text);
	if (ssh_agent_send(a->fd, buf_slice(request), deadline, &why) == 0 &&
		ssh_agent_message(a, deadline, &why) == 0)
		return 0;
	close(a->fd);
	a->fd = -1;
	a->why = why;
	return error_set(err, why.kind, "%s", why.text);
}

int ssh_agent_list(struct ssh_agent *a, struct ssh_agent_msg_keys *keys,
	int64_t deadline, struct error *err)
{
	struct buf request;
	int result = -1;

	*keys = (struct ssh_agent_msg_keys){ NULL, 0 };
	buf_init(&request, 4 + SSH_AGENT_MSG_MAX);
	if (ssh_agent_msg_list(&request, err) == 0 &&
		ssh_agent_ask(a, &request, deadline, err) == 0)
		result = ssh_agent_msg_listed(keys, buf_slice(&a->answer), err);
	buf_release(&request);
	return result;
}

int ssh_agent_sign(struct ssh_agent *a, struct slice blob, struct slice data,
	uint32_t flags, struct slice *signature, int64_t deadline,
	struct error *err)
{
	struct buf request;
	int result = -1;

	buf_init(&request, 4 + SSH_AGENT_MSG_MAX);
	if (ssh_agent_msg_sign(&request, blob, data, flags, err) == 0 &&
		ssh_agent_ask(a, &request, deadline, err) == 0)
		result = ssh_agent_msg_signed(
			signature, buf_slice(&a->answer), err);
	buf_release(&request);
	return result;
}
